// Mail that is made up while the run goes on: only the next message of each sender is pending, or by a profile that of
// each server.
#include "experiments/run/world.h"

namespace deadletter::experiments {
namespace {

constexpr sim::Purpose kGap{"traffic.gap"}, kRecipient{"traffic.recipient"}, kSize{"traffic.size"};

}  // namespace

void World::start_traffic() {
  for (std::uint32_t t = 0; t < plan_.traffic.size(); ++t) {
    const PlannedTraffic& traffic = plan_.traffic[t];
    auto senders = static_cast<std::uint32_t>(traffic.mix ? traffic.mix->sources.size() : traffic.people.size());
    for (std::uint32_t i = 0; i < senders; ++i) {
      mail::AddressId first =
          traffic.mix ? traffic.mix->addresses[traffic.mix->sources[i].senders.begin] : traffic.people[i];
      senders_.push_back({t, i, place_of(first)});
      next_arrival(static_cast<std::uint32_t>(senders_.size() - 1));
    }
  }
}

void World::next_arrival(std::uint32_t index) {
  const Sender& sender = senders_[index];
  const PlannedTraffic& traffic = plan_.traffic[sender.traffic];
  auto at = [&](sim::Instant time) { engine_.post(time, sim::Priority::normal, {kArrival, index, 0}); };
  if (traffic.mix) {
    const auto& source = traffic.mix->sources[sender.person];
    // What was due while the server was down is over.
    if (auto next = traffic.mix->next(chance_, source, sender.sent, engine_.now())) at(std::max(*next, engine_.now()));
    return;
  }
  if (sender.sent == traffic.messages_each) return;
  at(engine_.now() + sim::exponential(traffic.mean_gap, chance_.draw(kGap, index, sender.sent)));
}

void World::arrival(std::uint32_t index) {
  Sender& sender = senders_[index];
  const PlannedTraffic& traffic = plan_.traffic[sender.traffic];
  if (traffic.mix) return arrival_by_profile(index);
  mail::AddressId from = traffic.people[sender.person];
  std::uint64_t to = chance_.below(traffic.people.size(), kRecipient, index, sender.sent);
  std::uint64_t size = sim::log_normal(traffic.size, chance_.draw(kSize, index, sender.sent));
  ++sender.sent;
  ContentId content =
      traffic.content == PlannedMail::kNoContent ? ContentId{} : contents_.described_as(traffic.content);
  mail::MessageId id = store({.size = static_cast<std::uint32_t>(size), .sender = from, .content = content},
                             std::array{traffic.people[to]}, false);
  next_arrival(index);
  if (client_at(from) != nullptr) return client_sends(from, id);
  submit(sender.node, id);
}

void World::arrival_by_profile(std::uint32_t index) {
  Sender& sender = senders_[index];
  const PlannedTraffic& traffic = plan_.traffic[sender.traffic];
  auto made = traffic.mix->draw(chance_, traffic.mix->sources[sender.person], sender.sent++, drawn_);
  std::uint32_t planned = traffic.contents[static_cast<std::size_t>(made.kind)];
  ContentId content = planned == PlannedMail::kNoContent ? ContentId{} : contents_.described_as(planned);
  mail::MessageId id =
      store({.size = static_cast<std::uint32_t>(made.size), .sender = made.sender, .content = content}, drawn_, false);
  next_arrival(index);
  if (client_at(made.sender) != nullptr) return client_sends(made.sender, id);
  submit(sender.node, id);
}

}  // namespace deadletter::experiments
