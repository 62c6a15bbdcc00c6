// Paired comparisons: intervals and p values against published ones, how often they are right, Holm's procedure, and
// that nothing but finite numbers comes out.
#include "experiments/compare/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "sim/distributions.h"
#include "sim/random.h"

namespace deadletter::experiments {
namespace {

using ::testing::ElementsAre;

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();

double half_width(const Interval& interval) { return interval.hi / 2 - interval.lo / 2; }

PairedMetric metric(std::vector<double> differences, double baseline = 1) {
  std::vector<double> baselines(differences.size(), baseline);
  return {.name = "delay", .variant = "patched", .baseline = baselines, .differences = std::move(differences)};
}

Judgement judged(std::vector<double> differences) { return judge_metrics({metric(std::move(differences))}).at(0); }

// Two pairs have one degree of freedom, whose distribution is Cauchy's: p = 1 - 2/pi arctan t.
std::vector<double> pairs_of_p(double p) {
  double t = std::tan(std::numbers::pi / 2 * (1 - p));
  return {t - 1, t + 1};
}

std::vector<bool> significant(const std::vector<double>& p_values) {
  std::vector<PairedMetric> metrics;
  for (double p : p_values) metrics.push_back(metric(pairs_of_p(p)));
  std::vector<bool> found;
  for (const Judgement& judgement : judge_metrics(metrics)) found.push_back(judgement.significant);
  return found;
}

// The table of t for 95 %, two-sided, 1 to 30 degrees of freedom. The variance of 0..n-1 is n (n + 1) / 12.
TEST(PairedInterval, IsAsWideAsTheTableOfStudentsTSays) {
  constexpr double table[] = {12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004,
                              2.262157,  2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905,
                              2.109816,  2.100922, 2.093024, 2.085963, 2.079614, 2.073873, 2.068658, 2.063899,
                              2.059539,  2.055529, 2.051831, 2.048407, 2.045230, 2.042272};
  std::vector<double> differences = {0};
  for (double t : table) {
    differences.push_back(static_cast<double>(differences.size()));
    auto n = static_cast<double>(differences.size());
    Interval interval = paired_interval(differences, 0.95);
    EXPECT_TRUE(interval.known);
    EXPECT_DOUBLE_EQ(interval.mean, (n - 1) / 2);
    EXPECT_NEAR(half_width(interval) / std::sqrt((n + 1) / 12), t, 5.1e-7) << n - 1 << " degrees of freedom";
  }
}

// Hours of sleep of ten patients (Student, Biometrika 6, 1908), as R's documentation of t.test judges them.
TEST(PairedInterval, OfStudentsOwnPatientsIsWhatRSays) {
  Judgement found = judged({1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4});
  EXPECT_DOUBLE_EQ(found.interval.mean, 1.58);
  EXPECT_NEAR(found.interval.lo, 0.7001142, 5e-8);
  EXPECT_NEAR(found.interval.hi, 2.4598858, 5e-8);
  EXPECT_NEAR(found.p, 0.002833, 5e-7);
  EXPECT_TRUE(found.significant);
}

TEST(PairedInterval, OfConfidenceOneMinusPReachesToZero) {
  for (const std::vector<double>& differences :
       {std::vector<double>{1, 2}, {3, -1, 4, 1}, {-0.2, -0.5, -0.1, 0.3, -0.4, -0.2}}) {
    Interval interval = paired_interval(differences, 1 - judged(differences).p);
    EXPECT_NEAR(std::min(std::abs(interval.lo), std::abs(interval.hi)), 0, 1e-12);
  }
}

TEST(PairedInterval, WithoutVarianceIsThatOneDifference) {
  for (double d : {0.1, -3.7, 1e-310, kLargest, -kSmallest})
    for (std::size_t n : {2, 3, 10}) {
      Judgement found = judged(std::vector<double>(n, d));
      EXPECT_TRUE(found.interval.known);
      EXPECT_EQ(found.interval.mean, d);
      EXPECT_EQ(found.interval.lo, d);
      EXPECT_EQ(found.interval.hi, d);
      EXPECT_EQ(found.p, 0);
      EXPECT_TRUE(found.significant);
    }
}

TEST(PairedInterval, OfNoDifferenceAtAllIsZeroAndNotSignificant) {
  Judgement found = judged({0, 0, -0.0});
  EXPECT_TRUE(found.interval.known);
  EXPECT_EQ(found.interval.lo, 0);
  EXPECT_EQ(found.interval.hi, 0);
  EXPECT_EQ(found.p, 1);
  EXPECT_FALSE(found.significant);
}

TEST(PairedInterval, OfFewerThanTwoPairsIsNotKnown) {
  for (const std::vector<double>& differences : {std::vector<double>{}, {5}}) {
    Judgement found = judged(differences);
    EXPECT_FALSE(found.interval.known);
    EXPECT_EQ(found.interval.mean, differences.empty() ? 0 : 5);
    EXPECT_EQ(found.interval.lo, found.interval.mean);
    EXPECT_EQ(found.interval.hi, found.interval.mean);
    EXPECT_EQ(found.p, 1);
    EXPECT_FALSE(found.significant);
  }
}

// All differences of up to three pairs that can be made of the extremes.
TEST(PairedInterval, IsFiniteWhateverTheDifferences) {
  const double extremes[] = {0,          kLargest,    -kLargest, 1e300, 1e-300, std::numeric_limits<double>::min(),
                             -kSmallest, 1 + 0x1p-52, 1,         -1e17};
  std::vector<std::vector<double>> shorter = {{}}, all;
  for (int length = 1; length <= 3; ++length) {
    std::vector<std::vector<double>> longer;
    for (const std::vector<double>& differences : shorter)
      for (double extreme : extremes) {
        longer.push_back(differences);
        longer.back().push_back(extreme);
      }
    all.insert(all.end(), longer.begin(), longer.end());
    shorter = std::move(longer);
  }
  ASSERT_EQ(all.size(), 10U + 100 + 1000);
  for (const std::vector<double>& differences : all)
    for (double confidence : {0.95, 1e-12, 1 - 0x1p-53}) {
      Interval interval = paired_interval(differences, confidence);
      ASSERT_TRUE(std::isfinite(interval.lo) && std::isfinite(interval.mean) && std::isfinite(interval.hi));
      ASSERT_LE(interval.lo, interval.mean);
      ASSERT_LE(interval.mean, interval.hi);
      double p = judged(differences).p;
      ASSERT_TRUE(p >= 0 && p <= 1) << ::testing::PrintToString(differences);
    }
}

TEST(PairedInterval, BeyondTheLargestNumberEndsThere) {
  Interval interval = paired_interval({kLargest, -kLargest}, 0.95);
  EXPECT_EQ(interval.mean, 0);
  EXPECT_EQ(interval.lo, -kLargest);
  EXPECT_EQ(interval.hi, kLargest);
}

TEST(PairedInterval, ScalesToTheBitWithTheUnit) {
  const std::vector<double> differences = {1.25, -0.5, 3.75, 2.125};
  Judgement plain = judged(differences);
  for (double unit : {0x1p-900, 0x1p-3, 0x1p900}) {
    std::vector<double> scaled = differences;
    for (double& difference : scaled) difference *= unit;
    Judgement found = judged(scaled);
    EXPECT_EQ(found.interval.mean, plain.interval.mean * unit);
    EXPECT_EQ(found.interval.lo, plain.interval.lo * unit);
    EXPECT_EQ(found.interval.hi, plain.interval.hi * unit);
    EXPECT_EQ(found.p, plain.p);
  }
}

// 2^50 is exact beside 0, 1, 2 and 5; a variance as the mean of squares less the square of the mean would be lost.
TEST(PairedInterval, KeepsASmallVarianceBesideALargeMean) {
  double wanted = half_width(paired_interval({0, 1, 2, 5}, 0.95));
  Interval far = paired_interval({0x1p50, 0x1p50 + 1, 0x1p50 + 2, 0x1p50 + 5}, 0.95);
  EXPECT_EQ(far.mean, 0x1p50 + 2);
  EXPECT_NEAR(half_width(far), wanted, 0.25);  // the bounds are rounded to quarters there
}

// Their mean is no double; t is 2^53, and Cauchy's distribution gives p as 2 / (pi t).
TEST(PairedInterval, TellsTwoNeighbouringNumbersApart) {
  double p = judged({1, 1 + 0x1p-52}).p;
  EXPECT_NEAR(p * std::numbers::pi / 2 * 0x1p53, 1, 1e-9);
}

// By a plain sum it would be off by 2e-13.
TEST(PairedInterval, KeepsItsMeanOverManyPairs) {
  std::vector<double> differences;
  for (int i = 0; i < 100'000; ++i) differences.push_back(i % 2 == 0 ? 0.1 : 0.3);
  EXPECT_DOUBLE_EQ(paired_interval(differences, 0.95).mean, 0.2);
}

constexpr sim::Purpose kNormal{"normal difference"}, kOrder{"order of pairs"};
constexpr int kRepetitions = 1000;

struct Normal {
  double mean = 0, deviation = 1;
};

std::vector<double> draw_differences(const Normal& normal, std::size_t n, std::uint64_t repetition) {
  sim::Chance chance(7);
  std::vector<double> drawn(n);
  for (std::size_t i = 0; i < n; ++i)
    drawn[i] = normal.mean + normal.deviation * sim::normal_quantile(sim::unit(chance.draw(kNormal, repetition, i)));
  return drawn;
}

// How often the interval holds the effect that there is.
double coverage(std::size_t n, double confidence) {
  const Normal normal{.mean = 3, .deviation = 2};
  int covered = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    Interval interval = paired_interval(draw_differences(normal, n, i), confidence);
    covered += interval.lo <= normal.mean && normal.mean <= interval.hi;
  }
  return static_cast<double>(covered) / kRepetitions;
}

bool is_95_percent(double share) { return share >= 0.93 && share <= 0.97; }

TEST(PairedInterval, CoversAKnownEffectAsOftenAsItSays) {
  for (std::size_t n : {2, 5, 20}) EXPECT_PRED1(is_95_percent, coverage(n, 0.95)) << n << " pairs";
}

TEST(PairedInterval, OfEightyPercentFailsThatCheck) {
  for (std::size_t n : {2, 5, 20}) EXPECT_FALSE(is_95_percent(coverage(n, 0.80))) << n << " pairs";
}

// Beyond rounding, that is.
TEST(PairedInterval, DoesNotDependOnTheOrderOfThePairs) {
  sim::Chance chance(7);
  for (std::uint64_t repetition = 0; repetition < 200; ++repetition) {
    std::vector<double> differences = draw_differences({.mean = 1, .deviation = 10}, 17, repetition);
    Judgement before = judged(differences);
    for (std::size_t i = differences.size(); i > 1; --i)
      std::swap(differences[i - 1], differences[chance.below(i, kOrder, repetition, i)]);
    Judgement after = judged(differences);
    EXPECT_NEAR(after.interval.mean, before.interval.mean, 1e-13);
    EXPECT_NEAR(after.interval.lo, before.interval.lo, 1e-13);
    EXPECT_NEAR(after.interval.hi, before.interval.hi, 1e-13);
    EXPECT_NEAR(after.p, before.p, 1e-13);
  }
}

// How often, of ten metrics of which the first `effects` have one: a metric without effect is called significant,
// any of these is, each of the first is.
struct Rates {
  double uncorrected = 0, uncorrected_any = 0, any = 0, found = 0;
};

Rates rates(int effects) {
  constexpr int kMetrics = 10;
  int alarms = 0, uncorrected_any = 0, any = 0, found = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    std::vector<PairedMetric> metrics;
    for (int m = 0; m < kMetrics; ++m)
      metrics.push_back(metric(draw_differences({.mean = m < effects ? 4.0 : 0}, 6, i * kMetrics + m)));
    std::vector<Judgement> judgements = judge_metrics(metrics);
    int alarms_here = 0;
    bool any_here = false;
    for (int m = 0; m < kMetrics; ++m) {
      if (m < effects) {
        found += judgements[m].significant;
        continue;
      }
      alarms_here += judgements[m].p <= 0.05;
      any_here |= judgements[m].significant;
    }
    alarms += alarms_here, uncorrected_any += alarms_here > 0, any += any_here;
  }
  double repetitions = kRepetitions;
  return {.uncorrected = alarms / repetitions / (kMetrics - effects),
          .uncorrected_any = uncorrected_any / repetitions,
          .any = any / repetitions,
          .found = effects == 0 ? 0 : found / repetitions / effects};
}

constexpr double kFalseAlarms = 0.05 + 3 * 0.0069;  // three standard errors of 5 % of 1,000

TEST(JudgedMetrics, WithoutAnyEffectRaiseAFalseAlarmInOneExperimentOfTwenty) {
  Rates found = rates(0);
  EXPECT_LE(found.any, kFalseAlarms);
  EXPECT_GE(found.any, 0.02);  // or the correction corrects too much
  EXPECT_NEAR(found.uncorrected, 0.05, 4 * 0.0022);
}

TEST(JudgedMetrics, UncorrectedWouldFailThatCheck) { EXPECT_GT(rates(0).uncorrected_any, 0.3); }

TEST(JudgedMetrics, WithSomeEffectsFindThemAndRaiseNoMoreFalseAlarms) {
  Rates found = rates(5);
  EXPECT_GE(found.found, 0.95);
  EXPECT_LE(found.any, kFalseAlarms);
}

// 0.005 <= 0.05 / 4, 0.01 <= 0.05 / 3, but 0.03 > 0.05 / 2: 0.04 is not asked any more.
TEST(Holm, RejectsTheFirstAndTheFourthOfTheWorkedExample) {
  EXPECT_THAT(significant({0.01, 0.04, 0.03, 0.005}), ElementsAre(true, false, false, true));
}

// Bonferroni's limit, 0.0125 for all four, leaves only the last.
TEST(Holm, FindsMoreThanBonferroni) {
  EXPECT_THAT(significant({0.024, 0.049, 0.016, 0.012}), ElementsAre(true, true, true, true));
}

TEST(Holm, StopsAtTheFirstThatIsTooLarge) {
  EXPECT_THAT(significant({0.0126, 0.0127, 0.0128, 0.0129}), ElementsAre(false, false, false, false));
  EXPECT_THAT(significant({0.049, 0.012, 0.026}), ElementsAre(false, true, false));
}

TEST(Holm, OfOneMetricIsThePlainTest) {
  EXPECT_THAT(significant({0.0499}), ElementsAre(true));
  EXPECT_THAT(significant({0.0501}), ElementsAre(false));
}

TEST(Holm, OfNoMetricsSaysNothing) { EXPECT_TRUE(judge_metrics({}).empty()); }

TEST(Holm, CountsAMetricThatIsNotKnown) {
  PairedMetric clear = metric(pairs_of_p(0.03)), unknown = metric({1000});
  EXPECT_TRUE(judge_metrics({clear}).at(0).significant);
  EXPECT_FALSE(judge_metrics({clear, unknown}).at(0).significant);
}

TEST(JudgedMetrics, HaveThePValuesOfCauchysDistributionForTwoPairs) {
  for (double p : {0.9, 0.5, 0.05, 0.001, 1e-9}) EXPECT_NEAR(judged(pairs_of_p(p)).p / p, 1, 1e-6);
}

TEST(JudgedMetrics, HaveEachItsOwnIntervalInTheirOrder) {
  std::vector<Judgement> found = judge_metrics({metric({5, 6, 7}), metric({0, 0}), metric({-2, -4})});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].interval.mean, 6);
  EXPECT_EQ(found[1].interval.mean, 0);
  EXPECT_EQ(found[2].interval.mean, -3);
  EXPECT_EQ(found[0].interval.hi, paired_interval({5, 6, 7}, 0.95).hi);
}

