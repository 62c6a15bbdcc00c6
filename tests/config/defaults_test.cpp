// What an experiment may leave out, and what is then taken.
#include <gtest/gtest.h>

#include "experiments/config/load.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using experiments::Plan;

struct Planned {
  std::optional<Plan> plan;
  std::string problems;
};

Planned plan(const std::string& text, const std::string& variant, const std::vector<experiments::Set>& sets = {}) {
  json::Problems problems;
  auto loaded = experiments::load_experiment_text(source_path("tests/config/bad/x.json"), text, sets, problems);
  Planned planned;
  if (loaded) planned.plan = experiments::make_plan(*loaded, variant, std::nullopt, problems);
  planned.problems = json::render(problems);
  return planned;
}

TEST(Defaults, AnIdAndATopologyAreEnough) {
  for (const char* variants : {"", R"(, "variants": {})"}) {
    Planned least = plan(R"({"id": "least", "topology": "../edge.json")" + std::string(variants) + "}", "base");
    ASSERT_TRUE(least.plan) << least.problems;
    EXPECT_EQ(least.plan->question, "");
    EXPECT_EQ(json::format_instant(least.plan->start_unix_ns), "2006-01-02T00:00:00Z");
    EXPECT_EQ(json::format_duration(least.plan->horizon.ns), "7d");
    EXPECT_EQ(least.plan->variants, std::vector<std::string>{"base"});
    EXPECT_TRUE(least.plan->mail.empty());
  }
}

TEST(Defaults, TheOnlyVariantCanBeTheBaseline) {
  EXPECT_TRUE(plan(R"({"id": "x", "topology": "../edge.json", "baseline": "base"})", "base").plan);
  EXPECT_TRUE(
      plan(R"({"id": "x", "topology": "../edge.json", "variants": {"a": {}, "b": {}}, "baseline": "b"})", "a").plan);
}

TEST(Defaults, ASettingMayNameWhatTheFileDoesNot) {
  Planned set = plan(R"({"id": "x", "topology": "../edge.json"})", "base",
                     {{"/attributes/EX1/queue.ladder", "[\"1m\"]"}, {"/horizon", "1d"}});
  ASSERT_TRUE(set.plan) << set.problems;
  EXPECT_EQ(json::format_duration(set.plan->horizon.ns), "1d");
  EXPECT_EQ(set.plan->nodes[0].resolved.behaviour.queue.ladder->steps, std::vector{sim::Duration::minutes(1)});
}

TEST(Defaults, ATraceMayBeginWithAByteOrderMarkAndEndItsLinesAsOnWindows) {
  TemporaryFolder folder;
  write_file(folder / "t.csv", "\xEF\xBB\xBFtime,sender,recipients\r\n60,1,2;3\r\n");
  Planned traffic = plan(R"({"id": "x", "topology": "../edge.json", "traffic": [{"trace": ")" + (folder / "t.csv") +
                             R"(", "senders": "contoso.com", "recipients": [{"domain": "adatum.com", "share": 1}]}]})",
                         "base");
  ASSERT_TRUE(traffic.plan) << traffic.problems;
  ASSERT_EQ(traffic.plan->mail.size(), 1U);
  EXPECT_EQ(traffic.plan->mail[0].to.size(), 2U);
}

}  // namespace
}  // namespace deadletter::testing
