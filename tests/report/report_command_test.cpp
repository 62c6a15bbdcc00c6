// `deadletter report` as a person uses it: which folders it takes, what it refuses, what it writes and what it leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "experiments/report/page.h"
#include "sim/json/fields.h"
#include "tests/report/made_run.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using namespace experiments::report;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kArticle = source_path("experiments/articles/kb912341_multiline_354.json");

// A small run with one message.
void make_run(const std::string& path, const std::string& variant = "v", const std::string& experiment = "e") {
  MadeRun made(path);
  made.message(0, "m1", 0);
  made.recipient({.message = 0});
  json::Value result = *made.run.find("result");
  made.run.set("result", result.set("variant", variant).set("experiment", experiment));
  made.finish();
}

struct Reported {
  TemporaryFolder folder;
  Said said;
  json::Value data;

  void report(std::vector<std::string> folders) {
    for (std::string& name : folders) name = folder / name;
    folders.insert(folders.begin(), "report");
    folders.insert(folders.end(), {"--data", folder / "report.json"});
    said = deadletter(folders);
    if (said.status == 0) data = parsed(read_file(folder / "report.json"));
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const json::Value& run : items_at(data, "/runs")) all.push_back(text_at(run, "/name"));
    return all;
  }
};

TEST(ReportCommand, AComparisonComesWithItsBaselineFirst) {
  Reported r;
  ASSERT_EQ(deadletter({"compare", kArticle, "--out", r.folder / "cmp"}).status, 0);
  r.report({"cmp"});
  ASSERT_EQ(r.said.status, 0) << r.said.err;
  EXPECT_THAT(r.names(), ElementsAre("unfixed", "hotfix", "sp2", "workaround", "hotfix_later"));
  EXPECT_EQ(text_at(r.data, "/compare/baseline"), "unfixed");
  EXPECT_EQ(text_at(r.data, "/title"), "kb912341_multiline_354");
  EXPECT_EQ(text_at(r.data, "/start"), "2006-03-01T08:00:00Z");
  EXPECT_EQ(text_at(r.data, "/organization/nodes/0/name"), "EX1");
}

TEST(ReportCommand, VariantsStandInTheOrderOfTheExperiment) {
  Reported r;
  ASSERT_EQ(deadletter({"run", kArticle, "--variant", "all", "--out", r.folder / "all"}).status, 0);
  r.report({"all"});
  EXPECT_THAT(r.names(), ElementsAre("unfixed", "hotfix", "sp2", "workaround", "hotfix_later"));
  EXPECT_EQ(number_at(r.data, "/runs/0/figures/returned"), 1);
  EXPECT_EQ(number_at(r.data, "/runs/0/figures/attempts"), 193);
  EXPECT_EQ(number_at(r.data, "/runs/0/messages/0/recipients/0/copies"), 193);
  EXPECT_THAT(text_at(r.data, "/runs/0/messages/0/recipients/0/sender_sees"), HasSubstr("4.4.7"));
  EXPECT_EQ(number_at(r.data, "/runs/0/messages/0/story/1/last"), 49);
}

TEST(ReportCommand, EqualRunsGiveEqualData) {
  Reported one;
  ASSERT_EQ(deadletter({"run", kArticle, "--out", one.folder / "run"}).status, 0);
  one.report({"run"});
  std::string first = read_file(one.folder / "report.json");
  one.report({"run"});
  EXPECT_EQ(read_file(one.folder / "report.json"), first);
}

TEST(ReportCommand, TwoRunsOfOneVariantGoByTheirFolders) {
  Reported r;
  make_run(r.folder / "before"), make_run(r.folder / "after"), make_run(r.folder / "other", "w");
  r.report({"before", "after", "other", "before"});
  EXPECT_THAT(r.names(), ElementsAre("v in before", "v in after", "w"));
}

TEST(ReportCommand, FoldersOfTheSameNameGoByTheirWholePaths) {
  Reported r;
  make_run(r.folder / "a/run"), make_run(r.folder / "b/run");
  r.report({"a/run", "b/run"});
  EXPECT_THAT(r.names(), ElementsAre("v in " + r.folder / "a/run", "v in " + r.folder / "b/run"));
}

TEST(ReportCommand, SeveralExperimentsStandUnderATitleThatSaysSo) {
  Reported r;
  make_run(r.folder / "demo/e1/v", "v", "e1"), make_run(r.folder / "demo/e2/v", "v", "e2");
  r.report({"demo"});
  EXPECT_EQ(text_at(r.data, "/title"), "several experiments");
  EXPECT_EQ(items_at(r.data, "/runs").size(), 2u);
}

