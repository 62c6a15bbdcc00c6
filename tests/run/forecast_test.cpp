// What a run is expected to cost, from its plan.
#include "experiments/run/forecast.h"

#include <gtest/gtest.h>

#include "experiments/config/load.h"
#include "experiments/run/results_tables.h"
#include "tests/support/command.h"

namespace deadletter::experiments {
namespace {

// `messages` messages to `to` recipients each, one a second.
Plan plan_of(std::size_t messages, std::size_t to = 1) {
  Plan plan;
  plan.horizon = {86'400'000'000'000};
  for (std::size_t i = 0; i < messages; ++i) {
    plan.mail.push_back({.at = {static_cast<std::int64_t>(i) * 1'000'000'000}});
    plan.mail.back().to.resize(to);
  }
  return plan;
}

// Costs of which each is nothing but what `set` says.
template <class Set>
Costs only(Set set) {
  Costs costs;
  costs.program = costs.server = costs.mailbox = costs.planned_mail = costs.planned_recipient = 0;
  costs.waiting = costs.message = costs.recipient = costs.table_cache = costs.message_events = 0;
  costs.run_file = costs.server_in_run_file = costs.message_row = costs.recipient_row = costs.report_file = 0;
  costs.message_lines = costs.recipient_lines = costs.server_pair_us = costs.message_us = costs.recipient_us = 0;
  costs.message_row_us = costs.recipient_row_us = costs.report_file_us = costs.recipient_lines_us = 0;
  costs.dialogue = costs.session = {};
  set(costs);
  return costs;
}

constexpr RecordLevel kLevels[] = {RecordLevel::summary, RecordLevel::messages, RecordLevel::events};

TEST(Forecast, MailAndItsRecipientsAreCounted) {
  Forecast f = forecast(plan_of(1000, 3), RecordLevel::summary);
  EXPECT_EQ(f.messages, 1000U);
  EXPECT_EQ(f.recipients, 3000U);
  EXPECT_EQ(forecast(plan_of(0), RecordLevel::summary).messages, 0U);
}

TEST(Forecast, MailThatIsMadeUpCountsLikeMailThatIsPlanned) {
  Plan plan = plan_of(0);
  plan.traffic.push_back(
      {.people = std::vector<mail::AddressId>(10), .messages_each = 50, .mean_gap = {1'000'000'000}});
  Forecast f = forecast(plan, RecordLevel::messages);
  EXPECT_EQ(f.messages, 500U);
  EXPECT_EQ(f.recipients, 500U);
  Costs costs;
  costs.planned_mail = costs.planned_recipient = 0;  // what the plan holds already is the one difference
  EXPECT_EQ(forecast(plan, RecordLevel::messages, costs).memory,
            forecast(plan_of(500), RecordLevel::messages, costs).memory);
}

TEST(Forecast, EachCostIsTakenAsOftenAsItComes) {
  struct Row {
    const char* what;
    double Costs::*cost;
    RecordLevel level;
    std::uint64_t Forecast::*of;
    std::uint64_t times;
  };
  Plan plan = plan_of(1000, 3);
  for (const Row& row :
       {Row{"message", &Costs::message, RecordLevel::messages, &Forecast::memory, 1000},
        Row{"message that is over", &Costs::message, RecordLevel::summary, &Forecast::memory, 0},
        Row{"recipient", &Costs::recipient, RecordLevel::messages, &Forecast::memory, 3000},
        Row{"planned recipient", &Costs::planned_recipient, RecordLevel::summary, &Forecast::memory, 3000},
        Row{"waiting", &Costs::waiting, RecordLevel::summary, &Forecast::memory, 10},
        Row{"row", &Costs::message_row, RecordLevel::messages, &Forecast::disk, 1000},
        Row{"no row", &Costs::message_row, RecordLevel::summary, &Forecast::disk, 0},
        Row{"recipient's row", &Costs::recipient_row, RecordLevel::events, &Forecast::disk, 3000},
        Row{"line", &Costs::message_lines, RecordLevel::events, &Forecast::disk, 1000},
        Row{"no line", &Costs::message_lines, RecordLevel::messages, &Forecast::disk, 0}}) {
    Forecast f = forecast(plan, row.level, only([&](Costs& costs) { costs.*row.cost = 7; }));
    EXPECT_EQ(f.*row.of, 7 * row.times) << row.what;
  }
}

TEST(Forecast, MoreMailAndMoreDetailNeverCostLess) {
  Forecast before{};
  for (RecordLevel level : kLevels) {
    Forecast few = forecast(plan_of(100), level), many = forecast(plan_of(200), level);
    EXPECT_GT(many.memory, few.memory);
    EXPECT_GT(many.cpu_s, few.cpu_s);
    EXPECT_GE(few.memory, before.memory);
    EXPECT_GT(few.disk, before.disk);
    EXPECT_GT(few.cpu_s, before.cpu_s);
    before = few;
  }
}

TEST(Forecast, WhatComesWhileALinkIsDownWaits) {
  Costs costs = only([](Costs& c) { c.waiting = 200; });
  Plan plan = plan_of(1001);  // in 1000 s
  EXPECT_EQ(forecast(plan, RecordLevel::summary, costs).memory, 2002U);
  Fault fault;
  fault.for_ns = 500'000'000'000;
  plan.faults = {fault};
  EXPECT_EQ(forecast(plan, RecordLevel::summary, costs).memory, 100'100U);
  plan.faults.front().for_ns = 5'000'000'000'000;
  EXPECT_EQ(forecast(plan, RecordLevel::summary, costs).memory, 200'200U) << "no more than all of it";
}

TEST(Forecast, MailToAScriptedPeerFailsWhereAQuirkIsInForce) {
  json::Problems problems;
  auto loaded = load_experiment(testing::source_path("experiments/articles/kb912341_multiline_354.json"), {}, problems);
  ASSERT_TRUE(loaded) << json::render(problems);
  Costs attempts = only([](Costs& c) { c.dialogue.us = 1; });
  auto sendings = [&](const char* variant) {
    auto plan = make_plan(*loaded, variant, std::nullopt, problems);
    return plan ? forecast(*plan, RecordLevel::summary, attempts).cpu_s * 1e6 : -1;
  };
  // A message, and what the server's ladder tries in two days: every 15 minutes, after the first few.
  EXPECT_NEAR(sendings("unfixed"), 193, 10);
  EXPECT_NEAR(sendings("hotfix"), 1, 0.001);
}

TEST(Forecast, SessionsHaveTheirOwnPrice) {
  Plan plan = plan_of(1000);
  Costs costs = only([](Costs& c) { c.dialogue.us = 5, c.session.us = 2; });
  EXPECT_NEAR(forecast(plan, RecordLevel::summary, costs).cpu_s, 0.005, 1e-9);
  plan.fidelity = Fidelity::session;
  EXPECT_NEAR(forecast(plan, RecordLevel::summary, costs).cpu_s, 0.002, 1e-9);
}

}  // namespace
}  // namespace deadletter::experiments
