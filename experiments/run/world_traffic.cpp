// Mail that is made up while the run goes on: only the next message of each sender is pending.
#include "experiments/run/world.h"

namespace deadletter::experiments {
namespace {

constexpr sim::Purpose kGap{"traffic.gap"}, kRecipient{"traffic.recipient"}, kSize{"traffic.size"};

}  // namespace

void World::start_traffic() {
  for (std::uint32_t t = 0; t < plan_.traffic.size(); ++t)
    for (std::uint32_t person = 0; person < plan_.traffic[t].people.size(); ++person) {
      senders_.push_back({t, person});
      next_arrival(static_cast<std::uint32_t>(senders_.size() - 1));
    }
}

void World::next_arrival(std::uint32_t index) {
  const Sender& sender = senders_[index];
  const PlannedTraffic& traffic = plan_.traffic[sender.traffic];
  if (sender.sent == traffic.messages_each) return;
  sim::Duration gap = sim::exponential(traffic.mean_gap, chance_.draw(kGap, index, sender.sent));
  engine_.post(engine_.now() + gap, sim::Priority::normal, {kArrival, index, 0});
}

void World::arrival(std::uint32_t index) {
  Sender& sender = senders_[index];
  const PlannedTraffic& traffic = plan_.traffic[sender.traffic];
  mail::AddressId from = traffic.people[sender.person];
  std::uint64_t to = chance_.below(traffic.people.size(), kRecipient, index, sender.sent);
  std::uint64_t size = sim::log_normal(traffic.size, chance_.draw(kSize, index, sender.sent));
  ++sender.sent;
  NodeId node = plan_.home_of(from);
  ContentId content =
      traffic.content == PlannedMail::kNoContent ? ContentId{} : contents_.described_as(traffic.content);
  mail::MessageId id = store({.size = static_cast<std::uint32_t>(size), .sender = from, .content = content},
                             std::array{traffic.people[to]}, false);
  next_arrival(index);
  if (client_at(from) != nullptr) return client_sends(from, id);
  submit(node, id);
}

}  // namespace deadletter::experiments
