// The same run again, to the bit, whatever the machine is like; and another one when anything that matters differs.
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/json/parse.h"
#include "tests/support/command.h"
#include "tests/support/sanitizers.h"
#include "tests/support/tables.h"

namespace deadletter::testing {
namespace {

const std::string kExperiment = source_path("experiments/articles/kb912341_multiline_354.json");
const std::string kTraffic = source_path("experiments/scale/email_eu_edge.json");

json::Value parse(const std::string& text) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"output", text}), problems);
  EXPECT_TRUE(value) << text;
  return value.value_or(json::Value());
}

std::string fingerprint(std::vector<std::string> more, const Surroundings& surroundings = {}) {
  TemporaryFolder out;
  std::vector<std::string> words = {"run", kExperiment, "--format", "json", "--out", out / "run"};
  words.insert(words.end(), more.begin(), more.end());
  Said said = deadletter(words, surroundings);
  EXPECT_TRUE(said.status == 0 || said.status == 1) << said.status << " " << said.out << said.err;
  json::Value result = parse(said.out);
  const json::Value* found = result.find("fingerprint");
  return found == nullptr ? "none" : found->as_string();
}

const std::string& usual() {
  static const std::string value = fingerprint({});
  return value;
}

TEST(Determinism, TheSameRunAgainHasTheSameFingerprint) { EXPECT_EQ(fingerprint({}), usual()); }

TEST(Determinism, ForeignSurroundingsChangeNothing) {
  TemporaryFolder elsewhere;
  EXPECT_EQ(fingerprint({}, {.folder = elsewhere.path()}), usual());
  EXPECT_EQ(fingerprint({}, {.environment = {{"TZ", "Pacific/Chatham"}}}), usual());
  EXPECT_EQ(fingerprint({}, {.environment = {{"LC_ALL", "de_DE.UTF-8"}, {"LANG", "tr_TR.UTF-8"}}}), usual());
  EXPECT_EQ(fingerprint({}, {.environment = {{"PADDING", std::string(60000, 'x')}}}), usual());
}

// A library laid under the allocator; sanitizer builds bring their own and are left out.
TEST(Determinism, AnotherMallocChangesNothing) {
  if (kSanitized && program() == DEADLETTER_BINARY) GTEST_SKIP() << "the sanitizer is the allocator";
  for (const char* library : {"libjemalloc.so.2", "libtcmalloc_minimal.so.4"}) {
    std::string path = std::string("/usr/lib/x86_64-linux-gnu/") + library;
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    EXPECT_EQ(fingerprint({}, {.environment = {{"LD_PRELOAD", path}}}), usual()) << library;
  }
}

TEST(Determinism, AnotherAddressLayoutChangesNothing) {
  TemporaryFolder out;
  Said fixed = run_command({"setarch", "-R", program(), "run", kExperiment, "--format", "json", "--out", out / "run"});
  ASSERT_EQ(fixed.status, 0) << fixed.err;
  EXPECT_EQ(parse(fixed.out).find("fingerprint")->as_string(), usual());
}

TEST(Determinism, WhatIsRecordedDoesNotMatter) {
  EXPECT_EQ(fingerprint({"--record", "summary"}), usual());
  EXPECT_EQ(fingerprint({"--record", "messages"}), usual());
}

TEST(Determinism, AnotherGapOrSizeGivesAnotherFingerprint) {
  EXPECT_NE(fingerprint({"--set", "gap=2s"}), usual());
  EXPECT_NE(fingerprint({"--set", "size=21KB"}), usual());
}

// The article's experiment has no chance in it; with some, the seed counts.
TEST(Determinism, AnotherSeedGivesAnotherFingerprintWhereThereIsChance) {
  auto with_chance = [](const char* seed) {
    return fingerprint({"--set", "/chance/session_failure=0.5", "--seed", seed});
  };
  EXPECT_EQ(with_chance("1"), with_chance("1"));
  EXPECT_NE(with_chance("1"), with_chance("2"));
}

