// What queues ask for.
#include "experiments/run/world.h"

namespace deadletter::experiments {

using mail::What;
using transport::QueueAction;

namespace {

constexpr sim::Purpose kHostOrder{"transport.host_order"};

}  // namespace

std::uint32_t World::queue_for(NodeId node, std::uint32_t index) {
  NextHop& hop = nodes_[node.value].next_hops[index];
  if (hop.queue != kNone) return hop.queue;
  hop.queue = static_cast<std::uint32_t>(queues_.size());
  std::vector<NodeId> hosts;
  for (routing::ServerId host : hop.hop.hosts) hosts.push_back({host.value});
  if (hop.domain.valid()) hosts = exchangers(hop.domain, hop.queue);
  const auto& behaviour = behaviour_of(node);
  auto count = static_cast<std::uint32_t>(hosts.size());
  Queue& queue = queues_.emplace_back();
  queue.node = node, queue.next_hop = index, queue.domain = hop.domain;
  queue.unreachable = hop.hop.kind == routing::Hop::Kind::unreachable;
  for (NodeId host : hosts) queue.hosts.push_back({host});
  auto link = [&](const transport::QueueBehaviour& own, const transport::TransportBehaviour& transport) {
    queue.link = transport::LinkQueue(pool_, hop.queue, own, transport, count);
  };
  link(behaviour.queue, behaviour.transport);
  queue.by = way_of(queue);
  if (by_x400(queue) || is_local(queue)) {
    const LaidQueue& own = laid(node, by_x400(queue));
    link(own.queue, own.transport);
    if (by_x400(queue)) queue.link.set_lifetimes(behaviour.x400.lifetime->urgent, behaviour.x400.lifetime->non_urgent);
  } else if (by_store_driver(queue)) {
    auto& own = nodes_[node.value].mailbox_queue;
    if (own == nullptr) own = std::make_unique<transport::QueueBehaviour>(mailbox_queue(behaviour));
    link(*own, behaviour.transport);
  }
  if (nodes_[node.value].down) queue.link.stop();
  return hop.queue;
}

// By preference; those of equal preference in an order drawn once for the queue (RFC 5321 5.1).
std::vector<NodeId> World::exchangers(mail::DomainId id, std::uint32_t queue) const {
  const PlannedDomain& domain = plan_.domains[id.value];
  std::vector<NodeId> hosts = domain.hosts;
  for (std::size_t begin = 0, end; begin < hosts.size(); begin = end) {
    for (end = begin + 1; end < hosts.size() && domain.preferences[end] == domain.preferences[begin];) ++end;
    for (std::size_t i = begin; i + 1 < end; ++i)
      std::swap(hosts[i], hosts[i + chance_.below(end - i, kHostOrder, queue, i)]);
  }
  return hosts;
}

std::string World::name_of(const Queue& queue) const {
  const NextHop& hop = nodes_[queue.node.value].next_hops[queue.next_hop];
  const routing::Network& network = plan_.organization.routing;
  using Kind = routing::Hop::Kind;
  switch (hop.hop.kind) {
    case Kind::server:
    case Kind::mailbox:
      return plan_.nodes[hop.hop.id].host;
    case Kind::site:
      return network.sites[hop.hop.id].name;
    case Kind::connector: {
      const std::string& name = network.connectors[hop.hop.id].name;
      return hop.domain.valid() ? fmt::format("{} - {}", name, plan_.addresses.text(hop.domain)) : name;
    }
    case Kind::domain:
      return plan_.addresses.text(hop.domain);
    case Kind::local:
      return plan_.nodes[hop.hop.id].host + " (Local delivery)";
    case Kind::gateway:
      return network.connectors[hop.hop.id].name;
    case Kind::unreachable:
    case Kind::none:
      return by_link_state(queue.node) ? "Final destination currently unreachable" : "Unreachable";
  }
  return "";
}

// Into another server's store; or from a server without the role hub to the hubs of its site.
Queue::By World::way_of(const Queue& queue) const {
  const routing::Hop& hop = nodes_[queue.node.value].next_hops[queue.next_hop].hop;
  if (leaves_by_x400(queue)) return Queue::By::x400;
  if (hop.kind == routing::Hop::Kind::local) return Queue::By::local;
  bool to_hubs = hop.kind == routing::Hop::Kind::site && leaves_to_hubs(queue.node);
  return hop.kind == routing::Hop::Kind::mailbox || to_hubs ? Queue::By::store_driver : Queue::By::smtp;
}

// A server has so many connections and no more: queues wait for a free one in the order in which they asked.
void World::open(std::uint32_t index, const transport::Opening& opening) {
  Node& node = nodes_[queues_[index].node.value];
  if (node.open >= *behaviour_of(queues_[index].node).queue.connections)
    return node.to_open.emplace_back(index, opening), void();
  if (not_found(index, opening)) return;
  ++node.open;
  if (is_local(queues_[index])) return open_local(index, opening);
  if (by_x400(queues_[index])) return open_association(index, opening);
  StoreCall failed{index, opening.session, opening.entry};
  ContentId content;
  if (!open_content(index, opening.entry, failed, content)) {
    std::uint32_t call = store_calls_.take();
    store_calls_[call] = failed;
    return engine_.post(engine_.now(), sim::Priority::arrival, {kNotOpened, call, 0});
  }
  by_store_driver(queues_[index]) ? open_delivery(index, opening, content) : open_connection(index, opening, content);
}

// The store's queues and the MTA's have numbers of their own; how they go about it is the same.
const LaidQueue& World::laid(NodeId id, bool mta) {
  Node& node = nodes_[id.value];
  auto& own = mta ? node.mta_queue : node.local_queue;
  if (own != nullptr) return *own;
  const auto& behaviour = behaviour_of(id);
  own = std::make_unique<LaidQueue>(laid_queue(behaviour, mta));
  return *own;
}

transport::QueueBehaviour World::mailbox_queue(const builds::NodeBehaviour& behaviour) {
  transport::QueueBehaviour queue = behaviour.queue;
  queue.ladder.set(*behaviour.queue.mailbox_ladder, behaviour.queue.mailbox_ladder.laid());
  queue.glitch.set({}, {});
  return queue;
}

LaidQueue World::laid_queue(const builds::NodeBehaviour& behaviour, bool mta) {
  LaidQueue laid{behaviour.queue, behaviour.transport};
  laid.queue.glitch.set({}, {});
  if (!mta) {
    const auto& ladder = behaviour.store.delivery_ladder;
    laid.queue.ladder.set(*ladder, ladder.laid(), ladder.blame());
    laid.queue.message_ladder.set(*ladder, ladder.laid(), ladder.blame());
    laid.transport.lifetime.set(*behaviour.store.delivery_lifetime, behaviour.store.delivery_lifetime.laid(),
                                behaviour.store.delivery_lifetime.blame());
    return laid;
  }
  const x400::X400Behaviour& x400 = behaviour.x400;
  laid.queue.ladder.set({{x400.open_retries->interval}, ""}, x400.open_retries.laid());
  laid.queue.host_retries.set(x400.open_retries->count, x400.open_retries.laid());
  laid.queue.message_ladder.set({{x400.transfer_retries->interval}, ""}, x400.transfer_retries.laid());
  laid.queue.message_retries.set(x400.transfer_retries->count, x400.transfer_retries.laid());
  laid.queue.connection_threshold.set(x400.association->threshold, x400.association.laid());
  laid.queue.messages_per_connection.set(0, {});
  laid.transport.lifetime.set(x400.lifetime->normal, x400.lifetime.laid());
  laid.transport.delay_notice.set({}, {});
  return laid;
}

World::GivenUp World::given_up(const Queue& queue, ContentId content) const {
  GivenUp how{.remote = queue.hosts.empty() || is_local(queue) ? NodeId{} : queue.hosts.front().node};
  bool enveloped = content.valid() && contents_.at(content).enveloped;
  if (!enveloped && !by_x400(queue)) return how;
  how.came_by = transport::CameBy::x400;
  if (enveloped) how.mts_id = contents_.at(content).mts_id;
  return how;
}

void World::connection_ended(NodeId id) {
  --nodes_[id.value].open;
  open_waiting(id);
}

// One that ends at once, because its hosts are not found, leaves its place to the next.
void World::open_waiting(NodeId id) {
  Node& node = nodes_[id.value];
  while (!node.down && !node.to_open.empty() && node.open < *behaviour_of(id).queue.connections) {
    auto [index, opening] = node.to_open.front();
    node.to_open.pop_front();
    open(index, opening);
  }
}

void World::count_attempt(const transport::Entry& entry) {
  ++counters_.attempts;
  if (entry.attempts > 0) ++counters_.retries;
  for (mail::RecipientId r : entry.to.recipients()) ++ledger_.row(r).attempts;
}

void World::perform(std::uint32_t queue, transport::LinkQueue::Actions& actions) {
  for (const QueueAction& action : actions) perform(queue, action);
  if (tracer_.observer() != nullptr) show_queue(queue);
}

void World::perform(std::uint32_t index, const QueueAction& action) {
  Queue& queue = queues_[index];
  switch (action.kind) {
    case QueueAction::Kind::open:
      return open(index, action.opening);
    case QueueAction::Kind::wake_queue: {
      constexpr Kind kinds[] = {kExpiry, kQueueRetry, kDelayNotice, kRetry};
      bool expiry = action.why == QueueAction::Wake::expiry;
      return engine_.post(action.at, expiry ? sim::Priority::expiry : sim::Priority::timer,
                          {kinds[static_cast<std::size_t>(action.why)], index, 0});
    }
    case QueueAction::Kind::delivered:
      record(What::hand_over, queue.node, {.subject = number(action.message), .a = number(action.recipient)}, [&] {
        return fmt::format("{} to <{}>", describe(action.message),
                           plan_.addresses.text(ledger_.row(action.recipient).address));
      });
      return ledger_.handed_over(action.recipient, action.blame);
    case QueueAction::Kind::deferred: {
      const transport::Entry& entry = queue.link.entry(action.entry);
      for (mail::RecipientId r : entry.to.recipients()) ledger_.row(r).blame = join(ledger_.row(r).blame, action.blame);
      record(What::defer, queue.node, {.subject = number(entry.message), .a = entry.attempts, .b = entry.failures},
             [&] {
               return fmt::format("{} until {}, {} attempt{} so far", describe(entry.message),
                                  sim::elapsed(action.at - sim::Instant{}), entry.attempts,
                                  entry.attempts == 1 ? "" : "s");
             });
      return queue_waits(index);
    }
    case QueueAction::Kind::returned:
      return give_back(queue.node, action.message, action.reason, action.reported, given_up(queue, action.content),
                       action.blame);
    case QueueAction::Kind::delayed: {
      mail::MessageId message = action.message;
      const StoredMessage& stored = messages_[message.value];
      record(What::delay_notice, queue.node, {.subject = number(message)},
             [&] { return fmt::format("{} is still being tried", describe(message)); });
      GivenUp how = given_up(queue, action.content);
      how.until = action.at;
      if (stored.sender.valid())
        make_report(queue.node, message, mail::ReportKind::delay, transport::ReturnReason::expired, action.reported,
                    how);
      return;
    }
    case QueueAction::Kind::split:
    case QueueAction::Kind::finished:
      return;
  }
}

void World::queue_woke(std::uint32_t index, QueueAction::Wake why) {
  auto actions = queue_actions_.borrow();
  queues_[index].link.time_has_come(why, engine_.now(), *actions);
  perform(index, *actions);
}

}  // namespace deadletter::experiments
