// A retry storm: mail for many domains waits, and what a run tries in each hour is the retry ladder's arithmetic times
// the queues that wait. Where a message fails by itself it is times the messages.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "models/builds/installation.h"
#include "models/builds/settings.h"
#include "models/transport/timetable.h"
#include "sim/json/parse.h"
#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using sim::Duration;
using transport::FailureKind;

constexpr int kDomains = 50, kExchangers = 5, kHours = 6;
constexpr const char* kBuild = "exchange-2003-sp2 on windows-2003-sp1";
using ByHour = std::array<int, kHours>;

// Mail for the n-th domain begins to come so long after the start; the last one within six minutes.
Duration first_mail(int domain) { return Duration::seconds(7) * domain; }

// EX1 and, across the Internet, fifty domains on five exchangers.
std::string topology() {
  std::string foreign, links;
  for (int d = 1; d <= kDomains; ++d)
    foreign += fmt::format(R"({}{{"domain": "d{}.example", "exchangers": [{{"host": "mx{}.example"}}]}})",
                           d == 1 ? "" : ", ", d, d % kExchangers + 1);
  for (int m = 1; m <= kExchangers; ++m)
    links += fmt::format(
        R"(, {{"name": "mx{0}", "between": ["internet", "mx{0}.example"], "bandwidth": "100Mbps", "latency": "10ms", "sharing": "latency"}})",
        m);
  return fmt::format(
      R"({{"id": "storm",
    "servers": [{{"name": "EX1", "host": "ex1.contoso.com", "build": "{}", "mailboxes": ["ann@contoso.com"]}}],
    "domains": [{{"name": "contoso.com", "server": "EX1"}}], "foreign": [{}], "places": ["internet"],
    "links": [{{"name": "out", "between": ["EX1", "internet"], "bandwidth": "10Mbps", "latency": "10ms", "sharing": "latency"}}{}]}})",
      kBuild, foreign, links);
}

