// A run again: out of its folder, out of a capsule, up to a time, one message in full, one event at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/json/parse.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kExperiment = source_path("experiments/articles/kb912341_multiline_354.json");
constexpr const char* kTraffic = R"({
  "id": "traffic",
  "generate": { "kind": "routing_groups", "servers": 5 },
  "traffic": [{ "uniform": { "messages": 200, "over": "1h" } }],
  "variants": { "one": {} }
})";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  std::size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return at == text.npos ? text : text.replace(at, what.size(), by);
}

json::Value parse(const std::string& text) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"output", text}), problems);
  EXPECT_TRUE(value) << text;
  return value.value_or(json::Value());
}

// A run of an experiment that lies, with its topology, in a folder of its own.
struct Elsewhere {
  TemporaryFolder folder;
  std::string experiment = folder / "experiments/articles/x.json", run = folder / "run", capsule = folder / "x.capsule";

  Elsewhere() {
    fs::create_directories(folder / "experiments/articles");
    fs::create_directories(folder / "topologies");
    write_file(experiment, read_file(kExperiment));
    write_file(folder / "topologies/internet_edge.json", read_file(source_path("topologies/internet_edge.json")));
  }
  void go(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"run", experiment, "--out", run};
    words.insert(words.end(), more.begin(), more.end());
    ASSERT_EQ(deadletter(words).status, 0);
    ASSERT_EQ(deadletter({"capsule", run, "-o", capsule}).status, 0);
  }
};

struct TrafficRun {
  TemporaryFolder folder;
  explicit TrafficRun(const std::string& level) {
    write_file(folder / "x.json", kTraffic);
    EXPECT_EQ(deadletter({"run", folder / "x.json", "--record", level, "--out", folder / "run"}).status, 0);
  }
};

TEST(Capsule, HoldsAllThatTheRunNeeds) {
  Elsewhere place;
  place.go({"--set", "gap=3s"});
  fs::remove_all(place.folder / "experiments");
  fs::remove_all(place.folder / "topologies");
  fs::remove_all(place.run);
  TemporaryFolder other;
  Said said = deadletter({"replay", place.capsule}, {.folder = other.path()});
  EXPECT_EQ(said.status, 0) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("the same again: "));
  EXPECT_THAT(read_file(place.capsule), Not(HasSubstr(place.folder.path())));
}

TEST(Capsule, AnAbsolutePathInTheExperimentIsKept) {
  Elsewhere place;
  write_file(place.experiment, replaced(read_file(place.experiment), "\"../../topologies/internet_edge.json\"",
                                        "\"" + (place.folder / "topologies/internet_edge.json") + "\""));
  place.go();
  fs::remove_all(place.folder / "topologies");
  EXPECT_EQ(deadletter({"replay", place.capsule}).status, 0);
}

TEST(Capsule, OfARunWithoutTranscriptComparesTheFingerprint) {
  Elsewhere place;
  place.go({"--record", "summary"});
  EXPECT_THAT(deadletter({"replay", place.capsule}).out, HasSubstr("the same again: "));
}

TEST(Capsule, ThatIsDamagedIsNotRun) {
  Elsewhere place;
  place.go();
  std::string text = read_file(place.capsule);
  struct Row {
    std::string what, by, said;
  };
  for (const Row& row : std::vector<Row>{{"10ms", "11ms", "it is damaged"},
                                         {"deadletter capsule", "deadletter bottle", "this is no capsule of format 1"},
                                         {"\"format\": 1", "\"format\": 9", "this is no capsule of format 1"},
                                         {"\"variant\"", "\"varient\"", "this is no run.json of format 1"}}) {
    write_file(place.capsule, replaced(text, row.what, row.by));
    Said said = deadletter({"replay", place.capsule});
    EXPECT_EQ(said.status, 2) << row.said;
    EXPECT_THAT(said.err, HasSubstr(row.said));
  }
  write_file(place.capsule, text.substr(0, text.size() / 2));
  EXPECT_EQ(deadletter({"replay", place.capsule}).status, 2);
}

