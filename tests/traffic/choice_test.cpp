// Choices by weight, ranks of senders, sizes.
#include "experiments/traffic/choice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "experiments/traffic/measured.h"
#include "experiments/traffic/profile.h"
#include "experiments/traffic/sizes.h"
#include "sim/random.h"
#include "tests/traffic/chi_square.h"

namespace deadletter::testing {
namespace {

using traffic::Alias;
using traffic::RankLaw;

constexpr sim::Purpose kTest{"test.choice"};

std::vector<std::uint64_t> picks(const Alias& alias, std::uint64_t draws) {
  std::vector<std::uint64_t> counts(alias.size());
  for (std::uint64_t n = 0; n < draws; ++n)
    ++counts[alias.pick(static_cast<std::uint32_t>(sim::Chance(7).draw(kTest, 0, n) >> 32))];
  return counts;
}

TEST(Alias, ChoosesByWeight) {
  std::vector<std::uint64_t> weights = traffic::recipients_of_enron();
  auto counts = picks(Alias(weights), 100'000);
  EXPECT_GT(probability(counts, {weights.begin(), weights.end()}), kUnlikely);
  weights[1] += weights[1] / 10;
  EXPECT_LT(probability(counts, {weights.begin(), weights.end()}), kUnlikely);
}

// Every draw in even steps: the shares are the weights but for the table's own rounding.
TEST(Alias, SharesAreExact) {
  Alias alias({1, 0, 3, 4});
  std::vector<std::uint64_t> counts(4);
  for (std::uint64_t draw = 0; draw < std::uint64_t{1} << 32; draw += 1 << 16)
    ++counts[alias.pick(static_cast<std::uint32_t>(draw))];
  EXPECT_EQ(counts, (std::vector<std::uint64_t>{8192, 0, 24576, 32768}));
  EXPECT_EQ(Alias({5}).pick(0xffffffff), 0U);
}

TEST(RankLaw, EachClassOfUsersSendsItsPart) {
  std::vector<std::uint64_t> parts = {20, 50, 25, 5};
  RankLaw law(traffic::bands_of(parts));
  constexpr std::uint32_t kMailboxes = 1000;
  std::vector<std::uint64_t> counts(4);  // from the heaviest
  for (std::uint64_t n = 0; n < 100'000; ++n) {
    std::uint32_t rank = law.pick(sim::Chance(3).draw(kTest, 1, n), kMailboxes);
    ASSERT_LT(rank, kMailboxes);
    ++counts[rank < 50 ? 0 : rank < 300 ? 1 : rank < 800 ? 2 : 3];
  }
  EXPECT_GT(probability(counts, {5 * 30, 25 * 20, 50 * 10, 20 * 5}), kUnlikely);
  EXPECT_LT(probability(counts, {5 * 33, 25 * 20, 50 * 10, 20 * 5}), kUnlikely);
  EXPECT_EQ(traffic::a_day_per_thousand(parts), 12'500U);
}

TEST(RankLaw, TheBusiestTenOf152SendWhatEnronsDid) {
  RankLaw law(traffic::senders_of_enron());
  for (std::uint32_t among : {152U, 15'200U}) {
    std::uint64_t top = 0, draws = 50'000;
    for (std::uint64_t n = 0; n < draws; ++n)
      if (law.pick(sim::Chance(5).draw(kTest, among, n), among) < among * 10 / 152) ++top;
    EXPECT_NEAR(static_cast<double>(top) / static_cast<double>(draws), 0.367, 0.009) << among;
  }
}

TEST(RankLaw, OneMailboxSendsEverythingAndTheLastOfSevenSomething) {
  RankLaw law(traffic::senders_of_enron());
  for (std::uint64_t draw : {std::uint64_t{0}, ~std::uint64_t{0}}) EXPECT_EQ(law.pick(draw, 1), 0U);
  std::uint32_t last = 0;
  for (std::uint64_t n = 0; n < 5000; ++n) last = std::max(last, law.pick(sim::Chance(1).draw(kTest, 4, n), 7));
  EXPECT_EQ(last, 6U);
}

TEST(TrafficSizes, ALogNormalFromItsTableIsTheExactOne) {
  sim::LogNormal shape{.median = 16622, .sigma = 1.5, .smallest = 512, .largest = 10'000'000};
  auto sizes = traffic::Sizes::log_normal(shape);
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    std::uint64_t draw = sim::Chance(9).draw(kTest, 2, n);
    auto exact = static_cast<double>(sim::log_normal(shape, draw));
    ASSERT_NEAR(static_cast<double>(sizes.draw(draw)) / exact, 1, 0.003) << draw;
  }
}

TEST(TrafficSizes, MeansAreThoseThatTheProfilesTell) {
  auto mean_kb = [](const traffic::Sizes& sizes) {
    double sum = 0;
    constexpr int kDraws = 400'000;
    for (std::uint64_t n = 0; n < kDraws; ++n) sum += static_cast<double>(sizes.draw(sim::Chance(4).draw(kTest, 3, n)));
    return sum / kDraws / 1024;
  };
  EXPECT_NEAR(mean_kb(traffic::Sizes::mail_2002()), 54, 1.5);
  EXPECT_NEAR(mean_kb(traffic::find_profile("planning-2007")->sizes), 50, 1);
  EXPECT_NEAR(mean_kb(traffic::find_profile("gateway-day")->sizes), 190, 4);
  EXPECT_DOUBLE_EQ(mean_kb(traffic::Sizes::table({{2048, 1}})), 2);
}

}  // namespace
}  // namespace deadletter::testing
