// What long work shows on standard error: on a terminal, elsewhere, and when it is told to be quiet.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// Work that takes longer than a few seconds and begins at once: messages are made up as it goes on.
struct LongWork {
  TemporaryFolder folder;
  std::vector<std::string> words{program(), "run", folder / "long.json"};

  explicit LongWork(std::uint64_t messages = 4'000'000) {
    write_file(folder / "long.json", fmt::format(R"({{
      "id": "long",
      "generate": {{ "kind": "routing_groups", "servers": 10 }},
      "record": "summary",
      "traffic": [{{ "uniform": {{ "messages": {}, "over": "5d" }} }}],
      "variants": {{ "one": {{}}, "two": {{}} }}
    }})",
                                                 messages));
  }

  // On a terminal of its own, interrupted after some seconds; what came there.
  std::string on_terminal(const std::vector<std::string>& more) {
    std::string command = "timeout --foreground -s INT 3";
    for (const std::string& word : words) command += " " + word;
    for (const std::string& word : more) command += " " + word;
    command += " --out " + (folder / "run") + std::to_string(++runs_);
    return run_command({"script", "-qec", command, "/dev/null"}).out;
  }

 private:
  int runs_ = 0;
};

TEST(Progress, OnATerminalOneLineIsDrawnAgainAndAgain) {
  LongWork work;
  std::string shown = work.on_terminal({});
  EXPECT_THAT(shown, ContainsRegex("\r\033\\[K[^\r\n]* simulated, [0-9.]+ %, [0-9]+ messages/s")) << shown;
  EXPECT_THAT(shown, ContainsRegex("about [0-9]+ (s|min|h [0-9]+ min) left")) << shown;
  EXPECT_THAT(work.on_terminal({"-q"}), Not(HasSubstr("simulated, ")));
}

TEST(Progress, SeveralRunsShowOneLineTogether) {
  LongWork work;
  EXPECT_THAT(work.on_terminal({"--variant", "all", "-j", "2"}),
              ContainsRegex("2 runs, the last one at [^\r\n]* simulated, [0-9.]+ %"));
}

TEST(Progress, WhoInterruptsOneOfSeveralInterruptsAll) {
  LongWork work;
  std::vector<std::string> words = {"timeout", "--foreground", "--preserve-status", "-s", "INT", "3"};
  words.insert(words.end(), work.words.begin(), work.words.end());
  words.insert(words.end(),
               {"--variant", "all", "-j", "2", "--out", work.folder / "run", "--junit", work.folder / "j"});
  EXPECT_EQ(run_command(words).status, 130);
  std::string junit = read_file(work.folder / "j");
  for (const char* variant : {"one", "two"}) {
    EXPECT_THAT(junit, HasSubstr("<testsuite name=\"long." + std::string(variant) + "\""));
    EXPECT_THAT(read_file(work.folder / ("run/" + std::string(variant) + "/run.json")),
                HasSubstr("\"complete\": false"));
  }
}

TEST(Progress, AShortRunShowsNone) {
  TemporaryFolder folder;
  std::string command = std::string(program()) + " run " +
                        source_path("experiments/articles/kb912341_multiline_354.json") + " --out " + (folder / "run");
  EXPECT_THAT(run_command({"script", "-qec", command, "/dev/null"}).out, Not(HasSubstr("\033[K")));
}

TEST(Progress, ALargeRecordIsSaidBeforehand) {
  LongWork work(20'000'000);
  auto said_with = [&](const char* level) {
    std::vector<std::string> words = {"timeout", "-s", "INT", "3"};
    words.insert(words.end(), work.words.begin(), work.words.end());
    words.insert(words.end(), {"--record", level, "--out", work.folder / level});
    return run_command(words).err;
  };
  // Where the disk is large enough the run begins, and says the same.
  EXPECT_THAT(said_with("events"), ContainsRegex("[0-9.]+ GiB( of disk are expected| in )"));
  EXPECT_THAT(said_with("summary"), ContainsRegex("[0-9.]+ KiB in "));
}

}  // namespace
}  // namespace deadletter::testing
