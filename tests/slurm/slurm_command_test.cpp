// `deadletter sweep --engine slurm` as a person types it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// An sbatch that does all tasks before it returns, and a squeue that has forgotten them.
constexpr const char* kSbatch = R"(#!/bin/sh
for script; do :; done
tasks=$(sed -n 's/^#SBATCH --array=1-//p' "$script")
for task in $(seq "$tasks"); do
  [ "$task" = "$LOST_TASK" ] || SLURM_ARRAY_TASK_ID=$task sh "$script" >/dev/null || exit
done
echo 5
)";

struct Sweeping {
  TemporaryFolder folder;
  Sweeping() {
    fs::create_directories(folder / "bin");
    for (auto [name, text] : {std::pair{"sbatch", kSbatch}, {"squeue", "#!/bin/sh\n"}, {"sinfo", "#!/bin/sh\n"}}) {
      write_file(folder / "bin" + std::string("/") + name, text);
      fs::permissions(folder / "bin" + std::string("/") + name, fs::perms::owner_all);
    }
    write_file(folder / "plan.json",
               "{\"id\": \"two\", \"seeds\": [1], \"variants\": [\"unfixed\", \"hotfix\"], \"experiment\": \"" +
                   source_path("experiments/articles/kb912341_multiline_354.json") + "\"}");
  }
  Said sweep(std::vector<std::string> words, std::map<std::string, std::string> environment = {}) const {
    words.insert(words.begin(), {"sweep", "plan.json", "--out", "out"});
    if (!environment.contains("PATH")) environment["PATH"] = folder / "bin:" + std::getenv("PATH");
    return deadletter(words, {.folder = folder.path(), .environment = environment});
  }
};

TEST(SlurmCommand, AllWrongOptionsAreToldAtOnceAndNothingIsMade) {
  Sweeping sweeping;
  Said said = sweeping.sweep({"--engine", "slurm", "--time", "soon", "--memory", "9PB", "--partition", "-x"});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("--time soon: expected a duration from 1m to 365d"));
  EXPECT_THAT(said.err, HasSubstr("--memory 9PB: expected a size from 16MB to 65536GB"));
  EXPECT_THAT(said.err, HasSubstr("--partition -x: expected a name"));
  for (const char* time : {"59s", "366d", "-1h", "30"})
    EXPECT_EQ(sweeping.sweep({"--engine", "slurm", "--time", time}).status, 2) << time;
  EXPECT_FALSE(fs::exists(sweeping.folder / "out"));
}

TEST(SlurmCommand, ItsOptionsAreOfNoUseToTheLocalEngine) {
  Said said = Sweeping().sweep({"--time", "2h", "--requeue"});
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(said.err, "--time: it is for --engine slurm\n--requeue: it is for --engine slurm\n");
}

TEST(SlurmCommand, WithoutSlurmItSaysWhatToInstall) {
  Said said = Sweeping().sweep({"--engine", "slurm"}, {{"PATH", "/nowhere"}});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("sbatch, squeue, sinfo are not in PATH"));
}

TEST(SlurmCommand, SubmittedAndWaitedForTheSweepIsWholeAndItsTasksCanBeTold) {
  Sweeping sweeping;
  Said said = sweeping.sweep({"--engine", "slurm", "--wait", "--cells-per-task", "1"}, {{"LOST_TASK", "2"}});
  EXPECT_EQ(said.status, 5) << said.err;
  EXPECT_THAT(said.err, HasSubstr("1 run lost with task 2 of job 5"));
  said = sweeping.sweep({"--status"});
  EXPECT_THAT(said.out, HasSubstr("slurm         0 tasks running, 0 waiting"));
  EXPECT_THAT(said.out, HasSubstr("1 done, 1 lost"));
  said = sweeping.sweep({"--engine", "slurm", "--wait", "--cells-per-task", "1"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("runs          2: 2 done\n"));
  EXPECT_TRUE(fs::exists(sweeping.folder / "out/sweep.md"));
  said = sweeping.sweep({"--status", "--format", "json"});
  EXPECT_THAT(said.out, HasSubstr("\"lost\": 0"));
}

TEST(SlurmCommand, ASweepThatNeverWasOnSlurmSaysNothingOfIt) {
  Sweeping sweeping;
  EXPECT_EQ(sweeping.sweep({"-q"}).status, 0);
  EXPECT_THAT(sweeping.sweep({"--status"}).out, Not(HasSubstr("slurm ")));
  EXPECT_THAT(sweeping.sweep({"--status", "--format", "json"}).out, HasSubstr("\"slurm\": null"));
}

}  // namespace
}  // namespace deadletter::testing
