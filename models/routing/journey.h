// The whole way of a message, server by server: each asks its own router, as they would in a run where every host that
// is up answers. For explanations and tests.
//
// NOT MODELLED here: what links do over time. `states` is one picture of them that every server shares.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/routing/router.h"

namespace deadletter::routing {

// Where mail is to go: the mailbox's server, when it is known, and the domain's exchangers for those who do not know
// it.
struct Destination {
  std::optional<ServerId> mailbox{};
  std::string domain{};  // of other types the address
  std::string type = "SMTP";
  std::vector<ServerId> exchangers{};  // by preference
};

struct Step {
  ServerId at{};
  Route route{};
  std::vector<ServerId> hosts{};  // that are tried next, in their order; the first one takes it here
};

enum class JourneyEnd : std::uint8_t {
  delivered,    // into the mailbox's store
  handed_over,  // to a host outside
  waits,        // at the last server: nothing that is up leads on
  returned,     // by the last server
  loops
};
const char* text(JourneyEnd end);

struct Journey {
  std::vector<Step> steps{};
  JourneyEnd end = JourneyEnd::waits;
  std::vector<ServerId> servers{};  // all on the way, first and last included
};

using BehaviourOf = std::function<const RoutingBehaviour&(ServerId)>;

Journey travel(const Network& network, const BehaviourOf& behaviour_of, ServerId from, const Destination& to,
               std::uint64_t size, const LinkStates* states);

// "connector Seattle-to-Munich: MUC-BH1": kind, name and hosts of a hop.
std::string describe(const Network& network, const Hop& hop);

}  // namespace deadletter::routing
