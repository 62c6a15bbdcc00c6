// What the Slurm engine submits and what it makes of what Slurm answers. Slurm's commands are three small scripts here;
// the real ones are in sweep_on_slurm_test.cpp.
#include "experiments/sweep/slurm_engine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using experiments::CellLock;
using experiments::EngineEnd;
using experiments::SlurmCellState;
using experiments::SlurmEngine;
using experiments::SlurmFolder;
using experiments::SlurmOptions;
using experiments::SlurmWait;
using experiments::Sweep;
using experiments::SweepCell;
using experiments::SweepFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using How = EngineEnd::How;

// sbatch counts its calls and gives numbers from 101 on; squeue prints the file "queue", in which NAME-N stands for
// array N; either fails once a file says so.
constexpr const char* kSbatch = R"TXT(#!/bin/sh
cd "$(dirname "$0")" || exit 1
for script; do :; done
grep -m1 job-name "$script" | cut -d= -f2 | sed 's/-[0-9]*$//' >name
calls=$(ls | grep -c '^call-')
if [ -f refuse ] && [ "$calls" -ge "$(cat refuse)" ]; then
  echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1
fi
cp "$script" "call-$((calls + 101))"; echo $((calls + 101))
)TXT";
constexpr const char* kSqueue = R"TXT(#!/bin/sh
cd "$(dirname "$0")" || exit 1
if [ -f dead ]; then echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; fi
[ ! -f queue ] || sed "s/^NAME/$(cat name)/" queue
)TXT";
constexpr const char* kSinfo = "#!/bin/sh\nprintf 'main\\nlong\\nmain\\n'\n";

class SlurmEngineTest : public ::testing::Test {
 protected:
  SlurmEngineTest() {
    for (auto [name, text] : {std::pair{"sbatch", kSbatch}, {"squeue", kSqueue}, {"sinfo", kSinfo}})
      command(name, text);
    setenv("PATH", (commands.path() + ":" + before).c_str(), 1);
    sweep.plan.path = home / "plan.json";
    sweep.plan.id = "five";
    for (const char* key : {"a0", "a1", "a2", "a3", "a4"}) sweep.cells.push_back(SweepCell{.key = key});
    folder.make();
  }
  ~SlurmEngineTest() override { setenv("PATH", before.c_str(), 1); }

  void command(const std::string& name, const std::string& text) {
    write_file(commands / name, text);
    fs::permissions(commands / name, fs::perms::owner_all);
  }
  void queue(const std::string& lines) { write_file(commands / "queue", lines); }
  void done(const std::string& key) { fs::create_directories(folder.cell(key)); }

  EngineEnd run(SlurmOptions options = {.cells_per_task = 2}, SlurmWait wait = SlurmWait::no) {
    std::vector<const SweepCell*> missing;
    for (const SweepCell& cell : sweep.cells)
      if (!folder.is_done(cell.key)) missing.push_back(&cell);
    return SlurmEngine(std::move(options), wait, nullptr, {}).run(sweep, folder, missing);
  }
  SlurmFolder slurm() const { return {folder, sweep.plan.id}; }
  std::string script(unsigned batch) const { return read_file(slurm().script(batch)); }
  std::vector<SlurmCellState> states() const { return look_at_slurm(sweep, folder, slurm()).answer->states; }

  const std::string before = std::getenv("PATH");
  TemporaryFolder commands, home;
  SweepFolder folder{home / "it's a sweep"};
  Sweep sweep;
};

TEST_F(SlurmEngineTest, WhatIsMissingIsSubmittedInTasksOfSoManyCells) {
  done("a1");
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::under_way);
  EXPECT_THAT(end.why, HasSubstr("submitted 4 runs in 2 tasks: job 101"));
  EXPECT_THAT(end.why, HasSubstr("--out '" + home.path() + "/it'\\''s a sweep' --status"));
  EXPECT_EQ(read_file(folder.path() + "/slurm/batch-1.cells"), "a0,a2\na3,a4\n");
  EXPECT_EQ(read_file(commands / "call-101"), script(1));
  EXPECT_THAT(read_file(folder.path() + "/slurm/jobs.json"), HasSubstr("\"job\": \"101\""));
}

