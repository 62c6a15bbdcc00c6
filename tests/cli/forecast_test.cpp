// What `run` says before it runs, and that it refuses what cannot fit.
#include "experiments/cli/forecast_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "experiments/run/results_tables.h"
#include "tests/support/command.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

namespace fs = std::filesystem;
using cli::ExpectedRuns;
using cli::octets_text;
using cli::Room;
using experiments::RecordLevel;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

std::string relay() { return source_path("experiments/scale/relay.json"); }

std::vector<std::string> run(std::vector<std::string> more) {
  std::vector<std::string> words = {"run", relay()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}
// Ten runs of the largest workload, each with every event: more than a hundred times what a disk holds.
std::vector<std::string> too_much(std::vector<std::string> more) {
  std::vector<std::string> words = {"run"};
  words.insert(words.end(), 10, relay());
  words.insert(words.end(), {"--set", "messages=100000000", "--record", "events", "-j", "1"});
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ExpectedRuns runs_of(std::uint64_t memory, std::uint64_t disk, double seconds, std::size_t count = 1,
                     unsigned side_by_side = 1, RecordLevel level = RecordLevel::messages) {
  experiments::Forecast cost{.memory = memory, .disk = disk, .cpu_s = seconds};
  experiments::Forecast summary{.memory = kGiB, .disk = 1000, .cpu_s = 1};
  ExpectedRuns runs;
  runs.runs.assign(count, {"relay", "base", level, cost, summary});
  runs.side_by_side = side_by_side;
  return runs;
}
Room room_of(std::uint64_t memory, std::uint64_t disk) { return {{memory, "what is free"}, disk}; }

TEST(ForecastText, ShortRunsAreNotAnnounced) {
  EXPECT_EQ(cli::announcement(runs_of(100 << 20, 1000, 9), "runs/relay-1"), "");
  EXPECT_EQ(cli::announcement(runs_of(100 << 20, 1000, 40), "runs/relay-1"),
            "expects about 40 s, 100 MiB of memory, and 1000 octets in runs/relay-1\n");
  EXPECT_NE(cli::announcement(runs_of(2 * kGiB, 1000, 1), "o"), "");
  EXPECT_NE(cli::announcement(runs_of(1000, 2 * kGiB, 1), "o"), "");
}

TEST(ForecastText, OctetsAreReadable) {
  for (auto [octets, text] : {std::pair<std::uint64_t, const char*>{0, "0 octets"},
                              {1023, "1023 octets"},
                              {1024, "1.0 KiB"},
                              {10'188, "9.9 KiB"},
                              {10'240, "10 KiB"},
                              {1'048'000, "1.0 MiB"},
                              {1'300'000'000, "1.2 GiB"},
                              {~std::uint64_t{0}, "16 EiB"}})
    EXPECT_EQ(octets_text(octets), text);
}

TEST(ForecastText, RunsSideBySideNeedTheirMemoryAtOnceAndTheirDiskTogether) {
  ExpectedRuns runs = runs_of(kGiB, 10, 6, 5, 2);
  runs.runs[3].cost.memory = 3 * kGiB;
  EXPECT_EQ(runs.memory(), 4 * kGiB);
  EXPECT_EQ(runs.disk(), 50U);
  EXPECT_EQ(runs.seconds(), 15);
  runs.side_by_side = 5;
  EXPECT_EQ(runs.seconds(), 6);
}

TEST(ForecastText, AllOfTheMemoryMayBeUsedAndOfTheDiskNotTheLastTwentieth) {
  EXPECT_TRUE(fits(runs_of(kGiB, 950, 1), room_of(kGiB, 1000)));
  EXPECT_FALSE(fits(runs_of(kGiB + 1, 950, 1), room_of(kGiB, 1000)));
  EXPECT_FALSE(fits(runs_of(kGiB, 951, 1), room_of(kGiB, 1000)));
  EXPECT_TRUE(fits(runs_of(kGiB, 951, 1), Room{})) << "nobody says that there is a limit";
}

TEST(ForecastText, ARefusalSaysWhatIsMissingAndWhatToDo) {
  EXPECT_EQ(refusal(runs_of(9 * kGiB, 10, 1), room_of(4 * kGiB, 1000)),
            "relay base does not fit: about 9.0 GiB of memory are expected, and there are 4.0 GiB (what is free)\n"
            "  --record summary keeps the fates and the fingerprint only: 1.0 GiB of memory, 1000 octets of disk\n"
            "  fewer messages need less; --even-so runs it as it is\n");
  std::string disk = refusal(runs_of(kGiB, 2000, 1, 1, 1, RecordLevel::summary), room_of(4 * kGiB, 1000));
  EXPECT_THAT(disk, HasSubstr("about 2.0 KiB of disk are expected, and 1000 octets are free"));
  EXPECT_THAT(disk, HasSubstr("--out names a folder on another disk"));
  EXPECT_THAT(disk, Not(HasSubstr("--record summary"))) << "it is that already";
  EXPECT_THAT(disk, Not(HasSubstr("of memory")));
  std::string many = refusal(runs_of(3 * kGiB, 10, 1, 2, 2), room_of(4 * kGiB, 1000));
  EXPECT_THAT(many, HasSubstr("these 2 runs do not fit: about 6.0 GiB"));
  EXPECT_THAT(many, HasSubstr("-j 1 runs one at a time: 3.0 GiB"));
}

TEST(RunForecast, SaysWhatToExpectAndRunsNothing) {
  TemporaryFolder folder;
  Said said = deadletter(run({"--set", "messages=2000", "--forecast"}), {.folder = folder.path()});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out,
              ::testing::ContainsRegex("\nrelay base +summary +2000 +2000 +[0-9]+ MiB +[0-9]+ KiB +less than 1 s\n"));
  EXPECT_THAT(said.out, HasSubstr("\nit fits\n"));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RunForecast, IsNearWhatTheRunThenWrites) {
  for (const char* level : {"summary", "messages", "events"}) {
    TemporaryFolder folder;
    std::vector<std::string> words = run({"--set", "messages=2000", "--record", level, "--format", "json"}),
                             forecast = words, measured = words;
    forecast.emplace_back("--forecast");
    measured.insert(measured.end(), {"--out", folder / "run"});
    Said said = deadletter(forecast);
    ASSERT_EQ(said.status, 0) << said.err;
    json::Value expected = *parse_json(said.out).find("forecast");
    EXPECT_TRUE(expected.find("fits")->as_bool());
    ASSERT_EQ(deadletter(measured).status, 0);
    std::uintmax_t octets = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder / "run"))
      if (file.is_regular_file()) octets += file.file_size();
    double ratio = static_cast<double>(expected.find("disk_octets")->as_integer()) / static_cast<double>(octets);
    EXPECT_GT(ratio, 0.5) << level << ": " << octets;
    EXPECT_LT(ratio, 2) << level << ": " << octets;
  }
}

TEST(RunForecast, WhatCannotFitIsRefusedBeforeAnythingIsMade) {
  TemporaryFolder folder;
  Said said = deadletter(too_much({"-q", "--junit", "junit.xml"}), {.folder = folder.path()});
  EXPECT_EQ(said.status, 5) << said.err;
  EXPECT_THAT(said.err, HasSubstr("these 10 runs do not fit:"));
  EXPECT_THAT(said.err, HasSubstr("of disk are expected"));
  EXPECT_THAT(said.err, HasSubstr("--record summary"));
  EXPECT_EQ(said.out, "");
  EXPECT_FALSE(fs::exists(folder / "runs"));
  EXPECT_THAT(read_file(folder / "junit.xml"), HasSubstr("do not fit"));
  said = deadletter(too_much({"--forecast", "--format", "json"}), {.folder = folder.path()});
  EXPECT_EQ(said.status, 5) << said.err;
  EXPECT_FALSE(parse_json(said.out).find("forecast")->find("fits")->as_bool());
}

TEST(RunForecast, EvenSoItRuns) {
  TemporaryFolder folder;
  Said said = deadletter(too_much({"--even-so", "--out", "out"}),
                         {.folder = folder.path(), .interrupt_when = folder / "out/relay/base/INCOMPLETE"});
  EXPECT_EQ(said.status, 130) << said.err;
  EXPECT_THAT(said.err, Not(HasSubstr("do not fit")));
  EXPECT_THAT(said.err, HasSubstr("expects about")) << "a long run says so";
}

}  // namespace
}  // namespace deadletter::testing
