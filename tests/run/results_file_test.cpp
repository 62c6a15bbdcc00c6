// results.sqlite: what a run leaves to be asked, at each record level, whole or not at all.
#include "experiments/run/results_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "sim/json/parse.h"
#include "tests/support/command.h"
#include "tests/support/tables.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using ::testing::ElementsAre;

const std::string kArticle = source_path("experiments/articles/kb912341_multiline_354.json");
const std::string kTraffic = source_path("experiments/scale/email_eu_edge.json");
const std::vector<std::string> kSmallTraffic = {kTraffic, "--set", "trace=" + source_path("tests/data/small_trace.csv"),
                                                "--set", "/traffic/0/more_than_per_day=0"};

// A run in a folder of its own.
struct Recorded {
  TemporaryFolder folder;
  std::string out = folder / "run", tables = out + "/results.sqlite";
  Said said;

  explicit Recorded(std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    words.insert(words.end(), {"--out", out});
    said = deadletter(words);
  }
  std::vector<std::string> ask(const std::string& query) const { return testing::ask(tables, query); }
  std::int64_t number(const std::string& query) const { return testing::number(tables, query); }
  json::Value result() const {
    json::Problems problems;
    auto value =
        json::parse(std::make_shared<json::Source>(json::Source{"run", read_file(out + "/run.json")}), problems);
    return *value->find("result");
  }
  std::int64_t result(const std::string& pointer) const { return result().find_pointer(pointer)->as_integer(); }
};

std::vector<std::string> small_traffic(const std::string& level) {
  std::vector<std::string> words = kSmallTraffic;
  words.insert(words.end(), {"--record", level});
  return words;
}

TEST(ResultsFile, TheArticlesStoryIsInItsTables) {
  Recorded run({kArticle, "--variant", "unfixed"});
  ASSERT_EQ(run.said.status, 0) << run.said.err;
  EXPECT_THAT(run.ask("SELECT name, node, sender, size, submitted_ns, recipients FROM messages"),
              ElementsAre("m1|EX1|ann@contoso.com|20480|0|1"));
  EXPECT_THAT(run.ask("SELECT address, fate, status, copies, attempts, ndr, delay, ruled_by FROM recipients"),
              ElementsAre("bob@fabrikam.com|returned|4.4.7|193|193|1|1|KB912341"));
  EXPECT_THAT(run.ask("SELECT name, kind, about, node, made_ns / 3600000000000, recipient, fate FROM reports"),
              ElementsAre("delay-1|delay|0|EX1|12|ann@contoso.com|delivered",
                          "ndr-1|failure|0|EX1|48|ann@contoso.com|delivered"));
  EXPECT_THAT(run.ask("SELECT node, peer, stage, class, ended, code, words, ruled_by, count(*) FROM attempts "
                      "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"),
              ElementsAre("EX1|mx.fabrikam.com|DOT|temporary failure|reply|354|354 Send message|KB912341|193"));
  EXPECT_EQ(run.number("SELECT count(*) FROM attempts WHERE began_ns >= ended_ns"), 0);
  // Queued all the time until it expired: one message that was never out of its queue.
  EXPECT_THAT(run.ask("SELECT node, next_hop, entered, peak, left_over, occupied_ns, waited_ns FROM queues"),
              ElementsAre("EX1|fabrikam.com|1|1|0|172800000000000|172800000000000"));
  // In Retry between two attempts.
  EXPECT_THAT(run.ask("SELECT queue, time_ns, depth, in_retry FROM queue_depth ORDER BY rowid LIMIT 3"),
              ElementsAre("0|0|1|0", "0|1160188800|1|1", "0|601160188800|1|0"));
  EXPECT_THAT(run.ask("SELECT depth, in_retry FROM queue_depth ORDER BY rowid DESC LIMIT 1"), ElementsAre("0|0"));
  EXPECT_THAT(
      run.ask("SELECT value FROM run WHERE key IN ('complete', 'fingerprint', 'start', 'variant') ORDER BY key"),
      ElementsAre("yes", "a37c3ba3154b4fad", "2006-03-01T08:00:00Z", "unfixed"));
}

