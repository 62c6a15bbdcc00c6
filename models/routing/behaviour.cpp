#include "models/routing/behaviour.h"

#include <tuple>

#include "models/routing/network.h"

namespace deadletter::routing {
namespace {

constexpr PointInfo kUsable{"transport.connector_usable",
                            "enabled, in scope, size of the message, limit of the connector",
                            "usable | out_of_scope | too_large | disabled",
                            "Only in its scope and within its limit.",
                            "technet aa998662; KB257638",
                            Evidence::documented};

ConnectorUsable in_scope_and_limit(const ConnectorUsableFacts& facts) {
  if (!facts.enabled) return ConnectorUsable::disabled;
  if (!facts.in_scope) return ConnectorUsable::out_of_scope;
  bool fits = facts.limit == 0 || facts.size <= facts.limit;
  return fits ? ConnectorUsable::usable : ConnectorUsable::too_large;
}

constexpr PointInfo kChooseRoute{"transport.choose_route",
                                 "candidates: legacy cost, site cost, hops, name, up",
                                 "index of a candidate | none",
                                 "Least pair of legacy cost and site cost, then fewest hops, then lowest name; links "
                                 "that are down count like others.",
                                 "technet bb232193; book4u num_449",
                                 Evidence::documented};

constexpr PointInfo kNextHosts{"transport.next_hosts",
                               "router, answer of the name service",
                               "hosts | none_yet | unreachable",
                               "No such domain: unreachable; a name server that fails: none yet, the mail waits.",
                               "RFC 5321 5.1",
                               Evidence::documented};

NextHosts as_answered(const NextHostsFacts& facts) {
  if (facts.answer == DnsAnswer::found) return NextHosts::hosts;
  return facts.answer == DnsAnswer::no_such_domain ? NextHosts::unreachable : NextHosts::none_yet;
}

constexpr PointInfo kLoop{"transport.loop_check", "hops, limit",
                          "pass | loop",          "More hops than the limit: a loop.",
                          "RFC 5321 6.3",         Evidence::documented};

LoopCheck over_the_limit(const LoopFacts& facts) {
  return facts.hops > facts.limit ? LoopCheck::loop : LoopCheck::pass;
}

constexpr AttributeInfo kRouter{"transport.router", "how the next hop is found", "dns | link_state | sites",
                                "RFC 5321 5.1: DNS", Evidence::documented};
constexpr AttributeInfo kHopLimit{"transport.hop_limit", "hops after which a message is taken for looping", "count",
                                  "RFC 5321 6.3: at least 100", Evidence::documented};
constexpr AttributeInfo kMinorHold{"transport.minor_hold", "how long the change of a link is held before it is told",
                                   "duration", "book4u num_446 (Exchange 2000/2003)", Evidence::documented};
constexpr AttributeInfo kLinkProbe{"transport.link_probe", "between two tries of a connector that is down",
                                   "duration; 0 = never", "MS/263249 (Exchange 2000/2003)", Evidence::documented};
constexpr AttributeInfo kUnreachable{"transport.unreachable_retry", "between two looks at mail that has no route",
                                     "duration; 0 = only when something changes", "fots.nl archive 33",
                                     Evidence::observed};
constexpr AttributeInfo kProcessing{"transport.processing_time",
                                    "time of the server's one processor for each message that it takes in", "duration",
                                    "none in the documents: 0", Evidence::assumed};

template <class Eligible>
std::int32_t least(const ChooseRouteFacts& facts, Eligible eligible) {
  std::int32_t best = kNoRoute;
  auto key = [&](std::int32_t i) {
    const RouteCandidate& c = facts.candidates[static_cast<std::size_t>(i)];
    return std::tie(c.legacy_cost, c.site_cost, c.hops);
  };
  auto before = [&](std::int32_t i, std::int32_t j) {
    if (key(i) != key(j)) return key(i) < key(j);
    return name_less(facts.candidates[static_cast<std::size_t>(i)].name,
                     facts.candidates[static_cast<std::size_t>(j)].name);
  };
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(facts.candidates.size()); ++i)
    if (eligible(facts.candidates[static_cast<std::size_t>(i)]) && (best == kNoRoute || before(i, best))) best = i;
  return best;
}

}  // namespace

const char* text(ConnectorUsable verdict) {
  constexpr const char* words[] = {"usable", "out of scope", "too large for it", "disabled"};
  return words[static_cast<std::size_t>(verdict)];
}

std::int32_t least_pair_of_costs(const ChooseRouteFacts& facts) {
  return least(facts, [](const RouteCandidate&) { return true; });
}

std::int32_t least_cost_over_links_that_are_up(const ChooseRouteFacts& facts) {
  return least(facts, [](const RouteCandidate& c) { return c.up; });
}

RoutingBehaviour::RoutingBehaviour()
    : connector_usable(kUsable, in_scope_and_limit),
      choose_route(kChooseRoute, least_pair_of_costs),
      next_hosts(kNextHosts, as_answered),
      loop_check(kLoop, over_the_limit),
      router(kRouter, RouterKind::dns),
      hop_limit(kHopLimit, 100),
      minor_hold(kMinorHold, {}),
      link_probe(kLinkProbe, {}),
      unreachable_retry(kUnreachable, {}),
      processing_time(kProcessing, {}) {}

}  // namespace deadletter::routing
