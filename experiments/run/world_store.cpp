// Delivery by the store driver: within a site, into or out of another server's store, without SMTP.
//
// A session of the queue is a call: it takes the path's round trip and the message's time on the wire, and ends whole,
// or broken when a link fails under it, one of the two servers goes down or the server cannot be reached.
#include "experiments/run/world.h"

namespace deadletter::experiments {
namespace {

// What a caller waits before it takes a server for unreachable. [assumed]
constexpr sim::Duration kCallTimeout = sim::Duration::minutes(1);

}  // namespace

void World::open_delivery(std::uint32_t queue_index, const transport::Opening& opening, ContentId content) {
  Queue& queue = queues_[queue_index];
  std::uint32_t index = deliveries_.take();
  NodeId to = queue.hosts[opening.host].node;
  const sim::Path* path = way(queue, opening.host).there;
  deliveries_[index] = {queue_index, opening.session, opening.entry, to, path, false, {}, content};
  delivery_begun(index);
}

void World::delivery_begun(std::uint32_t index) {
  Delivery& d = deliveries_[index];
  d.began = engine_.now();
  Queue& queue = queues_[d.queue];
  record(mail::What::connect, queue.node, {.detail = 1, .subject = index, .a = d.to.value}, [&] {
    return fmt::format("store driver to {} for {}", plan_.nodes[d.to.value].host,
                       describe(queue.link.entry(d.entry).message));
  });
  sim::HostId from = nodes_[queue.node.value].host, to = nodes_[d.to.value].host;
  bool moves = engine_.transfer(*d.path, from, to, queue.link.entry(d.entry).size, index | kStoreToken);
  if (!moves) engine_.post(engine_.now() + kCallTimeout, sim::Priority::timer, {kStoreDriver, index, 0});
}

void World::delivery_done(std::uint32_t index, bool whole) {
  Delivery d = deliveries_[index];
  whole = whole && !d.broken;
  auto asked = queue_actions_.borrow();
  transport::LinkQueue& link = queues_[d.queue].link;
  const transport::Entry& entry = link.entry(d.entry);
  mail::MessageId message = entry.message;
  auto hops = static_cast<std::uint16_t>(entry.hops + 1);
  Recipients recipients(entry.to.recipients());
  count_attempt(entry);
  smtp::Outcome outcome{
      .stage = smtp::Stage::connect, .ended = smtp::Ended::timeout, .reply = smtp::ReplyClass::temporary};
  if (whole)
    outcome = {.stage = smtp::Stage::dot, .reply = smtp::ReplyClass::success, .code = 250, .status = {2, 0, 0}};
  record(
      mail::What::attempt, queues_[d.queue].node,
      {.detail = static_cast<std::uint16_t>(static_cast<int>(outcome.reply) * 16 + static_cast<int>(outcome.stage)),
       .subject = number(message),
       .b = index},
      [&] { return fmt::format("store driver {}: {}", describe(message), whole ? "success" : "temporary failure"); });
  if (whole) {
    ++counters_.hops;
    for (std::uint32_t i = 0; i < recipients.size(); ++i)
      link.recipient_ended(d.session, i, smtp::RecipientEnd::delivered, outcome, {}, *asked);
  }
  Blame blame = entry.blame;
  if (Observer* observer = tracer_.observer())
    observer->attempt(engine_.now(), {.began = d.began,
                                      .message = message,
                                      .node = queues_[d.queue].node,
                                      .peer = d.to,
                                      .outcome = &outcome,
                                      .blame = blame});
  link.concluded(d.session, outcome, {}, engine_.now(), *asked);
  if (whole) arrive(d.to, message, recipients, blame, hops, d.content);
  perform(d.queue, *asked);
  if (auto next = whole ? next_opened(d.queue, d.session) : std::nullopt) {
    deliveries_[index].entry = next->first;
    deliveries_[index].content = next->second;
    return delivery_begun(index);
  }
  end_delivery(index);
}

void World::end_delivery(std::uint32_t index) {
  Delivery d = deliveries_[index];
  deliveries_.give_back(index);
  auto asked = queue_actions_.borrow();
  queues_[d.queue].link.session_closed(d.session, engine_.now(), *asked);
  perform(d.queue, *asked);
  connection_ended(queues_[d.queue].node);
}

}  // namespace deadletter::experiments
