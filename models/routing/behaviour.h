// What a transport decides about where mail goes next, each with its as-designed answer.
//
// The search for paths is plain code (paths.h): every server finds the same candidates from the same configuration.
// Which of them counts, and what it means that none does, is decided here.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "models/behaviour/point.h"
#include "models/mail/status.h"
#include "sim/time.h"

namespace deadletter::routing {

using sim::Duration;

// How a server finds its next hop: by DNS alone; over routing groups, by least cost and link state; over AD sites, by
// least cost.
enum class RouterKind : std::uint8_t { dns, link_state, sites };

// ---- transport.connector_usable
struct ConnectorUsableFacts {
  bool enabled;
  bool in_scope;        // the sender's server is in the connector's scope
  std::uint64_t size;   // of the message, octets
  std::uint64_t limit;  // of the connector, 0 = none
};
enum class ConnectorUsable : std::uint8_t { usable, out_of_scope, too_large, disabled };
const char* text(ConnectorUsable verdict);

// ---- transport.choose_route
struct RouteCandidate {
  std::uint64_t legacy_cost = 0;  // of routing group connectors and address spaces
  std::uint64_t site_cost = 0;    // of AD site links
  std::uint32_t hops = 0;
  std::string_view name;  // of the first connector, or of the site next to the target
  bool up = true;         // every link of it is up, as far as this server knows
};
struct ChooseRouteFacts {
  std::span<const RouteCandidate> candidates;
};
inline constexpr std::int32_t kNoRoute = -1;

// ---- transport.next_hosts
enum class DnsAnswer : std::uint8_t { found, server_failure, no_such_domain };
struct NextHostsFacts {
  RouterKind router;
  DnsAnswer answer;
};
enum class NextHosts : std::uint8_t { hosts, none_yet, unreachable };

// ---- transport.loop_check
struct LoopFacts {
  std::uint64_t hops, limit;
};
enum class LoopCheck : std::uint8_t { pass, loop };

// Least (legacy cost, site cost), then fewest hops, then lowest name, whatever the links' state.
std::int32_t least_pair_of_costs(const ChooseRouteFacts& facts);
// The same among those whose links are up.
std::int32_t least_cost_over_links_that_are_up(const ChooseRouteFacts& facts);

struct RoutingBehaviour {
  RoutingBehaviour();

  DecisionPoint<ConnectorUsableFacts, ConnectorUsable> connector_usable;
  DecisionPoint<ChooseRouteFacts, std::int32_t> choose_route;
  DecisionPoint<NextHostsFacts, NextHosts> next_hosts;
  DecisionPoint<LoopFacts, LoopCheck> loop_check;

  Attribute<RouterKind> router;
  Attribute<std::uint64_t> hop_limit;
  Attribute<Duration> minor_hold;         // before a link's change is published
  Attribute<Duration> link_probe;         // between two tries of a link that is down
  Attribute<Duration> unreachable_retry;  // between two looks at mail without a route; 0 = only when something changes
  Attribute<Duration> processing_time;    // of the categorizer's one processor, a message

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.connector_usable), visit(self.choose_route), visit(self.next_hosts), visit(self.loop_check);
    visit(self.router), visit(self.hop_limit), visit(self.minor_hold), visit(self.link_probe);
    visit(self.unreachable_retry), visit(self.processing_time);
  }
};

}  // namespace deadletter::routing