TEST_F(SlurmEngineTest, TheScriptSaysAllThatWasAskedAndNothingElse) {
  run({.partition = "long", .time_s = 93784, .memory_MiB = 512, .cells_per_task = 2, .at_once = 7, .requeue = true});
  std::string text = script(1), path = folder.path();
  std::string program = fs::read_symlink("/proc/self/exe").string();
  std::string name = text.substr(text.find("=five-") + 6, 8);
  std::string expected = R"TXT(#!/bin/sh
# Runs of the sweep five: 5 in 3 tasks. To submit this again does no harm: what is done is passed over.
#SBATCH --job-name=five-NUMBER-1
#SBATCH --array=1-3%7
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=1-02:03:04
#SBATCH --mem=512M
#SBATCH --partition=long
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --chdir="HERE/it's a sweep"
#SBATCH --output="HERE/it's a sweep/slurm/logs/%A_%a.log"
echo "attempt $((${SLURM_RESTART_COUNT:-0} + 1)) on $(hostname)"
cells=$(sed -n "${SLURM_ARRAY_TASK_ID}p" 'HERE/it'\''s a sweep/slurm/batch-1.cells')
[ -n "$cells" ] || { echo "no line $SLURM_ARRAY_TASK_ID in "'HERE/it'\''s a sweep/slurm/batch-1.cells' >&2; exit 5; }
exec PROGRAM sweep HERE/plan.json --out 'HERE/it'\''s a sweep' --cells "$cells"
)TXT";
  for (auto [word, with] : {std::pair{std::string("HERE"), home.path()}, {"NUMBER", name}, {"PROGRAM", program}})
    for (std::size_t at = 0; (at = expected.find(word, at)) != expected.npos; at += with.size())
      expected.replace(at, word.size(), with);
  EXPECT_EQ(text, expected);
}

TEST_F(SlurmEngineTest, WhatIsNotAskedIsLeftToTheCluster) {
  run();
  for (const char* word : {"--partition", "--requeue", "%7"}) EXPECT_THAT(script(1), Not(HasSubstr(word)));
}

TEST_F(SlurmEngineTest, WhatALiveTaskHasIsNotSubmittedAgain) {
  run();
  queue("NAME-1|101|1|RUNNING|None\nNAME-1|101|2|PENDING|Resources\nNAME-1|101|3|TIMEOUT|None\n");
  EXPECT_THAT(states(), ElementsAre(SlurmCellState::pending, SlurmCellState::pending, SlurmCellState::pending,
                                    SlurmCellState::pending, SlurmCellState::lost));
  EngineEnd end = run();
  EXPECT_THAT(end.why, HasSubstr("submitted 1 run in 1 task: job 102"));
  EXPECT_THAT(end.why, HasSubstr("2 tasks of earlier jobs under way"));
  EXPECT_EQ(read_file(folder.path() + "/slurm/batch-2.cells"), "a4\n");
}

TEST_F(SlurmEngineTest, NothingIsSubmittedTwiceWhenAllIsUnderWay) {
  run();
  queue("NAME-1|101|1|RUNNING|None\nNAME-1|101|2|PENDING|Priority\nNAME-1|101|3|COMPLETING|None\n");
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::under_way);
  EXPECT_THAT(end.why, Not(HasSubstr("submitted")));
  EXPECT_FALSE(fs::exists(slurm().script(2)));
}

TEST_F(SlurmEngineTest, JobsOfOtherNamesAreNotOurs) {
  run();
  queue("NAME-9|101|1|RUNNING|None\nother-1|101|2|RUNNING|None\n");
  EXPECT_THAT(run().why, HasSubstr("submitted 5 runs in 3 tasks: job 102"));
}

TEST_F(SlurmEngineTest, EveryStateOfACellIsTold) {
  sweep.cells.push_back(SweepCell{.key = "a5"});
  done("a5");
  run();
  sweep.cells.push_back(SweepCell{.key = "a6"});
  queue("NAME-1|101|1|RUNNING|None\nNAME-1|101|2|NODE_FAIL|None\nNAME-1|101|3|FAILED|None\n");
  auto lock = CellLock::take(folder, "a0");
  folder.fail("a2", "{}", "");
  EXPECT_THAT(states(),
              ElementsAre(SlurmCellState::running, SlurmCellState::pending, SlurmCellState::failed,
                          SlurmCellState::lost, SlurmCellState::lost, SlurmCellState::done, SlurmCellState::missing));
  auto look = look_at_slurm(sweep, folder, slurm()).answer;
  EXPECT_EQ(look->running, 1U);
  EXPECT_EQ(text_of_lost(*look, slurm()),
            fmt::format("1 run lost with task 2 of job 101 (NODE_FAIL); it said: {0}/slurm/logs/101_2.log\n"
                        "1 run lost with task 3 of job 101 (FAILED); it said: {0}/slurm/logs/101_3.log\n",
                        folder.path()));
}

TEST_F(SlurmEngineTest, ATaskThatSlurmHasForgottenHasLostItsCells) {
  run();
  done("a0");
  auto look = look_at_slurm(sweep, folder, slurm()).answer;
  EXPECT_THAT(text_of_lost(*look, slurm()), HasSubstr("1 run lost with task 1 of job 101; it said: "));
  EXPECT_EQ(look->count(SlurmCellState::lost), 4U);
}

TEST_F(SlurmEngineTest, WhatDoesNotFitIntoOneArrayBecomesMore) {
  EngineEnd end = run({.cells_per_task = 1, .tasks_per_array = 2});
  EXPECT_THAT(end.why, HasSubstr("submitted 5 runs in 5 tasks: jobs 101, 102, 103"));
  EXPECT_EQ(read_file(folder.path() + "/slurm/batch-3.cells"), "a4\n");
}

