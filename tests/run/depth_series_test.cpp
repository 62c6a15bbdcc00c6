// The depth of a queue over time: exact while it fits, then the most in each interval.
#include "experiments/run/depth_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace deadletter::experiments {
namespace {

using Row = DepthSeries::Row;
using ::testing::ElementsAre;

struct Change {
  std::int64_t ns;
  std::size_t depth;
};

DepthSeries series_of(const std::vector<Change>& changes, std::size_t most_rows, std::int64_t end_ns) {
  DepthSeries series(most_rows);
  for (const Change& c : changes) series.add({c.ns}, {c.depth, false});
  series.close({end_ns});
  return series;
}

// What the rows say of a moment.
std::size_t said(const std::vector<Row>& rows, std::int64_t ns) {
  std::size_t depth = 0;
  for (const Row& row : rows)
    if (row.at.ns <= ns) depth = row.level.depth;
  return depth;
}

// Depths that go up and down without a pattern, at uneven times.
std::vector<Change> uneven(std::size_t count) {
  std::vector<Change> changes;
  std::uint64_t x = 7;
  std::int64_t ns = 0;
  for (std::size_t i = 0; i < count; ++i) {
    x = x * 6364136223846793005U + 1442695040888963407U;
    ns += 1 + static_cast<std::int64_t>((x >> 33U) % 1000) * ((x >> 50U) % 10 == 0 ? 1000 : 1);
    changes.push_back({ns, (x >> 40U) % 50});
  }
  return changes;
}

TEST(DepthSeries, EveryChangeIsARowWhileThereAreFew) {
  DepthSeries series;
  series.add({5}, {1, false});
  series.add({5}, {2, false});
  series.add({9}, {2, false});  // no change
  series.add({9}, {2, true});
  series.close({100});
  EXPECT_THAT(series.rows(), ElementsAre(Row{{5}, {1, false}}, Row{{5}, {2, false}}, Row{{9}, {2, true}}));
  EXPECT_EQ(series.interval(), sim::Duration{0});
}

TEST(DepthSeries, RowsAreNeverMoreThanAllowed) {
  for (std::size_t most : {4U, 5U, 100U, 1000U})
    for (std::size_t count : {most - 1, most, most + 1, 3 * most, 20 * most}) {
      std::vector<Change> changes = uneven(count);
      DepthSeries series = series_of(changes, most, changes.back().ns * 2);
      EXPECT_LE(series.rows().size(), most) << count;
      EXPECT_TRUE(std::ranges::is_sorted(series.rows(), {}, &Row::at));
    }
}

TEST(DepthSeries, NothingThatAQueueHeldIsSaidToBeLess) {
  std::vector<Change> changes = uneven(5000);
  DepthSeries series = series_of(changes, 200, changes.back().ns);
  ASSERT_GT(series.interval().ns, 0);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    EXPECT_GE(said(series.rows(), changes[i].ns), changes[i].depth) << changes[i].ns;
    std::size_t before = i == 0 ? 0 : changes[i - 1].depth;
    EXPECT_GE(said(series.rows(), changes[i].ns - 1), before) << "and until it changed";
  }
}

TEST(DepthSeries, NoRowSaysMoreThanItsIntervalHeld) {
  std::vector<Change> changes = uneven(5000);
  DepthSeries series = series_of(changes, 200, changes.back().ns);
  std::int64_t width = series.interval().ns;
  for (const Row& row : series.rows()) {
    std::size_t most = 0;
    for (const Change& c : changes) {
      if (c.ns >= row.at.ns + width) break;
      most = c.ns <= row.at.ns ? c.depth : std::max(most, c.depth);
    }
    EXPECT_EQ(row.at.ns % width, 0);
    EXPECT_EQ(row.level.depth, most) << row.at.ns;
  }
}

TEST(DepthSeries, APeakDoesNotLastBeyondItsInterval) {
  std::vector<Change> changes;
  for (std::int64_t i = 0; i < 40; ++i) changes.push_back({i, i == 20 ? 99U : static_cast<std::size_t>(i % 2)});
  changes.push_back({40, 0});
  DepthSeries series = series_of(changes, 10, 1'000'000);
  EXPECT_EQ(said(series.rows(), 20), 99U);
  EXPECT_EQ(said(series.rows(), 20 + 2 * series.interval().ns), 1U);
  EXPECT_EQ(series.rows().back().level.depth, 0U) << "what it ended with";
}

TEST(DepthSeries, RetryIsKeptWhereItWas) {
  DepthSeries series(4);
  for (std::int64_t i = 0; i < 100; ++i) series.add({i}, {1, i == 50});
  series.close({1000});
  auto retries = std::ranges::count_if(series.rows(), [](const Row& row) { return row.level.in_retry; });
  EXPECT_EQ(retries, 1);
  EXPECT_FALSE(series.rows().back().level.in_retry);
}

}  // namespace
}  // namespace deadletter::experiments
