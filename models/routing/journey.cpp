#include "models/routing/journey.h"

#include <algorithm>

namespace deadletter::routing {
namespace {

using Kind = Hop::Kind;

// Longer than any way without a loop that a product lets through.
constexpr std::size_t kLongest = 64;

bool is_home(const Network& network, const Destination& to, ServerId at) {
  return to.mailbox && network.server(*to.mailbox).organization == network.server(at).organization &&
         !network.server(at).foreign;
}

// Mail for the server's own store ends there; only what starts at a mailbox server without a hub goes out and back.
bool ends_at(const Network& network, const Destination& to, ServerId at, bool first) {
  if (to.mailbox != at) return false;
  const Server& server = network.server(at);
  return !first || server.router != RouterKind::sites || server.hub;
}

bool chosen_is_down(const Route& route) {
  return route.chosen != kNoRoute && !route.candidates[static_cast<std::size_t>(route.chosen)].up;
}

// Whether the way goes on from here; else why it ends.
std::optional<JourneyEnd> end_of(const Network& network, const Step& step) {
  const Hop& hop = step.route.hop;
  if (hop.kind == Kind::none) return JourneyEnd::returned;
  if (hop.kind == Kind::gateway) return JourneyEnd::handed_over;
  if (hop.kind == Kind::unreachable || step.hosts.empty()) return JourneyEnd::waits;
  // It does not look at states, and stands before a connector that is down.
  if (hop.kind == Kind::connector && chosen_is_down(step.route)) return JourneyEnd::waits;
  if (hop.kind == Kind::mailbox) return JourneyEnd::delivered;
  if (network.server(step.hosts.front()).foreign) return JourneyEnd::handed_over;
  return std::nullopt;
}

}  // namespace

const char* text(JourneyEnd end) {
  constexpr const char* words[] = {"delivered", "handed over", "waits", "returned", "loops"};
  return words[static_cast<std::size_t>(end)];
}

Journey travel(const Network& network, const BehaviourOf& behaviour_of, ServerId from, const Destination& to,
               std::uint64_t size, const LinkStates* states) {
  Journey journey{.servers = {from}};
  for (ServerId at = from;;) {
    if (ends_at(network, to, at, journey.steps.empty())) {
      journey.end = JourneyEnd::delivered;
      return journey;
    }
    Router router(network, behaviour_of(at), at);
    Step step{.at = at};
    step.route = is_home(network, to, at) ? router.to_server(*to.mailbox, size, states)
                                          : router.to_address(to.type, to.domain, size, states);
    const Hop& hop = step.route.hop;
    bool by_dns = hop.kind == Kind::domain || (hop.kind == Kind::connector && hop.hosts.empty());
    step.hosts = by_dns ? to.exchangers : hop.hosts;
    auto end = end_of(network, step);
    bool goes_on = !end || end == JourneyEnd::delivered || end == JourneyEnd::handed_over;
    if (goes_on && !step.hosts.empty()) journey.servers.push_back(at = step.hosts.front());
    journey.steps.push_back(std::move(step));
    if (!end && journey.steps.size() >= kLongest) end = JourneyEnd::loops;
    if (!end) continue;
    journey.end = *end;
    return journey;
  }
}

std::string describe(const Network& network, const Hop& hop) {
  std::string text;
  switch (hop.kind) {
    case Kind::server:
      text = "server";
      break;
    case Kind::mailbox:
      text = "mailbox";
      break;
    case Kind::local:
      text = "local";
      break;
    case Kind::site:
      text = "site " + network.sites[hop.id].name;
      break;
    case Kind::connector:
      text = "connector " + network.connectors[hop.id].name;
      break;
    case Kind::gateway:
      return "gateway of " + network.connectors[hop.id].name;
    case Kind::domain:
      return "by DNS";
    case Kind::unreachable:
      return "unreachable";
    case Kind::none:
      return hop.why == Hop::Why::too_large ? "none: too large" : "none: no route";
  }
  for (std::size_t i = 0; i < hop.hosts.size(); ++i)
    text += (i != 0 ? ", " : text.find(' ') == text.npos ? " " : ": ") + network.server(hop.hosts[i]).name;
  return text;
}

}  // namespace deadletter::routing
