// What a report shows of a run: exact numbers out of its tables, the messages that it chooses, and what gives way when
// there is too much.
#include "experiments/report/report_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "experiments/report/chosen.h"
#include "experiments/report/page.h"
#include "experiments/report/run_reader.h"
#include "experiments/report/series.h"
#include "sim/json/fields.h"
#include "tests/report/made_run.h"
#include "tests/support/tables.h"

namespace deadletter::testing {
namespace {

using namespace experiments::report;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::int64_t kSecond = 1'000'000'000;
const std::string kArticle = source_path("experiments/articles/kb912341_multiline_354.json");

// Of one folder, without problems.
ReportData report_of(const std::string& folder) {
  json::Problems problems;
  ReportData data = read_report(find_runs({folder}, problems), problems);
  EXPECT_EQ(json::render(problems), "");
  return data;
}

std::vector<std::string> ids(const RunData& run) {
  std::vector<std::string> all;
  for (const MessageData& m : run.messages) all.push_back(m.id);
  return all;
}

TEST(Report, BinsAreAsWideAsPeopleCountAndAtMost240) {
  struct {
    std::int64_t last_ns, width_ns;
  } const rows[] = {
      {0, 1},
      {239, 1},
      {240, 2},
      {239 * kSecond, kSecond},
      {240 * kSecond, 2 * kSecond},
      {2 * 86'400 * kSecond, 15 * 60 * kSecond},
      {800 * 86'400 * kSecond, 5 * 86'400 * kSecond},
      {9'000'000'000 * kSecond, 37'500'001 * kSecond - 1'000'000'000 + 1},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(bin_width_ns(row.last_ns), row.width_ns) << row.last_ns;
    EXPECT_LT(row.last_ns / bin_width_ns(row.last_ns), kMostBins);
  }
}

TEST(Report, EachAttemptReportAndDeliveryIsInItsBin) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, "m1", 0);
  made.recipient({.message = 0, .delivered_ns = 3 * kSecond});
  made.attempt(0, 0, "temporary failure");
  made.attempt(0, kSecond - 1, "success");
  made.attempt(0, kSecond, "permanent failure");
  made.attempt(0, 239 * kSecond, "refused");
  made.report("failure", kSecond);
  made.report("delay", kSecond);
  made.finish();
  ReportData data = report_of(made.path());
  const Series& series = *data.runs[0].series;
  EXPECT_EQ(series.step_ns, kSecond);
  EXPECT_EQ(series.attempts.dump(), R"([{"t":0.0,"delivered":1,"again":1,"failed":0},)"
                                    R"({"t":1.0,"delivered":0,"again":0,"failed":1},)"
                                    R"({"t":239.0,"delivered":0,"again":0,"failed":1}])");
  EXPECT_EQ(series.reports.dump(), R"([{"t":1.0,"ndr":1,"delay":1}])");
  EXPECT_EQ(series.deliveries.dump(), R"([{"t":3.0,"n":1}])");
}

TEST(Report, DelaysAreExactNearestRanks) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, std::nullopt, kSecond);
  for (std::int64_t n = 1000; n >= 1; --n) made.recipient({.message = 0, .delivered_ns = (1 + n) * kSecond});
  made.recipient({.message = 0, .fate = "lost", .copies = 0});
  made.finish();
  json::Value delays = report_of(made.path()).runs[0].delays;
  EXPECT_EQ(number_at(delays, "/count"), 1000);
  EXPECT_EQ(at(delays, "/p50").as_real(), 500);
  EXPECT_EQ(at(delays, "/p95").as_real(), 950);
  EXPECT_EQ(at(delays, "/p99").as_real(), 990);
  EXPECT_EQ(at(delays, "/max").as_real(), 1000);
  EXPECT_THAT(items_at(delays, "/points"), SizeIs(kMostDelayPoints));
  EXPECT_EQ(at(delays, "/points/0").dump(), "[5.0,0.005]");
  EXPECT_EQ(at(delays, "/points/199").dump(), "[1000.0,1.0]");
}

