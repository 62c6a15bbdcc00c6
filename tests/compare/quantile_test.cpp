// Quantiles by nearest rank.
#include "experiments/compare/quantile.h"

#include <gtest/gtest.h>

namespace deadletter::experiments {
namespace {

std::vector<double> up_to(int n) {
  std::vector<double> values;
  for (int i = 1; i <= n; ++i) values.push_back(i);
  return values;
}

// The example by which the definition is usually taught.
TEST(Quantile, IsTheValueOfTheNearestRank) {
  const std::vector<double> values = {15, 20, 35, 40, 50};
  EXPECT_EQ(quantile(values, 0.05), 15);
  EXPECT_EQ(quantile(values, 0.30), 20);
  EXPECT_EQ(quantile(values, 0.40), 20);
  EXPECT_EQ(quantile(values, 0.50), 35);
  EXPECT_EQ(quantile(values, 1), 50);
}

TEST(Quantile, OfDelaysOneToAHundredIsItsOwnNumber) {
  const std::vector<double> values = up_to(100);
  EXPECT_EQ(quantile(values, 0.50), 50);
  EXPECT_EQ(quantile(values, 0.95), 95);
  EXPECT_EQ(quantile(values, 0.99), 99);
}

TEST(Quantile, OfAnEvenNumberIsTheLowerOfTheTwoInTheMiddle) { EXPECT_EQ(quantile({1, 2, 3, 4}, 0.5), 2); }

TEST(Quantile, OfFewValuesIsTheLargestForTheTail) {
  EXPECT_EQ(quantile(up_to(19), 0.95), 19);
  EXPECT_EQ(quantile(up_to(20), 0.95), 19);
  EXPECT_EQ(quantile(up_to(99), 0.99), 99);
  EXPECT_EQ(quantile(up_to(101), 0.99), 100);
}

TEST(Quantile, OfOneValueIsThatValue) {
  for (double q : {0.0, 0.5, 0.99, 1.0}) EXPECT_EQ(quantile({7}, q), 7);
}

TEST(Quantile, OfZeroAndOneAreTheSmallestAndTheLargest) {
  EXPECT_EQ(quantile({-3, 0, 8}, 0), -3);
  EXPECT_EQ(quantile({-3, 0, 8}, 1), 8);
}

// ceil(0.07 * 100) is 8, as that product is rounded.
TEST(Quantile, IsNotOffByARoundedProduct) {
  for (int n : {10, 100, 1000}) {
    const std::vector<double> values = up_to(n);
    for (int k = 1; k <= n; ++k) EXPECT_EQ(quantile(values, static_cast<double>(k) / n), k) << k << " of " << n;
  }
  EXPECT_EQ(quantile(up_to(100), 0.07), 7);
}

TEST(Quantile, JustAboveAShareIsTheNextValue) {
  EXPECT_EQ(quantile(up_to(100), 0.9500001), 96);
  EXPECT_EQ(quantile(up_to(100), 0.9499999), 95);
}

TEST(Quantile, HoldsAtLeastTheShareAndNoSmallerValueDoes) {
  for (int n = 1; n <= 60; ++n)
    for (int permille = 1; permille <= 1000; permille += 7) {
      int k = static_cast<int>(quantile(up_to(n), permille / 1000.0));
      EXPECT_GE(k * 1000, permille * n);
      EXPECT_LT((k - 1) * 1000, permille * n);
    }
}

TEST(Quantile, OfTiesIsTheirValue) { EXPECT_EQ(quantile({1, 2, 2, 2, 9}, 0.75), 2); }

}  // namespace
}  // namespace deadletter::experiments
