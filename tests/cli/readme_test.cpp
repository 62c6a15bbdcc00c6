// What README.md shows of the articles is what the program prints.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

// Those with a fingerprint in the last column: the table that `./dev demo` ends with.
std::vector<std::string> rows_of_the_table(const std::string& text) {
  std::vector<std::string> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("kb") && line.find("  as expected  ") != line.npos) rows.push_back(line);
  return rows;
}

TEST(Readme, TheTableOfTheArticlesIsWhatTheDemoEndsWith) {
  std::vector<std::string> words{"run"};
  for (const auto& file : std::filesystem::directory_iterator(source_path("experiments/articles")))
    if (file.path().extension() == ".json") words.push_back(file.path().string());
  std::sort(words.begin() + 1, words.end());
  TemporaryFolder folder;
  for (const char* word : {"--variant", "all", "--out"}) words.emplace_back(word);
  words.push_back(folder / "runs");
  Said said = deadletter(words);
  EXPECT_EQ(said.status, 0) << said.err;
  std::vector<std::string> shown = rows_of_the_table(read_file(source_path("README.md")));
  EXPECT_GT(shown.size(), 30U);
  EXPECT_EQ(shown, rows_of_the_table(said.out));
}

}  // namespace
}  // namespace deadletter::testing