TEST_F(SlurmEngineTest, WhatTheClusterDoesNotTakeNowTheSameCommandSubmitsLater) {
  write_file(commands / "refuse", "1");
  EngineEnd end = run({.cells_per_task = 1, .tasks_per_array = 2});
  EXPECT_EQ(end.how, How::under_way);
  EXPECT_THAT(end.why, HasSubstr("submitted 2 runs"));
  EXPECT_THAT(end.why, HasSubstr("QOSMaxSubmitJobPerUserLimit"));
  EXPECT_FALSE(fs::exists(slurm().script(2)));
  queue("NAME-1|101|1|RUNNING|None\nNAME-1|101|2|RUNNING|None\n");
  fs::remove(commands / "refuse");
  EXPECT_THAT(run({.cells_per_task = 4}).why, HasSubstr("submitted 3 runs in 1 task: job 102"));
}

TEST_F(SlurmEngineTest, WhenNoneIsTakenNothingIsLeft) {
  write_file(commands / "refuse", "0");
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::refused);
  EXPECT_EQ(end.why, "sbatch ended with status 1: sbatch: error: QOSMaxSubmitJobPerUserLimit");
  EXPECT_TRUE(slurm().empty());
}

TEST_F(SlurmEngineTest, AJobThatWasTakenThoughSbatchGaveUpIsKnownByItsName) {
  write_file(commands / "refuse", "0");
  queue("NAME-1|77|1|PENDING|None\n");
  EXPECT_THAT(run().why, HasSubstr("submitted 5 runs in 3 tasks: job 77"));
  EXPECT_EQ(slurm().batches().at(0).job, "77");
}

TEST_F(SlurmEngineTest, AProcessThatWasKilledBeforeItWroteTheNumberHasLostNothing) {
  run();
  write_file(folder.path() + "/slurm/jobs.json", "{\"what\": \"deadle");
  queue("NAME-1|101|1|RUNNING|None\nNAME-1|101|2|RUNNING|None\nNAME-1|101|3|RUNNING|None\n");
  EXPECT_THAT(run().why, Not(HasSubstr("submitted")));
}

TEST_F(SlurmEngineTest, WhileSlurmDoesNotAnswerNothingIsSubmitted) {
  run();
  write_file(commands / "dead", "");
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::refused);
  EXPECT_THAT(end.why, HasSubstr("Unable to contact slurm controller\nWhich runs are under way is not known"));
  EXPECT_FALSE(fs::exists(slurm().script(2)));
}

TEST_F(SlurmEngineTest, OneSubmitsAtATime) {
  auto lock = CellLock::take(folder, "slurm");
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::refused);
  EXPECT_THAT(end.why, HasSubstr("another process is submitting this sweep"));
}

TEST_F(SlurmEngineTest, WhereSlurmIsNotInstalledItSaysWhatToInstall) {
  fs::remove(commands / "sbatch");
  setenv("PATH", commands.path().c_str(), 1);
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::refused);
  EXPECT_THAT(end.why, HasSubstr("--engine slurm: sbatch is not in PATH"));
  EXPECT_THAT(end.why, HasSubstr("slurm-client"));
}

TEST_F(SlurmEngineTest, APartitionThatIsNotThereIsRefusedWithThoseThatAre) {
  EngineEnd end = run({.partition = "main,lnog"});
  EXPECT_EQ(end.how, How::refused);
  EXPECT_EQ(end.why, "--partition main,lnog: the cluster has no partition \"lnog\"\n  valid: long, main");
  EXPECT_TRUE(slurm().empty());
}

TEST_F(SlurmEngineTest, APathThatNoScriptCanHoldIsRefused) {
  sweep.plan.path = home / "a\nplan.json";
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::refused);
  EXPECT_THAT(end.why, HasSubstr("a\\nplan.json\": a script for Slurm cannot name a path with control characters"));
}

TEST_F(SlurmEngineTest, WaitingEndsWithTheLastTaskAndSaysWhatWasLost) {
  // The tasks have ended by the first look: all but one of their cells are there.
  command("sbatch", std::string(kSbatch) + "mkdir -p " + fmt::format("'{}'/cells/a0 ", home / "s") +
                        fmt::format("'{0}'/cells/a1 '{0}'/cells/a2 '{0}'/cells/a3\n", home / "s"));
  folder = SweepFolder(home / "s");
  folder.make();
  queue("NAME-1|101|3|OUT_OF_MEMORY|None\n");
  EngineEnd end = run({.cells_per_task = 2}, SlurmWait::yes);
  EXPECT_EQ(end.how, How::under_way);
  EXPECT_EQ(end.why, fmt::format("1 run lost with task 3 of job 101 (OUT_OF_MEMORY); it said: "
                                 "{}/slurm/logs/101_3.log\nThe same command submits them again.",
                                 folder.path()));
}

TEST_F(SlurmEngineTest, NothingMissingIsNothingToSubmit) {
  for (const SweepCell& cell : sweep.cells) done(cell.key);
  EngineEnd end = run();
  EXPECT_EQ(end.how, How::finished);
  EXPECT_THAT(end.why, IsEmpty());
  EXPECT_FALSE(fs::exists(folder.path() + "/slurm"));
}

}  // namespace
}  // namespace deadletter::testing
