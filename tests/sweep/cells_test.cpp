// The keys of cells: the same for the same run, another for whatever could change it.
#include "experiments/sweep/cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using experiments::Sweep;
using experiments::SweepCell;

const std::string kArticle = "experiments/articles/kb912341_multiline_354.json";

// The article's experiment with its topology, in folders of their own, so that both can be changed.
struct Copy {
  TemporaryFolder folder;
  std::string experiment = folder / "experiments/articles/e.json", topology = folder / "topologies/internet_edge.json";

  Copy() {
    run_command({"mkdir", "-p", folder / "experiments/articles", folder / "topologies"});
    write_file(experiment, read_file(source_path(kArticle)));
    write_file(topology, read_file(source_path("topologies/internet_edge.json")));
  }
  Sweep sweep(const std::string& more = "", const std::string& name = "plan.json") const {
    write_file(folder / name, fmt::format(R"({{"id": "s", "experiment": "{}", "seeds": "1..2",
        "variants": ["unfixed", "hotfix"], "factors": {{"gap": ["1s", "5s"]}}{}}})",
                                          experiment, more));
    json::Problems problems;
    auto plan = experiments::read_sweep_plan(folder / name, problems);
    auto made = plan ? experiments::make_sweep(*plan, {}, problems) : std::nullopt;
    EXPECT_TRUE(made) << json::render(problems);
    return made.value_or(Sweep{});
  }
};

std::vector<std::string> keys(const Sweep& sweep) {
  std::vector<std::string> all;
  for (const SweepCell& cell : sweep.cells) all.push_back(cell.key);
  return all;
}

TEST(Cells, KnowTheBaselineThatTheExperimentSays) {
  Copy copy;
  auto baseline = [](const Sweep& sweep) {
    return sweep.experiments.at(0).id + " " + sweep.experiments.at(0).baseline;
  };
  EXPECT_EQ(baseline(copy.sweep()), "kb912341_multiline_354 unfixed") << "the first variant";
  std::string text = read_file(copy.experiment), id = "\"seed\": 912341,";
  text.replace(text.find(id), id.size(), id + " \"baseline\": \"sp2\",");
  write_file(copy.experiment, text);
  EXPECT_EQ(baseline(copy.sweep()), "kb912341_multiline_354 sp2") << "whether or not the sweep runs it";
}

TEST(Cells, AreEveryCombinationInTheOrderOfThePlan) {
  Copy copy;
  Sweep sweep = copy.sweep();
  ASSERT_EQ(sweep.cells.size(), 8U);
  auto text = [](const SweepCell& c) { return fmt::format("{} {} {}", c.factors[0].value, c.variant, c.seed); };
  std::vector<std::string> texts;
  for (const SweepCell& cell : sweep.cells) texts.push_back(text(cell));
  EXPECT_THAT(texts, ::testing::ElementsAre("1s unfixed 1", "1s unfixed 2", "1s hotfix 1", "1s hotfix 2",
                                            "5s unfixed 1", "5s unfixed 2", "5s hotfix 1", "5s hotfix 2"));
}

TEST(Cells, PairwiseTakesTheVariantsForAFactor) {
  Copy copy;
  Sweep sweep = copy.sweep(R"(, "pairwise": true)");
  EXPECT_EQ(sweep.cells.size(), 8U);  // of two columns every combination is a pair
}

TEST(Cells, NoTwoHaveOneKey) {
  Copy copy;
  auto all = keys(copy.sweep());
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Cells, TheSameRunHasTheSameKeyWhereverItsFilesLie) {
  Copy here, there;
  EXPECT_EQ(keys(here.sweep()), keys(there.sweep()));
  EXPECT_EQ(keys(here.sweep()), keys(here.sweep("", "other.json")));
}

