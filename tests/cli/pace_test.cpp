// How far a run is and how long it will still take.
#include "experiments/cli/pace.h"

#include <gtest/gtest.h>

#include "experiments/cli/progress.h"

namespace deadletter::cli {
namespace {

constexpr sim::Instant kDay{86'400'000'000'000};

sim::Instant days(double n) { return {static_cast<std::int64_t>(n * static_cast<double>(kDay.ns))}; }

// `count` messages, evenly between two days.
experiments::Plan plan(double horizon, std::size_t count, double first, double last) {
  experiments::Plan plan;
  plan.horizon = days(horizon);
  for (std::size_t i = 0; i < count; ++i)
    plan.mail.push_back({.at = days(first + (last - first) * static_cast<double>(i) / static_cast<double>(count))});
  return plan;
}

TEST(Pace, WhenTheMailIsSentTheRestIsLittle) {
  experiments::Plan month = plan(60, 1000, 0, 30);
  EXPECT_NEAR(share_done(month, days(0)), 0, 0.01);
  EXPECT_NEAR(share_done(month, days(15)), 0.9 * 0.5 + 0.1 * 0.25, 0.01);
  EXPECT_NEAR(share_done(month, days(30)), 0.95, 0.01);
  EXPECT_EQ(share_done(month, days(60)), 1);
}

TEST(Pace, OneMessageThatIsRetriedForDaysGoesByTheHorizon) {
  experiments::Plan article = plan(3, 1, 0, 0);
  EXPECT_NEAR(share_done(article, days(0.03)), 0.01, 0.001);
  EXPECT_NEAR(share_done(article, days(1.5)), 0.5, 0.001);
  EXPECT_EQ(share_done(plan(3, 0, 0, 0), days(3)), 1);
}

TEST(Pace, AShareNeverShrinks) {
  for (const experiments::Plan& p : {plan(60, 10, 0, 30), plan(7, 100, 3, 3.1), plan(3, 1, 0, 0)}) {
    double before = 0;
    for (double day = 0; day <= 60; day += 0.25) {
      double share = share_done(p, std::min(days(day), p.horizon));
      EXPECT_GE(share, before);
      before = share;
    }
    EXPECT_DOUBLE_EQ(before, 1);
  }
}

TEST(Pace, NothingIsSaidAsLongAsNothingIsKnown) {
  Pace pace;
  EXPECT_FALSE(pace.seconds_left());
  pace.seen(1, 0);
  EXPECT_FALSE(pace.seconds_left());
}

TEST(Pace, AnEvenPaceIsForeseenExactly) {
  Pace pace;
  for (double t = 0.5; t <= 20; t += 0.5) pace.seen(t, t / 100);
  EXPECT_NEAR(*pace.seconds_left(), 80, 0.5);
}

// Half of the work takes 100 s, the other half 10: an average over all of it would be off by far.
TEST(Pace, WhatWentLatelyCountsMoreThanWhatWentLongAgo) {
  Pace pace;
  double t = 0;
  for (; t < 100; t += 0.5) pace.seen(t + 0.5, (t + 0.5) / 200);
  EXPECT_NEAR(*pace.seconds_left(), 100, 1);
  for (; t < 120; t += 0.5) pace.seen(t + 0.5, 0.5 + (t + 0.5 - 100) * 0.02);
  EXPECT_NEAR(*pace.seconds_left(), 0.1 / 0.02, 1.5);
}

TEST(Pace, TimesAreSaidRoughly) {
  EXPECT_EQ(roughly(0.4), "0 s");
  EXPECT_EQ(roughly(99.4), "99 s");
  EXPECT_EQ(roughly(150), "3 min");
  EXPECT_EQ(roughly(3 * 3600 + 240), "3 h 4 min");
}

}  // namespace
}  // namespace deadletter::cli
