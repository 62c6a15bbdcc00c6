// `deadletter compare SWEEP` as a person meets it: what it says of a sweep's runs, what it refuses, and that its
// figures are those of the runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "sim/json/fields.h"
#include "tests/report/made_run.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A sweep of the article's experiment on a network on which one session in five breaks, so that seeds differ.
struct Swept {
  TemporaryFolder folder;
  std::string plan = folder / "plan.json", out = folder / "s", file = folder / "s/sweep.sqlite";

  explicit Swept(const std::string& variants = R"("unfixed", "hotfix", "sp2")",
                 const std::string& factors = R"("lifetime": ["1d", "2d"], "/chance/session_failure": [0.2])",
                 const std::string& seeds = "[1, 2, 4]", int status = 0) {
    write_file(plan,
               fmt::format(R"({{"id": "copies", "question": "What do breaking sessions cost?",
        "experiment": "{}", "variants": [{}], "seeds": {}, "factors": {{{}}}, "check_share": 0}})",
                           source_path("experiments/articles/kb912341_multiline_354.json"), variants, seeds, factors));
    Said said = deadletter({"sweep", plan, "--out", out, "-q"});
    EXPECT_EQ(said.status, status) << said.err;
  }

  // The cells of the plan, as `sweep --dry-run` lists them.
  json::Value cells() const {
    return at(parsed(deadletter({"sweep", plan, "--out", out, "--dry-run", "--format", "json"}).out), "/cells");
  }
  Said compare(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"compare", out});
    return deadletter(more);
  }
  json::Value compared(std::vector<std::string> more = {}, int status = 0) const {
    more.insert(more.end(), {"--format", "json"});
    Said said = compare(more);
    EXPECT_EQ(said.status, status) << said.out << said.err;
    return parsed(said.out);
  }
  void change(const std::string& sql) const { change_tables(file, sql); }
};

double real_at(const json::Value& value, const std::string& pointer) {
  const json::Value& found = at(value, pointer);
  return found.is(json::Kind::integer) ? static_cast<double>(found.as_integer()) : found.as_real();
}

// Of the items of a list the one of this name, and of this variant if one is given.
json::Value named(const json::Value& list, const std::string& name, const std::string& variant = "") {
  for (const json::Value& item : list.items())
    if (text_at(item, "/name") == name && (variant.empty() || text_at(item, "/variant") == variant)) return item;
  ADD_FAILURE() << "no " << name << " of " << variant;
  return json::Value::object();
}

json::Value metric(const json::Value& compared, const std::string& name, const std::string& variant,
                   std::size_t block = 0) {
  return named(at(compared, fmt::format("/blocks/{}/metrics", block)), name, variant);
}
json::Value variant(const json::Value& compared, const std::string& name) {
  return named(at(compared, "/blocks/0/variants"), name);
}

// The differences of a figure of run.json, variant minus unfixed, read from the runs one by one.
struct ByHand {
  std::vector<double> before, after, differences;