bool narrow(const std::vector<PairedMetric>& metrics, double share) {
  return narrow_enough(metrics, judge_metrics(metrics), share);
}

// Half the width of 9 and 11 is 12.7.
TEST(NarrowEnough, IsMeasuredByTheMeanMagnitudeOfTheBaseline) {
  PairedMetric metric{.baseline = {-150, 50}, .differences = {9, 11}};
  EXPECT_TRUE(narrow({metric}, 0.128));
  EXPECT_FALSE(narrow({metric}, 0.127));
}

TEST(NarrowEnough, IsMeasuredByOneWhereTheBaselineIsZero) {
  EXPECT_TRUE(narrow({metric({9, 11}, 0)}, 12.8));
  EXPECT_FALSE(narrow({metric({9, 11}, 0)}, 12.7));
}

TEST(NarrowEnough, AsksEveryMetricThatIsKnown) {
  PairedMetric good = metric({5, 5}), bad = metric({0, 100}), unknown = metric({100});
  EXPECT_TRUE(narrow({good, unknown}, 0.1));
  EXPECT_FALSE(narrow({good, bad}, 0.1));
  EXPECT_FALSE(narrow({bad, good}, 0.1));
  EXPECT_TRUE(narrow({unknown}, 0.1));
  EXPECT_TRUE(narrow_enough({unknown}, {{.interval = {.mean = 0, .lo = -9, .hi = 9, .known = false}}}, 0.1));
  EXPECT_TRUE(narrow({}, 0.1));
}

TEST(NarrowEnough, AsksForNoWidthAtAllWithAShareOfZero) {
  EXPECT_TRUE(narrow({metric({5, 5})}, 0));
  EXPECT_FALSE(narrow({metric({5, 5 + 0x1p-40})}, 0));
}

TEST(NarrowEnough, HoldsForHugeValues) {
  EXPECT_TRUE(narrow({metric({1e307, 1.1e307}, kLargest)}, 0.1));
  EXPECT_FALSE(narrow({metric({1e307, 9e307}, kLargest)}, 0.1));
  EXPECT_FALSE(narrow({metric({kLargest, -kLargest}, 1)}, 0.1));
}

}  // namespace
}  // namespace deadletter::experiments