TEST(Report, EqualDelaysAreOnePoint) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, std::nullopt, 0);
  for (int n = 0; n < 3; ++n) made.recipient({.message = 0, .delivered_ns = 2 * kSecond});
  made.recipient({.message = 0, .delivered_ns = 4 * kSecond});
  made.finish();
  EXPECT_EQ(at(report_of(made.path()).runs[0].delays, "/points").dump(), "[[2.0,0.75],[4.0,1.0]]");
}

TEST(Report, NamedMessagesComeFirstThenFailedLostDoubledDelayedAndSlowest) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  for (std::int64_t id = 0; id < 8; ++id) made.message(id, id == 7 ? experiments::Cell("m1") : std::nullopt, 0);
  made.recipient({.message = 0, .delivered_ns = kSecond});
  made.recipient({.message = 1, .delivered_ns = 2 * kSecond});
  made.recipient({.message = 2, .delay = 1, .delivered_ns = kSecond});
  made.recipient({.message = 3, .copies = 2, .delivered_ns = kSecond});
  made.recipient({.message = 4, .fate = "waiting", .copies = 0});
  made.recipient({.message = 5, .fate = "returned", .copies = 0});
  made.recipient({.message = 5, .delivered_ns = kSecond});
  made.recipient({.message = 7, .delivered_ns = kSecond});
  made.finish();
  EXPECT_THAT(ids(report_of(made.path()).runs[0]), ElementsAre("m1", "#5", "#4", "#3", "#2", "#1", "#0", "#6"));
}

TEST(Report, OfVeryManyMessages400AreShownAndTheRestCounted) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  for (std::int64_t id = 0; id < 1000; ++id) {
    made.message(id, std::nullopt, 0);
    made.recipient({.message = id, .delivered_ns = id});
  }
  made.finish();
  ReportData data = report_of(made.path());
  ASSERT_THAT(data.runs[0].messages, SizeIs(kMostMessages));
  EXPECT_EQ(data.runs[0].messages.front().id, "#999");
  EXPECT_EQ(data.runs[0].messages.back().id, "#600");
  EXPECT_EQ(data.runs[0].messages_total, 1000);
  EXPECT_FALSE(data.runs[0].messages[kMostStories - 1].story_cut);
  EXPECT_TRUE(data.runs[0].messages[kMostStories].story_cut);
}

TEST(Report, OfAWideMessageThoseWhoFailedAreShown) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, "m1", 0);
  for (int n = 0; n < 150; ++n) made.recipient({.message = 0, .address = std::to_string(n) + "@fabrikam.com"});
  made.recipient({.message = 0, .address = "last@fabrikam.com", .fate = "returned", .copies = 0});
  made.finish();
  json::Value recipients = report_of(made.path()).runs[0].messages[0].recipients;
  EXPECT_EQ(recipients.size(), kMostRecipients);
  EXPECT_EQ(text_at(recipients, "/0/address"), "last@fabrikam.com");
  EXPECT_EQ(text_at(recipients, "/1/address"), "0@fabrikam.com");
  EXPECT_EQ(at(recipients, "/0/delivered_s"), json::Value());
  EXPECT_EQ(at(recipients, "/0/ruled_by").dump(), R"(["KB1","KB2"])");
}

TEST(Report, TheTwelveDeepestQueuesAreShownWithTheirDepths) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  for (std::int64_t id = 0; id < 20; ++id) made.queue(id, "hop" + std::to_string(id), id);
  made.finish();
  change_tables(made.tables(),
                "DROP TABLE IF EXISTS queue_depth; CREATE TABLE queue_depth (queue, time_ns, depth, in_retry);"
                "INSERT INTO queue_depth VALUES (19, 0, 1, 0), (3, 0, 9, 0), (19, 2000000000, 19, 1)");
  ReportData data = report_of(made.path());
  const Series& series = *data.runs[0].series;
  EXPECT_EQ(series.queues_total, 20);
  ASSERT_THAT(series.queues, SizeIs(kMostQueues));
  EXPECT_EQ(series.queues[0].next_hop, "hop19");
  EXPECT_EQ(series.queues[11].next_hop, "hop8");
  EXPECT_EQ(at(to_json(data, {}), "/runs/0/series/queues/0/points").dump(), "[[0.0,1],[2.0,19]]");
}

