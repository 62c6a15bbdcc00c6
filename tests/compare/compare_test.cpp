// `deadletter compare` as a person uses it: the verdict on every variant of the articles, pairs, and what it says when
// something is not as expected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sim/json/parse.h"
#include "tests/support/command.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string article(const std::string& name) { return "experiments/articles/" + name + ".json"; }

json::Value compare(const std::string& name, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"compare", article(name), "--format", "json"};
  words.insert(words.end(), more.begin(), more.end());
  Said said = deadletter(words);
  EXPECT_EQ(said.status, 0) << said.err << said.out.substr(0, 2000);
  return parse_json(said.out);
}

std::vector<std::pair<std::string, std::string>> verdicts(const json::Value& compared) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const json::Value& v : compared.find("variants")->items())
    if (v.find("verdict")->is(json::Kind::string))
      all.emplace_back(v.find("name")->as_string(), v.find("verdict")->as_string());
  return all;
}

std::vector<std::string> unintended(const json::Value& compared, const std::string& variant) {
  std::vector<std::string> all;
  for (const json::Value& u : compared.find("unintended")->items())
    if (u.find("variant")->as_string() == variant)
      all.push_back(u.find("message")->as_string() + ": " + u.find("from")->as_string() + " → " +
                    u.find("to")->as_string());
  return all;
}

TEST(Compare, KB912341) {
  EXPECT_THAT(verdicts(compare("kb912341_multiline_354")),
              ElementsAre(Pair("hotfix", "CURED"), Pair("sp2", "CURED"), Pair("workaround", "CURED"),
                          Pair("hotfix_later", "PARTLY")));
}

TEST(Compare, KB938650AndItsSideEffect) {
  json::Value compared = compare("kb938650_meeting_update");
  EXPECT_THAT(verdicts(compared), ElementsAre(Pair("article_expiry", "NOT CURED"), Pair("outlook_2003", "CURED"),
                                              Pair("hotfix_alone", "INERT"), Pair("hotfix_and_switch", "CURED"),
                                              Pair("hotfix_without_sp2", "REFUSED"), Pair("hotfix_later", "CURED")));
  EXPECT_THAT(
      unintended(compared, "hotfix_and_switch"),
      ElementsAre("accept: delivered → delivered, shown above it: The attendee sent another response after this "
                  "response."));
  for (const json::Value& u : compared.find("unintended")->items()) {
    if (u.find("variant")->as_string() != "hotfix_and_switch") continue;
    const json::Value& first = *u.find("first_divergence");
    EXPECT_EQ(first.find("where")->as_string(), "CON-MBX1");
    EXPECT_EQ(first.find("article")->as_string(), "KB938650 aftermath");
    EXPECT_THAT(first.find("what")->as_string(), HasSubstr("PR_RECIPIENT_TRACKSTATUS_TIME"));
  }
}

TEST(Compare, KB843242) {
  EXPECT_THAT(verdicts(compare("kb843242_signed_over_x400")),
              ElementsAre(Pair("hotfix", "CURED"), Pair("sp2", "CURED"), Pair("scanner_off", "CURED"),
                          Pair("exclusion", "CURED"), Pair("hotfix_later", "PARTLY")));
}

TEST(Compare, KB870585) {
  EXPECT_THAT(verdicts(compare("kb870585_builtin_group")),
              ElementsAre(Pair("unfixed_rtm", "NOT CURED"), Pair("unfixed_2000", "NOT CURED"), Pair("hotfix", "CURED"),
                          Pair("hotfix_rtm", "CURED"), Pair("hotfix_2000", "CURED"), Pair("wrong_hotfix", "REFUSED"),
                          Pair("sp2", "CURED"), Pair("workaround", "CURED"), Pair("hotfix_later", "PARTLY")));
}

TEST(Compare, KB955778AndWhatAnUnscopedConnectorDoesBesides) {
  json::Value compared = compare("kb955778_fax_in_cached_mode");
  EXPECT_THAT(verdicts(compared), ElementsAre(Pair("ru7", "CURED"), Pair("ru7_at_noon", "PARTLY"), Pair("ru6", "INERT"),
                                              Pair("ru8", "CURED"), Pair("unscoped", "CURED"), Pair("online", "CURED"),
                                              Pair("no_connector", "WORSE")));
  EXPECT_THAT(unintended(compared, "unscoped"), ElementsAre("out_of_scope: returned → delivered"));
}

TEST(Compare, SeveralPairsHaveIntervals) {
  json::Value compared = compare("kb912341_multiline_354", {"--variants", "hotfix", "--pairs", "3"});
  EXPECT_EQ(compared.find("pairs")->as_integer(), 3);
  for (const json::Value& m : compared.find("metrics")->items()) EXPECT_EQ(m.find("ci95")->size(), 2U);
}