  ByHand(const Swept& swept, const std::string& name, const std::string& pointer, const std::string& lifetime = "") {
    const json::Value cells = swept.cells();
    for (const json::Value& mine : cells.items())
      for (const json::Value& other : cells.items()) {
        bool pair = text_at(mine, "/variant") == "unfixed" && text_at(other, "/variant") == name &&
                    at(mine, "/seed") == at(other, "/seed") && at(mine, "/factors") == at(other, "/factors");
        if (!pair || (!lifetime.empty() && text_at(mine, "/factors/lifetime") != lifetime)) continue;
        before.push_back(figure(swept, mine, pointer)), after.push_back(figure(swept, other, pointer));
        differences.push_back(after.back() - before.back());
      }
  }
  static double figure(const Swept& swept, const json::Value& cell, const std::string& pointer) {
    return real_at(parsed(read_file(swept.out + "/cells/" + text_at(cell, "/key") + "/run.json")), pointer);
  }
  static double mean(const std::vector<double>& values) {
    double sum = 0;
    for (double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }
  // Half of Student's interval; the 97.5 % quantiles are those of the tables, by degrees of freedom.
  double half() const {
    constexpr std::array<double, 6> kQuantile{0, 12.706205, 4.302653, 3.182446, 2.776445, 2.570582};
    double squares = 0, n = static_cast<double>(differences.size());
    for (double d : differences) squares += (d - mean(differences)) * (d - mean(differences));
    return kQuantile.at(differences.size() - 1) * std::sqrt(squares / (n - 1) / n);
  }
  std::int64_t count(int sign) const {
    return std::ranges::count_if(differences, [&](double d) { return (d > 0) - (d < 0) == sign; });
  }
};

void expect_equal(const json::Value& metric, const ByHand& by_hand) {
  std::string what = text_at(metric, "/name") + " of " + text_at(metric, "/variant");
  double mean = ByHand::mean(by_hand.differences), half = by_hand.half(), close = 1e-6 * std::max(1.0, half);
  EXPECT_EQ(number_at(metric, "/pairs"), static_cast<std::int64_t>(by_hand.differences.size())) << what;
  EXPECT_DOUBLE_EQ(real_at(metric, "/baseline"), ByHand::mean(by_hand.before)) << what;
  EXPECT_DOUBLE_EQ(real_at(metric, "/value"), ByHand::mean(by_hand.after)) << what;
  EXPECT_NEAR(real_at(metric, "/difference"), mean, 1e-9) << what;
  EXPECT_NEAR(real_at(metric, "/ci95/0"), mean - half, close) << what;
  EXPECT_NEAR(real_at(metric, "/ci95/1"), mean + half, close) << what;
  EXPECT_EQ(number_at(metric, "/lower"), by_hand.count(-1)) << what;
  EXPECT_EQ(number_at(metric, "/equal"), by_hand.count(0)) << what;
  EXPECT_EQ(number_at(metric, "/higher"), by_hand.count(1)) << what;
}

const std::vector<std::pair<std::string, std::string>> kFigures = {{"attempts", "/result/attempts"},
                                                                   {"copies.extra", "/result/copies/extra"},
                                                                   {"fates.returned", "/result/fates/returned"},
                                                                   {"reports.delay", "/result/reports/delay"}};

TEST(CompareSweep, ItsFiguresAreThoseOfTheRuns) {
  Swept swept;
  json::Value compared = swept.compared();
  EXPECT_EQ(text_at(compared, "/sweep"), "copies");
  EXPECT_EQ(at(compared, "/blocks").size(), 1U);
  EXPECT_EQ(text_at(compared, "/blocks/0/baseline"), "unfixed");
  EXPECT_EQ(number_at(variant(compared, "hotfix"), "/pairing/paired"), 6);
  for (const auto& [name, pointer] : kFigures)
    for (const char* other : {"hotfix", "sp2"})
      expect_equal(metric(compared, name, other), ByHand(swept, other, pointer));
  // Seeds differ, else the intervals would prove nothing.
  EXPECT_GT(ByHand(swept, "hotfix", "/result/attempts").half(), 0);
  Said text = swept.compare();
  EXPECT_THAT(text.out, HasSubstr("copies: 18 runs, 18 done, 0 failed, 0 under way, 0 missing\n"));
  EXPECT_THAT(text.out, HasSubstr("kb912341_multiline_354: baseline unfixed\n"));
  EXPECT_THAT(text.out, HasSubstr(" metrics are the same in every pair\n"));
  EXPECT_EQ(swept.compare({"-q"}).out, "");
}

TEST(CompareSweep, TheFolderAndItsFileSayTheSameAndNothingIsWritten) {
  Swept swept;
  std::string before = read_file(swept.file);
  auto files = [&] { return std::distance(fs::directory_iterator(swept.out), {}); };
  auto there = files();
  fs::copy_file(swept.file, swept.folder / "odd #%41?.dat");
  std::string said = swept.compare().out;
  EXPECT_EQ(deadletter({"compare", swept.file}).out, said);
  EXPECT_EQ(deadletter({"compare", swept.folder / "odd #%41?.dat"}).out, said);
  EXPECT_EQ(read_file(swept.file), before);
  EXPECT_EQ(files(), there);
}

TEST(CompareSweep, ByAFactorEachOfItsValuesHasABlock) {
  Swept swept;
  json::Value compared = swept.compared({"--by", "lifetime", "--metric", "attempts,copies.extra"});
  ASSERT_EQ(at(compared, "/blocks").size(), 2U);
  for (std::size_t block : {0, 1}) {
    std::string lifetime = block == 0 ? "1d" : "2d";
    EXPECT_EQ(text_at(compared, fmt::format("/blocks/{}/factor/value", block)), lifetime);
    EXPECT_EQ(at(compared, fmt::format("/blocks/{}/metrics", block)).size(), 4U);
    expect_equal(metric(compared, "attempts", "hotfix", block), ByHand(swept, "hotfix", "/result/attempts", lifetime));
  }
  EXPECT_NE(metric(compared, "attempts", "hotfix", 0), metric(compared, "attempts", "hotfix", 1));
  EXPECT_THAT(swept.compare({"--by", "lifetime"}).out,
              HasSubstr("\nkb912341_multiline_354, lifetime=2d: baseline unfixed\n"));
  // The last part of a JSON Pointer stands for it, as in the tables of the sweep.
  EXPECT_EQ(text_at(swept.compared({"--by", "session_failure"}), "/by"), "/chance/session_failure");
}

TEST(CompareSweep, OnlyTheVariantsAndMetricsThatAreAskedForAreShown) {
  Swept swept;
  Said said = swept.compare({"--variants", "sp2", "--metric", "messages"});
  EXPECT_THAT(said.out, AllOf(Not(HasSubstr("hotfix")), HasSubstr("sp2      messages"), Not(HasSubstr("attempts"))));
  EXPECT_THAT(swept.compare().out, Not(HasSubstr("messages")));  // one in every run, whatever is installed
}

TEST(CompareSweep, AChangedFigureIsSeen) {
  Swept swept(R"("unfixed", "hotfix")");
  json::Value before = metric(swept.compared(), "messages", "hotfix");
  EXPECT_EQ(real_at(before, "/difference"), 0);
  EXPECT_EQ(number_at(before, "/equal"), 6);
  swept.change(
      "UPDATE metrics SET value = value + 12 WHERE name = 'messages' AND cell = (SELECT cell FROM cells "
      "WHERE variant = 'hotfix' AND seed = 2 LIMIT 1)");
  json::Value after = metric(swept.compared(), "messages", "hotfix");
  EXPECT_DOUBLE_EQ(real_at(after, "/difference"), 2);
  EXPECT_EQ(number_at(after, "/higher"), 1);
  EXPECT_EQ(number_at(after, "/equal"), 5);
  EXPECT_THAT(swept.compare().out, HasSubstr("hotfix   messages"));
}

TEST(CompareSweep, ARunWithoutAPartnerIsCountedAndLeavesTheOthers) {
  Swept swept;
  const json::Value cells = swept.cells();
  for (const json::Value& cell : cells.items()) {  // unfixed and hotfix lose a run each, of another seed
    bool goes = (text_at(cell, "/variant") == "unfixed" && number_at(cell, "/seed") == 1) ||
                (text_at(cell, "/variant") == "hotfix" && number_at(cell, "/seed") == 2);
    if (goes && text_at(cell, "/factors/lifetime") == "2d")
      fs::remove_all(swept.out + "/cells/" + text_at(cell, "/key"));
  }
  ASSERT_EQ(deadletter({"sweep", swept.plan, "--out", swept.out, "--collect", "-q"}).status, 0);
  json::Value compared = swept.compared();
  json::Value hotfix = variant(compared, "hotfix"), sp2 = variant(compared, "sp2");
  EXPECT_EQ(number_at(hotfix, "/missing"), 1);
  EXPECT_EQ(number_at(hotfix, "/pairing/paired"), 4);
  EXPECT_EQ(number_at(hotfix, "/pairing/only_baseline"), 1);
  EXPECT_EQ(number_at(hotfix, "/pairing/only_variant"), 1);
  EXPECT_EQ(number_at(sp2, "/pairing/paired"), 5);
  EXPECT_EQ(number_at(sp2, "/pairing/only_variant"), 1);
  EXPECT_EQ(number_at(metric(compared, "attempts", "hotfix"), "/pairs"), 4);
  std::string text = swept.compare().out;
  EXPECT_THAT(text, HasSubstr("copies: 18 runs, 16 done, 0 failed, 0 under way, 2 missing\n"));
  EXPECT_THAT(text, HasSubstr("hotfix, 2 without a partner: only the baseline's run is done in 1, only its own in 1, "
                              "neither in 0\n"));
}

TEST(CompareSweep, WhatDidNotHoldIsCountedAndExitOne) {
  // Within three days' horizon nothing expires: the unfixed variant's mail still waits.
  Swept swept(R"("unfixed", "hotfix")", R"("lifetime": ["9d"])", "[1, 2]", 1);
  json::Value compared = swept.compared({}, 1);
  EXPECT_EQ(number_at(variant(compared, "unfixed"), "/not_held"), 2);
  EXPECT_EQ(number_at(variant(compared, "hotfix"), "/held"), 2);
  EXPECT_EQ(text_at(compared, "/blocks/0/failed/0/variant"), "unfixed");
  EXPECT_EQ(number_at(compared, "/blocks/0/failed/0/runs"), 2);
  EXPECT_THAT(swept.compare().out, HasSubstr("\nnot held:\n  2 × unfixed: "));
}

TEST(CompareSweep, TheBaselineIsTheExperimentsUnlessAnotherIsNamed) {
  Swept swept(R"("hotfix", "sp2", "unfixed")", R"("lifetime": ["1d"])", "[1]");
  EXPECT_EQ(text_at(swept.compared(), "/blocks/0/baseline"), "unfixed");
  json::Value turned = swept.compared({"--baseline", "hotfix"});
  EXPECT_EQ(text_at(turned, "/blocks/0/variants/0/name"), "hotfix");
  EXPECT_EQ(real_at(metric(turned, "attempts", "unfixed"), "/difference"),
            -real_at(metric(swept.compared(), "attempts", "hotfix"), "/difference"));
  EXPECT_TRUE(at(metric(turned, "attempts", "unfixed"), "/ci95").is(json::Kind::null)) << "of one pair";
  // A file that does not say it.
  swept.change("DROP TABLE experiments");
  EXPECT_EQ(text_at(swept.compared(), "/blocks/0/baseline"), "hotfix");
  Swept without(R"("sp2", "hotfix")", R"("lifetime": ["1d"])", "[1]");
  EXPECT_THAT(without.compare().out,
              HasSubstr(": baseline sp2 (the experiment's own, unfixed, is not in the sweep)\n"));
}

TEST(CompareSweep, NothingToCompareIsExitTwo) {
  Swept swept(R"("unfixed", "hotfix")", R"("lifetime": ["1d"])", "[1, 2]");
  EXPECT_EQ(swept.compare({"--variants", "unfixed"}).status, 2);
  swept.change(
      "UPDATE cells SET state = 'failed', status = 5 WHERE variant = 'hotfix';"
      "DELETE FROM metrics WHERE cell IN (SELECT cell FROM cells WHERE variant = 'hotfix')");
  Said said = swept.compare();
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.out, HasSubstr("\nno pair\n"));
  EXPECT_THAT(said.err, HasSubstr("there is nothing to compare"));
}

