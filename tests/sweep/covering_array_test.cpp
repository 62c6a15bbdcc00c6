// Covering arrays: every pair is there, and there are few rows.
#include "experiments/sweep/covering_array.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace deadletter::experiments {
namespace {

using Levels = std::vector<std::size_t>;
using Pair = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;  // column, value, column, value

std::set<Pair> pairs_in(const std::vector<ArrayRow>& rows) {
  std::set<Pair> pairs;
  for (const ArrayRow& row : rows)
    for (std::size_t a = 0; a < row.size(); ++a)
      for (std::size_t b = a + 1; b < row.size(); ++b) pairs.insert({a, row[a], b, row[b]});
  return pairs;
}

std::size_t pairs_wanted(const Levels& levels) {
  std::size_t count = 0;
  for (std::size_t a = 0; a < levels.size(); ++a)
    for (std::size_t b = a + 1; b < levels.size(); ++b) count += levels[a] * levels[b];
  return count;
}

const std::vector<Levels> kShapes = {{2, 2, 2},     {3, 3, 3, 3}, {5, 4, 3, 2, 1},  {2, 7, 2, 7},      Levels(13, 3),
                                     Levels(40, 2), {1, 1, 1, 1}, {10, 2, 9, 3, 8}, {1, 6, 1, 5, 1, 4}};

TEST(CoveringArray, EveryPairOfValuesOfAnyTwoColumnsOccurs) {
  for (const Levels& levels : kShapes) {
    auto rows = covering_array(levels);
    EXPECT_EQ(pairs_in(rows).size(), pairs_wanted(levels)) << levels.size() << " columns";
    for (const ArrayRow& row : rows)
      for (std::size_t c = 0; c < levels.size(); ++c) ASSERT_LT(row[c], levels[c]);
  }
}

// Counting would find a hole: rows without one of them miss pairs.
TEST(CoveringArray, ARowThatIsLeftOutIsMissed) {
  auto rows = covering_array({3, 3, 3, 3});
  rows.erase(rows.begin());
  EXPECT_LT(pairs_in(rows).size(), pairs_wanted({3, 3, 3, 3}));
}

// No array is smaller than the product of the two largest columns; IPO comes near it.
TEST(CoveringArray, ItIsNotMuchLargerThanTheTwoLargestColumnsAskFor) {
  EXPECT_EQ(covering_array({3, 3, 3, 3}).size(), 9U);       // the least that there can be
  EXPECT_EQ(covering_array({10, 2, 9, 3, 8}).size(), 90U);  // the least, too
  EXPECT_LE(covering_array(Levels(13, 3)).size(), 19U);     // of 1,594,323 combinations
  EXPECT_LE(covering_array(Levels(40, 2)).size(), 14U);     // of 2^40
}

TEST(CoveringArray, TheSameColumnsGiveTheSameRowsInAscendingOrder) {
  for (const Levels& levels : kShapes) {
    auto rows = covering_array(levels);
    EXPECT_EQ(rows, covering_array(levels));
    EXPECT_TRUE(std::ranges::is_sorted(rows));
  }
}

TEST(CoveringArray, OneColumnOrTwoHaveNothingToSave) {
  EXPECT_EQ(covering_array({}), (std::vector<ArrayRow>{{}}));
  EXPECT_EQ(covering_array({3}), (std::vector<ArrayRow>{{0}, {1}, {2}}));
  EXPECT_EQ(covering_array({2, 2}), (std::vector<ArrayRow>{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
}

}  // namespace
}  // namespace deadletter::experiments
