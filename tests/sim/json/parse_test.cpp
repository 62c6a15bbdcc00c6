// Reading JSON text: what is accepted, and where everything stands.
#include "sim/json/parse.h"

#include <gtest/gtest.h>

#include "tests/sim/json/testing.h"

namespace deadletter::json {
namespace {

using testing::complaints;
using testing::parsed;

std::string place(const Value& root, std::string_view pointer) {
  const Value* value = root.find_pointer(pointer);
  if (value == nullptr) return "nowhere";
  return std::to_string(value->position().line) + ":" + std::to_string(value->position().column);
}

TEST(Parse, ReadsEveryKind) {
  const Value value = parsed(R"([null, true, false, 0, -0, -12, 1.5, 1e3, "a\u00e9\n\ud83d\ude00", [], {}])");
  ASSERT_EQ(value.size(), 11u);
  EXPECT_TRUE(value.items()[0].is(Kind::null));
  EXPECT_TRUE(value.items()[1].as_bool());
  EXPECT_FALSE(value.items()[2].as_bool());
  EXPECT_EQ(value.items()[4].as_integer(), 0);
  EXPECT_EQ(value.items()[5].as_integer(), -12);
  EXPECT_EQ(value.items()[6].as_real(), 1.5);
  EXPECT_EQ(value.items()[7].as_real_literal(), "1e3");
  EXPECT_EQ(value.items()[8].as_string(), "aé\n😀");
  EXPECT_TRUE(value.items()[9].is(Kind::array));
  EXPECT_TRUE(value.items()[10].is(Kind::object));
}

TEST(Parse, KeepsTheOrderOfMembers) {
  const Value value = parsed(R"({"z":1,"a":2,"m":3})");
  ASSERT_EQ(value.size(), 3u);
  EXPECT_EQ(value.members()[0].key, "z");
  EXPECT_EQ(value.members()[1].key, "a");
  EXPECT_EQ(value.members()[2].key, "m");
}

TEST(Parse, KeepsIntegersExactUpToTheirLimits) {
  EXPECT_EQ(parsed("9223372036854775807").as_integer(), INT64_MAX);
  EXPECT_EQ(parsed("-9223372036854775808").as_integer(), INT64_MIN);
}

TEST(Parse, GivesEveryValueAndKeyItsPlace) {
  const Value value = parsed("{\n\t\"a\": [1, /* x\n */ 22 , \"b\"],\r\n  // é\r\n  \"é\" :\t{\"c\":null}}");
  EXPECT_EQ(place(value, ""), "1:1");
  EXPECT_EQ(place(value, "/a"), "2:7");
  EXPECT_EQ(place(value, "/a/0"), "2:8");
  EXPECT_EQ(place(value, "/a/1"), "3:5");
  EXPECT_EQ(place(value, "/a/2"), "3:10");
  EXPECT_EQ(place(value, "/é"), "5:9");
  EXPECT_EQ(place(value, "/é/c"), "5:14");
  EXPECT_EQ(value.members()[0].key_position, (Position{2, 2}));
  EXPECT_EQ(value.members()[1].key_position, (Position{5, 3}));
  EXPECT_EQ(value.find("é")->members()[0].key_position, (Position{5, 10}));
}

TEST(Parse, CountsColumnsInCodePoints) {
  EXPECT_EQ(place(parsed("[\"é😀\",\t7]"), "/1"), "1:8");
  EXPECT_EQ(place(parsed("[\"a\\\"]\\\\\", 7]"), "/1"), "1:12");
}

TEST(Parse, DoesNotCountTheByteOrderMark) { EXPECT_EQ(place(parsed("\xEF\xBB\xBF[7]"), "/0"), "1:2"); }

TEST(Parse, AcceptsCommentsEverywhere) {
  const Value value = parsed("//a\n/*b*//**/{/***/\"a\"/*\"*/:/*\n*/1/*,*/,//}\n\"b\"//:\n:2}// end");
  EXPECT_EQ(value.dump(), R"({"a":1,"b":2})");
  EXPECT_EQ(place(value, "/a"), "3:3");
  EXPECT_EQ(place(value, "/b"), "5:2");
}

TEST(Parse, AcceptsNestingUpToTheLimit) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(complaints(nested(64)), "");
  EXPECT_EQ(complaints(nested(65)).substr(0, 48), "t.json:1:65: nesting is deeper than 64 levels\n  ");
}

TEST(Parse, RejectsAbsurdNestingQuickly) {
  EXPECT_NE(complaints(std::string(100'000, '[')).find("t.json:1:65: nesting"), std::string::npos);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_NE(complaints(objects).find("nesting is deeper"), std::string::npos);
}

TEST(Parse, ReadsManyKeysWithoutComparingAllPairs) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(parsed(text + "}").size(), 200'000u);
}

TEST(Parse, ReportsAllRepeatedKeysAndBigNumbersAtOnce) {
  Problems problems;
  const auto text = testing::source(R"({"a":1,"b":{"a":2,"a":3},"a":18446744073709551615})");
  const auto value = parse_tolerantly(text, problems);
  ASSERT_TRUE(value.has_value());
  ASSERT_EQ(problems.count(), 3u);
  const auto sorted = problems.sorted();
  EXPECT_EQ(sorted[0].message, R"(the key "a" is already given at line 1, column 13)");
  EXPECT_EQ(sorted[0].pointer, "/b/a");
  EXPECT_EQ(sorted[1].message, R"(the key "a" is already given at line 1, column 2)");
  EXPECT_EQ(sorted[1].pointer, "/a");
  EXPECT_EQ(sorted[2].message, "number is out of range");
  EXPECT_EQ(sorted[2].position, (Position{1, 30}));
  Problems strict;
  EXPECT_FALSE(parse(text, strict).has_value());
}

// Every prefix of a text, and every text with one octet replaced, is either read or rejected with a known place.
TEST(Parse, SurvivesEveryCutAndEveryReplacedOctet) {
  const std::string text =
      "\xEF\xBB\xBF{\"a\\u00e9\": [1.5e3, -2, \"é\\ud83d\\ude00\"], /*c*/ \"b\": {\"c\": true} // d\n}";
  const auto check = [](const std::string& input) {
    Problems problems;
    const auto value = parse(testing::source(input), problems);
    ASSERT_EQ(value.has_value(), problems.empty()) << input;
    for (const Problem& problem : problems.sorted()) {
      EXPECT_TRUE(problem.position.known()) << input;
      EXPECT_EQ(render(problem).rfind("t.json:", 0), 0u) << input;
    }
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    check(text.substr(0, i));
    for (int octet = 0; octet < 256; ++octet) {
      std::string changed = text;
      changed[i] = static_cast<char>(octet);
      check(changed);
    }
  }
}

}  // namespace
}  // namespace deadletter::json