TEST(CompareSweep, WhatOnlyRunsHaveAUseForIsRefusedAllAtOnce) {
  Swept swept(R"("unfixed", "hotfix")", R"("lifetime": ["1d"])", "[1]");
  Said said = swept.compare({"--pairs", "3", "--seed", "7", "--set", "gap=5s", "--record", "events", "--out",
                             swept.folder / "c", "-j", "2", "--max-pairs", "9"});
  EXPECT_EQ(said.status, 2);
  for (const char* option : {"--pairs", "--seed", "--set", "--record", "--out", "--jobs", "--max-pairs"})
    EXPECT_THAT(said.err, HasSubstr(std::string(option) + ": nothing is run for a sweep: "));
  EXPECT_FALSE(fs::exists(swept.folder / "c"));
  EXPECT_THAT(swept.compare({"--until-ci", "5%"}).err, HasSubstr("--until-ci: nothing is run for a sweep: "));
  // And the other way round.
  said = deadletter({"compare", source_path("experiments/articles/kb912341_multiline_354.json"), "--by", "gap",
                     "--metric", "attempts", "--baseline", "hotfix"});
  EXPECT_EQ(said.status, 2);
  for (const char* option : {"--by", "--metric", "--baseline"})
    EXPECT_THAT(said.err, HasSubstr(std::string(option) + ": this is for a sweep's folder"));
}

