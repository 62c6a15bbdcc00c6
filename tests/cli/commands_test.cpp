// The program as a person meets it.
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/json/parse.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

const std::string kExperiment = source_path("experiments/articles/kb912341_multiline_354.json");

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST(Commands, EveryCommandHasHelpWithTwoExamples) {
  for (const char* command : {"run", "check", "replay", "explain", "draw", "import", "schedule", "list", "schema"}) {
    Said said = deadletter({command, "--help"});
    EXPECT_EQ(said.status, 0) << command;
    std::size_t examples = said.out.find("Examples:");
    ASSERT_NE(examples, std::string::npos) << command;
    std::string list = said.out.substr(examples);
    EXPECT_TRUE(says(list.substr(list.find("deadletter ") + 1), "deadletter ")) << command << said.out;
  }
}

TEST(Commands, TheVersionNamesWhatAFingerprintRestsOn) {
  Said said = deadletter({"--version"});
  EXPECT_EQ(said.status, 0);
  for (const char* words : {"deadletter ", "build: ", "SimGrid 3.", "run format "})
    EXPECT_TRUE(says(said.out, words)) << said.out;
}

TEST(Commands, WrongUsageIsExitTwo) {
  EXPECT_EQ(deadletter({}).status, 2);
  EXPECT_EQ(deadletter({"fly"}).status, 2);
  EXPECT_EQ(deadletter({"run"}).status, 2);
  EXPECT_EQ(deadletter({"run", "/nowhere.json"}).status, 2);
  EXPECT_EQ(deadletter({"run", kExperiment, "--variant", "unfixt"}).status, 2);
  EXPECT_EQ(deadletter({"run", kExperiment, "--set", "gap"}).status, 2);
  EXPECT_EQ(deadletter({"replay", "/nowhere"}).status, 2);
  EXPECT_EQ(deadletter({"explain", kExperiment, "EX9"}).status, 2);
  EXPECT_EQ(deadletter({"schedule", "windows-95"}).status, 2);
}

TEST(Commands, RunPrintsOneJsonObjectAndNothingElse) {
  TemporaryFolder out;
  Said said = deadletter({"run", kExperiment, "--format", "json", "--out", out / "run"});
  EXPECT_EQ(said.status, 0);
  EXPECT_TRUE(said.err.empty()) << said.err;
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"out", said.out}), problems);
  ASSERT_TRUE(value) << said.out;
  for (const char* key :
       {"experiment", "variant",      "seed",     "fingerprint", "horizon_s", "messages", "recipients",
        "fates",      "copies",       "attempts", "retries",     "reports",   "hops",     "expectations",
        "oracles",    "quirks_ruled", "wall_s",   "cpu_s",       "events",    "out",      "mail"})
    EXPECT_NE(value->find(key), nullptr) << key;
}

TEST(Commands, AFailedExpectationIsExitOneAndSaysWhatWasFound) {
  TemporaryFolder out;
  Said said = deadletter({"run", kExperiment, "--variant", "unfixed", "--set", "/variants/unfixed/expect/0/copies=1",
                          "--out", out / "run"});
  EXPECT_EQ(said.status, 1);
  EXPECT_TRUE(says(said.out, "193 copies, expected 1")) << said.out;
}

TEST(Commands, NothingIsOverwritten) {
  TemporaryFolder out;
  write_file(out / "mine.txt", "mine");
  Said said = deadletter({"run", kExperiment, "--out", out.path()});
  EXPECT_EQ(said.status, 2);
  EXPECT_TRUE(says(said.err, "nothing is overwritten")) << said.err;
  EXPECT_EQ(read_file(out / "mine.txt"), "mine");
}

TEST(Commands, SeveralVariantsRunSideBySideIntoFoldersOfTheirOwn) {
  TemporaryFolder out;
  Said said = deadletter({"run", kExperiment, "--variant", "all", "--out", out / "runs"});
  EXPECT_EQ(said.status, 0) << said.out << said.err;
  for (const char* variant : {"unfixed", "hotfix", "sp2", "workaround"}) {
    EXPECT_TRUE(std::filesystem::exists(out / ("runs/" + std::string(variant) + "/run.json"))) << variant;
    EXPECT_TRUE(says(said.out, variant));
  }
}

