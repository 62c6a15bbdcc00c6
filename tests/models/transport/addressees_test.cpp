// Recipients and addresses in one piece, against two lists.
#include "models/transport/addressees.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace deadletter::transport {
namespace {

using ::testing::ElementsAreArray;

struct Lists {
  Addressees both;
  std::vector<mail::RecipientId> recipients;
  std::vector<mail::AddressId> addresses;

  void expect_equal() const {
    ASSERT_THAT(both.recipients(), ElementsAreArray(recipients));
    ASSERT_THAT(both.addresses(), ElementsAreArray(addresses));
    ASSERT_EQ(both.size(), recipients.size());
    ASSERT_EQ(both.empty(), recipients.empty());
  }
};

TEST(Addressees, HoldWhatTwoListsHold) {
  std::mt19937 random(5);
  std::vector<Lists> all(4);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    Lists& one = all[random() % all.size()];
    Lists& other = all[random() % all.size()];
    switch (random() % 8) {
      case 0:
        if (&one != &other) one = other;
        break;
      case 1:
        if (&one != &other) one = std::move(other), other = Lists{};
        break;
      case 2:
        one.both = {}, one.recipients = {}, one.addresses = {};
        break;
      case 3:
      case 4:
        if (!one.recipients.empty()) {
          const std::size_t place = random() % one.recipients.size();
          one.both.erase(place);
          one.recipients.erase(one.recipients.begin() + static_cast<std::ptrdiff_t>(place));
          one.addresses.erase(one.addresses.begin() + static_cast<std::ptrdiff_t>(place));
        }
        break;
      default:
        one.both.add({i}, {i + 1'000'000});
        one.recipients.push_back({i}), one.addresses.push_back({i + 1'000'000});
    }
    one.expect_equal(), other.expect_equal();
  }
}

// A dialogue under way refers to them.
TEST(Addressees, StayWhereTheyAreWhileNothingIsAdded) {
  Addressees three;
  for (std::uint32_t i = 0; i < 3; ++i) three.add({i}, {i});
  const mail::AddressId* at = three.addresses().data();
  Addressees moved = std::move(three);
  EXPECT_EQ(moved.addresses().data(), at);
  EXPECT_TRUE(three.empty());
  three.add({7}, {8});
  EXPECT_EQ(three.address(0), mail::AddressId{8});
}

}  // namespace
}  // namespace deadletter::transport