TEST(ReportCommand, AnInterruptedRunIsShownAsOne) {
  Reported r;
  MadeRun made(r.folder / "run");
  made.message(0, "m1", 0);
  made.recipient({.message = 0, .fate = "waiting", .copies = 0});
  made.finish(experiments::TableWriter::Ending::partial);
  write_file(r.folder / "run/INCOMPLETE", "");
  r.report({"run"});
  ASSERT_EQ(r.said.status, 0) << r.said.err;
  EXPECT_EQ(at(r.data, "/runs/0/complete"), json::Value(false));
  EXPECT_EQ(text_at(r.data, "/runs/0/messages/0/recipients/0/fate"), "waiting");
}

TEST(ReportCommand, ASummaryHasFiguresAndNothingElse) {
  Reported r;
  ASSERT_EQ(deadletter({"run", kArticle, "--record", "summary", "--out", r.folder / "run"}).status, 0);
  r.report({"run"});
  EXPECT_EQ(at(r.data, "/runs/0/series"), json::Value());
  EXPECT_EQ(at(r.data, "/runs/0/delays"), json::Value());
  EXPECT_EQ(items_at(r.data, "/runs/0/messages").size(), 0u);
  EXPECT_EQ(number_at(r.data, "/runs/0/messages_total"), 1);
}

TEST(ReportCommand, AChangedTopologyIsNotDrawn) {
  Reported r;
  ASSERT_EQ(deadletter({"run", kArticle, "--out", r.folder / "run"}).status, 0);
  std::string run = read_file(r.folder / "run/run.json"), topology = R"("role": "topology")";
  std::size_t hash = run.find("\"hash\": \"", run.find(topology)) + 9;
  write_file(r.folder / "run/run.json", run.replace(hash, 16, "0000000000000000"));
  r.report({"run"});
  EXPECT_EQ(at(r.data, "/organization"), json::Value());
}

TEST(ReportCommand, AllThatIsWrongIsSaidAtOnce) {
  Reported r;
  make_run(r.folder / "format"), make_run(r.folder / "broken"), make_run(r.folder / "not_sqlite"),
      make_run(r.folder / "no_tables"), make_run(r.folder / "good"), make_run(r.folder / "newer"),
      make_run(r.folder / "lacks");
  fs::create_directory(r.folder / "empty");
  write_file(r.folder / "file", "x");
  write_file(r.folder / "format/run.json", R"({"format": 2, "result": {"variant": "v"}})");
  write_file(r.folder / "broken/run.json", "{\"format\": 1,");
  write_file(r.folder / "not_sqlite/results.sqlite", std::string(5000, 'x'));
  change_tables(r.folder / "newer/results.sqlite", "PRAGMA user_version = 2");
  change_tables(r.folder / "lacks/results.sqlite", "DROP TABLE recipients");
  fs::remove(r.folder / "no_tables/results.sqlite");
  r.report({"nowhere", "empty", "file", "format", "broken", "not_sqlite", "no_tables", "newer", "lacks", "good"});
  EXPECT_EQ(r.said.status, 2);
  for (const char* words :
       {"nowhere: there is no such folder", "empty: there is no run.json in it", "file: this is a file",
        "format/run.json: this is no run.json of format 1",
        "broken/run.json:1:", "not_sqlite/results.sqlite: these are no tables of a run: file is not a database",
        "no_tables: its results.sqlite is missing",
        "newer/results.sqlite: these are no tables of a run: its tables are",
        "lacks/results.sqlite: these are no tables of a run: it has no table recipients"})
    EXPECT_THAT(r.said.err, HasSubstr(words));
  EXPECT_THAT(r.said.err, Not(HasSubstr("good")));
  EXPECT_FALSE(fs::exists(r.folder / "report.json"));
}

TEST(ReportCommand, ARunFileOfOtherKindsOfValuesIsNoCrash) {
  Reported r;
  make_run(r.folder / "run");
  write_file(r.folder / "run/run.json", R"({"format": 1, "record": "messages", "inputs": {"role": 1}, "nodes": [1],
    "config": 3, "result": {"variant": "v", "seed": [], "fates": "x", "expectations": {"held": -1, "failed": [7]},
    "mail": [{"id": 4, "recipients": 5}], "horizon_s": "x", "quirks_ruled": [], "messages": null}})");
  r.report({"run"});
  EXPECT_EQ(r.said.status, 0) << r.said.err;
}

