// Mail that waits by itself comes back in the order of its times, whatever order it came in.
#include "models/transport/alone.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>

namespace deadletter::transport {
namespace {

using sim::Duration;
using sim::Instant;

// Against a map, with the waits of a ladder from a clock that goes on, as a queue asks for them.
TEST(Alone, TheEarliestIsNextAndOfEqualOnesTheFirst) {
  std::mt19937 random(11);
  Alone alone;
  std::multimap<Instant, std::uint32_t> expected;  // equal keys stay in order of arrival
  Instant now;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    now = now + Duration::seconds(random() % 3);
    while (const Alone::Place* next = alone.next()) {
      ASSERT_EQ(next->at, expected.begin()->first);
      ASSERT_EQ(next->entry.value, expected.begin()->second);
      if (next->at > now) break;
      alone.pop(next);
      expected.erase(expected.begin());
    }
    const Instant at = now + Duration::minutes(std::array{10, 10, 10, 15, 60}[random() % 5]);
    alone.add({i}, at);
    expected.emplace(at, i);
  }
  std::size_t left = 0;
  alone.each([&](const Alone::Place&) { ++left; });
  EXPECT_EQ(left, expected.size());
  EXPECT_GT(left, 100U);
  alone.clear();
  EXPECT_EQ(alone.next(), nullptr);
}

TEST(Alone, NumbersAreNotGivenTwice) {
  Alone alone;
  std::uint32_t first = alone.add({0}, Instant{});
  alone.pop(alone.next());
  EXPECT_NE(alone.add({0}, Instant{}), first);
  alone.clear();
  EXPECT_NE(alone.add({0}, Instant{}), first);
}

}  // namespace
}  // namespace deadletter::transport
