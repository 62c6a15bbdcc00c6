// The profiles, what an experiment may say about them, and the plan that is made of it.
#include "experiments/traffic/profile.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "experiments/config/load.h"
#include "experiments/traffic/measured.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using experiments::Plan;
using experiments::PlannedTraffic;
using ::testing::HasSubstr;

struct Planned {
  std::optional<Plan> plan;
  std::string problems;
  const PlannedTraffic& traffic() const { return plan->traffic.at(0); }
};

// 20 servers with 50 mailboxes each, on a Monday at midnight unless `members` say otherwise.
Planned plan(const std::string& traffic, const std::string& members = "",
             const std::string& topology = R"("generate": {"kind": "hub_sites", "servers": 20, "mailboxes": 50})") {
  std::string text = fmt::format(R"({{"id": "x", {}{}, "traffic": [{{{}}}]}})", topology, members, traffic);
  json::Problems problems;
  auto loaded = experiments::load_experiment_text(source_path("tests/config/bad/x.json"), text, {}, problems);
  Planned planned;
  if (loaded) planned.plan = experiments::make_plan(*loaded, "base", std::nullopt, problems);
  planned.problems = json::render(problems);
  return planned;
}

TEST(Profiles, EveryFigureHasItsSource) {
  std::set<std::string> names;
  for (const traffic::Profile& p : traffic::profiles()) {
    EXPECT_TRUE(names.insert(p.name).second) << p.name;
    EXPECT_EQ(traffic::excess(p.shares), "") << p.name;
    EXPECT_FALSE(p.senders.empty() && p.name != "planning-2000" && p.name != "gateway-day") << p.name;
    EXPECT_GT(p.week.working_days(), 0U) << p.name;
    EXPECT_LE(*std::ranges::max_element(p.week.weight), traffic::Week::kMost) << p.name;
    EXPECT_LE(p.recipients.size(), traffic::kMostRecipients) << p.name;
    EXPECT_GT(p.a_day_per_thousand, 0U) << p.name;
    std::set<std::string> told;
    for (const traffic::Figure& f : p.figures) {
      EXPECT_TRUE(told.insert(f.what).second) << p.name << " " << f.what;
      EXPECT_FALSE(f.source.empty() || f.value.empty()) << p.name << " " << f.what;
    }
    for (const char* needed : {"hours", "recipients", "sizes"}) EXPECT_TRUE(told.contains(needed)) << p.name;
    for (const traffic::ShareInfo& s : traffic::share_table())
      EXPECT_EQ(part(p.shares, s.share) > 0, told.contains(s.name)) << p.name << " " << s.name;
  }
}

