// Hosts that go down and come up, and names that cannot be looked up.
//
// A host that goes down takes its sessions with it and says nothing: its peers find out by their timers. Its queues are
// on disk: when it comes up again every message is tried at once. What was due in between is done then.
#include <algorithm>

#include "experiments/run/world.h"

namespace deadletter::experiments {

void World::host_changed(sim::Instant, sim::HostId host, bool up) {
  step_from_here_all();
  NodeId id{host.value};
  Node& node = nodes_[id.value];
  node.down = !up;
  up ? --hosts_down_ : ++hosts_down_;
  record(mail::What::host, id, {.detail = up}, [&] { return std::string(up ? "is up again" : "is down"); });
  if (up) changes_end(id);
  up ? start_services(id) : stop_services(id);
}

void World::stop_services(NodeId id) {
  for (std::size_t i = 0; i < queues_.size(); ++i)
    if (queues_[i].node == id) queues_[i].link.stop();
  for (std::uint32_t i = 0; i < deliveries_.size(); ++i)
    if (Delivery& d = deliveries_[i]; d.to == id || queues_[d.queue].node == id) d.broken = true;
  break_associations(id);
  cut_off_clients(id, true);
  if (nodes_[id.value].scanner != nullptr) nodes_[id.value].scanner->restart();
  for (std::uint32_t i = 0; i < connections_.size(); ++i) {
    Connection& c = connections_[i];
    if (!c.used || (c.from != id && c.to != id)) continue;
    bool stalled = std::exchange(c.body_under_way, false);
    if (c.to == id) c.server_gone = true;
    if (c.client_gone) continue;
    auto actions = client_actions_.borrow();
    if (c.from == id)
      c.client.closed(smtp::Ended::reset, *actions);
    else if (stalled)
      c.client.body_stalled(*actions);
    perform(i, *actions);
  }
}

void World::start_services(NodeId id) {
  for (std::uint32_t i = 0; i < queues_.size(); ++i) {
    if (queues_[i].node != id) continue;
    auto actions = queue_actions_.borrow();
    queues_[i].link.restart(engine_.now(), *actions);
    perform(i, *actions);
  }
  open_waiting(id);
  cut_off_clients(id, false);
  auto due = std::move(nodes_[id.value].postponed);
  nodes_[id.value].postponed.clear();
  for (const sim::Event& event : due) handle(engine_.now(), event);
}

// The node that would act on an event; none when it is about a connection.
NodeId World::who_acts(const sim::Event& event) const {
  switch (static_cast<Kind>(event.kind)) {
    case kRetry:
    case kDelayNotice:
    case kExpiry:
    case kQueueRetry:
    case kProbe:
      return queues_[event.a].node;
    case kEnter:
      return place_of(plan_.mail[event.a].from);
    case kArrival:
      return senders_[event.a].node;
    case kProcessed:
      return intakes_[event.a].node;
    case kPublish:
    case kReroute:
      return {event.a};
    case kLinkStates:
      return packets_[event.a].to;
    default:
      return {};
  }
}

// What the name service says about a domain now.
routing::DnsAnswer World::dns_answer(mail::DomainId domain) const {
  for (const Fault& f : plan_.faults) {
    if (!f.dns || engine_.now().ns < f.at_ns || engine_.now().ns >= f.at_ns + f.for_ns) continue;
    if (plan_.addresses.text(domain) != f.dns->value) continue;
    return f.answer == DnsFault::server_failure ? routing::DnsAnswer::server_failure
                                                : routing::DnsAnswer::no_such_domain;
  }
  return routing::DnsAnswer::found;
}

// A session that never begins, because there is nobody to connect to. True when that is so.
bool World::not_found(std::uint32_t index, const transport::Opening& opening) {
  const mail::DomainId domain = queues_[index].domain;
  if (!domain.valid()) return false;
  const auto& routing = behaviour_of(queues_[index].node).routing;
  auto ruling = routing.next_hosts.rule({*routing.router, dns_answer(domain)});
  if (ruling.outcome == routing::NextHosts::hosts) return false;
  bool later = ruling.outcome == routing::NextHosts::none_yet;
  smtp::Outcome outcome{.stage = smtp::Stage::connect,
                        .reply = later ? smtp::ReplyClass::temporary : smtp::ReplyClass::permanent,
                        .code = static_cast<std::uint16_t>(later ? 451 : 550),
                        .status = later ? mail::Status{4, 4, 3} : mail::Status{5, 1, 2}};
  record(mail::What::connect_failed, queues_[index].node, {.detail = static_cast<std::uint16_t>(1 + later)}, [&] {
    return fmt::format("{}: the name service {}", plan_.addresses.text(domain),
                       later ? "fails" : "knows no such domain");
  });
  count_attempt(queues_[index].link.entry(opening.entry));
  auto asked = queue_actions_.borrow();
  queues_[index].link.no_host(opening.session, outcome, ruling.blame, engine_.now(), *asked);
  perform(index, *asked);
  return true;
}

}  // namespace deadletter::experiments
