// What a person is told about a text that is not JSON: the place and the words, exactly.
#include "sim/json/syntax.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/sim/json/testing.h"

namespace deadletter::json {
namespace {

// Of the first problem: "line:column: message".
std::string complaint(const std::string& text) {
  Problems problems;
  if (parse(testing::source(text), problems)) return "accepted";
  const Problem problem = problems.sorted().front();
  return std::to_string(problem.position.line) + ":" + std::to_string(problem.position.column) + ": " + problem.message;
}

struct Case {
  const char* text;
  const char* complaint;
};

// So that no test is named after an address.
void PrintTo(const Case& one, std::ostream* out) { *out << ::testing::PrintToString(one.complaint); }

class Syntax : public ::testing::TestWithParam<Case> {};

TEST_P(Syntax, IsExplained) { EXPECT_EQ(complaint(GetParam().text), GetParam().complaint) << GetParam().text; }

constexpr Case kStructure[] = {
    {"", "1:1: the file is empty"},
    {"  \n // only\n", "3:1: the file is empty"},
    {"[1, 2,]", "1:6: trailing comma: nothing follows before ']'"},
    {"{\"a\": 1, // b\n}", "1:8: trailing comma: nothing follows before '}'"},
    {"{\"a\": 1\n \"b\": 2}", "2:2: expected ',' or '}' after a member, found a string"},
    {"[1 2]", R"(1:4: expected ',' or ']' after an item, found "2")"},
    {"[1}", R"(1:3: expected ',' or ']' after an item, found "}")"},
    {"{\"a\":1]", R"(1:7: expected ',' or '}' after a member, found "]")"},
    {"[1;2]", R"(1:3: expected ',' or ']' after an item, found ";")"},
    {"{\"a\" 1}", R"(1:6: expected ':' after the key "a")"},
    {"{\"a\"= 1}", R"(1:5: expected ':' after the key "a")"},
    {"{\"a\":}", "1:6: expected a value, found '}'"},
    {"[,1]", "1:2: expected a value, found ','"},
    {"[1,,2]", "1:4: expected a value, found ','"},
    {"{\"a\":1,,\"b\":2}", R"(1:8: expected a key in double quotes, found ",")"},
    {"{,}", R"(1:2: expected a key in double quotes or '}', found ",")"},
    {"[1] x", R"(1:5: expected the end of the file after the value, found "x")"},
    {"{\"a\": [1, {", "1:12: the file ends before the '{' of line 1, column 11 is closed"},
    {"{\"a\": [\n", "2:1: the file ends before the '[' of line 1, column 7 is closed"},
    {"{\"a\":", "1:6: the file ends before the '{' of line 1, column 1 is closed"},
    {"{\"a\"", "1:5: the file ends before the '{' of line 1, column 1 is closed"},
    {"[1, /* x ", "1:5: the comment is not closed: expected '*/'"},
    {"[1, / 2]", "1:5: a comment starts with '//' or '/*'"},
    {"# x\n1", "1:1: a comment starts with '//' or '/*', not with '#'"},
};
INSTANTIATE_TEST_SUITE_P(Structure, Syntax, ::testing::ValuesIn(kStructure));

constexpr Case kTokens[] = {
    {"{a: 1}", R"(1:2: a key is written in double quotes: "a")"},
    {"{'a': 1}", "1:2: text is written in double quotes, not in single quotes"},
    {"{\"a: 1,\n\"b\":2}", R"(1:2: the string is not closed: expected '"' before the end of the line)"},
    {"{\"a\": \"b", R"(1:7: the string is not closed: the file ends before the next '"')"},
    {"\"\\", R"(1:1: the string is not closed: the file ends before the next '"')"},
    {"[abc]", R"(1:2: text is written in double quotes: "abc")"},
    {"[true1]", R"(1:2: text is written in double quotes: "true1")"},
    {"[True]", "1:2: 'True' is written true in JSON"},
    {"{\"horizon\": 3d}", R"(1:13: a number with a unit is written in double quotes: "3d")"},
    {"[10.0.0.1, 2]", R"(1:2: text is written in double quotes: "10.0.0.1")"},
    {"[2006-03-01T08:00:00Z]", R"(1:2: text is written in double quotes: "2006-03-01T08:00:00Z")"},
    {"[007]", "1:2: a number is written without leading zeros"},
    {"[.5]", "1:2: a number starts with a digit: 0.5, not .5"},
    {"[+1]", "1:2: a number is written without '+'"},
    {"[-]", "1:2: expected a digit after '-'"},
    {"[1.]", "1:2: expected a digit after the decimal point"},
    {"[1e]", "1:2: expected a digit in the exponent"},
    {"[1e400]", "1:2: number is out of range"},
    {"[1, 9223372036854775808]", "1:5: number is out of range"},
    {"[-9223372036854775809]", "1:2: number is out of range"},
    {"[99999999999999999999]", "1:2: number is out of range"},
    {"\"a\\qb\"", R"(1:3: '\q' is no escape; valid are \" \\ \/ \b \f \n \r \t \uXXXX)"},
    {"\"a\\u12x4\"", R"(1:3: four hexadecimal digits must follow '\u')"},
    {"\"\\ud800x\"", R"(1:2: '\uD800' is half of a surrogate pair)"},
    {"\"a\tb\"", R"(1:3: a control character in a string is written as an escape: \u0009)"},
    {"\"é\xFF\"", "1:3: the octet 0xFF is no valid UTF-8"},
    {"\"\xC0\x80\"", "1:2: the octet 0xC0 is no valid UTF-8"},
    {"\"\xED\xA0\x80\"", "1:2: the octet 0xED is no valid UTF-8"},
    {"[]//\xE2\x82", "1:5: the octet 0xE2 is no valid UTF-8"},
    {"\xEF\xBB\xBF\xEF\xBB\xBF[]", R"(1:1: text is written in double quotes: "<U+FEFF>")"},
    {"@", R"(1:1: unexpected character "@")"},
};
INSTANTIATE_TEST_SUITE_P(Tokens, Syntax, ::testing::ValuesIn(kTokens));

TEST(SyntaxOfHiddenText, NulDoesNotEndTheText) {
  EXPECT_EQ(complaint(std::string("{}\0garbage", 10)), "1:3: a NUL character is not allowed");
}

TEST(SyntaxPointer, NamesTheInnermostContainerThatIsKnown) {
  Problems problems;
  EXPECT_FALSE(parse(testing::source(R"({"a":[0,{"b/c":tru}]})"), problems).has_value());
  ASSERT_EQ(problems.count(), 1u);
  EXPECT_EQ(problems.sorted()[0].pointer, "/a/1/b~1c");
}

}  // namespace
}  // namespace deadletter::json
