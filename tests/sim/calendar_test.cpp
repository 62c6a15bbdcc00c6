// The calendar's total order: time, priority, order of posting.
#include "sim/calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

namespace deadletter::sim {
namespace {

constexpr Priority kPriorities[] = {Priority::world, Priority::arrival, Priority::normal, Priority::expiry,
                                    Priority::timer};

using Posted = std::tuple<std::int64_t, int, std::uint32_t>;  // time, priority, serial

TEST(EventCalendar, TakesWhatASortedListWouldGive) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 30; ++round) {
    Calendar calendar;
    std::vector<Posted> pending;
    std::uint32_t serial = 0;
    std::int64_t now = 0;
    // Few times and priorities, so that most events have equals; takes mixed with posts, never into the past.
    for (int step = 0; step < 3000; ++step) {
      if (random() % 5 < 3 || pending.empty()) {
        std::int64_t at = now + static_cast<std::int64_t>(random() % 4) * (round % 3 == 0 ? 1 : 1'000'000'007);
        auto priority = static_cast<int>(random() % 5);
        calendar.post({at}, kPriorities[priority], {static_cast<std::uint16_t>(random()), serial, ~serial});
        pending.emplace_back(at, priority, serial++);
        continue;
      }
      auto least = std::ranges::min_element(pending);
      ASSERT_EQ(calendar.next().ns, std::get<0>(*least));
      Calendar::Due due = calendar.take();
      ASSERT_EQ(due.at.ns, std::get<0>(*least));
      ASSERT_EQ(due.event.a, std::get<2>(*least));
      ASSERT_EQ(due.event.b, ~due.event.a);
      now = due.at.ns;
      pending.erase(least);
      ASSERT_EQ(calendar.size(), pending.size());
    }
  }
}

TEST(EventCalendar, GivesBackKindAndFieldsAsTheyWerePosted) {
  Calendar calendar;
  calendar.post({Instant::never().ns - 1}, Priority::timer, {0xffff, 0xffffffff, 0});
  calendar.post({0}, Priority::world, {0, 0, 0xffffffff});
  Calendar::Due first = calendar.take(), second = calendar.take();
  EXPECT_EQ(std::tuple(first.at.ns, first.event.kind, first.event.a, first.event.b), std::tuple(0, 0, 0U, 0xffffffffU));
  EXPECT_EQ(std::tuple(second.at.ns, second.event.kind, second.event.a, second.event.b),
            std::tuple(Instant::never().ns - 1, 0xffff, 0xffffffffU, 0U));
  EXPECT_TRUE(calendar.empty());
  EXPECT_EQ(calendar.next(), Instant::never());
}

TEST(EventCalendar, AtOneInstantTheWorldComesFirstAndTimersLast) {
  Calendar calendar;
  for (int p = 4; p >= 0; --p) calendar.post({7}, kPriorities[p], {0, static_cast<std::uint32_t>(p), 0});
  for (std::uint32_t p = 0; p < 5; ++p) EXPECT_EQ(calendar.take().event.a, p);
}

}  // namespace
}  // namespace deadletter::sim
