// The folder of a sweep: what counts as done, who holds a cell, what is left behind; and what is said about it.
#include "experiments/sweep/folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <csignal>
#include <filesystem>

#include "experiments/sweep/failures.h"
#include "experiments/sweep/second_run.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using experiments::CellLock;
using experiments::CellResult;
using experiments::CellState;
using experiments::SweepCell;
using experiments::SweepFolder;

const std::string kKey = "00112233445566aa";

struct Made {
  TemporaryFolder temporary;
  SweepFolder folder{temporary / "s"};
  Made() { folder.make(); }
  void draft(const std::string& key, const std::string& text = "{}") const {
    fs::create_directories(folder.draft(key));
    write_file(folder.draft(key) + "/run.json", text);
  }
};

TEST(SweepFolder, ACellIsDoneWhenItIsCommittedAndNotBefore) {
  Made made;
  EXPECT_EQ(made.folder.state(kKey), CellState::missing);
  made.draft(kKey, "whole");
  EXPECT_EQ(made.folder.state(kKey), CellState::missing);
  made.folder.commit(kKey);
  EXPECT_EQ(made.folder.state(kKey), CellState::done);
  EXPECT_EQ(read_file(made.folder.cell(kKey) + "/run.json"), "whole");
  EXPECT_FALSE(fs::exists(made.folder.draft(kKey)));
}

TEST(SweepFolder, AFailureIsKeptUntilTheCellIsDone) {
  Made made;
  made.folder.fail(kKey, "{\"first\": 1}", "one");
  made.folder.fail(kKey, "{\"second\": 2}", "two");
  EXPECT_EQ(made.folder.state(kKey), CellState::failed);
  EXPECT_EQ(read_file(made.folder.failed(kKey) + "/stderr.txt"), "two");
  made.draft(kKey);
  made.folder.commit(kKey);
  EXPECT_EQ(made.folder.state(kKey), CellState::done);
  EXPECT_FALSE(fs::exists(made.folder.failed(kKey)));
}

// In another process: what this one holds it could take again.
CellState state_seen_elsewhere(const SweepFolder& folder) {
  pid_t child = fork();
  if (child == 0) _exit(static_cast<int>(folder.state(kKey)) + (CellLock::take(folder, kKey) ? 10 : 0));
  int ended = 0;
  waitpid(child, &ended, 0);
  return static_cast<CellState>(WEXITSTATUS(ended));
}

TEST(SweepFolder, ACellThatSomebodyRunsIsTakenByNobodyElse) {
  Made made;
  {
    auto lock = CellLock::take(made.folder, kKey);
    ASSERT_TRUE(lock);
    EXPECT_EQ(state_seen_elsewhere(made.folder), CellState::running);  // and it could not be taken
  }
  EXPECT_EQ(made.folder.state(kKey), CellState::missing);
  EXPECT_TRUE(CellLock::take(made.folder, kKey));
}

TEST(SweepFolder, WhoIsKilledHoldsNothingAndItsLeftoversGo) {
  Made made;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    auto lock = CellLock::take(made.folder, kKey);
    made.draft(kKey, "half");
    write_file(experiments::draft_of(made.folder.manifest()), "half");
    (void)!write(ready[1], "x", 1);
    pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(made.folder.state(kKey), CellState::running);
  made.folder.clear_leftovers();  // of one that lives nothing goes
  EXPECT_TRUE(fs::exists(made.folder.draft(kKey)));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(made.folder.state(kKey), CellState::missing);
  EXPECT_TRUE(made.folder.is_free_or_own());
  made.folder.clear_leftovers();
  EXPECT_TRUE(fs::is_empty(made.folder.path() + "/cells"));
  EXPECT_TRUE(fs::is_empty(made.folder.path() + "/running"));
  EXPECT_EQ(std::distance(fs::directory_iterator(made.folder.path()), {}), 3);
  close(ready[0]), close(ready[1]);
}

TEST(SweepFolder, AFolderWithOtherThingsIsLeftAlone) {
  TemporaryFolder folder;
  EXPECT_TRUE(SweepFolder(folder.path()).is_free_or_own());
  EXPECT_TRUE(SweepFolder(folder / "new").is_free_or_own());
  write_file(folder / "thesis.tex", "…");
  EXPECT_FALSE(SweepFolder(folder.path()).is_free_or_own());
  EXPECT_FALSE(SweepFolder(folder / "thesis.tex").is_free_or_own());
}

TEST(SecondRun, TheFirstFileThatDiffersIsNamed) {
  TemporaryFolder folder;
  for (const char* side : {"a", "b"}) {
    fs::create_directories(folder / (std::string(side) + "/mail"));
    write_file(folder / (std::string(side) + "/run.json"), "{}");
    write_file(folder / (std::string(side) + "/mail/n1.eml"), "To: ann");
  }
  EXPECT_EQ(experiments::first_difference(folder / "a", folder / "b"), "");
  write_file(folder / "b/run.json", "{ }");
  EXPECT_EQ(experiments::first_difference(folder / "a", folder / "b"), "run.json");
  write_file(folder / "b/more.txt", "");
  EXPECT_EQ(experiments::first_difference(folder / "a", folder / "b"), "more.txt");
  EXPECT_EQ(experiments::first_difference(folder / "b", folder / "a"), "more.txt");
}

TEST(SecondRun, TheFirstRecordThatDiffersIsNamed) {
  TemporaryFolder folder;
  write_file(folder / "a", "one\ntwo\nthree\n");
  EXPECT_EQ(experiments::first_record(folder / "a", folder / "a"), "");
  write_file(folder / "b", "one\ntwo\nfour\n");
  EXPECT_EQ(experiments::first_record(folder / "a", folder / "b"),
            "The first record that differs is number 3:\n  first   three\n  second  four\nbehind    two\n");
  write_file(folder / "b", "one\ntwo\n");
  EXPECT_EQ(experiments::first_record(folder / "a", folder / "b"),
            "The first record that differs is number 3:\n  first   three\n  second  (nothing more)\nbehind    two\n");
}

TEST(Failures, CellsThatEndedAlikeAreOneGroup) {
  std::vector<SweepCell> cells(9);
  experiments::Failures failures;
  auto add = [&](std::size_t i, CellState state, int status, std::string why, std::vector<std::string> failed = {}) {
    failures.add(cells[i], {.state = state, .status = status, .failed = std::move(failed), .why = std::move(why)});
  };
  add(0, CellState::done, 0, "");
  add(1, CellState::missing, 0, "");
  EXPECT_EQ(failures.status(), 0);
  add(2, CellState::done, 1, "", {"m1 is returned"});
  EXPECT_EQ(failures.status(), 1);
  for (std::size_t i = 3; i < 7; ++i) add(i, CellState::failed, 5, fmt::format("cannot write {}: full", i * 17));
  add(7, CellState::failed, 70, "cannot write 5: full");
  EXPECT_EQ(failures.status(), 70);
  auto groups = failures.groups();
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].cells, 4U);
  EXPECT_EQ(groups[0].signature, "cannot write N: full");
  EXPECT_EQ(groups[0].examples, (std::vector<const SweepCell*>{&cells[3], &cells[4], &cells[5]}));
  EXPECT_EQ(groups[1].signature, "m1 is returned");
  EXPECT_EQ(groups[2].status, 70);
}

TEST(Failures, NumbersAndKeysDoNotTellFailuresApartButNamesDo) {
  EXPECT_EQ(experiments::without_numbers("s12: 4 of 1234567890abcdef, KB912341 (0.5)"),
            "s12: N of KEY, KB912341 (N.N)");
}

}  // namespace
}  // namespace deadletter::testing
