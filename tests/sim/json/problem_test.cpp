// How problems are collected and printed.
#include "sim/json/problem.h"

#include <gtest/gtest.h>

#include "sim/json/excerpt.h"
#include "sim/json/suggest.h"
#include "tests/sim/json/testing.h"

namespace deadletter::json {
namespace {

Problem at(std::string text, Position position) {
  return problem_at({testing::source(std::move(text)), position, "/x"}, "wrong");
}

TEST(Render, QuotesTheLineWithACaret) {
  EXPECT_EQ(render(at("one\ntwo\r\nthree", {2, 3})), "t.json:2:3: wrong\n  two\n    ^\n");
  EXPECT_EQ(render(at("\xEF\xBB\xBF"
                      "ab",
                      {1, 2})),
            "t.json:1:2: wrong\n  ab\n   ^\n");
  EXPECT_EQ(render(at("ab", {1, 3})), "t.json:1:3: wrong\n  ab\n    ^\n");
}

TEST(Render, QuotesNothingWhereThereIsNothing) {
  EXPECT_EQ(render(at("ab\n", {2, 1})), "t.json:2:1: wrong\n");
  EXPECT_EQ(render(at("ab", {7, 1})), "t.json:7:1: wrong\n");
  EXPECT_EQ(render(at("ab", {})), "t.json: wrong\n");
  EXPECT_EQ(render(problem_at({}, "wrong")), "wrong\n");
}

TEST(Render, KeepsTabsWideAndCombiningCharactersAligned) {
  EXPECT_EQ(render(at("\t\"a\"", {1, 2})), "t.json:1:2: wrong\n      \"a\"\n      ^\n");
  EXPECT_EQ(render(at("日本x", {1, 3})), "t.json:1:3: wrong\n  日本x\n      ^\n");
  EXPECT_EQ(render(at("e\u0301x", {1, 3})), "t.json:1:3: wrong\n  e\u0301x\n   ^\n");
}

TEST(Render, MakesHiddenCharactersVisible) {
  EXPECT_EQ(render(at("\x1B[2J\u202E\xFFx", {1, 7})),
            "t.json:1:7: wrong\n  <U+001B>[2J<U+202E><FF>x\n                         ^\n");
}

TEST(Render, CutsLongLinesAroundTheColumn) {
  const std::string text = std::string(5000, 'a') + "X" + std::string(5000, 'b');
  const Excerpt quoted = excerpt({"", text}, {1, 5001});
  EXPECT_EQ(quoted.line, "…" + std::string(66, 'a') + "X" + std::string(33, 'b') + "…");
  EXPECT_EQ(quoted.caret, std::string(67, ' ') + "^");
  EXPECT_EQ(excerpt({"", text}, {1, 1}).line, std::string(100, 'a') + "…");
  EXPECT_EQ(excerpt({"", text}, {1, 10002}).line, "…" + std::string(66, 'b'));
  EXPECT_EQ(excerpt({"", std::string(100, 'c')}, {1, 100}).line, std::string(100, 'c'));
}

TEST(Render, ShowsChoicesAndTheNearest) {
  Problems problems;
  problems.add(problem_at({testing::source("\"sead\""), {1, 1}, ""}, "unknown", "sead", {"id", "seed", "start"}));
  EXPECT_EQ(render(problems),
            "t.json:1:1: unknown\n  \"sead\"\n  ^\n  valid: id, seed, start\n  did you mean \"seed\"?\n");
}

TEST(Render, ShowsTheTwelveNearestOfManyChoices) {
  std::vector<std::string> choices;
  for (int i = 0; i < 30; ++i) choices.push_back("server" + std::to_string(i));
  Problems problems;
  problems.add(problem_at({}, "unknown", "Server29x", choices));
  EXPECT_EQ(
      render(problems),
      "unknown\n  valid: server29, server2, server20, server21, server22, server23, server24, server25, server26, "
      "server27, server28, server9, … (30 in all)\n  did you mean \"server29\"?\n");
  EXPECT_EQ(
      render(problem_at({}, "unknown", "", choices)),
      "unknown\n  valid: server0, server1, server2, server3, server4, server5, server6, server7, server8, server9, "
      "server10, server11, … (30 in all)\n");
}

TEST(Problems, AreSortedByPlaceAndBounded) {
  Problems problems;
  EXPECT_TRUE(problems.empty());
  for (int line = 150; line > 0; --line) problems.add(at("", {line, 1}));
  EXPECT_EQ(problems.count(), 150u);
  ASSERT_EQ(problems.sorted().size(), 100u);
  EXPECT_EQ(problems.sorted().front().position.line, 51);
  const std::string text = render(problems);
  EXPECT_EQ(text.substr(0, 20), "t.json:51:1: wrong\nt");
  EXPECT_EQ(text.substr(text.size() - 17), "\n… and 50 more\n");
}

TEST(Problems, AreShownOnceEach) {
  Problems problems;
  for (int i = 0; i < 3; ++i) problems.add(at("ab", {1, 1}));
  problems.add(at("ab", {1, 2}));
  EXPECT_EQ(problems.count(), 4u);
  EXPECT_EQ(problems.sorted().size(), 2u);
  EXPECT_EQ(problems.left_out(), 0u);
}

TEST(Problems, AreHarmlessToATerminalAndShort) {
  Problem problem = problem_at({}, "\x1B[2J" + std::string(5000, 'a'));
  problem.file = "a\nb";
  problem.choices = {"\x1B[0m"};
  Problems problems;
  problems.add(problem);
  EXPECT_EQ(render(problems), "a<U+000A>b: <U+001B>[2J" + std::string(996, 'a') + "…\n  valid: <U+001B>[0m\n");
}

TEST(Problems, PointAtAPartOfAText) {
  const Place text = {testing::source("{\"é\": \"one on two+three\", \"x\": \"a\\tb\"}"), {1, 7}, "/x"};
  EXPECT_EQ(place_of_part(text, "one on two+three", "two").position, (Position{1, 15}));
  EXPECT_EQ(place_of_part(text, "one on two+three", "four").position, text.position);
  EXPECT_EQ(place_of_part(text, "another text", "text").position, text.position);
  EXPECT_EQ(place_of_part({text.source, {1, 31}, ""}, "a\tb", "b").position, (Position{1, 31}));
  EXPECT_EQ(place_of_part({}, "two", "two").position, Position{});
}

TEST(Problems, BecomeJson) {
  Problems problems;
  problems.add(problem_at({testing::source(""), {2, 3}, "/a"}, "unknown", "x", {"y"}));
  EXPECT_EQ(to_json(problems).dump(),
            R"({"errors":[{"file":"t.json","line":2,"column":3,"pointer":"/a","message":"unknown","choices":["y"]}]})");
  EXPECT_EQ(to_json(Problems()).dump(), R"({"errors":[]})");
}

TEST(Suggest, CountsEditsAndSwaps) {
  const std::tuple<const char*, const char*, std::size_t> cases[] = {
      {"", "", 0},       {"abc", "", 3},     {"abc", "abc", 0}, {"abc", "acb", 1},
      {"ABC", "abc", 0}, {"seed", "sed", 1}, {"ca", "abc", 3},  {"kitten", "sitting", 3}};
  for (const auto& [a, b, distance] : cases) {
    EXPECT_EQ(edit_distance(a, b), distance) << a << " " << b;
    EXPECT_EQ(edit_distance(b, a), distance) << b << " " << a;
  }
}

TEST(Suggest, OnlyWhatIsNear) {
  const std::vector<std::string> choices = {"id", "seed", "under_study", "variants"};
  EXPECT_EQ(suggest("SEED", choices), "seed");
  EXPECT_EQ(suggest("file", {"size"}), "");
  EXPECT_EQ(suggest("ladder", {"queue.message_ladder", "queue.ladder"}), "queue.ladder");
  EXPECT_EQ(suggest("exchange-2003-sp3", {"exchange-2000-sp3", "exchange-2003-sp2"}), "exchange-2003-sp2");
  EXPECT_EQ(suggest("understudies", choices), "under_study");
  EXPECT_EQ(suggest("xy", choices), "");
  EXPECT_EQ(suggest("topology", choices), "");
  EXPECT_EQ(suggest("", choices), "");
  EXPECT_EQ(suggest("seed", {}), "");
  EXPECT_EQ(suggest(std::string(10'000'000, 'x'), choices), "");
}

}  // namespace
}  // namespace deadletter::json