// A sweep that grows keeps what it has.
TEST(Cells, MoreSeedsOrVariantsLeaveTheOtherKeysAlone) {
  Copy copy;
  auto few = keys(copy.sweep());
  write_file(copy.folder / "more.json",
             fmt::format(R"({{"id": "s", "experiment": "{}", "seeds": "1..4", "factors": {{"gap": ["1s", "5s"]}}}})",
                         copy.experiment));
  json::Problems problems;
  auto more =
      keys(*experiments::make_sweep(*experiments::read_sweep_plan(copy.folder / "more.json", problems), {}, problems));
  for (const std::string& key : few) EXPECT_NE(std::ranges::find(more, key), more.end());
}

struct Change {
  std::string what;
  std::function<Sweep(const Copy&)> make;
};

TEST(Cells, WhateverCouldChangeARunGivesItAnotherKey) {
  auto replace = [](const std::string& file, const std::string& from, const std::string& to) {
    std::string text = read_file(file);
    std::size_t at = text.find(from);
    ASSERT_NE(at, text.npos) << from;
    write_file(file, text.replace(at, from.size(), to));
  };
  const std::vector<Change> changes = {
      {"the experiment", [&](const Copy& c) { return replace(c.experiment, "\"3d\"", "\"4d\""), c.sweep(); }},
      {"the topology's octets",
       [&](const Copy& c) { return write_file(c.topology, read_file(c.topology) + "\n"), c.sweep(); }},
      {"the record level", [](const Copy& c) { return c.sweep(R"(, "record": "messages")"); }}};
  for (const Change& change : changes) {
    Copy copy;
    auto before = keys(copy.sweep()), after = keys(change.make(copy));
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NE(before[i], after[i]) << change.what;
  }
}

TEST(Cells, AnotherProgramGivesAnotherKey) {
  Copy copy;
  Sweep sweep = copy.sweep();
  json::Problems problems;
  auto plan = experiments::plan_of(sweep, sweep.cells[0], problems);
  ASSERT_TRUE(plan) << json::render(problems);
  EXPECT_EQ(key_of(*plan, sweep.cells[0], sweep.plan.record, experiments::build_id()), sweep.cells[0].key);
  EXPECT_NE(key_of(*plan, sweep.cells[0], sweep.plan.record, experiments::build_id() + "x"), sweep.cells[0].key);
}

TEST(Cells, ACellWhoseInputHasChangedDoesNotRun) {
  Copy copy;
  Sweep sweep = copy.sweep();
  write_file(copy.topology, read_file(copy.topology) + "\n");
  json::Problems problems;
  EXPECT_FALSE(experiments::plan_of(sweep, sweep.cells[0], problems));
  EXPECT_THAT(json::render(problems), ::testing::HasSubstr("no longer what it was"));
}

TEST(Cells, TheShareThatRunsTwiceIsChosenByTheKeyAlone) {
  std::size_t chosen = 0;
  for (int i = 0; i < 20'000; ++i) {
    SweepCell cell{.key = fmt::format("{:016x}", i * 0x9e3779b97f4a7c15ULL)};
    chosen += experiments::runs_twice(cell, {1, 20}) ? 1 : 0;
    EXPECT_TRUE(experiments::runs_twice(cell, {1, 1}));
    EXPECT_FALSE(experiments::runs_twice(cell, {0, 1}));
  }
  EXPECT_NEAR(static_cast<double>(chosen), 1000, 125);  // four standard deviations
}

TEST(Cells, TheCommandThatRunsOneAloneIsQuotedForTheShell) {
  experiments::SweepPlan plan;
  SweepCell cell{.path = "/a b/e.json", .variant = "v", .seed = 3, .factors = {{"/mail/0/to", "[\"it's\"]"}}};
  EXPECT_EQ(command_of(plan, cell),
            "deadletter run '/a b/e.json' --variant v --seed 3 --set '/mail/0/to=[\"it'\\''s\"]' --record summary");
}

}  // namespace
}  // namespace deadletter::testing
