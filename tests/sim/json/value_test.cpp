// Building values, JSON Pointer, and writing: what is written reads back as the same value.
#include "sim/json/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "tests/sim/json/testing.h"

namespace deadletter::json {
namespace {

using testing::parsed;

TEST(Value, IsBuiltInTheOrderOfTheCalls) {
  Value value = Value::object();
  value.set("z", 1).set("a", "text").set("l", Value::array({true, false, 2.5, Value()})).set("z", 3);
  EXPECT_EQ(value.dump(), R"({"z":3,"a":"text","l":[true,false,2.5,null]})");
  EXPECT_EQ(value.dump(2),
            "{\n  \"z\": 3,\n  \"a\": \"text\",\n  \"l\": [\n    true,\n    false,\n    2.5,\n    null\n  ]\n}");
  EXPECT_EQ(Value::object().dump(2), "{}");
  EXPECT_EQ(Value::array().dump(2), "[]");
}

TEST(Value, EqualityIgnoresPlacesButNotOrder) {
  EXPECT_EQ(parsed(R"({"a": [1, "x"]})"), Value::object().set("a", Value::array({1, "x"})));
  EXPECT_NE(parsed(R"({"a":1,"b":2})"), parsed(R"({"b":2,"a":1})"));
  EXPECT_NE(parsed("1"), parsed("1.0"));
  EXPECT_NE(parsed("[1]"), parsed("[1,1]"));
}

TEST(Dump, WritesNumbersExactlyAndShortest) {
  const std::pair<double, const char*> cases[] = {{0.1, "0.1"},
                                                  {1.0, "1.0"},
                                                  {100000.0, "100000.0"},
                                                  {-0.0, "-0.0"},
                                                  {1e-5, "0.00001"},
                                                  {1e-6, "1e-06"},
                                                  {1e22, "1e+22"},
                                                  {1.0 / 3, "0.3333333333333333"},
                                                  {5e-324, "5e-324"},
                                                  {-2.5e-7, "-2.5e-07"},
                                                  {123456789012345.5, "123456789012345.5"},
                                                  {std::nan(""), "null"},
                                                  {HUGE_VAL, "null"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(Value(number).dump(), text);
  EXPECT_EQ(Value(INT64_MIN).dump(), "-9223372036854775808");
  EXPECT_EQ(Value(INT64_MAX).dump(), "9223372036854775807");
}

TEST(Dump, EscapesControlsAndKeepsUtf8) {
  EXPECT_EQ(Value(std::string("\"\\/\b\f\n\r\t\x01\x1f\x7f é😀\0", 19)).dump(),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f é😀\\u0000\"");
  EXPECT_EQ(Value("a\xFF").dump(), "\"a\xEF\xBF\xBD\"");
}

// Random values of all kinds, as deep as `depth` allows.
Value random_value(std::mt19937_64& generator, int depth) {
  const auto draw = [&generator](std::uint64_t n) { return generator() % n; };
  switch (draw(depth > 0 ? 7 : 5)) {
    case 0:
      return {};
    case 1:
      return draw(2) == 0;
    case 2:
      return static_cast<std::int64_t>(generator() >> draw(64)) * (draw(2) == 0 ? 1 : -1);
    case 3: {
      const double number = std::ldexp(static_cast<double>(generator()), static_cast<int>(draw(1900)) - 1000);
      return std::isfinite(number) ? Value(number) : Value(0.5);
    }
    case 4: {
      std::string text;
      static constexpr const char* kPieces[] = {"a", "\"", "\\", "\n", "é", "😀", "\x01", "//", "\u2028", "/*"};
      for (std::uint64_t i = draw(8); i > 0; --i) text += kPieces[draw(10)];
      return text;
    }
    case 5: {
      Value list = Value::array();
      for (std::uint64_t i = draw(5); i > 0; --i) list.push_back(random_value(generator, depth - 1));
      return list;
    }
    default: {
      Value object = Value::object();
      for (std::uint64_t i = draw(5); i > 0; --i) {
        object.set("k" + std::to_string(draw(100)), random_value(generator, depth - 1));
      }
      return object;
    }
  }
}

TEST(Dump, ReadsBackAsTheSameValue) {
  std::mt19937_64 generator(912341);
  for (int i = 0; i < 3000; ++i) {
    const Value value = random_value(generator, 4);
    const int indent = i % 3;
    Problems problems;
    const auto again = parse(testing::source(value.dump(indent)), problems);
    ASSERT_TRUE(again.has_value()) << render(problems) << value.dump();
    ASSERT_EQ(*again, value) << value.dump();
    ASSERT_EQ(again->dump(indent), value.dump(indent));
  }
}

const char* const kDocument = R"({"a":{"b/c":[10,{"d~e":true}],"":5},"l":[]})";

TEST(Pointer, Finds) {
  const Value value = parsed(kDocument);
  const std::pair<const char*, const char*> cases[] = {
      {"/a/b~1c/0", "10"}, {"/a/b~1c/1/d~0e", "true"}, {"/a/", "5"}, {"/l", "[]"}, {"", nullptr}};
  for (const auto& [pointer, text] : cases) {
    ASSERT_NE(value.find_pointer(pointer), nullptr) << pointer;
    EXPECT_EQ(value.find_pointer(pointer)->dump(), text == nullptr ? value.dump() : text);
  }
  for (const char* wrong : {"a", "/x", "/a/b~1c/2", "/a/b~1c/-", "/a/b~1c/00", "/a/b~1c/+1", "/a/b~2c", "/a/b~", "/l/0",
                            "/a//x", "/a/b~1c/99999999999999999999"}) {
    EXPECT_EQ(value.find_pointer(wrong), nullptr) << wrong;
  }
}

TEST(Pointer, SetsReplacesAppendsAndCreatesTheLast) {
  Value value = parsed(kDocument);
  EXPECT_EQ(value.set_pointer("/a/b~1c/0", "5s"), std::nullopt);
  EXPECT_EQ(value.set_pointer("/a/b~1c/-", 7), std::nullopt);
  EXPECT_EQ(value.set_pointer("/a/new", false), std::nullopt);
  EXPECT_EQ(value.set_pointer("/l/-", Value::object()), std::nullopt);
  EXPECT_EQ(value.set_pointer("/l/0/x", 1), std::nullopt);
  EXPECT_EQ(value.dump(), R"({"a":{"b/c":["5s",{"d~e":true},7],"":5,"new":false},"l":[{"x":1}]})");
  EXPECT_EQ(value.set_pointer("", 1), std::nullopt);
  EXPECT_EQ(value.dump(), "1");
}

TEST(Pointer, SaysWhyItCannotSet) {
  const std::pair<const char*, const char*> cases[] = {
      {"/x/y", R"(there is no "x" at the top; there is: "a", "l")"},
      {"/a/x/y", R"(there is no "x" in /a; there is: "b/c", "")"},
      {"/a/b~1c/2", R"(there is no item "2" in /a/b~1c, a list of 2)"},
      {"/l/-/x", R"(there is no item "-" in /l, a list of 0)"},
      {"/a/b~1c/0/x", "/a/b~1c/0 is 10 and has no parts"},
      {"a/b", R"(malformed JSON Pointer "a/b": expected something like "/mail/0/size")"},
      {"/a~", R"(malformed JSON Pointer "/a~": expected something like "/mail/0/size")"}};
  for (const auto& [pointer, message] : cases) {
    Value value = parsed(kDocument);
    EXPECT_EQ(value.set_pointer(pointer, 1), message);
    EXPECT_EQ(value, parsed(kDocument)) << pointer;
  }
}

TEST(Describe, NamesWhatWasFound) {
  EXPECT_EQ(describe(parsed("null")), "null");
  EXPECT_EQ(describe(parsed("1.50")), "1.50");
  EXPECT_EQ(describe(parsed("[]")), "an empty list");
  EXPECT_EQ(describe(parsed("[1]")), "a list");
  EXPECT_EQ(describe(parsed("{}")), "an object");
  EXPECT_EQ(describe(Value(std::string(41, 'x'))), "\"" + std::string(40, 'x') + "…\"");
}

}  // namespace
}  // namespace deadletter::json