TEST(Compare, ABrokenExpectationIsExitStatusOne) {
  Said said = deadletter({"compare", article("kb912341_multiline_354"), "--set", "/variants/hotfix/expect/0/copies=7"});
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.out, HasSubstr("hotfix: m1 to bob@fabrikam.com: 1 copies, expected 7"));
  EXPECT_THAT(said.out, HasSubstr("CURED"));
}

TEST(Compare, OneVariantAloneIsNothingToCompare) {
  Said said = deadletter({"compare", "experiments/scale/relay.json"});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("there is nothing to compare"));
}

TEST(Compare, AnUnknownVariantIsNamedWithTheOthers) {
  Said said = deadletter({"compare", article("kb912341_multiline_354"), "--variants", "hotfx"});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("valid: unfixed, hotfix"));
}

TEST(Compare, TheFolderKeepsTheRunsAndTheVerdict) {
  TemporaryFolder folder;
  deadletter({"compare", article("kb912341_multiline_354"), "--variants", "hotfix", "--out", folder / "c"});
  EXPECT_EQ(verdicts(parse_json(read_file(folder / "c/compare.json"))).size(), 1U);
  EXPECT_THAT(read_file(folder / "c/hotfix/run.json"), HasSubstr("\"fingerprint\""));
}

// Fixes that are none, each by its own mechanism, compared by the program as a person would.
struct Trial {
  TemporaryFolder folder;
  json::Value compared;

  explicit Trial(const std::string& variants) {
    std::string text = read_file(source_path(article("kb912341_multiline_354")));
    json::Value experiment = parse_json(text);
    experiment.set("topology", source_path("topologies/internet_edge.json"));
    experiment.set("variants", parse_json(variants));
    write_file(folder / "x.json", experiment.dump(2));
    Said said = deadletter({"compare", folder / "x.json", "--format", "json"});
    EXPECT_EQ(said.status, 0) << said.err << said.out.substr(0, 2000);
    compared = parse_json(said.out);
  }
  std::string verdict() const { return compared.find_pointer("/variants/1/verdict")->as_string(); }
  double difference(const std::string& metric) const {
    for (const json::Value& m : compared.find("metrics")->items())
      if (m.find("name")->as_string() == metric) return m.find("difference")->as_real();
    ADD_FAILURE() << "no metric " << metric;
    return 0;
  }
  std::string transition() const {
    const json::Value& t = compared.find("transitions")->items().front();
    return t.find("from")->as_string() + " → " + t.find("to")->as_string();
  }
};

TEST(Compare, AFixThatOnlyShortensTheQueueCuresNothing) {
  Trial trial(R"({"unfixed": {}, "shorter": {"attributes": {"EX1": {"transport.lifetime": "2h"}}}})");
  EXPECT_EQ(trial.verdict(), "NOT CURED");
  EXPECT_LT(trial.difference("retries"), 0);
  EXPECT_LT(trial.difference("copies.extra"), 0);
  EXPECT_EQ(trial.difference("ndr.4.4.7"), 0);
}

TEST(Compare, AFixThatLosesMailIsWorse) {
  Trial trial(R"({"unfixed": {}, "swallows": {"peers": {"mx.fabrikam.com": {"smtp_script": {"on": {
    "DATA": ["354 Send message"], "DOT": ["discard", "250 2.0.0 OK"]}}}}}})");
  EXPECT_EQ(trial.verdict(), "WORSE");
  EXPECT_EQ(trial.transition(), "returned 4.4.7 after copies → discarded");
}

TEST(Compare, AReportTradedForASecondCopyIsPartOfACure) {
  Trial trial(R"({
    "unfixed": {"peers": {"mx.fabrikam.com": {"smtp_script": {"on": {"DATA": ["451 4.3.0 not now"]}}}}},
    "twice": {"peers": {"mx.fabrikam.com": {"smtp_script": {"until_connection": 1, "on": {
      "DATA": ["354-Line 1", {"wait": "1s"}, "354 Send message"]}}}}}})");
  EXPECT_EQ(trial.verdict(), "PARTLY");
  EXPECT_EQ(trial.transition(), "returned 4.4.7 → delivered twice");
  EXPECT_EQ(trial.difference("copies.extra"), 1);
  EXPECT_EQ(trial.difference("ndr.4.4.7"), -1);
}

TEST(Compare, TheFirstDivergentDecisionIsNamedByItsPoint) {
  json::Value compared = compare("kb938650_meeting_update", {"--variants", "hotfix_and_switch"});
  const json::Value& first = *compared.find_pointer("/unintended/0/first_divergence");
  EXPECT_THAT(first.find("points")->dump(0), HasSubstr("content.map_property"));
}

}  // namespace
}  // namespace deadletter::testing