TEST(Capsule, IsNotMadeOfInputsThatHaveChangedNorOverAnotherFile) {
  Elsewhere place;
  place.go();
  Said again = deadletter({"capsule", place.run, "-o", place.capsule});
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("it is there already"));
  write_file(place.experiment, read_file(place.experiment) + "\n");
  Said changed = deadletter({"capsule", place.run, "-o", place.folder / "y.capsule"});
  EXPECT_EQ(changed.status, 2);
  EXPECT_THAT(changed.err, HasSubstr("the experiment is not what it was in this run"));
  EXPECT_FALSE(fs::exists(place.folder / "y.capsule"));
}

TEST(Capsule, AnotherBuildSaysWhatIsInstalledOtherwiseAndWhatItLedTo) {
  Elsewhere place;
  place.go();
  std::string text = read_file(place.capsule);
  std::size_t quirk = text.find("KB912341", text.find("\"quirks\""));  // in force on the node
  ASSERT_NE(quirk, text.npos);
  text.replace(quirk, 8, "KB000000");
  text = replaced(text, "attempt        s1 m1 at DOT: temporary", "attempt        s1 m1 at DOT: permanent");
  write_file(place.capsule, text);
  Said said = deadletter({"replay", place.capsule});
  EXPECT_EQ(said.status, 4);
  EXPECT_THAT(said.out, HasSubstr("EX1: quirks is [\"KB912341\"], recorded [\"KB000000\"]"));
  EXPECT_THAT(said.out, ContainsRegex("recorded +00:00:01.1601888 .* at DOT: permanent"));
  EXPECT_THAT(said.out, ContainsRegex("after +00:00:01.1601888 +EX1 +reply +s1 < 354 Send message"));
  EXPECT_THAT(said.out, ContainsRegex("now +00:00:01.1601888 .* at DOT: temporary"));
}

TEST(Replay, ADifferenceWithoutTranscriptIsNarrowedDown) {
  TrafficRun run("summary");
  std::string file = run.folder / "run/run.json", text = read_file(file);
  json::Value recorded = parse(text);
  const auto& marks = recorded.find("marks")->items();
  ASSERT_GT(marks.size(), 4U);
  std::string third = marks[2].items()[2].as_string(),
              whole = recorded.find_pointer("/result/fingerprint")->as_string();
  write_file(file, replaced(replaced(text, third, "0000000000000000"), whole, "1111111111111111"));
  Said said = deadletter({"replay", run.folder / "run"});
  EXPECT_EQ(said.status, 4);
  EXPECT_THAT(said.out, HasSubstr("the first record that differs lies between 513 and 768, before "));
}

TEST(Replay, UpToATimeShowsTheQueuesAndComparesSoFar) {
  TemporaryFolder folder;
  ASSERT_EQ(deadletter({"run", kExperiment, "--out", folder / "run"}).status, 0);
  Said said = deadletter({"replay", folder / "run", "--until", "26h"});
  EXPECT_EQ(said.status, 0) << said.out << said.err;
  EXPECT_THAT(said.out, ContainsRegex("EX1 +to fabrikam.com +1 message"));
  EXPECT_THAT(said.out, HasSubstr("the same so far: "));
  // Of what comes later nothing is missed; what lies before is.
  std::string transcript = read_file(folder / "run/transcript.txt");
  write_file(folder / "run/transcript.txt", replaced(transcript, "1d 23:", "1d 22:"));
  EXPECT_EQ(deadletter({"replay", folder / "run", "--until", "26h"}).status, 0);
  EXPECT_EQ(deadletter({"replay", folder / "run"}).status, 4);
  write_file(folder / "run/transcript.txt", replaced(transcript, "delay-notice", "delay-motion"));
  EXPECT_EQ(deadletter({"replay", folder / "run", "--until", "26h"}).status, 4);
}

// What was a short run has become a long one.
TEST(Replay, CanBeInterrupted) {
  TrafficRun run("summary");
  write_file(run.folder / "x.json", replaced(replaced(kTraffic, "200", "4000000"), "1h", "5d"));
  Said said = run_command({"timeout", "--foreground", "--preserve-status", "-k", "20", "-s", "INT", "2", program(),
                           "replay", run.folder / "run"});
  EXPECT_EQ(said.status, 130) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("the experiment"));
  EXPECT_THAT(said.out, Not(HasSubstr("fingerprint of"))) << "it went on to its end";
}