TEST(Determinism, ARunsFolderIsTheSameOctetForOctet) {
  TemporaryFolder folder;
  for (const char* out : {"one", "two"}) ASSERT_EQ(deadletter({"run", kExperiment, "--out", folder / out}).status, 0);
  for (const char* file : {"run.json", "results.sqlite", "transcript.txt", "mail/ndr-1.eml", "mail/delay-1.eml"})
    EXPECT_EQ(read_file(folder / ("one/" + std::string(file))), read_file(folder / ("two/" + std::string(file))))
        << file;
}

TEST(Replay, ARunIsTheSameAgain) {
  TemporaryFolder folder;
  ASSERT_EQ(deadletter({"run", kExperiment, "--variant", "unfixed", "--set", "gap=3s", "--out", folder / "run"}).status,
            0);
  Said said = deadletter({"replay", folder / "run"});
  EXPECT_EQ(said.status, 0) << said.out;
  EXPECT_NE(said.out.find("the same again"), std::string::npos) << said.out;
}

TEST(Replay, AFlippedOctetInTheTranscriptIsNamed) {
  TemporaryFolder folder;
  ASSERT_EQ(deadletter({"run", kExperiment, "--out", folder / "run"}).status, 0);
  std::string transcript = read_file(folder / "run/transcript.txt");
  std::size_t at = transcript.find("354-Line 1");
  ASSERT_NE(at, std::string::npos);
  transcript[at] = '2';
  write_file(folder / "run/transcript.txt", transcript);
  Said said = deadletter({"replay", folder / "run"});
  EXPECT_EQ(said.status, 4);
  EXPECT_NE(said.out.find("is the first that differs"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("254-Line 1"), std::string::npos) << said.out;
}

TEST(Replay, AChangedInputIsNamed) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "experiments/articles");
  std::filesystem::create_directories(folder / "topologies");
  std::string experiment = folder / "experiments/articles/x.json", topology = folder / "topologies/internet_edge.json";
  write_file(experiment, read_file(kExperiment));
  write_file(topology, read_file(source_path("topologies/internet_edge.json")));
  ASSERT_EQ(deadletter({"run", experiment, "--out", folder / "run"}).status, 0);
  std::string text = read_file(topology);
  text.replace(text.find("\"10ms\""), 6, "\"11ms\"");
  write_file(topology, text);
  Said said = deadletter({"replay", folder / "run"});
  EXPECT_EQ(said.status, 4);
  EXPECT_NE(said.out.find("the topology"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("is not what it was"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("is the first that differs"), std::string::npos) << said.out;
}

TEST(Replay, ARunByAnotherProgramIsNamed) {
  TemporaryFolder folder;
  ASSERT_EQ(deadletter({"run", kExperiment, "--out", folder / "run"}).status, 0);
  std::string text = read_file(folder / "run/run.json");
  text.replace(text.find("\"deadletter 0"), 13, "\"deadletter 9");
  write_file(folder / "run/run.json", text);
  Said said = deadletter({"replay", folder / "run"});
  EXPECT_EQ(said.status, 4);
  EXPECT_NE(said.out.find("the run was made by deadletter 9"), std::string::npos) << said.out;
}

TEST(Traffic, ATraceRunsThroughAWholeOrganizationAndEveryMessageHasItsFate) {
  for (const char* variant : {"unfixed", "hotfix"}) {
    TemporaryFolder out;
    Said said = deadletter({"run", source_path("experiments/scale/email_eu.json"), "--variant", variant, "--set",
                            "trace=" + source_path("tests/data/small_trace.csv"), "--set", "/horizon=20d", "--format",
                            "json", "--out", out / "run"});
    EXPECT_EQ(said.status, 0) << said.out << said.err;
    json::Value run = parse(said.out);
    std::int64_t fates = 0;
    for (const char* fate : {"delivered", "returned", "waiting", "discarded", "lost"})
      fates += run.find("fates")->find(fate)->as_integer();
    EXPECT_EQ(fates, 31);
    bool unfixed = std::string(variant) == "unfixed";
    EXPECT_EQ(run.find_pointer("/copies/extra")->as_integer() > 0, unfixed);
    EXPECT_EQ(run.find_pointer("/fates/delivered")->as_integer() == 31, !unfixed);
    EXPECT_GT(run.find("hops")->as_integer(), 31) << "mail goes over several servers";
  }
}

TEST(Traffic, ATraceRunsTwiceAlikeAndEveryMessageHasItsFate) {
  std::string trace = "trace=" + source_path("tests/data/small_trace.csv");
  auto run = [&](const char* variant) {
    TemporaryFolder out;
    Said said = deadletter({"run", kTraffic, "--variant", variant, "--set", trace, "--set",
                            "/traffic/0/more_than_per_day=0", "--format", "json", "--out", out / "run"});
    EXPECT_EQ(said.status, 0) << said.out << said.err;
    return parse(said.out);
  };
  json::Value unfixed = run("unfixed"), again = run("unfixed"), hotfix = run("hotfix");
  EXPECT_EQ(*unfixed.find("fingerprint"), *again.find("fingerprint"));
  EXPECT_EQ(unfixed.find("messages")->as_integer(), 21);
  EXPECT_EQ(unfixed.find("recipients")->as_integer(), 31);
  EXPECT_GT(unfixed.find_pointer("/fates/returned")->as_integer(), 0);
  EXPECT_EQ(
      unfixed.find_pointer("/fates/returned")->as_integer() + unfixed.find_pointer("/fates/delivered")->as_integer(),
      31);
  EXPECT_EQ(hotfix.find_pointer("/fates/delivered")->as_integer(), 31);
  EXPECT_EQ(hotfix.find_pointer("/copies/extra")->as_integer(), 0);
}

TEST(Traffic, AMissingTraceIsSaidClearly) {
  Said said = deadletter({"run", kTraffic, "--set", "trace=/nowhere/email-eu.csv"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("cannot read the trace: there is no such file (/nowhere/email-eu.csv)"), std::string::npos)
      << said.err;
  EXPECT_NE(said.err.find("--set trace=FILE"), std::string::npos) << said.err;
}

// A person writes to many all day: long enough to be interrupted.
std::string long_trace() {
  std::string trace = "time,sender,recipients\n";
  for (int i = 0; i < 20000; ++i)
    trace += std::to_string(1064021027 + i * 60) +
             ",1,2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;29;30\n";
  return trace;
}

TEST(Interrupted, ARunThatIsStoppedIsMarkedAndSaysSo) {
  TemporaryFolder folder;
  write_file(folder / "long.csv", long_trace());
  Said said = deadletter({"run", kTraffic, "--set", "trace=" + (folder / "long.csv"), "--out", folder / "run"},
                         {.interrupt_when = folder / "run/INCOMPLETE"});
  EXPECT_EQ(said.status, 130) << said.out << said.err;
  EXPECT_TRUE(std::filesystem::exists(folder / "run/INCOMPLETE"));
  EXPECT_NE(read_file(folder / "run/run.json").find("\"complete\": false"), std::string::npos);
  Said again = deadletter({"replay", folder / "run"});
  EXPECT_EQ(again.status, 2);
  EXPECT_NE(again.err.find("interrupted"), std::string::npos) << again.err;
}

TEST(Interrupted, ItsTablesAreMarkedAsPartialAndCanBeAskedAllTheSame) {
  TemporaryFolder folder;
  write_file(folder / "long.csv", long_trace());
  Said said = deadletter(
      {"run", kTraffic, "--set", "trace=" + (folder / "long.csv"), "--record", "events", "--out", folder / "run"},
      {.interrupt_when = folder / "run/INCOMPLETE"});
  EXPECT_EQ(said.status, 130) << said.out << said.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "run/results.sqlite"));
  std::string partial = folder / "run/results.sqlite.partial";
  EXPECT_EQ(ask(partial, "SELECT value FROM run WHERE key = 'complete'").at(0), "no");
  EXPECT_GT(number(partial, "SELECT count(*) FROM recipients WHERE fate = 'waiting'"), 0);
  EXPECT_EQ(ask(partial, "PRAGMA integrity_check").at(0), "ok");
}

}  // namespace
}  // namespace deadletter::testing