TEST(CompareSweep, UnknownNamesAreAllToldWithTheValidOnes) {
  Swept swept(R"("unfixed", "hotfix")", R"("lifetime": ["1d"])", "[1]");
  std::vector<std::string> wrong = {"--variants", "hotfx",   "--metric",   "atempts,attempts",
                                    "--by",       "lifetme", "--baseline", "unfixt"};
  Said said = swept.compare(wrong);
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("--variants hotfx: the sweep has no such variant\n  valid: unfixed, hotfix\n"));
  EXPECT_THAT(said.err, HasSubstr("--metric atempts: the sweep has no such metric\n  valid: attempts, "));
  EXPECT_THAT(said.err, HasSubstr("--by lifetme: the sweep has no such factor\n  valid: lifetime\n"));
  EXPECT_THAT(said.err, HasSubstr("--baseline unfixt: kb912341_multiline_354 has no such variant in the sweep\n"));
  EXPECT_EQ(at(swept.compared(wrong, 2), "/errors").size(), 4U);
}

TEST(CompareSweep, WhatIsNoSweepsFileIsNamed) {
  Swept swept(R"("unfixed", "hotfix")", R"("lifetime": ["1d"])", "[1]");
  auto refused = [](const std::string& path) {
    Said said = deadletter({"compare", path});
    EXPECT_EQ(said.status, 2) << path;
    EXPECT_THAT(said.err, HasSubstr(path)) << path;
    return said.err;
  };
  fs::create_directory(swept.folder / "empty");
  EXPECT_THAT(refused(swept.folder / "empty"), HasSubstr("this folder is no sweep's"));
  EXPECT_THAT(refused(swept.folder / "none.sqlite"), HasSubstr("there is no such file"));
  write_file(swept.folder / "text.sqlite", "it only has the name");
  EXPECT_THAT(refused(swept.folder / "text.sqlite"), HasSubstr("this is no SQLite file"));
  write_file(swept.folder / "letter.sqlite", "x");
  EXPECT_THAT(refused(swept.folder / "letter.sqlite"), HasSubstr("this is no SQLite file"));
  ASSERT_EQ(deadletter({"run", source_path("experiments/articles/kb912341_multiline_354.json"), "--variant", "hotfix",
                        "--record", "messages", "--out", swept.folder / "run", "-q"})
                .status,
            0);
  EXPECT_THAT(refused(swept.folder / "run/results.sqlite"), HasSubstr("this SQLite file is no sweep's"));
  swept.change("PRAGMA user_version = 2");
  EXPECT_THAT(refused(swept.file), HasSubstr("a sweep's file of form 2; this program knows form 1"));
  fs::remove(swept.file);
  EXPECT_THAT(refused(swept.out), HasSubstr("deadletter sweep PLAN --out " + swept.out + " --collect"));
}

TEST(CompareSweep, ADamagedFileIsExitTwo) {
  Swept swept;
  std::string whole = read_file(swept.file);
  auto compare = [&](const std::string& octets) {
    write_file(swept.folder / "damaged.sqlite", octets);
    return deadletter({"compare", swept.folder / "damaged.sqlite"});
  };
  ASSERT_EQ(compare(whole).status, 0);
  for (std::size_t left : {std::size_t{50}, std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 1}) {
    Said said = compare(whole.substr(0, left));
    EXPECT_EQ(said.status, 2) << left << said.out;
    EXPECT_THAT(said.err, HasSubstr("damaged.sqlite: ")) << left;
  }
  std::string zeros = whole;
  std::fill(zeros.begin() + 4096, zeros.begin() + 3 * 4096, '\0');
  EXPECT_EQ(compare(zeros).status, 2);
}

}  // namespace
}  // namespace deadletter::testing
