// Poisson processes that follow a week.
#include "experiments/traffic/week.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "experiments/traffic/measured.h"
#include "sim/distributions.h"
#include "sim/random.h"
#include "tests/traffic/chi_square.h"

namespace deadletter::testing {
namespace {

using sim::Duration;
using sim::Instant;
using traffic::Pace;
using traffic::Week;

constexpr std::int64_t kHour = Duration::hours(1).ns;
constexpr sim::Purpose kTest{"test.gap"};

Week office() { return Week::of(traffic::hours_of_email_eu(), {2000, 2000, 2000, 2000, 2000, 0, 0}); }

std::vector<Instant> times(const Pace& pace, std::uint64_t messages, std::uint64_t seed = 1) {
  std::vector<Instant> all;
  sim::Chance chance(seed);
  Duration mean{static_cast<std::int64_t>(pace.mean_gap(messages, 1, 1))};
  std::optional<Instant> at = Instant{};
  while ((at = pace.next(*at, sim::exponential(mean, chance.draw(kTest, 0, all.size()))))) all.push_back(*at);
  return all;
}

std::vector<double> weights(const Week& week) { return {week.weight.begin(), week.weight.end()}; }

TEST(Week, HoursAndDaysGetWhatTheirWeightsSay) {
  constexpr std::uint64_t kMessages = 60'000;
  std::vector<std::uint64_t> counts(traffic::kHoursAWeek);
  for (Instant t : times(Pace(office(), {}, {}, {Duration::days(28).ns}), kMessages))
    ++counts[static_cast<std::size_t>(t.ns / kHour) % traffic::kHoursAWeek];
  EXPECT_GT(probability(counts, weights(office())), kUnlikely);
}

TEST(Week, ASkewedGeneratorIsCaught) {
  std::vector<std::uint64_t> counts(traffic::kHoursAWeek);
  for (Instant t : times(Pace(office(), {}, {}, {Duration::days(28).ns}), 60'000)) {
    // One message in a hundred comes an hour late.
    std::int64_t late = t.ns % 100 == 0 ? kHour : 0;
    ++counts[static_cast<std::size_t>((t.ns + late) / kHour) % traffic::kHoursAWeek];
  }
  EXPECT_LT(probability(counts, weights(office())), kUnlikely);
}

TEST(Week, TheMeasuredWeekIsGivenBackDayByDay) {
  Week week = traffic::week_of_email_eu();
  std::vector<std::uint64_t> counts(traffic::kDays);
  std::vector<double> days(traffic::kDays);
  for (std::size_t h = 0; h < traffic::kHoursAWeek; ++h) days[h / traffic::kHoursADay] += week.weight[h];
  for (Instant t : times(Pace(week, {}, {}, {Duration::days(7).ns}), 30'000))
    ++counts[static_cast<std::size_t>(t.ns / kHour) / traffic::kHoursADay];
  EXPECT_GT(probability(counts, days), kUnlikely);
}

// Four deviations of a Poisson distribution.
TEST(Week, AsManyComeAsAreExpected) {
  for (std::uint64_t seed : {1, 2, 3}) {
    auto all = times(Pace(office(), Duration::hours(9), {}, {Duration::days(3).ns}), 10'000, seed);
    EXPECT_NEAR(static_cast<double>(all.size()), 10'000, 400) << seed;
  }
}

// Of a Poisson process the counts of equal spans of work have a variance like their mean.
TEST(Week, CountsOfMinutesVaryAsAPoissonProcessDoes) {
  Pace pace(Week::of(traffic::hours_of_email_eu(), {1, 1, 1, 1, 1, 1, 1}), {}, {10 * kHour}, {11 * kHour});
  std::vector<double> counts(60);
  for (Instant t : times(pace, 6000)) ++counts[static_cast<std::size_t>((t.ns - 10 * kHour) / (kHour / 60))];
  double sum = 0, squares = 0;
  for (double c : counts) sum += c, squares += c * c;
  double mean = sum / 60, variance = squares / 60 - mean * mean;
  EXPECT_NEAR(variance / mean, 1, 0.75);  // four deviations of 60 counts
}

TEST(Week, GapsOutOfTheTableAreExponential) {
  constexpr int kDraws = 200'000;
  double sum = 0, worst = 0;
  for (std::uint64_t n = 0; n < kDraws; ++n) {
    std::uint64_t draw = sim::Chance(2).draw(kTest, 1, n);
    double exact = -sim::log_of(sim::unit(draw)), gap = traffic::unit_gap(draw);
    worst = std::max(worst, std::abs(gap - exact));
    sum += gap - exact;
  }
  EXPECT_LT(worst, 0.0006);  // of a gap of four
  EXPECT_NEAR(sum / kDraws, 0, 1e-5);
  EXPECT_GT(traffic::unit_gap(0), 36);
  EXPECT_GE(traffic::unit_gap(~std::uint64_t{0}), 0);
}

// Two hours of which the second is three times as busy.
Pace two_hours() {
  std::array<std::uint32_t, traffic::kHoursADay> hours{};
  hours[0] = 1, hours[1] = 3;
  return Pace(Week::of(hours, {1, 0, 0, 0, 0, 0, 0}), {}, {}, {Duration::days(14).ns});
}

TEST(Week, AGapIsStretchedOverTheHoursItFallsInto) {
  Pace pace = two_hours();
  EXPECT_EQ(pace.next({0}, {10}), Instant{30});                             // a third of the busiest hour's rate
  EXPECT_EQ(pace.next({kHour}, {10}), Instant{kHour + 10});                 // the busiest hour
  EXPECT_EQ(pace.next({kHour - 30}, {10}), Instant{kHour});                 // just at the boundary
  EXPECT_EQ(pace.next({kHour - 30}, {15}), Instant{kHour + 5});             // 10 of it before, 5 behind
  EXPECT_EQ(pace.next({kHour - 31}, {10}), Instant{kHour - 1});             // the last nanosecond before
  EXPECT_EQ(pace.next({2 * kHour - 5}, {6}), Instant{7 * 24 * kHour + 3});  // over six days without mail
}

TEST(Week, NothingComesBehindTheEndOrBeforeTheBeginning) {
  Pace pace(two_hours());
  EXPECT_EQ(pace.next({8 * 24 * kHour}, {1}), std::nullopt);
  EXPECT_EQ(pace.next({7 * 24 * kHour + 2 * kHour - 1}, {2}), std::nullopt);
  Pace late(Week::of(traffic::hours_of_email_eu(), {1, 1, 1, 1, 1, 1, 1}), {}, {kHour}, {2 * kHour});
  EXPECT_GT(*late.next({0}, {1}), Instant{kHour});
  EXPECT_EQ(late.next({2 * kHour}, {1}), std::nullopt);
  EXPECT_EQ(Pace({}, {}, {}, {kHour}).work(), 0U);
}

TEST(Week, WorkIsExactToTheNanosecond) {
  Pace pace(Week::of({2, 5}, {1, 0, 0, 0, 0, 0, 0}), Duration{kHour - 7}, {3}, {11});
  EXPECT_EQ(pace.work(), traffic::Wide{2 * 4 + 5 * 4});
  EXPECT_EQ(pace.work_until({8}), traffic::Wide{2 * 4 + 5 * 1});
}

TEST(Week, AWorkingDaysVolumeIsThatOfAMeanDayFromMondayToFriday) {
  Week week = Week::of(traffic::hours_of_email_eu(), {1000, 1000, 1000, 1000, 1000, 500, 0});
  EXPECT_EQ(Pace(week, {}, {}, {Duration::days(7).ns}).messages(200), 1100U);
  EXPECT_EQ(Pace(week, Duration::days(5), {}, {Duration::days(2).ns}).messages(200), 100U);
  EXPECT_EQ(Pace(week, Duration::days(6), {}, {Duration::days(1).ns}).messages(200), 0U);
}

TEST(Week, ServersTogetherSendAsMuchAsOneWould) {
  Pace pace(office(), {}, {}, {Duration::days(1).ns});
  double rate = 0;
  for (std::uint64_t mailboxes : {1, 20, 300, 4000}) rate += 1 / pace.mean_gap(777, mailboxes, 4321);
  EXPECT_NEAR(rate * pace.mean_gap(777, 1, 1), 1, 1e-12);
}

}  // namespace
}  // namespace deadletter::testing