TEST(Replay, BringsOneMessageOutOfASummary) {
  TrafficRun summary("summary"), whole("events");
  Said said = deadletter({"replay", summary.folder / "run", "--message", "#57", "--format", "json"});
  ASSERT_EQ(said.status, 0) << said.err;
  json::Value message = *parse(said.out).find("message");
  EXPECT_EQ(message.find("id")->as_string(), "#57");
  ASSERT_EQ(message.find("recipients")->size(), 1U);
  EXPECT_EQ(message.find_pointer("/recipients/0/fate")->as_string(), "delivered");
  // Word for word what the run has in its transcript that was recorded event by event.
  std::string transcript = read_file(whole.folder / "run/transcript.txt");
  std::size_t lines = 0;
  for (const json::Value& round : message.find("rounds")->items())
    for (const json::Value& line : round.find("lines")->items()) {
      EXPECT_THAT(transcript, HasSubstr(" " + line.find("words")->as_string() + "\n"));
      ++lines;
    }
  EXPECT_GT(lines, 4U);
}

TEST(Replay, AMessageHasSeveralNames) {
  TrafficRun run("events");
  std::string transcript = read_file(run.folder / "run/transcript.txt");
  std::size_t at = transcript.find("#57 from <") + 10;
  std::string sender = transcript.substr(at, transcript.find('>', at) - at);
  std::size_t number = 0;
  for (std::size_t found = transcript.find("from <" + sender); found < at;
       found = transcript.find("from <" + sender, found + 1))
    ++number;
  Said said = deadletter({"replay", run.folder / "run", "--message", sender + "#" + std::to_string(number)});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("#57\n"));
  for (const char* unknown : {"#100000", "nobody@nowhere.example#1", "m1"}) {
    Said none = deadletter({"replay", run.folder / "run", "--message", unknown});
    EXPECT_EQ(none.status, 2) << unknown;
    EXPECT_THAT(none.err, HasSubstr("the run has no such message"));
  }
}

TEST(Replay, OfAnArticleIsItsFailureOnceMore) {
  Said said = deadletter({"replay", "KB912341"}, {.folder = source_path("")});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("kb912341_multiline_354, variant unfixed"));
  Said fixed =
      deadletter({"replay", "kb912341", "--variant", "hotfix", "--message", "m1"}, {.folder = source_path("")});
  EXPECT_THAT(fixed.out, HasSubstr("to bob@fabrikam.com: delivered, 1 attempt"));
  Said unknown = deadletter({"replay", "KB111111"}, {.folder = source_path("")});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no experiment of that article"));
  Said variant = deadletter({"replay", "KB912341", "--variant", "hotfx"}, {.folder = source_path("")});
  EXPECT_EQ(variant.status, 2);
  EXPECT_THAT(variant.err, HasSubstr("valid: unfixed, hotfix"));
}

// A person at the keyboard.
std::string stepped(const std::string& typed, int* status = nullptr) {
  Said said = run_command({"bash", "-c", "printf '" + typed + "' | \"$0\" replay KB912341 --step", program()},
                          {.folder = source_path("")});
  if (status != nullptr) *status = said.status;
  return said.out;
}

std::size_t lines_with(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(Step, ShowsOneEventAtATimeAndTheQueues) {
  std::string said = stepped("\\n\\nn 3\\nq\\nx\\n");
  EXPECT_EQ(lines_with(said, "EX1  "), 7U) << said;  // one, one, one, three, and the queue's line
  EXPECT_THAT(said, ContainsRegex("EX1 +to fabrikam.com +1 message"));
}

TEST(Step, GoesOnToAMessageAKindOrATime) {
  EXPECT_THAT(stepped("k defer\\nx\\n"), HasSubstr("m1 until 00:10:01.1601888"));
  EXPECT_THAT(stepped("t 12h\\nx\\n"), HasSubstr("(12:00:"));
  EXPECT_THAT(stepped("m ndr-1\\nx\\n"), HasSubstr("report"));
  EXPECT_EQ(lines_with(stepped("c\\n"), "(0"), 1U);
}

TEST(Step, WhatItDoesNotUnderstandItExplains) {
  for (const char* word : {"hello", "n", "n -1", "n 99999999999999999999", "k nonsense", "t soon", "m"})
    EXPECT_THAT(stepped(std::string(word) + "\\nx\\n"), HasSubstr("the next of that kind")) << word;
}

TEST(Step, EndsWhereNothingMoreIsTyped) {
  int status = 0;
  EXPECT_EQ(lines_with(stepped("\\n", &status), "EX1  "), 2U);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace deadletter::testing