TEST(ReportCommand, AFileThatIsNoReportIsNotOverwritten) {
  Reported r;
  make_run(r.folder / "run");
  write_file(r.folder / "report.json", "{\"mine\": true}\n");
  r.report({"run"});
  EXPECT_EQ(r.said.status, 2);
  EXPECT_THAT(r.said.err, HasSubstr("it is there already and no report"));
  EXPECT_EQ(read_file(r.folder / "report.json"), "{\"mine\": true}\n");
  EXPECT_EQ(deadletter({"report", r.folder / "run", "--data", r.folder / "report.json", "--force"}).status, 0);
  r.report({"run"});  // now it is one
  EXPECT_EQ(r.said.status, 0) << r.said.err;
}

TEST(ReportCommand, AFolderThatIsNotThereIsSaidAndNotMade) {
  Reported r;
  make_run(r.folder / "run");
  Said said = deadletter({"report", r.folder / "run", "--data", r.folder / "nowhere/report.json"});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("nowhere/report.json: there is no folder " + r.folder / "nowhere"));
  EXPECT_FALSE(fs::exists(r.folder / "nowhere"));
}

TEST(ReportCommand, ThePageIsWholeSmallAndMadeAnew) {
  Reported r;
  make_run(r.folder / "run");
  std::string page = r.folder / "page.html";
  Said said = deadletter({"report", r.folder / "run", "-o", page});
  if (said.err.find("built without the page") != std::string::npos) {
    EXPECT_EQ(said.status, 2);
    EXPECT_FALSE(fs::exists(page));
    return;
  }
  ASSERT_EQ(said.status, 0) << said.err;
  std::string text = read_file(page);
  EXPECT_TRUE(text.ends_with(kSignature));
  EXPECT_LT(text.size(), 5'000'000u);
  r.report({"run"});
  EXPECT_THAT(text, HasSubstr(r.data.dump(0)));
  EXPECT_EQ(deadletter({"report", r.folder / "run", "-o", page}).status, 0);
  EXPECT_EQ(read_file(page), text);
  EXPECT_EQ(std::distance(fs::directory_iterator(r.folder.path()), {}), 3);
}

TEST(ReportCommand, PageAndDataAreTwoFiles) {
  Reported r;
  make_run(r.folder / "run");
  Said said = deadletter({"report", r.folder / "run", "-o", r.folder / "x", "--data", r.folder / "run/../x"});
  EXPECT_EQ(said.status, 2);
  EXPECT_FALSE(fs::exists(r.folder / "x"));
}

TEST(ReportPage, NothingInTheDataEndsItsElement) {
  std::string page = "<script>" + std::string(kDataMarker) + "</script>";
  std::string hostile = "</script><script>x</SCRIPT><!-- \xE2\x80\xA8\xE2\x80\xA9 <ann@contoso.com> \xC3\xA9";
  std::string json = json::Value::array({hostile}).dump();
  auto filled = filled_page(page, json);
  ASSERT_TRUE(filled);
  EXPECT_EQ(*filled,
            "<script>[\"<\\/script>\\u003cscript>x<\\/SCRIPT>\\u003c!-- \\u2028\\u2029 <ann@contoso.com> "
            "\xC3\xA9\"]</script>\n" +
                std::string(kSignature));
  std::string within = filled->substr(8, filled->find("</script>") - 8);
  EXPECT_EQ(parsed(within), parsed(json));
}

TEST(ReportPage, AMarkerMustBeThereOnce) {
  std::string marker(kDataMarker);
  EXPECT_FALSE(filled_page("<p>", "1"));
  EXPECT_FALSE(filled_page(marker + marker, "1"));
  EXPECT_EQ(filled_page(marker, "1"), "1\n" + std::string(kSignature));
}

TEST(ReportPage, AReportIsKnownByItsLastLine) {
  TemporaryFolder folder;
  write_whole(folder / "page", *filled_page(kDataMarker, "1"));
  write_file(folder / "other", "<html></html>\n");
  write_file(folder / "empty", "");
  EXPECT_TRUE(made_here(folder / "page"));
  EXPECT_FALSE(made_here(folder / "other"));
  EXPECT_FALSE(made_here(folder / "empty"));
}

TEST(ReportPage, ThePageOfThisProgramHasItsMarker) {
  if (report_page().empty()) GTEST_SKIP() << "built without the page";
  EXPECT_TRUE(filled_page(report_page(), "null"));
}

}  // namespace
}  // namespace deadletter::testing