TEST(Report, QueuesOfAnOlderRunHaveAPeakAndNoDepths) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.queue(0, "hop", 7);
  made.finish();
  change_tables(made.tables(), "DROP TABLE IF EXISTS queue_depth");
  ReportData data = report_of(made.path());
  ASSERT_THAT(data.runs[0].series->queues, SizeIs(1));
  EXPECT_EQ(data.runs[0].series->queues[0].peak, 7);
  EXPECT_TRUE(data.runs[0].series->queues[0].points.empty());
}

TEST(Report, OfTooManyDepthsThePeakAndTheEndStay) {
  ReportData data;
  data.runs.emplace_back().series.emplace().queues.push_back(
      {.node = "EX1", .next_hop = "hop", .peak = 9, .points = {}});
  for (std::int64_t n = 0; n < 10; ++n)
    data.runs[0].series->queues[0].points.push_back({n * kSecond, n == 4 ? 9 : 9 - n});
  auto points = [&](std::size_t most) {
    return at(to_json(data, {.depths = most}), "/runs/0/series/queues/0/points").dump();
  };
  EXPECT_EQ(points(10), "[[0.0,9],[1.0,8],[2.0,7],[3.0,6],[4.0,9],[5.0,4],[6.0,3],[7.0,2],[8.0,1],[9.0,0]]");
  EXPECT_EQ(points(4), "[[0.0,9],[4.0,9],[8.0,1],[9.0,0]]");
  EXPECT_EQ(points(1), "[]");
  EXPECT_EQ(points(0), "[]");
}

TEST(Report, TablesThatAnOlderRunLacksAreEmptyAndNotAnError) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, "m1", 0);
  made.recipient({.message = 0});
  made.finish();
  for (const char* table : {"attempts", "events", "queues", "queue_depth", "reports"})
    change_tables(made.tables(), std::string("DROP TABLE IF EXISTS ") + table);
  ReportData data = report_of(made.path());
  EXPECT_EQ(data.runs[0].series->attempts.size(), 0u);
  EXPECT_EQ(data.runs[0].series->queues_total, 0);
  EXPECT_THAT(data.runs[0].messages, SizeIs(1));
  EXPECT_TRUE(data.runs[0].messages[0].story.empty());
}

TEST(Report, ArticlesOfARulingAreNamedAndThoseThatAPeerSaysAreNot) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, "m1", 0);
  made.attempt(0, 3, "temporary failure", 1);
  made.event(1, "connect", "s1 to mx for m1");
  made.event(2, "reply", "s1 < 220 KB5 and m1");
  made.event(3, "attempt", "s1 m1 at DOT: temporary failure");
  made.event(3, "ruling", "s1 m1 ruled by KB912341, KB7 and KB912341; KBx is none");
  made.finish();
  json::Value data = to_json(report_of(made.path()), {});
  EXPECT_EQ(at(data, "/runs/0/messages/0/story/0/lines/3/articles").dump(), R"(["KB912341","KB7"])");
  EXPECT_EQ(at(data, "/runs/0/messages/0/story/0/lines/1/articles").dump(), "[]");
  EXPECT_EQ(text_at(data, "/runs/0/messages/0/story/0/session"), "s1");
}

TEST(Report, StoriesGiveWayFirstAndThePageSaysSo) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, "m1", 0);
  for (int n = 0; n < 300; ++n) made.event(n, "ruling", "m1 of a long story, line " + std::to_string(n));
  made.finish();
  ReportData data = report_of(made.path());
  auto whole = fit(data, 1'000'000);
  ASSERT_TRUE(whole && !whole->cut);
  EXPECT_EQ(at(parsed(whole->text), "/runs/0/messages/0/story_cut"), json::Value(false));
  auto less = fit(data, whole->text.size() - 1);
  ASSERT_TRUE(less && less->cut);
  EXPECT_LE(less->text.size(), whole->text.size() - 1);
  EXPECT_EQ(at(parsed(less->text), "/runs/0/messages/0/story_cut"), json::Value(true));
  EXPECT_THAT(items_at(parsed(less->text), "/runs/0/messages/0/story/0/lines"), SizeIs(less->limits.lines));
  auto least = fit(data, 1400);
  ASSERT_TRUE(least);
  EXPECT_THAT(items_at(parsed(least->text), "/runs/0/messages"), SizeIs(1));
  EXPECT_THAT(items_at(parsed(least->text), "/runs/0/messages/0/story"), SizeIs(0));
  EXPECT_FALSE(fit(data, 100));
}