TEST(ResultsFile, EventsAreThoseOfTheTranscript) {
  Recorded run({kArticle, "--variant", "unfixed"});
  std::string transcript = read_file(run.out + "/transcript.txt");
  EXPECT_EQ(run.number("SELECT count(*) FROM events"), std::ranges::count(transcript, '\n'));
  EXPECT_EQ(run.number("SELECT count(*) FROM events WHERE kind = 'attempt'"), run.result("/attempts"));
  for (const std::string& words : run.ask("SELECT text FROM events WHERE kind = 'reply' LIMIT 20"))
    EXPECT_NE(transcript.find(words), std::string::npos) << words;
}

TEST(ResultsFile, EachLevelHasItsTables) {
  EXPECT_FALSE(fs::exists(Recorded({kArticle, "--record", "summary"}).tables));
  const std::string tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
  EXPECT_THAT(Recorded({kArticle, "--record", "messages"}).ask(tables),
              ElementsAre("lineage", "logged", "messages", "recipients", "reports", "run"));
  EXPECT_THAT(Recorded({kArticle, "--record", "events"}).ask(tables),
              ElementsAre("attempts", "events", "lineage", "logged", "messages", "queue_depth", "queues", "recipients",
                          "reports", "run"));
}

TEST(ResultsFile, TheTablesAreThoseThatAreListed) {
  Recorded run({kArticle});
  std::string listed = deadletter({"list", "tables"}).out;
  for (const auto& table : experiments::results_tables()) {
    std::vector<std::string> columns;
    for (const auto& column : table.columns) {
      columns.push_back(column.name);
      EXPECT_NE(listed.find(std::string(table.name) + "." + column.name), std::string::npos) << listed;
    }
    EXPECT_EQ(run.ask("SELECT name FROM pragma_table_info('" + std::string(table.name) + "') ORDER BY cid"), columns);
  }
}

TEST(ResultsFile, NoMessageIsGainedOrLostOnTheWayIntoTheTables) {
  for (const char* level : {"messages", "events"}) {
    Recorded run(small_traffic(level));
    ASSERT_EQ(run.said.status, 0) << run.said.err;
    std::map<std::string, std::int64_t> fates, expected;
    json::Value result = run.result();
    for (const json::Member& fate : result.find("fates")->members())
      if (fate.value.as_integer() > 0) expected[fate.key] = fate.value.as_integer();
    for (const auto& [fate, count] : expected)
      fates[fate] = run.number("SELECT count(*) FROM recipients WHERE fate = '" + fate + "'");
    EXPECT_EQ(fates, expected);
    EXPECT_GT(expected.size(), 1U) << "the traffic has several fates";
    EXPECT_EQ(run.number("SELECT count(*) FROM recipients"), run.result("/recipients"));
    EXPECT_EQ(run.number("SELECT count(*) FROM messages"), run.result("/messages"));
    EXPECT_EQ(run.number("SELECT sum(recipients) FROM messages"), run.result("/recipients"));
    EXPECT_EQ(run.number("SELECT count(*) FROM reports WHERE kind = 'failure'"), run.result("/reports/ndr"));
    EXPECT_EQ(run.number("SELECT count(*) FROM reports WHERE kind = 'delay'"), run.result("/reports/delay"));
    EXPECT_EQ(run.number("SELECT sum(copies) - sum(copies > 0) FROM recipients"), run.result("/copies/extra"));
    EXPECT_EQ(
        run.number("SELECT count(*) FROM recipients r LEFT JOIN messages m ON m.id = r.message WHERE m.id IS NULL"), 0);
  }
}

