// A line of entries against std::deque.
#include "models/transport/line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <utility>

namespace deadletter::transport {
namespace {

void expect_same(const Line& line, const std::deque<EntryId>& wanted) {
  ASSERT_EQ(line.size(), wanted.size());
  ASSERT_EQ(line.empty(), wanted.empty());
  ASSERT_TRUE(std::ranges::equal(line, wanted));
  if (!wanted.empty()) {
    ASSERT_EQ(line.front(), wanted.front());
  }
}

TEST(Line, WhateverIsDoneToItHoldsWhatADequeHolds) {
  std::mt19937_64 random(5);
  Line line;
  std::deque<EntryId> wanted;
  auto place = [&](std::size_t more) { return static_cast<std::ptrdiff_t>(random() % (wanted.size() + more)); };
  std::uint32_t next = 0;
  for (int step = 0; step < 8'000; ++step) {
    // Long and short by turns: what has gone before the front is given up now and then.
    bool grows = step / 1'000 % 2 == 0;
    std::uint64_t what = random() % 16;
    if (what < (grows ? 9U : 4U)) {
      line.push_back({next}), wanted.push_back({next++});
    } else if (what < 13 && !wanted.empty()) {
      line.pop_front(), wanted.pop_front();
    } else if (what == 13) {
      line.push_front({next}), wanted.push_front({next++});
    } else if (what == 14) {
      std::ptrdiff_t at = place(1);
      line.insert(line.begin() + at, {next}), wanted.insert(wanted.begin() + at, {next});
      ++next;
    } else if (!wanted.empty()) {
      std::ptrdiff_t at = place(0);
      line.erase(line.begin() + at), wanted.erase(wanted.begin() + at);
    }
    expect_same(line, wanted);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(next, 2'000U);
}

TEST(Line, IsEmptyAfterItWasTakenElsewhere) {
  Line line;
  line.push_back({1}), line.push_back({2}), line.pop_front();
  Line taken = std::exchange(line, {});
  expect_same(line, {});
  expect_same(taken, {{2}});
  line.push_back({3});
  expect_same(line, {{3}});
}

}  // namespace
}  // namespace deadletter::transport
