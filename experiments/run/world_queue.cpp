// What queues ask for.
#include "experiments/run/world.h"

namespace deadletter::experiments {

using mail::What;
using transport::QueueAction;

std::uint32_t World::queue_for(NodeId node, mail::DomainId domain) {
  auto [found, fresh] = nodes_[node.value].queues.try_emplace(domain, static_cast<std::uint32_t>(queues_.size()));
  if (fresh) {
    const PlannedDomain& planned = plan_.domains.at(domain);
    const auto& behaviour = plan_.nodes[node.value].resolved.behaviour;
    queues_.push_back(
        {node,
         domain,
         planned.hosts,
         transport::LinkQueue(behaviour.queue, behaviour.transport, static_cast<std::uint32_t>(planned.hosts.size())),
         {}});
  }
  return found->second;
}

void World::perform(std::uint32_t queue, transport::LinkQueue::Actions& actions) {
  for (const QueueAction& action : actions) perform(queue, action);
  if (tracer_.observer() != nullptr) show_queue(queue);
}

void World::perform(std::uint32_t index, const QueueAction& action) {
  Queue& queue = queues_[index];
  switch (action.kind) {
    case QueueAction::Kind::open:
      return open_connection(index, action);
    case QueueAction::Kind::wake: {
      constexpr Kind kinds[] = {kRetry, kDelayNotice, kExpiry};
      bool expiry = action.why == QueueAction::Wake::expiry;
      return engine_.post(action.at, expiry ? sim::Priority::expiry : sim::Priority::timer,
                          {kinds[static_cast<std::size_t>(action.why)], index, action.entry.value});
    }
    case QueueAction::Kind::wake_queue:
      return engine_.post(action.at, sim::Priority::timer, {kQueueRetry, index, 0});
    case QueueAction::Kind::delivered:
      record(What::hand_over, queue.node, {.subject = action.message.value, .a = action.recipient.value}, [&] {
        return fmt::format("{} to <{}>", describe(action.message),
                           plan_.addresses.text(ledger_.row(action.recipient).address));
      });
      return ledger_.handed_over(action.recipient, action.blame);
    case QueueAction::Kind::deferred: {
      const transport::Entry& entry = queue.link.entry(action.entry);
      for (mail::RecipientId r : entry.recipients) ledger_.row(r).blame = join(ledger_.row(r).blame, action.blame);
      return record(What::defer, queue.node, {.subject = entry.message.value, .a = entry.attempts, .b = entry.failures},
                    [&] {
                      return fmt::format("{} until {}, {} attempt{} so far", describe(entry.message),
                                         sim::elapsed(action.at - sim::Instant{}), entry.attempts,
                                         entry.attempts == 1 ? "" : "s");
                    });
    }
    case QueueAction::Kind::returned: {
      NodeId remote = queue.hosts.front();
      return give_back(queue.node, action.message, action.reason, action.reported, remote, action.blame);
    }
    case QueueAction::Kind::delayed: {
      mail::MessageId message = action.message;
      const StoredMessage& stored = messages_[message.value];
      record(What::delay_notice, queue.node, {.subject = message.value},
             [&] { return fmt::format("{} is still being tried", describe(message)); });
      if (stored.sender.valid())
        make_report(queue.node, message, mail::ReportKind::delay, false, action.reported, queue.hosts.front());
      return;
    }
    case QueueAction::Kind::split:
    case QueueAction::Kind::finished:
      return;
  }
}

void World::queue_woke(std::uint32_t index, std::uint32_t entry, QueueAction::Wake why) {
  transport::LinkQueue::Actions actions;
  queues_[index].link.woke({entry}, why, engine_.now(), actions);
  perform(index, actions);
}

}  // namespace deadletter::experiments