TEST(ResultsFile, AttemptsAndQueuesAddUp) {
  Recorded run(small_traffic("events"));
  EXPECT_EQ(run.number("SELECT count(*) FROM attempts"), run.result("/attempts"));
  EXPECT_EQ(run.number("SELECT count(*) FROM queues"), 2);
  EXPECT_EQ(run.number("SELECT sum(entered) FROM queues"),
            run.number("SELECT count(*) FROM events WHERE kind = 'enqueue'"));
  EXPECT_EQ(run.number("SELECT sum(left_over) FROM queues"), 0) << "nothing waits at the end";
  // The depth over time has each queue's peak, ends with what is left over, and is bounded.
  EXPECT_EQ(run.number("SELECT count(*) FROM queues q WHERE peak <> "
                       "(SELECT max(depth) FROM queue_depth d WHERE d.queue = q.id) OR left_over <> "
                       "(SELECT depth FROM queue_depth d WHERE d.queue = q.id ORDER BY rowid DESC LIMIT 1)"),
            0);
  EXPECT_LE(run.number("SELECT max(n) FROM (SELECT count(*) n FROM queue_depth GROUP BY queue)"), 1000);
  EXPECT_EQ(run.number("SELECT count(*) FROM queues WHERE peak > entered OR occupied_ns > waited_ns"), 0);
}

TEST(ResultsFile, EqualRunsGiveEqualFilesOctetForOctet) {
  for (const char* level : {"messages", "events"}) {
    std::string one = read_file(Recorded(small_traffic(level)).tables),
                two = read_file(Recorded(small_traffic(level)).tables);
    EXPECT_GT(one.size(), 4096U);
    EXPECT_TRUE(one == two) << level;
  }
}

TEST(ResultsFile, TheFileDoesNotTellWhichLibraryWroteIt) {
  std::string file = read_file(Recorded({kArticle}).tables);
  EXPECT_EQ(file.substr(96, 4), std::string("\x00\x2e\x63\x01", 4));
  EXPECT_EQ(file.substr(68, 4), "DLTR");
}

TEST(ResultsFile, WhenTheDiskIsFullTheRunSaysSoAndLeavesNoHalfFile) {
  struct Row {
    const char* blocks;  // the largest file, in KiB
    const char* level;
    const char* what;
  };
  for (const Row& row : {Row{"2", "messages", "results.sqlite"}, Row{"2", "events", "results.sqlite"},
                         Row{"64", "events", "cannot write"}}) {
    TemporaryFolder folder;
    Said said = run_command({"bash", "-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", row.blocks, program(), "run",
                             kArticle, "--record", row.level, "--out", folder / "run"});
    EXPECT_EQ(said.status, 5) << said.err;
    EXPECT_NE(said.err.find("cannot write"), std::string::npos) << said.err;
    EXPECT_NE(said.err.find(row.what), std::string::npos) << said.err;
    EXPECT_FALSE(fs::exists(folder / "run/results.sqlite"));
    EXPECT_FALSE(fs::exists(folder / "run/results.sqlite.partial"));
    EXPECT_TRUE(fs::exists(folder / "run/INCOMPLETE"));
  }
}

TEST(ResultsFile, AFolderThatCannotBeMadeIsSaidClearly) {
  TemporaryFolder folder;
  write_file(folder / "file", "");
  Said said = deadletter({"run", kArticle, "--out", folder / "file/run"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("cannot be made: Not a directory"), std::string::npos) << said.err;
  said = deadletter({"run", kArticle, "--out", "/proc/run"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("--out /proc/run: cannot be made"), std::string::npos) << said.err;
}

TEST(ResultsFile, AFolderWithoutAPlaceForResultsIsSaidClearly) {
  TemporaryFolder folder;
  write_file(folder / "runs", "a file stands where the folder would");
  Said said = deadletter({"run", kArticle}, {.folder = folder.path()});
  EXPECT_EQ(said.status, 2) << said.err;
  EXPECT_NE(said.err.find("runs"), std::string::npos) << said.err;
  EXPECT_EQ(said.err.find("bug"), std::string::npos) << said.err;
}

}  // namespace
}  // namespace deadletter::testing
