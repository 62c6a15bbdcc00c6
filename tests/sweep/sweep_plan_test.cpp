// What a sweep's file may say, and what is said about mistakes.
#include "experiments/sweep/sweep_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "experiments/sweep/cells.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using experiments::SweepPlan;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kExperiment = source_path("experiments/articles/kb912341_multiline_354.json");

// A plan of one line, with more keys behind the first ones.
std::string plan_text(const std::string& more = "", const std::string& seeds = "\"1..3\"") {
  return fmt::format("{{\"id\": \"s\", \"experiment\": \"{}\", \"seeds\": {}{}{}}}", kExperiment, seeds,
                     more.empty() ? "" : ", ", more);
}

struct Read {
  TemporaryFolder folder;
  std::optional<SweepPlan> plan;
  std::optional<experiments::Sweep> sweep;
  std::string said;

  explicit Read(const std::string& text) {
    write_file(folder / "plan.json", text);
    json::Problems problems;
    plan = experiments::read_sweep_plan(folder / "plan.json", problems);
    if (plan) sweep = experiments::make_sweep(*plan, {}, problems);
    said = json::render(problems);
  }
};

std::vector<std::string> values(const experiments::Factor& factor) {
  std::vector<std::string> words;
  for (const auto& value : factor.values) words.push_back(value.value);
  return words;
}

TEST(SweepPlan, SaysWhatItIsToRunAndHasSensibleDefaults) {
  Read read(plan_text());
  ASSERT_TRUE(read.plan) << read.said;
  EXPECT_THAT(read.plan->seeds, ElementsAre(1, 2, 3));
  EXPECT_FALSE(read.plan->variants);
  EXPECT_FALSE(read.plan->pairwise);
  EXPECT_EQ(read.plan->record, experiments::RecordLevel::summary);
  EXPECT_EQ(read.plan->check_share, (json::Fraction{1, 20}));
  ASSERT_TRUE(read.sweep) << read.said;
  EXPECT_EQ(read.sweep->cells.size(), 15U);  // five variants, three seeds
}

TEST(SweepPlan, AFactorIsAListOrARangeOfIntegersDurationsOrSizes) {
  Read read(plan_text(R"("factors": {"ladder": ["esm", "iis"], "gap": {"from": "1s", "to": "1m", "step": "30s"},
      "size": {"from": "1KB", "to": "4KB", "step": "1536B"}, "/seed": {"from": 3, "to": 9, "step": 3}})"));
  ASSERT_TRUE(read.plan) << read.said;
  ASSERT_EQ(read.plan->factors.size(), 4U);
  EXPECT_THAT(values(read.plan->factors[0]), ElementsAre("esm", "iis"));
  EXPECT_THAT(values(read.plan->factors[1]), ElementsAre("1s", "31s"));
  EXPECT_THAT(values(read.plan->factors[2]), ElementsAre("1KB", "2560B", "4KB"));
  EXPECT_THAT(values(read.plan->factors[3]), ElementsAre("3", "6", "9"));
}

// Text that would be JSON on the command line has its quotes, so that it stays text there.
TEST(SweepPlan, AValueIsWrittenAsTheCommandLineTakesIt) {
  Read read(plan_text(R"("factors": {"/mail/0/subject": ["Report", "12", "true"], "/mail/0/to": [["a@b.c"]]})"));
  ASSERT_TRUE(read.plan) << read.said;
  EXPECT_THAT(values(read.plan->factors[0]), ElementsAre("Report", "\"12\"", "\"true\""));
  EXPECT_THAT(values(read.plan->factors[1]), ElementsAre("[\"a@b.c\"]"));
}

struct Mistake {
  std::string text, said;
};

TEST(SweepPlan, EachMistakeIsSaidAtItsPlaceWithTheValidChoices) {
  const std::vector<Mistake> mistakes = {
      {R"({"id": "s"})", "experiment"},
      {plan_text("\"sedes\": 1"), "unknown key \"sedes\""},
      {plan_text("\"record\": \"events\""), "valid: summary, messages"},
      {plan_text("", "\"3..1\""), "seeds such as \"1..100\""},
      {plan_text("", "[1, 2, 1]"), "seed 1 stands here twice"},
      {plan_text("", "[]"), "plan.json:1:"},
      {plan_text("", "[-1]"), "-1"},
      {plan_text("\"variants\": \"both\""), "valid: all"},
      {plan_text("\"variants\": [\"hotfx\"]"), "did you mean \"hotfix\"?"},
      {plan_text("\"variants\": [\"hotfix\", \"hotfix\"]"), "the variant \"hotfix\" stands here twice"},
      {plan_text("\"check_share\": 2"), "chance"},
      {plan_text("\"factors\": {\"lader\": [\"esm\"]}"), "did you mean \"ladder\"?"},
      {plan_text("\"factors\": {\"ladder\": []}"), "plan.json:1:"},
      {plan_text("\"factors\": {\"ladder\": [\"esm\", \"esm\"]}"), "the value \"esm\" stands here twice"},
      {plan_text("\"factors\": {\"ladder\": [\"esm\", \"steep\"]}"), "\"ladder\" as steep"},
      {plan_text("\"factors\": {\"gap\": {\"from\": \"5s\", \"to\": \"1s\", \"step\": \"1s\"}}"),
       "the range ends before it begins"},
      {plan_text("\"factors\": {\"gap\": {\"from\": \"1s\", \"to\": \"5s\", \"step\": 1}}"),
       "must all be integers, durations"},
      {plan_text("\"factors\": {\"gap\": {\"from\": \"1s\", \"to\": \"5s\", \"step\": \"0s\"}}"), "a step above zero"},
      {plan_text("\"factors\": {\"gap\": {\"from\": \"0s\", \"to\": \"5h\", \"step\": \"1s\"}}"), "18001 values"},
      {plan_text("\"factors\": {\"/mail/7/size\": [\"1KB\"]}"), "plan.json:1:"},
      {plan_text("", "\"1..900000\""), "more than 1000000 runs"},
      {R"({"id": "s", "experiment": "nowhere.json", "seeds": "1..2"})", "nowhere.json: cannot read the experiment"}};
  for (const Mistake& mistake : mistakes) {
    Read read(mistake.text);
    EXPECT_FALSE(read.sweep) << mistake.text;
    EXPECT_THAT(read.said, HasSubstr(mistake.said)) << mistake.text;
  }
}

TEST(SweepPlan, AMistakeInAValueIsQuotedFromThePlan) {
  Read read(plan_text("\"factors\": {\"ladder\":\n [\"esm\", \"steep\"]}"));
  EXPECT_THAT(read.said, HasSubstr("plan.json:2:10: \"ladder\" as steep: "));
  EXPECT_THAT(read.said, HasSubstr("\n   [\"esm\", \"steep\"]}}\n           ^\n  valid: "));
}

TEST(SweepPlan, AllMistakesAreSaidAtOnce) {
  Read read(plan_text("\"variants\": [\"nine\"], \"factors\": {\"lader\": [1], \"gapp\": [2]}"));
  for (const char* word : {"nine", "lader", "gapp"}) EXPECT_THAT(read.said, HasSubstr(word));
}

}  // namespace
}  // namespace deadletter::testing
