// Distributions: the functions below them against reference values, their draws to the bit, their shapes.
#include "sim/distributions.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "sim/random.h"

namespace deadletter::sim {
namespace {

constexpr Purpose kPurpose{"test"};

double relative(double found, double wanted) { return std::abs(found - wanted) / std::abs(wanted); }

// Digits from tables, not from this machine's library.
TEST(Distributions, TheLogarithmIsThatOfTables) {
  struct Row {
    double x, log;
  };
  const Row rows[] = {{2, 0.69314718055994530942},      {10, 2.30258509299404568402},
                      {0.5, -0.69314718055994530942},   {3, 1.09861228866810969140},
                      {1e-16, -36.8413614879047309443}, {0.99, -0.01005033585350144118},
                      {1.0001, 9.999500033330833533e-5}};
  for (const Row& row : rows) EXPECT_LT(relative(log_of(row.x), row.log), 1e-12) << row.x;
  EXPECT_EQ(log_of(1), 0);
}

TEST(Distributions, TheExponentialFunctionIsThatOfTables) {
  struct Row {
    double x, exp;
  };
  const Row rows[] = {{1, 2.71828182845904523536},
                      {-1, 0.36787944117144232160},
                      {10, 22026.4657948067165170},
                      {-20, 2.06115362243855782797e-9},
                      {0.5, 1.64872127070012814685}};
  for (const Row& row : rows) EXPECT_LT(relative(exp_of(row.x), row.exp), 1e-12) << row.x;
  EXPECT_EQ(exp_of(0), 1);
}

// Over the whole range that draws come from, against the library, whose last digit may differ.
TEST(Distributions, BothKeepTheirErrorOverTheWholeRange) {
  for (int i = -1000; i <= 1000; ++i) {
    double x = i * 0.037 + 0.0001, wanted = std::exp(x);
    EXPECT_LT(relative(exp_of(x), wanted), 1e-12) << x;
    EXPECT_LT(std::abs(log_of(wanted) - x), 1e-12 * std::max(1.0, std::abs(x))) << x;
  }
}

// Quantiles of the standard normal distribution (Abramowitz and Stegun 26.2, and further digits of the same).
TEST(Distributions, TheNormalQuantileIsThatOfTables) {
  struct Row {
    double p, z;
  };
  const Row rows[] = {{0.5, 0},
                      {0.75, 0.674489750196081743},
                      {0.9, 1.281551565544600466},
                      {0.975, 1.959963984540054236},
                      {0.99, 2.326347874040841101},
                      {0.999, 3.090232306167813542},
                      {0.9999, 3.719016485455680565},
                      {0.025, -1.959963984540054236},
                      {1e-5, -4.264890793922824628},
                      {1e-9, -5.997807015007686871}};
  for (const Row& row : rows)
    EXPECT_NEAR(normal_quantile(row.p), row.z, 2e-9 * std::max(1.0, std::abs(row.z)) * 4) << row.p;
}

TEST(Distributions, ADrawIsStrictlyBetweenZeroAndOne) {
  EXPECT_GT(unit(0), 0);
  EXPECT_LT(unit(~std::uint64_t{0}), 1);
  EXPECT_NEAR(unit(std::uint64_t{1} << 63), 0.5, 1e-15);
}

// Whoever changes a bit of these changes every experiment with made-up mail in it.
TEST(Distributions, GiveTheSameBitsEverywhere) {
  const std::uint64_t draws[] = {0, 1, 0x0123456789abcdef, 0x8000000000000000, 0xfedcba9876543210, ~std::uint64_t{0}};
  std::vector<std::uint64_t> bits;
  for (std::uint64_t draw : draws) {
    bits.push_back(std::bit_cast<std::uint64_t>(log_of(unit(draw))));
    bits.push_back(std::bit_cast<std::uint64_t>(normal_quantile(unit(draw))));
    bits.push_back(std::bit_cast<std::uint64_t>(exp_of(normal_quantile(unit(draw)))));
    bits.push_back(static_cast<std::uint64_t>(exponential(Duration::seconds(1), draw).ns));
    bits.push_back(log_normal({20480, 1.5, 512, 10'000'000}, draw));
  }
  const std::vector<std::uint64_t> golden = {
      0xc042b708872320e2, 0xc02095b059a2ffc4, 0x3f30696471b4805a, 0x8b6ffad66, 0x200,   //
      0xc042b708872320e2, 0xc02095b059a2ffc4, 0x3f30696471b4805a, 0x8b6ffad66, 0x200,   //
      0xc015aa16394d4826, 0xc004ee2dc10dcb09, 0x3fb2b4e736a06982, 0x142d32232, 0x200,   //
      0xbfe62e42fefa39ef, 0x0000000000000000, 0x3ff0000000000000, 0x2950962d,  0x5000,  //
      0xbf723eb991354ecc, 0x4004ee2dc10dcb00, 0x402b5eb47d1d023a, 0x43f7ce,    0xfd201,
      0xbca0000000000000, 0x40206b48525582da, 0x40acb7ac8d5a3cc6, 1,           0x989680};
  EXPECT_EQ(bits, golden);
}

TEST(Distributions, GapsHaveTheMeanAndTheVarianceOfAPoissonProcess) {
  Chance chance(7);
  constexpr int kDraws = 200'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    double s = static_cast<double>(exponential(Duration::seconds(3), chance.draw(kPurpose, 1, i)).ns) / 1e9;
    sum += s, squares += s * s;
  }
  double mean = sum / kDraws, variance = squares / kDraws - mean * mean;
  EXPECT_NEAR(mean, 3, 3 * 4 / std::sqrt(kDraws));            // four standard errors
  EXPECT_NEAR(variance, 9, 9 * 4 * std::sqrt(8.0 / kDraws));  // of a variance whose kurtosis is 9
}

TEST(Distributions, SizesHaveTheMedianAndTheTailOfALogNormalDistribution) {
  Chance chance(7);
  constexpr int kDraws = 100'000;
  int below = 0, far_beyond = 0;
  for (int i = 0; i < kDraws; ++i) {
    std::uint64_t size = log_normal({20480, 1.5, 0, 1'000'000'000}, chance.draw(kPurpose, 2, i));
    below += size<20480, far_beyond += size> 204800;
  }
  EXPECT_NEAR(below, kDraws / 2, 4 * std::sqrt(kDraws) / 2);
  double tail = 0.5 * std::erfc(std::log(10.0) / 1.5 / std::sqrt(2.0));  // 6.2 %
  EXPECT_NEAR(far_beyond, kDraws * tail, 4 * std::sqrt(kDraws * tail * (1 - tail)));
}

TEST(Distributions, SizesKeepTheirBounds) {
  for (std::uint64_t draw : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{1} << 62}) {
    EXPECT_GE(log_normal({1000, 3, 800, 1200}, draw), 800U);
    EXPECT_LE(log_normal({1000, 3, 800, 1200}, draw), 1200U);
    EXPECT_NEAR(static_cast<double>(log_normal({1000, 0, 0, 9999}, draw)), 1000, 1);
  }
  EXPECT_EQ(exponential(Duration::seconds(1), ~std::uint64_t{0}).ns, 1);  // never nothing
}

}  // namespace
}  // namespace deadletter::sim
