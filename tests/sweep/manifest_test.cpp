// sweep.json, and the sweeps that come with the project.
#include "experiments/sweep/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using experiments::Sweep;
using experiments::SweepFolder;
using experiments::SweepPlan;

const std::string kExperiment = source_path("experiments/articles/kb912341_multiline_354.json");

struct Written {
  TemporaryFolder temporary;
  SweepFolder folder{temporary / "s"};
  json::Problems problems;
  SweepPlan plan;
  Sweep sweep;

  Written() {
    plan = read("a", "[1, 2]");
    sweep = *experiments::make_sweep(plan, {}, problems);
    folder.make();
    experiments::write_manifest(sweep, folder);
  }
  SweepPlan read(const std::string& id, const std::string& seeds) {
    std::string path = temporary / "plan.json";
    write_file(path,
               fmt::format(R"({{"id": "{}", "experiment": "{}", "seeds": {}, "factors": {{"gap": ["1s", "5s"]}}}})", id,
                           kExperiment, seeds));
    return *experiments::read_sweep_plan(path, problems);
  }
};

TEST(Manifest, HoldsWhatTheSweepHas) {
  Written written;
  auto read = experiments::read_manifest(written.plan, written.folder, written.problems);
  ASSERT_TRUE(read) << json::render(written.problems);
  EXPECT_TRUE(experiments::still_right(*read, written.plan));
  ASSERT_EQ(read->experiments.size(), 1U);
  EXPECT_EQ(read->experiments[0].id, "kb912341_multiline_354");
  EXPECT_EQ(read->experiments[0].baseline, "unfixed");
  ASSERT_EQ(read->cells.size(), written.sweep.cells.size());
  for (std::size_t i = 0; i < read->cells.size(); ++i) {
    EXPECT_EQ(read->cells[i].key, written.sweep.cells[i].key);
    EXPECT_EQ(command_of(written.plan, read->cells[i]), command_of(written.plan, written.sweep.cells[i]));
  }
}

TEST(Manifest, IsRightNoLongerWhenThePlanTheProgramOrAnInputHasChanged) {
  Written written;
  SweepPlan more = written.read("a", "[1, 2, 3]");
  EXPECT_FALSE(experiments::still_right(written.sweep, more));
  Sweep other = written.sweep;
  other.build += "x";
  EXPECT_FALSE(experiments::still_right(other, written.plan));
  other = written.sweep;
  other.inputs.back().hash = "0";
  EXPECT_FALSE(experiments::still_right(other, written.plan));
  auto made = experiments::sweep_of(more, written.folder, {}, written.problems);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->cells.size(), written.sweep.cells.size() / 2 * 3);
}

TEST(Manifest, TheFolderOfAnotherSweepIsNotTaken) {
  Written written;
  EXPECT_FALSE(experiments::sweep_of(written.read("b", "[1, 2]"), written.folder, {}, written.problems));
  EXPECT_THAT(json::render(written.problems), ::testing::HasSubstr("this folder is the sweep \"a\"'s and not \"b\"'s"));
}

TEST(Manifest, AnotherFileOfThatNameIsRefused) {
  Written written;
  write_file(written.folder.manifest(), "{}");
  EXPECT_FALSE(experiments::sweep_of(written.plan, written.folder, {}, written.problems));
  EXPECT_THAT(json::render(written.problems), ::testing::HasSubstr("this is no sweep.json"));
}

std::vector<std::string> plans_of_the_project() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(source_path("experiments/sweeps")))
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  std::ranges::sort(files);
  return files;
}

TEST(SweepsOfTheProject, CanAllRun) {
  EXPECT_GE(plans_of_the_project().size(), 2U);
  for (const std::string& file : plans_of_the_project()) {
    json::Problems problems;
    auto plan = experiments::read_sweep_plan(file, problems);
    EXPECT_TRUE(plan && experiments::make_sweep(*plan, {}, problems)) << json::render(problems);
  }
}

TEST(SweepsOfTheProject, ArePublishedWithASchemaThatTheyMeet) {
  const std::string schema = source_path("experiments/sweep.schema.json");
  EXPECT_EQ(experiments::sweep_schema().dump(2) + "\n", read_file(schema));
  TemporaryFolder folder;
  write_file(folder / "wrong.json", R"({"id": "s", "experiment": "e.json", "seeds": "1..2", "sedes": 1})");
  std::vector<std::string> words{"/usr/bin/python3", source_path("tests/config/schema_check.py"), schema};
  for (const std::string& file : plans_of_the_project()) words.push_back(file);
  words.push_back(folder / "wrong.json");
  std::string said = run_command(words).out;
  EXPECT_EQ(std::ranges::count(said, '\n'), static_cast<std::ptrdiff_t>(words.size()) - 3);
  EXPECT_THAT(said, ::testing::HasSubstr("sedes"));
  for (const std::string& file : plans_of_the_project()) EXPECT_THAT(said, ::testing::HasSubstr(file + ": valid\n"));
}

}  // namespace
}  // namespace deadletter::testing
