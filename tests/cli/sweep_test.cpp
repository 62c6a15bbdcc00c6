// `deadletter sweep` as a person meets it: what runs, what does not run again, and what happens when it is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>

#include "sim/json/fields.h"
#include "sim/json/parse.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kExperiment = source_path("experiments/articles/kb912341_multiline_354.json");

// A plan of two variants, with more keys behind the others.
std::string plan(const TemporaryFolder& folder, const std::string& more, const std::string& seeds = "1..1",
                 const std::string& variants = R"("unfixed", "hotfix")") {
  std::string path = folder / "plan.json";
  write_file(path, fmt::format(R"({{"id": "copies", "experiment": "{}", "variants": [{}], "seeds": "{}"{}}})",
                               kExperiment, variants, seeds, more));
  return path;
}

json::Value parsed(const std::string& text) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"out", text}), problems);
  EXPECT_TRUE(value) << text;
  return value.value_or(json::Value());
}

// Every file below a folder, by its name.
std::map<std::string, std::string> octets_in(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    files[fs::relative(entry.path(), folder).string()] =
        entry.is_regular_file() ? read_file(entry.path().string()) : "";
  return files;
}

// The names of files that are not in both folders, or not the same.
std::vector<std::string> differences(const std::string& folder, const std::string& other) {
  auto files = octets_in(folder), others = octets_in(other);
  std::vector<std::string> names;
  for (const auto& [name, octets] : files)
    if (auto found = others.find(name); found == others.end() || found->second != octets) names.push_back(name);
  for (const auto& [name, octets] : others)
    if (!files.contains(name)) names.push_back(name);
  return names;
}

std::size_t done_in(const std::string& folder) {
  std::size_t count = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder + "/cells", error))
    count += entry.path().extension().empty() ? 1 : 0;
  return count;
}

// Begins a sweep in a group of its own and kills all of it as soon as so many cells are there.
void run_and_kill(const std::string& plan, const std::string& out, std::size_t when_done) {
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    std::string program = testing::program();
    execl(program.c_str(), "deadletter", "sweep", plan.c_str(), "--out", out.c_str(), "-j", "2", "-q", nullptr);
    _exit(127);
  }
  setpgid(child, child);
  for (int i = 0; i < 60'000 && done_in(out) < when_done; ++i) usleep(1'000);
  kill(-child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST(Sweep, KilledAnywhereAndContinuedItEqualsOneThatNobodyDisturbed) {
  TemporaryFolder folder;
  std::string file = plan(folder, R"(, "check_share": "1/4")", "1..7");
  std::string whole = folder / "whole", killed = folder / "killed";
  ASSERT_EQ(deadletter({"sweep", file, "--out", whole, "-q"}).status, 0);
  EXPECT_EQ(done_in(whole), 14U);
  for (std::size_t when : {0, 3, 8}) {
    run_and_kill(file, killed, when);
    EXPECT_LT(done_in(killed), 14U) << "it was over before it was killed";
  }
  ASSERT_EQ(deadletter({"sweep", file, "--out", killed, "-q"}).status, 0);
  EXPECT_THAT(differences(whole, killed), IsEmpty());
  // What is not the same would be seen.
  write_file(killed + "/sweep.md", read_file(killed + "/sweep.md") + "\n");
  fs::remove_all(fs::directory_iterator(killed + "/cells")->path() / "run.json");
  EXPECT_EQ(differences(whole, killed).size(), 2U);
}

TEST(Sweep, WhatIsThereIsNotRunAgainAndAPlanMayGrow) {
  TemporaryFolder folder;
  std::string out = folder / "s";
  ASSERT_EQ(deadletter({"sweep", plan(folder, "", "1..1"), "--out", out, "-q"}).status, 0);
  std::map<std::string, fs::file_time_type> written;
  for (const auto& entry : fs::directory_iterator(out + "/cells"))
    written[entry.path().string()] = fs::last_write_time(entry.path() / "run.json");
  ASSERT_EQ(written.size(), 2U);
  Said more = deadletter({"sweep", plan(folder, "", "1..2"), "--out", out, "--format", "json"});
  EXPECT_EQ(more.status, 0) << more.err;
  EXPECT_EQ(json::number_at(parsed(more.out), "/done"), 4);
  for (const auto& [path, time] : written) EXPECT_EQ(fs::last_write_time(path + "/run.json"), time);
}

TEST(Sweep, ACellRunAloneIsTheCellInTheSweepOctetForOctet) {
  TemporaryFolder folder;
  std::string file = plan(folder, R"(, "factors": {"gap": ["2s"]}, "record": "messages")", "7..7");
  ASSERT_EQ(deadletter({"sweep", file, "--out", folder / "s", "-q"}).status, 0);
  json::Value cell = json::at(parsed(deadletter({"sweep", file, "--dry-run", "--format", "json"}).out), "/cells/1");
  std::string key = json::text_at(cell, "/key"), alone = json::text_at(cell, "/alone");
  ASSERT_TRUE(alone.starts_with("deadletter run ")) << alone;
  std::string command = program() + alone.substr(std::string("deadletter").size()) + " -q --out " + folder / "alone";
  Said ran = run_command({"/bin/sh", "-c", command}, {.folder = folder.path()});
  ASSERT_EQ(ran.status, 0) << ran.err;
  auto of_sweep = octets_in(folder / ("s/cells/" + key)), of_run = octets_in(folder / "alone");
  EXPECT_EQ(of_sweep.erase("cell.json"), 1U);
  EXPECT_EQ(of_sweep, of_run);
  ASSERT_EQ(deadletter({"sweep", file, "--out", folder / "one", "--cells", key}).status, 0);
  EXPECT_EQ(done_in(folder / "one"), 1U);
  EXPECT_THAT(differences(folder / ("s/cells/" + key), folder / ("one/cells/" + key)), IsEmpty());
}

TEST(Sweep, WhatDependsOnAddressesIsFoundByRunningTwice) {
  TemporaryFolder folder;
  std::string file = plan(folder, R"(, "check_share": 1, "factors": {"/chance": [{"session_failure": "1/2"}]})", "1..1",
                          R"("unfixed")");
  Surroundings bug{.folder = "", .environment = {{"DEADLETTER_INJECTED_BUG", "seed-from-address"}}};
  Said said = deadletter({"sweep", file, "--out", folder / "s"}, bug);
  EXPECT_EQ(said.status, 4) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("1 × not deterministic: with other memory the run leaves another run.json\n"));
  EXPECT_EQ(done_in(folder / "s"), 0U);
  ASSERT_EQ(std::distance(fs::directory_iterator(folder / "s/failed"), {}), 1);
  std::string words = read_file(fs::directory_iterator(folder / "s/failed")->path() / "stderr.txt");
  EXPECT_THAT(words, HasSubstr("The first record that differs is number "));
  // Without the bug the same command mends it.
  EXPECT_LE(deadletter({"sweep", file, "--out", folder / "s", "-q"}).status, 1);
  EXPECT_EQ(done_in(folder / "s"), 1U);
  EXPECT_TRUE(fs::is_empty(folder / "s/failed"));
}