TEST(Profiles, TheMeasuredNumbersAreThoseOfTheirSources) {
  auto sum = [](const auto& numbers, bool times) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) sum += numbers[i] * (times ? i + 1 : 1);
    return static_cast<double>(sum);
  };
  EXPECT_EQ(sum(traffic::recipients_of_enron(), false), 21'635);
  EXPECT_NEAR(sum(traffic::recipients_of_enron(), true) / 21'635, 1.774, 0.001);
  EXPECT_EQ(sum(traffic::recipients_of_email_eu(), false), 234'760 - 25'755);
  EXPECT_NEAR(sum(traffic::hours_of_email_eu(), false), 10'000, 5);
  EXPECT_NEAR(sum(traffic::days_of_enron(), false), 10'000, 5);
  EXPECT_NEAR(static_cast<double>(traffic::week_of_email_eu().sum()), 1'000'000, 500);
  EXPECT_EQ(traffic::senders_of_enron().size(), 152U);
}

TEST(Profiles, SharesBeyondAWholeAreFound) {
  traffic::Shares shares{};
  EXPECT_EQ(traffic::excess(shares), "");
  shares[static_cast<std::size_t>(traffic::Share::lists)] = 600'000;
  shares[static_cast<std::size_t>(traffic::Share::faxes)] = 400'001;
  EXPECT_THAT(traffic::excess(shares), HasSubstr("lists"));
}

TEST(TrafficPlan, TheVolumeIsSaidByMailboxByClassesOrAsAWhole) {
  auto expected = [](const std::string& more, const std::string& horizon = "1d") {
    Planned p = plan(R"("profile": "planning-2007")" + more, fmt::format(R"(, "horizon": "{}")", horizon));
    return p.plan ? p.traffic().messages() : 0;
  };
  EXPECT_EQ(expected(""), 20'000U);  // heavy users
  EXPECT_EQ(expected("", "7d"), 140'000U);
  EXPECT_EQ(expected(R"(, "per_mailbox": 3)"), 3000U);
  EXPECT_EQ(expected(R"(, "messages": 777)"), 777U);
  EXPECT_EQ(expected(R"(, "users": {"light": "1/2", "very-heavy": "1/2"})"), 17'500U);
  EXPECT_EQ(expected(R"(, "start_hour": 12)"), 20'000U);  // 12 to 16, and 8 to 12 of the next day
  EXPECT_EQ(expected(R"(, "start_hour": 12, "over": "4h")"), 10'000U);
  EXPECT_EQ(expected(R"(, "at": "8h", "over": "2h")"), 5000U);
}

TEST(TrafficPlan, WhatComesFromOutsideIsAddedToWhatMailboxesSend) {
  Planned p = plan(R"("profile": "planning-2007", "internet": {"out": 0, "in": 0.2})", R"(, "horizon": "1d")",
                   R"("topology": "../edge.json")");
  ASSERT_TRUE(p.plan) << p.problems;
  auto inside = std::ranges::count(p.traffic().mix->sources, false, &traffic::Source::plain);
  EXPECT_EQ(inside, 1);
  EXPECT_EQ(p.traffic().messages(), 50U);  // two mailboxes send 20 each
}

TEST(TrafficPlan, EveryMailboxIsAtItsServerAmongItsSite) {
  Planned p = plan(R"("profile": "office-day", "messages": 5000)");
  ASSERT_TRUE(p.plan) << p.problems;
  const traffic::Mix& mix = *p.traffic().mix;
  ASSERT_EQ(mix.sources.size(), 20U);
  std::set<mail::AddressId> all;
  for (const traffic::Source& s : mix.sources) {
    auto home = [&](std::uint32_t i) { return p.plan->home_of(mix.addresses[i]); };
    EXPECT_EQ(s.senders.count, 50U);
    EXPECT_EQ(s.organization.count, 1000U);
    EXPECT_EQ(s.lists.count + s.folders.count + s.faxes.count, 0U);
    for (std::uint32_t i = s.senders.begin; i < s.senders.begin + s.senders.count; ++i) {
      EXPECT_EQ(home(i), home(s.senders.begin));
      all.insert(mix.addresses[i]);
    }
    EXPECT_LE(s.site.begin, s.senders.begin);
    EXPECT_GE(s.site.begin + s.site.count, s.senders.begin + s.senders.count);
  }
  EXPECT_EQ(all.size(), 1000U);
}

TEST(TrafficPlan, WhoIsBusyIsDrawnForTheSeed) {
  auto order = [](int seed) {
    Planned p = plan(R"("profile": "office-day", "messages": 5000)", fmt::format(R"(, "seed": {})", seed));
    return p.traffic().mix->addresses;
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST(TrafficPlan, SendersMayBeThoseOfSomeServers) {
  Planned p = plan(R"("profile": "office-day", "messages": 5000, "senders": "S1*")");
  ASSERT_TRUE(p.plan) << p.problems;
  EXPECT_EQ(p.traffic().mix->sources.size(), 11U);  // S1, S10 to S19
  EXPECT_EQ(p.traffic().mix->sources[0].organization.count, 1000U);
}

TEST(TrafficPlan, MistakesAreReported) {
  auto refused = [](const std::string& traffic, const std::string& words) {
    Planned p = plan(traffic);
    EXPECT_FALSE(p.plan) << traffic;
    EXPECT_THAT(p.problems, HasSubstr(words));
  };
  refused(R"("profile": "ofice-day")", "office-day");
  refused(R"("profile": "office-day", "uniform": {"messages": 2000, "over": "1h"})", "uniform");
  refused(R"("profile": "office-day", "messages": 5, "per_mailbox": 1)", "said once");
  refused(R"("profile": "office-day", "users": {"light": 0.5})", "add up to 0.5");
  refused(R"("profile": "office-day", "users": {"lite": 1})", "light");
  refused(R"("profile": "office-day", "shares": {"list": 0.5})", "lists");
  refused(R"("profile": "office-day", "shares": {"lists": 0.5})", "no distribution list");
  refused(R"("profile": "office-day", "shares": {"signed": 0.9})", "more than all");
  refused(R"("profile": "office-day", "internet": {"out": 0.5})", "nobody outside");
  refused(R"("profile": "office-day", "days": 8)", "the horizon is 7d");
  refused(R"("profile": "office-day", "days": 1, "over": "5h")", "one end");
  refused(R"("profile": "office-day", "at": "5d", "over": "1d")", "nobody sends in all that time");
  refused(R"("profile": "office-day", "weekdays": [1, 1, 1, 1, 1, 1, 1])", "need \"hours\"");
  refused(R"("profile": "office-day", "hours": [1, 2])", "24");
  refused(R"("profile": "office-day", "senders": "S99")", "unknown server or domain");
  refused(R"("profile": "office-day", "more_than_per_day": 5)", "is for a trace");
  refused(R"("profile": "office-day", "size": "1KB", "sizes": "mail-2002")", "one \"size\"");
  refused(R"("uniform": {"messages": 2000, "over": "1h"}, "shares": {"signed": 0.1})", "is for mail by a profile");
  refused(R"("uniform": {"messages": 2000, "over": "1h"}, "content": "described")", "which has shares");
  refused(R"("burst": {"messages": 5, "at": "0s", "over": "8d", "from": "all", "to": "all"})", "the burst ends");
  refused(R"("burst": {"messages": 5, "at": "0s", "over": "1h", "from": "nobody@relay.example", "to": "all"})",
          "unknown mailbox");
}

}  // namespace
}  // namespace deadletter::testing
