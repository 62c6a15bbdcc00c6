// Binding of bursts.
#include <fmt/format.h>

#include <map>

#include "experiments/config/bind_traffic.h"
#include "experiments/config/traffic_parts.h"
#include "experiments/config/traffic_people.h"
#include "sim/json/units.h"

namespace deadletter::experiments {

// A source for each server or foreign domain that senders live in, with its part of the messages.
void bind_burst(const Traffic& traffic, Plan& plan, ContentBinder& content, json::Problems& problems) {
  const BurstSettings& b = *traffic.burst;
  TrafficPeople people(plan, problems);
  auto from = people.anybody(b.from, true), to = people.anybody(b.to, false);
  sim::Instant begins{b.at_ns}, ends = begins + sim::Duration{b.over_ns};
  if (ends > plan.horizon)
    problems.add(json::problem_at(
        traffic.place, fmt::format("the burst ends after {}, and the horizon is {}", json::format_duration(ends.ns),
                                   json::format_duration(plan.horizon.ns))));
  if (from.empty() || to.empty() || ends > plan.horizon) return;
  auto mix = std::make_shared<traffic::Mix>(
      traffic::Pace({}, {}, begins, ends), traffic::RankLaw(), std::vector<std::uint64_t>{1},
      sizes_of(traffic, traffic::Sizes::table({{traffic.size, 1}})), traffic::Shares{});
  std::map<std::uint64_t, std::vector<mail::AddressId>> by_home;
  for (mail::AddressId id : from) {
    NodeId home = plan.home_of(id);
    by_home[home.valid() ? home.value : kOutsideKey | plan.addresses.domain(id).value].push_back(id);
  }
  traffic::Span everybody = append(mix->addresses, to);
  auto messages = static_cast<std::uint64_t>(b.messages);
  std::uint64_t before = 0;
  for (const auto& [home, senders] : by_home) {
    std::uint64_t first = messages * before / from.size();
    before += senders.size();
    mix->sources.push_back({.key = source_key(plan, home),
                            .senders = append(mix->addresses, senders),
                            .organization = everybody,
                            .plain = true,
                            .burst = traffic::Burst{messages * before / from.size() - first, begins, {b.over_ns}}});
  }
  PlannedTraffic planned{.contents = contents_of(traffic, plan, content), .begins = begins, .ends = ends};
  planned.expected = planned.expected_recipients = messages;
  planned.mix = std::move(mix);
  plan.traffic.push_back(std::move(planned));
}

}  // namespace deadletter::experiments
