// Slots: what is given back is taken again, the last one first.
#include "sim/slots.h"

#include <gtest/gtest.h>

#include <string>

namespace deadletter::sim {
namespace {

TEST(Slots, AreTakenInOrderAndGivenBackOnesAgain) {
  Slots<std::string> slots;
  EXPECT_EQ(slots.take(), 0U);
  EXPECT_EQ(slots.take(), 1U);
  EXPECT_EQ(slots.take(), 2U);
  slots.give_back(0);
  slots.give_back(2);
  EXPECT_EQ(slots.in_use(), 1U);
  EXPECT_EQ(slots.take(), 2U);
  EXPECT_EQ(slots.take(), 0U);
  EXPECT_EQ(slots.take(), 3U);
  EXPECT_EQ(slots.in_use(), 4U);
  EXPECT_EQ(slots.size(), 4U);
}

TEST(Slots, WhatIsInASlotStaysUntilItIsTakenAgain) {
  Slots<std::string> slots;
  std::uint32_t slot = slots.take();
  slots[slot] = "something";
  slots.give_back(slot);
  EXPECT_EQ(slots[slot], "something");
  EXPECT_EQ(slots.size(), 1U);
}

}  // namespace
}  // namespace deadletter::sim