TEST(Sweep, ACellThatComesToNoEndIsKeptWithItsWordsAndStopsNoOther) {
  TemporaryFolder folder;
  std::string out = folder / "s", file = plan(folder, R"(, "check_share": 0)", "1..1");
  json::Value cells = parsed(deadletter({"sweep", file, "--dry-run", "--format", "json"}).out);
  std::string first = json::text_at(cells, "/cells/0/key"), second = json::text_at(cells, "/cells/1/key");
  // A file may grow to 2 KB: the cell's run.json may not.
  std::string command =
      fmt::format("ulimit -f 4; exec '{}' sweep '{}' --out '{}' --cells {},{}", program(), file, out, first, second);
  Said said = run_command({"/bin/sh", "-c", command});
  EXPECT_EQ(said.status, 70) << said.err;
  EXPECT_THAT(said.err, HasSubstr("2 × "));
  for (const std::string& key : {first, second}) {
    EXPECT_THAT(read_file(out + "/failed/" + key + "/stderr.txt"), HasSubstr("ended by signal"));
    EXPECT_EQ(json::number_at(parsed(read_file(out + "/failed/" + key + "/failure.json")), "/status"), 70);
    EXPECT_FALSE(fs::exists(out + "/cells/" + key + ".tmp"));
  }
  EXPECT_EQ(deadletter({"sweep", file, "--out", out, "--status"}).status, 70);
  EXPECT_EQ(deadletter({"sweep", file, "--out", out, "-q"}).status, 0);
  EXPECT_TRUE(fs::is_empty(out + "/failed"));
}