TEST(Commands, ExplainSaysWhatIsInForceAndWhyNot) {
  Said unfixed = deadletter({"explain", kExperiment, "EX1"});
  EXPECT_TRUE(says(unfixed.out, "KB912341   in force:     affects windows-2003-sp1")) << unfixed.out;
  EXPECT_TRUE(says(unfixed.out, "smtp.client.reply_reader")) << unfixed.out;
  Said hotfix = deadletter({"explain", kExperiment, "EX1", "--variant", "hotfix"});
  EXPECT_TRUE(says(hotfix.out, "KB912341   not in force: taken out of force by hotfix KB912341")) << hotfix.out;
}

TEST(Commands, ScheduleGivesTheArticlesArithmetic) {
  Said esm = deadletter({"schedule", "exchange-2003-sp2 on windows-2003-sp1"});
  EXPECT_TRUE(says(esm.out, "193 attempts before the message expires")) << esm.out;
  EXPECT_TRUE(says(esm.out, "12:00:00  delay notice")) << esm.out;
  Said iis = deadletter({"schedule", "windows-2003-sp1"});
  EXPECT_TRUE(says(iis.out, "15 attempts before the message expires")) << iis.out;
  Said refused = deadletter({"schedule", "windows-2003-sp1", "--failure", "connect"});
  EXPECT_TRUE(says(refused.out, "18 attempts before the message expires")) << refused.out;
}

TEST(Commands, ListsComeOutOfTheCode) {
  EXPECT_TRUE(says(deadletter({"list", "articles"}).out, "KB912341"));
  EXPECT_TRUE(says(deadletter({"list", "quirks"}).out, "smtp.client.reply_reader"));
  EXPECT_TRUE(says(deadletter({"list", "points"}).out, "queue.failure_reach"));
  EXPECT_TRUE(says(deadletter({"list", "builds"}).out, "windows-2003-sp2"));
  EXPECT_TRUE(says(deadletter({"list", "builds"}).out, "+KB960384 (RU7)"));
  EXPECT_TRUE(says(deadletter({"list", "events"}).out, "hand-over"));
  EXPECT_TRUE(says(deadletter({"list", "experiments"}, {.folder = source_path("")}).out, "kb912341_multiline_354"));
}

TEST(Commands, ListBuildsFitsAHundredAndTwentyColumns) {
  std::string text = deadletter({"list", "builds"}).out;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != text.npos; begin = end + 1)
    EXPECT_LE(end - begin, 120U) << text.substr(begin, end - begin);
  EXPECT_EQ(begin, text.size());
}

TEST(Commands, TheReferenceIsWhatTheCodeSays) {
  EXPECT_EQ(deadletter({"list", "points", "--markdown"}).out, read_file(source_path("models/REFERENCE.md")))
      << "./dev reference writes it anew";
  EXPECT_EQ(deadletter({"list", "conversions", "--markdown"}).out, read_file(source_path("models/CONVERSIONS.md")))
      << "./dev reference writes it anew";
}

TEST(Commands, CheckAcceptsEveryFileOfTheProject) {
  for (const char* folder : {"experiments/articles", "topologies"})
    for (const auto& entry : std::filesystem::directory_iterator(source_path(folder))) {
      std::string name = entry.path().filename().string();
      if (!name.ends_with(".json") || name.ends_with(".schema.json")) continue;
      Said said = deadletter({"check", entry.path().string()});
      EXPECT_EQ(said.status, 0) << name << said.err;
    }
}

TEST(Commands, ATraceIsOfOneRunAndWrittenWhereItCanBe) {
  TemporaryFolder folder;
  std::string article = source_path("experiments/articles/kb912341_multiline_354.json"), out = folder / "run";
  struct Row {
    std::vector<std::string> more;
    const char* said;
  };
  write_file(folder / "there.json", "{}");
  for (const Row& row : std::vector<Row>{{{"--export", folder / "none/t.json"}, "there is no such folder"},
                                         {{"--export", folder / "there.json"}, "it is there already"},
                                         {{"--export", folder / "t.json", "--variant", "all"}, "is for one run"}}) {
    std::vector<std::string> words = {"run", article, "--out", out};
    words.insert(words.end(), row.more.begin(), row.more.end());
    Said said = deadletter(words);
    EXPECT_EQ(said.status, 2) << row.said;
    EXPECT_NE(said.err.find(row.said), std::string::npos) << said.err;
    EXPECT_FALSE(std::filesystem::exists(out));
  }
  EXPECT_EQ(deadletter({"run", article, "--out", out, "--export", folder / "t.json", "-q"}).status, 0);
  EXPECT_NE(read_file(folder / "t.json").find("\"complete\":true"), std::string::npos);
}

}  // namespace
}  // namespace deadletter::testing
