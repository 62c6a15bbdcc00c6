// TNEF streams that are damaged or made to do harm: refused with the place of what is wrong, and soon.
#include <gtest/gtest.h>

#include "tests/models/content/tnef_testing.h"

namespace deadletter::content {
namespace {

using namespace testing;

std::string reason_of(const std::string& stream) {
  ReadTnef read = read_tnef(stream);
  EXPECT_FALSE(read.message);
  return read.reason;
}

TEST(TnefHostile, WhatIsNoStreamIsRefused) {
  EXPECT_EQ(reason_of(""), "octet 0: no TNEF signature");
  EXPECT_EQ(reason_of("Subject: no\r\n\r\n"), "octet 0: no TNEF signature");
}

TEST(TnefHostile, AFlippedChecksumIsRefused) {
  std::string stream = write_tnef(note(), kKey);
  stream.back() = static_cast<char>(stream.back() ^ 1);
  EXPECT_NE(reason_of(stream).find("a checksum is wrong"), std::string::npos);
}

// Ids have no checksum: an attribute that is not known is passed over.
TEST(TnefHostile, AFlippedOctetIsRefusedWhereverItIsButInAnId) {
  const std::string stream = write_tnef(meeting(), kKey);
  std::size_t head = 6;  // of the attribute that `at` is in
  for (std::size_t at = 6; at < stream.size(); ++at) {
    std::size_t size = static_cast<std::uint8_t>(stream[head + 5]) | static_cast<std::uint8_t>(stream[head + 6]) << 8;
    if (at == head + 9 + size + 2) head = at;
    std::string flipped = stream;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
    bool id = at > head && at <= head + 4;
    EXPECT_TRUE(id || !read_tnef(flipped).message) << at;
  }
}

TEST(TnefHostile, ALengthBeyondTheEndIsRefused) {
  std::string whole = attribute(1, kDownSubject, "subject");
  whole[5] = 0x7f;
  EXPECT_EQ(reason_of(kStart + whole), "octet 15: a value goes beyond the end");
}

TEST(TnefHostile, AStreamIsRefusedWhereverItIsCut) {
  const std::string stream = write_tnef(meeting(), kKey);
  std::size_t whole = 0;
  for (std::size_t size = 0; size < stream.size(); ++size) whole += read_tnef(stream.substr(0, size)).message ? 1 : 0;
  EXPECT_EQ(whole, 6U) << "only between attributes";
}

TEST(TnefHostile, CountsAreNotBelieved) {
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({0xffffffff}))), "");
  EXPECT_NE(reason_of(kStart + attribute(1, kRecipients, words({0xffffffff, 0, 0}))), "");
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({1, 0x0037001f, 0xffffffff, 2, 0}))), "");
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({1, 0x30041048, 0xffffffff, 1, 2}))), "");
}

TEST(TnefHostile, OddsAndEndsAreRefused) {
  EXPECT_NE(reason_of(kStart + attribute(3, kClass, "x")).find("no known level"), std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(2, kData, "x")).find("begin with its rendering"), std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({0, 0}))).find("after the last property"),
            std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(1, kRecipients, words({0, 0}))).find("after the last recipient"),
            std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({1, 0x00170999, 0}))).find("unknown type"),
            std::string::npos);
}

TEST(TnefHostile, SixtyFourLevelsAreReadAndOneMoreIsNot) {
  expect_back(nested(64));
  EXPECT_NE(reason_of(write_tnef(nested(65), kKey)).find("too deep"), std::string::npos);
  EXPECT_TRUE(read_tnef(write_tnef(nested(3), kKey), 3).message);
  EXPECT_FALSE(read_tnef(write_tnef(nested(3), kKey), 2).message);
}

TEST(TnefHostile, WhatIsWrongInsideAnEmbeddedMessageHasItsPlace) {
  std::string stream = write_tnef(nested(2), kKey);
  std::size_t inner = stream.rfind("\x78\x9f\x3e\x22");
  std::string damaged = stream;
  damaged[inner] = 0;
  // The sums outside are mended, so that only the inner signature is wrong: 0x78 less, here and there.
  std::size_t end = damaged.size() - 2;
  unsigned sum = static_cast<std::uint8_t>(damaged[end]) | static_cast<std::uint8_t>(damaged[end + 1]) << 8;
  sum -= 0x78;
  damaged[end] = static_cast<char>(sum), damaged[end + 1] = static_cast<char>(sum >> 8);
  EXPECT_EQ(reason_of(damaged), "octet " + std::to_string(inner) + ": no TNEF signature");
}

// Descending tags, each of them before all that came before it.
TEST(TnefHostile, ManyPropertiesInTheWorstOrderTakeNoTime) {
  std::string list = words({4 * 0x10000});
  for (std::uint32_t lid = 0x10000; lid-- > 0;)
    for (const char* guid : {"\x08", "\x08", "\x02", "\x02"}) {
      list += words({0x80000003});
      list += std::string(guid) + std::string("\x20\x06\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", 15) + words({0, lid, lid});
    }
  ReadTnef read = read_tnef(kStart + attribute(1, kProperties, list));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(read.message->properties.all().size(), 2U * 0x10000);
}

}  // namespace
}  // namespace deadletter::content
