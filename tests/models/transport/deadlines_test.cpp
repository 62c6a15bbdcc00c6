// The times of waiting mail against a sorted list, whatever goes meanwhile.
#include "models/transport/deadlines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>

namespace deadletter::transport {
namespace {

using sim::Duration;
using sim::Instant;

// Entries with a time each, of which some go before it has come.
struct Waiting {
  Deadlines deadlines;
  std::map<std::uint32_t, Instant> times;  // by serial: of those that are still there
  std::uint32_t next = 0;

  auto holds() {
    return [this](Deadlines::Place p) { return times.contains(p.serial); };
  }
  void add(Instant at) {
    times[next] = at;
    deadlines.add({{next % 7}, next}, at, holds(), [this](Deadlines::Place p) { return times.at(p.serial); });
    ++next;
  }
  std::uint32_t first() { return deadlines.next(holds()).serial; }
};

TEST(Deadlines, TheNextIsTheEarliestOfThoseThatAreStillThere) {
  std::mt19937_64 random(3);
  Waiting w;
  Instant now;
  std::size_t seen = 0;
  for (int step = 0; step < 20'000; ++step) {
    now = now + Duration{static_cast<std::int64_t>(random() % 5)};
    std::uint64_t what = random() % 8;
    // Mostly each is later than the one before; now and then one has waited elsewhere.
    if (what < 4) w.add(now + Duration{what == 0 ? static_cast<std::int64_t>(random() % 300) : 300});
    if (what == 4 && !w.times.empty()) w.times.erase(std::next(w.times.begin(), random() % w.times.size()));
    if (w.times.empty()) {
      EXPECT_FALSE(w.deadlines.next([](Deadlines::Place) { return false; }).entry.valid());
      continue;
    }
    Instant earliest = std::ranges::min_element(w.times, {}, &std::pair<const std::uint32_t, Instant>::second)->second;
    std::uint32_t first = w.first();
    ASSERT_EQ(w.times.at(first), earliest) << step;
    if (what < 6) continue;
    w.deadlines.pop();
    w.times.erase(first);
    ++seen;
  }
  EXPECT_GT(seen, 3'000U);
}

TEST(Deadlines, OfEqualTimesTheFirstIsNext) {
  Waiting w;
  for (int i = 0; i < 3; ++i) w.add(Instant{10});
  w.add(Instant{5});
  EXPECT_EQ(w.first(), 3U);
  w.times.erase(3);
  EXPECT_EQ(w.first(), 0U);
}

}  // namespace
}  // namespace deadletter::transport
