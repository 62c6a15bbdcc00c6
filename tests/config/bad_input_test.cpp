// Every file of tests/config/bad is a mistake that somebody makes; beside it lies what `check` says about it, to the
// letter. DEADLETTER_REGENERATE=1 writes the answers anew: they are then reviewed as a diff.
//
//   NNN_name.json   checked as it is (a name with "_shape" is refused by the published schema too: schema_test.py)
//   NNN_name.args   the words of the command line instead, one a line
//   NNN_name.txt    standard error
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

std::string folder() { return source_path("tests/config/bad"); }

bool is_input(const fs::path& path) {
  std::string name = path.filename().string();
  bool numbered =
      name.size() > 4 && std::ranges::all_of(name.substr(0, 3), [](char c) { return c >= '0' && c <= '9'; });
  return numbered && (path.extension() == ".json" || path.extension() == ".args");
}

std::vector<std::string> inputs() {
  std::set<std::string> stems;
  for (const auto& entry : fs::directory_iterator(folder()))
    if (is_input(entry.path())) stems.insert(entry.path().stem().string());
  return {stems.begin(), stems.end()};
}

std::vector<std::string> words_of(const std::string& stem) {
  if (!fs::exists(folder() + "/" + stem + ".args")) return {"check", stem + ".json"};
  std::istringstream file(read_file(folder() + "/" + stem + ".args"));
  std::vector<std::string> words;
  for (std::string line; std::getline(file, line);) words.push_back(line);
  return words;
}

class BadInput : public ::testing::TestWithParam<std::string> {};

TEST_P(BadInput, IsReported) {
  Said said = deadletter(words_of(GetParam()), {.folder = folder()});
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(said.out, "");
  std::string golden = folder() + "/" + GetParam() + ".txt";
  if (std::getenv("DEADLETTER_REGENERATE") != nullptr) write_file(golden, said.err);
  EXPECT_EQ(said.err, fs::exists(golden) ? read_file(golden) : "");
}

INSTANTIATE_TEST_SUITE_P(Config, BadInput, ::testing::ValuesIn(inputs()),
                         [](const auto& info) { return "n" + info.param; });

TEST(BadInputs, EveryAnswerHasItsQuestion) {
  std::vector<std::string> known = inputs();
  EXPECT_GE(known.size(), 80U);
  for (const auto& entry : fs::directory_iterator(folder())) {
    if (entry.path().extension() != ".txt") continue;
    EXPECT_NE(std::ranges::find(known, entry.path().stem().string()), known.end()) << entry.path();
  }
}

TEST(BadInputs, AreTheSameAsJson) {
  Said said = deadletter({"check", "023_unknown_key_at_the_top_shape.json", "--format", "json"}, {.folder = folder()});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.out.find(R"("message": "unknown key \"sead\"")"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find(R"("pointer": "/sead")"), std::string::npos) << said.out;
}

}  // namespace
}  // namespace deadletter::testing
