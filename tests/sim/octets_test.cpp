// Octets in JSON strings.
#include "sim/json/octets.h"

#include <gtest/gtest.h>

namespace deadletter::json {
namespace {

TEST(Octets, EveryOctetComesBack) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  EXPECT_EQ(octets_of(characters_of(all)), all);
  EXPECT_TRUE(is_utf8(characters_of(all)));
  EXPECT_FALSE(is_utf8(all));
}

TEST(Octets, ALargerCharacterIsNone) {
  EXPECT_EQ(octets_of("\u00ff"), "\xff");
  EXPECT_EQ(octets_of("\u0100"), std::nullopt);
  EXPECT_EQ(octets_of("a\u20ac"), std::nullopt);
  EXPECT_EQ(octets_of("\xff"), std::nullopt);
}

}  // namespace
}  // namespace deadletter::json
