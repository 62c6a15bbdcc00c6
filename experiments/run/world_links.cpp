// The state of connectors' links, as each server knows it.
//
// A bridgehead whose queue for a connector has come past the glitch retries takes the link for down. It knows so at
// once, and tells it after transport.minor_hold: to its group's master, the master to the members, bridgeheads to the
// groups that they lead to. News travels as packets over the network; one that meets a broken path is lost, and two
// servers that speak SMTP again compare what they have to tell. [facts 5.1; which message carries it: inferred]
// A connector that delivers by DNS leads to many hosts: it has no link that could be down.
//
// NOT MODELLED: the verbs on the wire (X-LINK2STATE, port 691), a change of master.
#include "experiments/run/world.h"

namespace deadletter::experiments {
namespace {

constexpr std::uint64_t kOctetsPerLink = 32;  // MS/263249

}  // namespace

using mail::What;
using routing::Hop;
using routing::RouterKind;

bool World::by_link_state(NodeId node) const {
  const PlannedNode& planned = plan_.nodes[node.value];
  return !planned.foreign && *behaviour_of(node).routing.router == RouterKind::link_state;
}

// The link of a queue's connector when the queue's server is a source of it and sends to hosts of the connector's.
static std::optional<std::uint32_t> link_of(const routing::Network& network, const Hop& hop, NodeId node) {
  if (hop.kind != Hop::Kind::connector || hop.hosts.empty()) return std::nullopt;
  const routing::Connector& c = network.connectors[hop.id];
  for (std::uint32_t i = 0; i < c.sources.size(); ++i)
    if (c.sources[i].value == node.value) return c.first_link + i;
  return std::nullopt;
}

// A queue has begun to wait for its hosts.
void World::queue_waits(std::uint32_t index) {
  Queue& queue = queues_[index];
  if (!by_link_state(queue.node) || !queue.link.past_glitch() || queue.probing) return;
  // A transfer agent's routing ignores the state of its connectors (KB186289): mail stays for the open retries.
  if (by_x400(queue)) return;
  auto link = link_of(plan_.organization.routing, nodes_[queue.node.value].next_hops[queue.next_hop].hop, queue.node);
  if (!link) return;
  know(queue.node, *link, false);
  sim::Duration every = *behaviour_of(queue.node).routing.link_probe;
  if (every.ns == 0) return;
  queue.probing = true;
  engine_.post(engine_.now() + every, sim::Priority::timer, {kProbe, index, 0});
}

// A connection is tried even when no mail waits.
void World::probe(std::uint32_t index) {
  Queue& queue = queues_[index];
  bool answers = false;
  for (const QueueHost& to : queue.hosts) {
    const sim::Path* there = engine_.path(nodes_[queue.node.value].host, nodes_[to.node.value].host);
    answers |= engine_.up(*there) && plan_.nodes[to.node.value].listen == smtp::Listen::accept;
  }
  sim::Duration every = *behaviour_of(queue.node).routing.link_probe;
  if (!answers) return engine_.post(engine_.now() + every, sim::Priority::timer, {kProbe, index, 0});
  queue.probing = false;
  auto link = link_of(plan_.organization.routing, nodes_[queue.node.value].next_hops[queue.next_hop].hop, queue.node);
  know(queue.node, *link, true);
  auto actions = queue_actions_.borrow();
  queue.link.hurry(engine_.now(), *actions);
  perform(index, *actions);
}

void World::know(NodeId node, std::uint32_t link, bool up) {
  Node& at = nodes_[node.value];
  auto states = at.states ? *at.states : routing::LinkStates(plan_.organization.routing.links);
  if (!states.set(link, up)) return;
  at.states = std::make_shared<const routing::LinkStates>(std::move(states));
  record(What::link_state, node, {.detail = up, .a = link}, [&] {
    for (const routing::Connector& c : plan_.organization.routing.connectors)
      if (link >= c.first_link && link < c.first_link + c.sources.size())
        return fmt::format("finds its link of {} {}", c.name, up ? "up again" : "down");
    return std::string();
  });
  if (!at.publish_due) {
    at.publish_due = true;
    sim::Duration hold = *behaviour_of(node).routing.minor_hold;
    engine_.post(engine_.now() + hold, sim::Priority::timer, {kPublish, node.value, 0});
  }
  reroute_soon(node);
}

// After what happens now: a queue is not taken apart while it acts.
void World::reroute_soon(NodeId node) {
  if (std::exchange(nodes_[node.value].reroute_due, true)) return;
  engine_.post(engine_.now(), sim::Priority::timer, {kReroute, node.value, 0});
}

void World::publish(NodeId node) {
  nodes_[node.value].publish_due = false;
  step_from_here_all(node);
  nodes_[node.value].published = nodes_[node.value].states;
  pass_on(node, node);
}

// To whoever should hear from this server, but not back.
void World::pass_on(NodeId node, NodeId heard_from) {
  const routing::Network& network = plan_.organization.routing;
  const routing::Group& group = network.groups[network.servers[node.value].group.value];
  bool master = group.master.value == node.value;
  auto to = [&](routing::ServerId other) {
    bool hears = other.value != node.value && other.value != heard_from.value && by_link_state({other.value});
    if (hears) tell(node, {other.value});
  };
  if (!master) to(group.master);
  if (master)
    for (routing::ServerId member : group.members) to(member);
  for (const routing::Connector& c : network.connectors) {
    bool source = std::ranges::find(c.sources, routing::ServerId{node.value}) != c.sources.end();
    if (!c.joins_groups() || !source) continue;
    for (routing::ServerId target : c.targets) to(target);
  }
}

void World::tell(NodeId from, NodeId to) {
  const sim::Path* path = engine_.path(nodes_[from.value].host, nodes_[to.value].host);
  if (!engine_.up(*path)) return;
  std::uint32_t slot = packets_.take();
  packets_[slot] = {from, to, nodes_[from.value].published};
  std::uint64_t octets = plan_.organization.routing.links * kOctetsPerLink;
  engine_.post(engine_.now() + path->one_way(octets), sim::Priority::arrival, {kLinkStates, slot, 0});
}

void World::hear(std::uint32_t slot) {
  Packet packet = std::move(packets_[slot]);
  packets_.give_back(slot);
  Node& at = nodes_[packet.to.value];
  if (packet.states == nullptr || packet.states == at.published) return;
  // Who knows the same shares it.
  auto learn = [&](std::shared_ptr<const routing::LinkStates>& known) {
    auto states = known ? *known : routing::LinkStates(plan_.organization.routing.links);
    if (!states.learn(*packet.states)) return false;
    known = states == *packet.states ? packet.states : std::make_shared<const routing::LinkStates>(std::move(states));
    return true;
  };
  step_from_here_all(packet.to);
  learn(at.published);
  if (!learn(at.states)) return;
  record(What::link_state, packet.to, {.detail = 2, .a = packet.from.value},
         [&] { return fmt::format("is told by {}", plan_.nodes[packet.from.value].name); });
  pass_on(packet.to, packet.from);
  reroute_soon(packet.to);
}

// Two servers speak to each other: what one of them has told, the other one learns.
void World::exchange_states(NodeId one, NodeId other) {
  if (nodes_[one.value].published == nodes_[other.value].published) return;
  if (!by_link_state(one) || !by_link_state(other)) return;
  if (organization_of(one) != organization_of(other)) return;
  if (nodes_[one.value].published) tell(one, other);
  if (nodes_[other.value].published) tell(other, one);
}

}  // namespace deadletter::experiments
