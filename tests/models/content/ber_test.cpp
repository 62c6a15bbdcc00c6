// BER: what is written is read, in every form that the standard allows, and what is none is refused with its place.
#include "models/content/ber.h"

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <random>

namespace deadletter::content::ber {
namespace {

using namespace std::string_literals;

constexpr std::size_t kDepth = 64;

// The element lies in the octets, so they stay.
Element only(std::string given) {
  static std::deque<std::string> kept;
  const std::string& octets = kept.emplace_back(std::move(given));
  EXPECT_FALSE(check_ber(octets, kDepth));
  std::optional<Element> element = BerReader(octets).next();
  EXPECT_TRUE(element);
  return element.value_or(Element{});
}

std::string nested(std::size_t levels, bool indefinite) {
  std::string octets;
  for (std::size_t i = 0; i < levels; ++i)
    octets = indefinite ? "\x30\x80"s + octets + "\0\0"s : constructed(kSequence, octets);
  return octets;
}

TEST(Ber, IntegersComeBackInTheFewestOctets) {
  for (std::int32_t value : {0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 8388608,
                             std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()}) {
    std::string octets = integer(value);
    EXPECT_EQ(integer(only(octets)), value);
  }
  EXPECT_EQ(integer(127).size(), 3U);
  EXPECT_EQ(integer(128).size(), 4U);
}

TEST(Ber, AnIntegerMayBeFilledUpButNotLarger) {
  EXPECT_EQ(integer(only("\x02\x06\0\0\0\0\0\x05"s)), 5);
  EXPECT_EQ(integer(only("\x02\x05\xff\xff\xff\xff\xfe"s)), -2);
  EXPECT_FALSE(integer(only("\x02\x05\0\x80\0\0\0"s)));
  EXPECT_FALSE(integer(only("\x02\0"s)));
}

TEST(Ber, ObjectIdentifiersComeBack) {
  for (const char* dotted : {"0.0", "1.2.840.113556.3.10.1", "2.6.1.4.11", "2.999.1", "1.39", "2.72057594037927935"}) {
    std::optional<std::string> octets = oid(dotted);
    ASSERT_TRUE(octets) << dotted;
    EXPECT_EQ(oid(only(*octets)), dotted);
  }
  for (const char* no : {"", "1", "3.1", "1.40", "1..2", "1.2.", ".1.2", "1.02", "1.a", "1.2.72057594037927936"})
    EXPECT_FALSE(oid(no)) << no;
}

TEST(Ber, TimesComeBackAndOthersZonesAreRead) {
  for (std::int64_t t : {0LL, 1'141'200'000LL, -631'152'000LL, -631'152'001LL, 2'524'607'999LL, 2'524'608'000LL,
                         -11'644'473'600LL, 253'402'300'799LL}) {
    std::string octets = time(t, kUtcTime);
    EXPECT_EQ(unix_time(only(octets)), t);
  }
  auto read = [](const std::string& text) {
    std::string octets = primitive(kUtcTime, text);
    return unix_time(only(octets));
  };
  EXPECT_EQ(read("060301080000Z"), 1'141'200'000);
  EXPECT_EQ(read("0603010800Z"), 1'141'200'000);
  EXPECT_EQ(read("060301090000+0100"), 1'141'200'000);
  EXPECT_EQ(read("0603010700-0100"), 1'141'200'000);
  EXPECT_EQ(read("20060301080000Z"), 1'141'200'000);
  for (const char* no :
       {"", "Z", "061301080000Z", "06030108000Z", "060301080000+01", "060301080000x", "99991231235959-0100"})
    EXPECT_FALSE(read(no)) << no;
}

TEST(Ber, LongTagsAndLengthsComeBack) {
  for (std::uint32_t number : {0U, 30U, 31U, 127U, 128U, 0xfffffffU}) {
    std::string octets = primitive(application(number), std::string(300, 'x'));
    Element element = only(octets);
    EXPECT_EQ(element.tag, application(number));
    EXPECT_EQ(element.content.size(), 300U);
  }
}

TEST(Ber, IndefiniteLengthsAreRead) {
  Element element = only("\x30\x80\x02\x01\x05\x30\x80\0\0\x02\x01\x06\0\0"s);
  BerReader inside(element);
  EXPECT_EQ(integer(*inside.next()), 5);
  EXPECT_EQ(inside.next()->content, "");
  EXPECT_EQ(integer(*inside.next()), 6);
  EXPECT_FALSE(inside.next());
}

TEST(Ber, AStringMayComeInPieces) {
  EXPECT_EQ(octets(only("\x24\x80\x04\x02"
                        "ab"
                        "\x24\x03\x04\x01"
                        "c"
                        "\x04\0\0\0"s)),
            "abc");
}

TEST(Ber, APrimitiveElementHasNothingInside) {
  EXPECT_FALSE(BerReader(only("\x80\x03\x02\x01\x05")).next());
  EXPECT_TRUE(BerReader(only("\xa0\x03\x02\x01\x05")).next());
}

TEST(Ber, TextIsOfTheNarrowestType) {
  auto type = [](const std::string& utf8, bool numeric) {
    std::string octets = text(utf8, numeric);
    return only(octets).tag;
  };
  EXPECT_EQ(type("12 3", true), kNumericString);
  EXPECT_EQ(type("12 3", false), kPrintableString);
  EXPECT_EQ(type("ann@contoso", false), kIa5String);
  EXPECT_EQ(type("Zürich", false), kUtf8String);
}

// ---- hostile

std::string reason_of(const std::string& octets) {
  std::optional<Problem> problem = check_ber(octets, kDepth);
  EXPECT_TRUE(problem);
  return problem ? std::to_string(problem->offset) + ": " + problem->reason : "";
}

TEST(BerHostile, WhatIsNoElementIsRefusedWithItsPlace) {
  EXPECT_EQ(reason_of(""), "0: an element is missing");
  EXPECT_EQ(reason_of("\x30"), "0: a length is missing");
  EXPECT_EQ(reason_of("\x3f\x81"), "0: a tag is not complete");
  EXPECT_EQ(reason_of("\x3f\xff\xff\xff\xff\x7f"), "0: a tag number is too large");
  EXPECT_EQ(reason_of("\x30\x02\x02\x01"), "2: a length goes beyond the end");
  EXPECT_EQ(reason_of("\x30\x84\x01"), "0: a length is not complete");
  EXPECT_EQ(reason_of("\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff"), "0: a length is too large");
  EXPECT_EQ(reason_of("\x04\x80\0\0"s), "0: a primitive element has an indefinite length");
  EXPECT_EQ(reason_of("\x30\x80\x02\x01\x05"), "5: an element is missing");
  EXPECT_EQ(reason_of("\x30\x02\0\0"s), "2: an end of contents where none is due");
  EXPECT_EQ(reason_of("\0\0"s), "0: an end of contents where none is due");
  EXPECT_EQ(reason_of("\x02\x01\x05\x05"), "3: there is something after the element");
}

// The inner element has room in the octets, but not in the element around it.
TEST(BerHostile, AnElementStaysInsideTheOneAroundIt) {
  EXPECT_EQ(reason_of("\x30\x06\x30\x02\x04\x02"
                      "ab"),
            "4: a length goes beyond the end");
}

TEST(BerHostile, SixtyFourLevelsAreReadAndOneMoreIsNot) {
  for (bool indefinite : {false, true}) {
    EXPECT_FALSE(check_ber(nested(64, indefinite), kDepth));
    EXPECT_NE(reason_of(nested(65, indefinite)).find("nested too deep"), std::string::npos);
    EXPECT_NE(reason_of(nested(2'000, indefinite)).find("nested too deep"), std::string::npos);
  }
}

TEST(BerHostile, AnyOctetsAreReadOrRefused) {
  std::mt19937 random(690);
  std::size_t good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string octets = constructed(kSequence, nested(random() % 3, random() % 2 == 0) + integer(5) + text("text"));
    for (std::size_t hits = random() % 3; hits > 0; --hits)
      octets[random() % octets.size()] = static_cast<char>(random() % 256);
    if (check_ber(octets, kDepth)) continue;
    ++good;
    for (BerReader reader(octets); auto element = reader.next();) {
      EXPECT_LE(element->whole.size(), octets.size());
      ber::octets(*element);
    }
  }
  EXPECT_GT(good, 5'000U);
}

}  // namespace
}  // namespace deadletter::content::ber
