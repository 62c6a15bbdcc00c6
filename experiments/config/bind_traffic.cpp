#include "experiments/config/bind_traffic.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "experiments/config/trace.h"
#include "experiments/config/traffic_people.h"
#include "sim/json/excerpt.h"

namespace deadletter::experiments {
namespace {

class TrafficBinder {
 public:
  TrafficBinder(const Traffic& traffic, Plan& plan, ContentBinder& content, json::Problems& problems,
                const ContentBinder::ResolvePath& resolve_path)
      : traffic_(traffic), plan_(plan), content_(content), problems_(problems), resolve_path_(resolve_path) {}

  void bind() {
    check_keys();
    if (traffic_.profile) return bind_profile(traffic_, plan_, content_, problems_);
    if (traffic_.burst) return bind_burst(traffic_, plan_, content_, problems_);
    std::uint32_t content = content_.described(traffic_.content.value_or(TrafficContent{}).holding);
    if (traffic_.uniform) return bind_uniform(content);
    bind_trace(content);
  }

 private:
  void problem(const json::Place& place, std::string message) {
    problems_.add(json::problem_at(place, std::move(message)));
  }

  // A key of another kind of traffic would never be asked.
  void check_keys() {
    const Traffic& t = traffic_;
    bool trace = t.trace.has_value(), profile = t.profile.has_value(), made = profile || t.burst;
    auto only = [&](bool there, bool fits, const char* key, const char* of) {
      if (there && !fits) problem(t.place, fmt::format("{} is for {}", json::show(key), of));
    };
    const std::pair<bool, const char*> of_profiles[] = {{t.messages.has_value(), "messages"},
                                                        {t.per_mailbox.has_value(), "per_mailbox"},
                                                        {!t.users.empty(), "users"},
                                                        {t.skewed.has_value(), "skewed"},
                                                        {!t.shares.empty(), "shares"},
                                                        {!t.hours.empty(), "hours"},
                                                        {!t.weekdays.empty(), "weekdays"},
                                                        {t.start_hour.has_value(), "start_hour"},
                                                        {t.at_ns != 0, "at"},
                                                        {t.over_ns.has_value(), "over"},
                                                        {t.internet.has_value(), "internet"}};
    for (const auto& [there, key] : of_profiles) only(there, profile, key, "mail by a profile");
    only(t.from.has_value(), trace || t.uniform, "from", "a trace");
    only(t.more_than_per_day != 0, trace, "more_than_per_day", "a trace");
    only(!t.recipients.empty(), trace || t.uniform, "recipients", "a trace");
    only(t.days != 0, !t.burst, "days", "a trace or mail by a profile");
    only(t.senders.has_value(), !t.burst, "senders", "a trace or mail by a profile: a burst has \"from\"");
    only(t.content && t.content->mixed, profile, "described", "mail by a profile, which has shares");
    if (!made) return;
    if (t.size_asked && t.sizes != SizeCurve::fixed)
      problem(t.place, "messages have one \"size\", or \"sizes\" by a curve");
  }

  void bind_trace(std::uint32_t content) {
    if (!traffic_.senders || traffic_.recipients.empty())
      return problem(traffic_.place, "the traffic of a trace needs \"senders\" and \"recipients\"");
    std::string path = resolve_path_(*traffic_.trace);
    std::vector<std::string> known;
    for (const auto& d : plan_.organization.domains) known.push_back(d.name.value);
    bool right = true;
    auto check = [&](const Name& name) {
      if (std::ranges::find(known, name.value) != known.end()) return;
      problems_.add(
          json::problem_at(name.place, fmt::format("unknown domain {}", json::show(name.value)), name.value, known));
      right = false;
    };
    check(*traffic_.senders);
    for (const Placement& p : traffic_.recipients) check(p.domain);
    if (!shares_are_whole()) return;
    std::size_t first = plan_.mail.size();
    if (right) read_trace(traffic_, path, plan_, problems_);
    for (std::size_t i = first; i < plan_.mail.size(); ++i) plan_.mail[i].content = content;
  }

  // Exact, in parts of the least common denominator.
  bool shares_are_whole() {
    constexpr std::uint64_t kMostParts = std::uint64_t{1} << 32;
    std::uint64_t denominator = 1, numerator = 0;
    for (const Placement& p : traffic_.recipients)
      if (denominator <= kMostParts) denominator = std::lcm(denominator, std::uint64_t{p.share.denominator});
    const json::Place& place = traffic_.recipients.front().domain.place;
    if (denominator > kMostParts) {
      problem(place, "the shares of the recipients' domains have no common denominator below 2^32: round them");
      return false;
    }
    for (const Placement& p : traffic_.recipients) numerator += denominator / p.share.denominator * p.share.numerator;
    if (numerator == denominator) return true;
    problem(place,
            fmt::format("the shares of the recipients' domains add up to {}/{}, not to 1",
                        numerator / std::gcd(numerator, denominator), denominator / std::gcd(numerator, denominator)));
    return false;
  }

  void bind_uniform(std::uint32_t content) {
    const Uniform& u = *traffic_.uniform;
    if (traffic_.senders || !traffic_.recipients.empty() || traffic_.from || traffic_.days != 0)
      problem(traffic_.place, "uniform traffic is among all mailboxes: it has no other keys");
    if (u.smallest > u.largest) problem(traffic_.place, "the smallest message is larger than the largest");
    PlannedTraffic planned{.size = {u.median, static_cast<double>(u.sigma_percent) / 100, u.smallest, u.largest}};
    planned.people = TrafficPeople(plan_, problems_).mailboxes();
    auto people = static_cast<std::int64_t>(planned.people.size());
    if (people == 0) return problem(traffic_.place, "the topology lists no mailbox: nobody sends");
    planned.messages_each = static_cast<std::uint64_t>(u.messages / people);
    if (planned.messages_each == 0)
      return problem(traffic_.place, fmt::format("{} messages are fewer than the {} mailboxes", u.messages, people));
    planned.mean_gap = {static_cast<std::int64_t>(static_cast<double>(u.over_ns) * static_cast<double>(people) /
                                                  static_cast<double>(u.messages))};
    planned.content = content;
    plan_.traffic.push_back(std::move(planned));
  }

  const Traffic& traffic_;
  Plan& plan_;
  ContentBinder& content_;
  json::Problems& problems_;
  const ContentBinder::ResolvePath& resolve_path_;
};

}  // namespace

void bind_traffic(const Experiment& experiment, Plan& plan, ContentBinder& content, json::Problems& problems,
                  const ContentBinder::ResolvePath& resolve_path) {
  for (const Traffic& traffic : experiment.traffic)
    TrafficBinder(traffic, plan, content, problems, resolve_path).bind();
}

// The progress of a run, and what it will come to.
std::uint64_t PlannedTraffic::messages_until(sim::Instant now) const {
  if (mix) return mix->expected_until(now, expected);
  return std::min(messages(), people.size() * static_cast<std::uint64_t>(now.ns / mean_gap.ns));
}

}  // namespace deadletter::experiments