// What comes for a domain: so many messages, so many seconds after each other.
struct Load {
  int messages = 1, apart_s = 70;
};
std::string mail(const Load& load) {
  std::string all;
  for (int d = 1; d <= kDomains; ++d)
    for (int m = 0; m < load.messages; ++m)
      all += fmt::format(R"({}{{"id": "m{}-{}", "at": "{}s", "from": "ann@contoso.com", "to": ["bob@d{}.example"]}})",
                         all.empty() ? "" : ", ", d, m, first_mail(d).ns / 1'000'000'000 + m * load.apart_s, d);
  return all;
}

Outcome storm(const std::string& ladder, const std::string& what_is_wrong, const Load& load = {}) {
  Outcome run =
      run_over(topology(),
               fmt::format(R"("horizon": "12h", "mail": [{}], "attributes": {{"EX1": {{"queue.ladder": "{}"}}}}, {})",
                           mail(load), ladder, what_is_wrong));
  EXPECT_EQ(run.problems, "");
  return run;
}

const std::string kLinkDown = R"("faults": [{"at": "0s", "for": "6h", "link": "out"}])";
// What each exchanger does, as members of a peer.
std::string every_exchanger(const std::string& does) {
  std::string peers;
  for (int m = 1; m <= kExchangers; ++m)
    peers += fmt::format(R"({}"mx{}.example": {{{}}})", m == 1 ? "" : ", ", m, does);
  return fmt::format("\"peers\": {{{}}}", peers);
}
const std::string kRefuses = every_exchanger(R"("listen": "refuse")");
const std::string kDefers = every_exchanger(R"("smtp_script": {"on": {"RCPT": ["451 4.3.0 Later"]}})");

ByHour count(const Outcome& run, const std::string& kind) {
  ByHour counted{};
  for (const Line& line : lines_of(run))
    if (line.kind == kind && line.at_s < hours(kHours)) ++counted[static_cast<std::size_t>(line.at_s / hours(1))];
  return counted;
}

builds::NodeBehaviour behaviour(const std::string& ladder) {
  builds::NodeBehaviour made = builds::profile_of(builds::parse_build(kBuild).build);
  json::Problems problems;
  json::Context context(problems);
  EXPECT_TRUE(builds::apply_setting(made, "queue.ladder", json::Value(ladder), context));
  EXPECT_TRUE(problems.empty());
  return made;
}

void add(ByHour& counted, Duration at) {
  constexpr std::int64_t kHour = Duration::hours(1).ns;
  if (at.ns < kHours * kHour) ++counted[static_cast<std::size_t>(at.ns / kHour)];
}

// As `deadletter schedule` has it, for each message of every domain.
ByHour by_timetable(const std::string& ladder, FailureKind kind, const Load& load = {}) {
  builds::NodeBehaviour b = behaviour(ladder);
  ByHour counted{};
  for (int d = 1; d <= kDomains; ++d)
    for (int m = 0; m < load.messages; ++m)
      for (const transport::TimetableRow& row : transport::timetable(b.queue, b.transport, kind))
        if (row.attempt > 0) add(counted, first_mail(d) + Duration::seconds(load.apart_s) * m + row.at);
  return counted;
}

// The same arithmetic when each attempt lasts until the connect timer ends it.
ByHour by_ladder(const std::string& ladder, Duration lasting) {
  builds::NodeBehaviour b = behaviour(ladder);
  ByHour counted{};
  for (int d = 1; d <= kDomains; ++d) {
    transport::Climb climb;
    for (Duration at = first_mail(d); at < Duration::hours(kHours);
         at = at + lasting + transport::next_wait(b.queue, FailureKind::connect, climb).time)
      add(counted, at);
  }
  return counted;
}

int sum(const ByHour& counted) { return std::accumulate(counted.begin(), counted.end(), 0); }

Duration connect_timer() { return behaviour("iis").smtp_client.timers->connect; }

class EachLadder : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(RetryStorm, EachLadder, ::testing::Values("iis", "esm", "exchange-2007"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(EachLadder, RefusedConnectionsAreTheTimetableTimesTheDomains) {
  EXPECT_EQ(count(storm(GetParam(), kRefuses), "connect"), by_timetable(GetParam(), FailureKind::connect));
}

TEST_P(EachLadder, WhereNothingAnswersEachAttemptLastsAsLongAsTheConnectTimer) {
  ByHour counted = count(storm(GetParam(), kLinkDown), "connect");
  EXPECT_EQ(counted, by_ladder(GetParam(), connect_timer()));
  EXPECT_NE(counted, by_ladder(GetParam(), {}));
}

TEST(RetryStorm, AnotherLaddersArithmeticIsFoundOut) {
  ByHour counted = count(storm("iis", kLinkDown), "connect");
  EXPECT_NE(counted, by_ladder("esm", connect_timer()));
  EXPECT_LT(sum(counted), sum(by_ladder("esm", connect_timer())));
}

TEST(RetryStorm, HowManyMessagesWaitForADomainMakesNoDifference) {
  EXPECT_EQ(count(storm("esm", kLinkDown, {.messages = 3}), "connect"), by_ladder("esm", connect_timer()));
}

TEST(RetryStorm, WhatComesBeforeTheFirstConnectionHasFailedOpensItsOwn) {
  ByHour counted = count(storm("esm", kLinkDown, {.messages = 2, .apart_s = 31}), "connect");
  ByHour expected = by_ladder("esm", connect_timer());
  expected[0] += kDomains;
  EXPECT_EQ(counted, expected);
}

TEST(RetryStorm, MessagesThatFailThemselvesAreTriedEachByItself) {
  ByHour counted = count(storm("iis", kDefers, {.messages = 3}), "attempt");
  EXPECT_EQ(counted, by_timetable("iis", FailureKind::message, {.messages = 3}));
  EXPECT_NE(counted, by_timetable("iis", FailureKind::message));
}

}  // namespace
}  // namespace deadletter::testing
