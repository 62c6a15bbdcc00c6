// What is read from Slurm's commands and written for them, word for word.
#include <gtest/gtest.h>

#include "experiments/sweep/slurm_commands.h"
#include "experiments/sweep/slurm_folder.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

TEST(SlurmCommands, ALineOfSqueueIsATaskOrNone) {
  auto task = experiments::parse_slurm_task("five-1a2b3c4d-2|17|3|PENDING|Resources");
  ASSERT_TRUE(task);
  EXPECT_EQ(task->name, "five-1a2b3c4d-2");
  EXPECT_EQ(task->job, "17");
  EXPECT_EQ(task->task, 3U);
  EXPECT_EQ(task->reason, "Resources");
  for (const char* none : {"", "five|17|N/A|RUNNING|None", "five|17|1-3%2|PENDING|None", "five|17|3|RUNNING",
                           "five|17||RUNNING|None", "five|17|3|RUNNING|None|more"})
    EXPECT_FALSE(experiments::parse_slurm_task(none)) << none;
}

TEST(SlurmCommands, StatesOfSlurmAreTasksThatLiveOrThatEnded) {
  using State = experiments::SlurmTask::State;
  auto state = [](const std::string& word) { return experiments::parse_slurm_task("n|1|1|" + word + "|None")->state; };
  for (const char* word : {"PENDING", "REQUEUED", "REQUEUE_HOLD"}) EXPECT_EQ(state(word), State::pending) << word;
  for (const char* word : {"RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED"})
    EXPECT_EQ(state(word), State::running) << word;
  for (const char* word : {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
                           "BOOT_FAIL", "DEADLINE", "INVENTED"})
    EXPECT_EQ(state(word), State::ended) << word;
}

TEST(SlurmFolder, AShellReadsAWordAsItWasWritten) {
  for (const char* word : {"plain", "with blank", "it's", "$HOME", "`id`", "a\\b", "\"", "*", "", "ü", "100%", "~"})
    EXPECT_EQ(run_command({"/bin/sh", "-c", "printf %s " + experiments::in_shell(word)}).out, word);
  EXPECT_EQ(experiments::in_shell("/plain/path-1.json"), "/plain/path-1.json");
}

TEST(SlurmFolder, TimesAreWrittenAsSlurmReadsThem) {
  EXPECT_EQ(experiments::slurm_time(60), "0-00:01:00");
  EXPECT_EQ(experiments::slurm_time(1800), "0-00:30:00");
  EXPECT_EQ(experiments::slurm_time(90061), "1-01:01:01");
  EXPECT_EQ(experiments::slurm_time(experiments::SlurmOptions::kLongest_s), "365-00:00:00");
}

}  // namespace
}  // namespace deadletter::testing