TEST(Report, AStoryHasAtMost400Lines) {
  TemporaryFolder folder;
  MadeRun made(folder / "run");
  made.message(0, "m1", 0);
  for (int n = 0; n < 401; ++n) made.event(n, "ruling", "m1 of a long story, line " + std::to_string(n));
  made.finish();
  json::Value data = to_json(report_of(made.path()), {});
  std::size_t lines = 0;
  for (const json::Value& round : items_at(data, "/runs/0/messages/0/story")) lines += items_at(round, "/lines").size();
  EXPECT_EQ(lines, 400u);
  EXPECT_EQ(at(data, "/runs/0/messages/0/story_cut"), json::Value(true));
}

// What is escaped in the page counts as it stands there.
TEST(Report, HostileTextMakesNoPageLargerThanItMayBe) {
  ReportData data;
  std::string hostile;
  for (int n = 0; n < 100; ++n) hostile += "<s<!</";
  data.runs.emplace_back().config = hostile;
  auto fitted = fit(data, 2000);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(text_at(parsed(fitted->text), "/runs/0/config"), hostile);
  EXPECT_EQ(within_script(fitted->text), fitted->text);
  std::size_t whole = fitted->text.size();
  auto less = fit(data, whole - 1);
  ASSERT_TRUE(less);
  EXPECT_LT(less->text.size(), whole);
}

// A property of every run: nothing is lost on the way from the tables into the bins.
TEST(Report, TheNumbersOfAllBinsAddUpToTheTables) {
  TemporaryFolder folder;
  for (const char* variant : {"unfixed", "hotfix_later"}) {
    std::string out = folder / variant, tables = out + "/results.sqlite";
    ASSERT_EQ(deadletter({"run", kArticle, "--variant", variant, "--out", out, "--record", "events"}).status, 0);
    ReportData data = report_of(out);
    const Series& series = *data.runs[0].series;
    auto sum = [](const json::Value& bins, const char* key) {
      std::int64_t total = 0;
      for (const json::Value& bin : bins.items()) total += bin.find(key)->as_integer();
      return total;
    };
    EXPECT_EQ(sum(series.attempts, "delivered"), number(tables, "SELECT count(*) FROM attempts WHERE class='success'"));
    EXPECT_EQ(sum(series.attempts, "again"),
              number(tables, "SELECT count(*) FROM attempts WHERE class='temporary failure'"));
    EXPECT_EQ(sum(series.reports, "ndr"), number(tables, "SELECT count(*) FROM reports WHERE kind='failure'"));
    EXPECT_EQ(sum(series.reports, "delay"), number(tables, "SELECT count(*) FROM reports WHERE kind='delay'"));
    EXPECT_EQ(sum(series.deliveries, "n"), number(tables, "SELECT count(delivered_ns) FROM recipients"));
  }
}

// Lines are dealt out to those whom they concern: the stories are as if each had heard every line.
TEST(Report, StoriesAreThoseOfTheWholeTranscript) {
  TemporaryFolder folder;
  std::string out = folder / "run";
  ASSERT_EQ(deadletter({"run", source_path("experiments/articles/kb938650_meeting_update.json"), "--variant", "unfixed",
                        "--out", out, "--record", "events"})
                .status,
            0);
  ReportData data = report_of(out);
  ASSERT_THAT(data.runs[0].messages, SizeIs(12));
  for (const MessageData& message : data.runs[0].messages) {
    experiments::Storyteller all(message.id);
    Tables tables(out + "/results.sqlite");
    for (auto rows = tables.ask("SELECT time_ns, node, kind, text FROM events ORDER BY id"); rows.next();)
      all.line({rows.number(0), std::string(rows.text(1)), std::string(rows.text(2)), std::string(rows.text(3))});
    EXPECT_EQ(experiments::story_text(message.story), experiments::story_text(all.tell())) << message.id;
    EXPECT_FALSE(message.story.empty()) << message.id;
  }
}

}  // namespace
}  // namespace deadletter::testing