TEST(Sweep, ExpectationsThatFailAreExitOneAndGrouped) {
  TemporaryFolder folder;
  // Within three days' horizon nothing expires: the unfixed variant's mail still waits.
  std::string file = plan(folder, R"(, "factors": {"lifetime": ["9d"]})", "1..2");
  Said said = deadletter({"sweep", file, "--out", folder / "s"});
  EXPECT_EQ(said.status, 1) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("2 × an expectation failed: "));
  EXPECT_THAT(said.out, HasSubstr("2 held, 2 did not"));
  Said again = deadletter({"sweep", file, "--out", folder / "s", "--status", "--format", "json"});
  EXPECT_EQ(again.status, 1);
  EXPECT_EQ(json::number_at(parsed(again.out), "/failures/0/runs"), 2);
}

TEST(Sweep, InterruptedItSaysSoAndGoesOnLater) {
  TemporaryFolder folder;
  std::string file = plan(folder, "", "1..300"), out = folder / "s";
  Surroundings interrupted{.folder = "", .environment = {}, .interrupt_when = out + "/sweep.json"};
  Said said = deadletter({"sweep", file, "--out", out, "-j", "1"}, interrupted);
  EXPECT_EQ(said.status, 130);
  EXPECT_THAT(said.err, HasSubstr("the same command goes on from here"));
  EXPECT_TRUE(fs::is_empty(out + "/failed"));
  Said status = deadletter({"sweep", file, "--out", out, "--status", "--format", "json"});
  EXPECT_EQ(status.status, 0);
  EXPECT_GT(json::number_at(parsed(status.out), "/missing"), 0);
}

TEST(Sweep, ADryRunListsTheCellsAndRunsNothing) {
  TemporaryFolder folder;
  std::string file = plan(folder, R"(, "factors": {"ladder": ["esm", "iis"]})", "1..2");
  Said said = deadletter({"sweep", file, "--out", folder / "s", "--dry-run"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("missing  kb912341_multiline_354 unfixed, seed 1, ladder=esm\n"));
  EXPECT_THAT(said.out, HasSubstr("8 runs, "));
  EXPECT_THAT(said.out, HasSubstr("0 done, 8 to run\n"));
  EXPECT_FALSE(fs::exists(folder / "s"));
}

TEST(Sweep, TheTablesHoldWhatTheRunsCameTo) {
  TemporaryFolder folder;
  std::string file = plan(folder, R"(, "factors": {"lifetime": ["1d", "2d"]})"), out = folder / "s";
  ASSERT_EQ(deadletter({"sweep", file, "--out", out, "-q"}).status, 0);
  Said rows = run_command({"/usr/bin/python3", "-c", R"(
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT count(*), sum(state = 'done'), sum(status) FROM cells").fetchone())
print(db.execute("""SELECT f.value, c.variant, count(*), avg(m.value) FROM cells c JOIN factors f USING (cell)
  JOIN metrics m USING (cell) WHERE m.name = 'fates.returned' GROUP BY 1, 2 ORDER BY 1, 2""").fetchall())
)",
                           out + "/sweep.sqlite"});
  EXPECT_EQ(rows.out,
            "(4, 4, 0)\n[('1d', 'hotfix', 1, 0.0), ('1d', 'unfixed', 1, 1.0), ('2d', 'hotfix', 1, 0.0), "
            "('2d', 'unfixed', 1, 1.0)]\n")
      << rows.err;
  std::string text = read_file(out + "/sweep.md");
  EXPECT_THAT(text, HasSubstr("4 runs: 4 done, 4 of them held"));
  EXPECT_THAT(text, HasSubstr("| lifetime | variant | runs |"));
  EXPECT_THAT(text, HasSubstr("| 1d | unfixed | 1 |"));
  EXPECT_THAT(read_file(out + "/sweep.html"), HasSubstr("</table>"));
}

TEST(Sweep, WrongUsageIsExitTwo) {
  TemporaryFolder folder;
  std::string file = plan(folder, "");
  EXPECT_EQ(deadletter({"sweep", folder / "none.json"}).status, 2);
  EXPECT_EQ(deadletter({"sweep", file, "--out", folder.path()}).status, 2);  // it holds a plan and is no sweep's
  EXPECT_EQ(deadletter({"sweep", file, "--out", folder / "s", "--status"}).status, 2);
  EXPECT_EQ(deadletter({"sweep", file, "--out", folder / "s", "--cells", "0123456789abcdef"}).status, 2);
  EXPECT_FALSE(fs::exists(folder / "s"));
  Said said = deadletter({"sweep", plan(folder, R"(, "factors": {"lader": ["esm"]})"), "--format", "json"});
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(json::text_at(parsed(said.out), "/errors/0/choices/2"), "ladder");
}

}  // namespace
}  // namespace deadletter::testing
