// A run as a trace for viewers: whole JSON, slices that do not overlap, everything named, and no more than allowed.
#include "experiments/run/chrome_trace.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>
#include <tuple>

#include "experiments/config/load.h"
#include "experiments/run/cannot_write.h"
#include "experiments/run/runner.h"
#include "models/mail/record.h"
#include "sim/json/parse.h"
#include "tests/support/command.h"

namespace deadletter::experiments {
namespace {

using deadletter::testing::TemporaryFolder;
using mail::What;

json::Value parsed(const std::string& file) {
  json::Problems problems;
  std::string text = deadletter::testing::read_file(file);
  auto value = json::parse(std::make_shared<json::Source>(json::Source{file, text}), problems);
  EXPECT_TRUE(value.has_value()) << json::render(problems) << text.substr(0, 500);
  return value.value_or(json::Value::object());
}

std::string text_at(const json::Value& value, const char* pointer) {
  const json::Value* found = value.find_pointer(pointer);
  return found == nullptr ? "" : found->is(json::Kind::string) ? found->as_string() : found->dump();
}

// "1160188.800" microseconds as nanoseconds.
std::int64_t ns(std::string text) {
  std::size_t point = text.find('.');
  if (point == std::string::npos) return std::stoll(text) * 1000;
  std::string digits = (text.substr(point + 1) + "000").substr(0, 3);
  return std::stoll(text.substr(0, point)) * 1000 + std::stoll(digits);
}

struct Trace {
  json::Value whole;
  std::vector<json::Value> events;
  explicit Trace(const std::string& file) : whole(parsed(file)) {
    if (const json::Value* list = whole.find("traceEvents"))
      for (const json::Value& e : list->items()) events.push_back(e);
  }
  std::size_t count(const std::string& phase) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(events, [&](const json::Value& e) { return text_at(e, "/ph") == phase; }));
  }
};

void expect_well_formed(const Trace& trace) {
  std::set<std::string> processes, threads;
  std::map<std::string, std::int64_t> busy_until;  // by thread
  for (const json::Value& e : trace.events) {
    std::string pid = text_at(e, "/pid"), tid = text_at(e, "/tid"), phase = text_at(e, "/ph");
    if (phase == "M") {
      bool process = text_at(e, "/name") == "process_name";
      EXPECT_TRUE((process ? processes : threads).insert(process ? pid : tid).second) << "named twice: " << e.dump();
    }
    EXPECT_TRUE(processes.contains(pid)) << "a process without a name: " << e.dump();
    bool in_thread = phase == "X" || phase == "i";
    EXPECT_TRUE(!in_thread || threads.contains(tid)) << "a thread without a name: " << e.dump();
    if (phase != "X") continue;
    std::int64_t from = ns(text_at(e, "/ts")), lasts = ns(text_at(e, "/dur"));
    EXPECT_GE(lasts, 0);
    EXPECT_GE(from, busy_until[tid]) << "overlaps the one before: " << e.dump();
    busy_until[tid] = from + lasts;
  }
}

// An experiment's run, in a process of its own.
void run_into(const std::string& file, const std::string& article, std::uint64_t most, const std::atomic<bool>* stop) {
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    json::Problems problems;
    std::string path = deadletter::testing::source_path("experiments/articles/" + article + ".json");
    auto loaded = load_experiment(path, {}, problems);
    auto plan = make_plan(*loaded, "unfixed", std::nullopt, problems);
    ChromeTrace trace(file, *plan, most);
    RunOptions options{.record = RecordLevel::summary, .out = {}, .watchers = {&trace}, .stop = stop};
    trace.finish(run_plan(*plan, {}, options).complete);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(ChromeTrace, EveryArticleMakesATraceThatHoldsTogether) {
  for (const char* article : {"kb912341_multiline_354", "kb938650_meeting_update", "kb843242_signed_over_x400",
                              "kb870585_builtin_group", "kb955778_fax_in_cached_mode"}) {
    TemporaryFolder folder;
    run_into(folder / "trace.json", article, ChromeTrace::kMostEvents, nullptr);
    Trace trace(folder / "trace.json");
    expect_well_formed(trace);
    EXPECT_GT(trace.count("X"), 0U) << article;
    EXPECT_EQ(text_at(trace.whole, "/displayTimeUnit"), "ms");
    EXPECT_EQ(text_at(trace.whole, "/otherData/left_out"), "0");
    EXPECT_EQ(text_at(trace.whole, "/otherData/complete"), "true");
    EXPECT_EQ(text_at(trace.whole, "/otherData/experiment"), article);
  }
}

TEST(ChromeTrace, TheArticlesAttemptsAreSlices) {
  TemporaryFolder folder;
  run_into(folder / "trace.json", "kb912341_multiline_354", ChromeTrace::kMostEvents, nullptr);
  Trace trace(folder / "trace.json");
  EXPECT_EQ(trace.count("X"), 193U);
  auto first = std::ranges::find_if(trace.events, [](const json::Value& e) { return text_at(e, "/ph") == "X"; });
  ASSERT_NE(first, trace.events.end());
  EXPECT_EQ(text_at(*first, "/name"), "m1: temporary failure");
  EXPECT_EQ(text_at(*first, "/args/stage"), "DOT");
  EXPECT_EQ(text_at(*first, "/args/code"), "354");
  EXPECT_EQ(text_at(*first, "/args/articles"), "KB912341");
}

TEST(ChromeTrace, ALimitCutsTheTraceAndSaysSo) {
  TemporaryFolder folder;
  run_into(folder / "whole.json", "kb912341_multiline_354", ChromeTrace::kMostEvents, nullptr);
  std::size_t all = Trace(folder / "whole.json").events.size();
  for (std::uint64_t most : {0U, 1U, 10U, 500U}) {
    run_into(folder / "cut.json", "kb912341_multiline_354", most, nullptr);
    Trace cut(folder / "cut.json");
    expect_well_formed(cut);
    EXPECT_LE(cut.events.size(), most);
    std::size_t named = cut.count("M"), left_out = std::stoul(text_at(cut.whole, "/otherData/left_out"));
    EXPECT_GT(left_out, 0U);
    EXPECT_EQ(cut.events.size() - named + left_out, all - Trace(folder / "whole.json").count("M"));
  }
}

TEST(ChromeTrace, AnInterruptedRunLeavesAWholeFile) {
  TemporaryFolder folder;
  std::atomic<bool> stop{true};
  run_into(folder / "trace.json", "kb912341_multiline_354", ChromeTrace::kMostEvents, &stop);
  Trace trace(folder / "trace.json");
  expect_well_formed(trace);
  EXPECT_EQ(text_at(trace.whole, "/otherData/complete"), "false");
}

TEST(ChromeTrace, EqualRunsGiveEqualTraces) {
  TemporaryFolder folder;
  run_into(folder / "one.json", "kb938650_meeting_update", ChromeTrace::kMostEvents, nullptr);
  run_into(folder / "two.json", "kb938650_meeting_update", ChromeTrace::kMostEvents, nullptr);
  EXPECT_TRUE(deadletter::testing::read_file(folder / "one.json") ==
              deadletter::testing::read_file(folder / "two.json"));
}

// ---- told by hand

Plan two_nodes() {
  Plan plan;
  plan.experiment = "by_hand";
  plan.variant = "unfixed";
  plan.nodes.resize(2);
  plan.nodes[0].name = "EX1";
  plan.nodes[1].name = "EX2 \"quoted\"";
  return plan;
}

void attempt(Observer& trace, std::int64_t began, std::int64_t ended, std::uint32_t session) {
  smtp::Outcome outcome{.stage = smtp::Stage::dot, .code = 250};
  trace.attempt({ended},
                {.began = {began}, .message = {3}, .node = {0}, .peer = {1}, .session = session, .outcome = &outcome});
}

TEST(ChromeTrace, SlicesThatOverlapStandOnThreadsOfTheirOwn) {
  TemporaryFolder folder;
  Plan plan = two_nodes();
  ChromeTrace trace(folder / "trace.json", plan);
  attempt(trace, 2, 5, 0), attempt(trace, 6, 8, 0), attempt(trace, 0, 10, 0), attempt(trace, 1, 12, 0);
  attempt(trace, 9, 8, 1);  // never shorter than nothing
  trace.finish(true);
  Trace read(folder / "trace.json");
  expect_well_formed(read);
  EXPECT_EQ(read.count("X"), 5U);
  EXPECT_EQ(read.count("M"), 1U + 4U) << "one process; store, two beside it, a session";
}

TEST(ChromeTrace, TimesAreExact) {
  TemporaryFolder folder;
  Plan plan = two_nodes();
  ChromeTrace trace(folder / "trace.json", plan);
  attempt(trace, 9'007'199'254'740'993, 9'007'199'254'740'995, 1);
  trace.finish(true);
  std::string text = deadletter::testing::read_file(folder / "trace.json");
  EXPECT_NE(text.find("\"ts\":9007199254740.993,\"dur\":0.002"), std::string::npos) << text;
}

TEST(ChromeTrace, BetweenTwoBlocksTheFileIsWhole) {
  TemporaryFolder folder;
  Plan plan = two_nodes();
  ChromeTrace trace(folder / "trace.json", plan);
  EXPECT_EQ(Trace(folder / "trace.json").events.size(), 0U) << "before anything has happened";
  for (std::int64_t i = 0; i < 2000; ++i) attempt(trace, i * 10, i * 10 + 5, 1);
  Trace before(folder / "trace.json");  // as a run that is killed leaves it
  expect_well_formed(before);
  EXPECT_GT(before.count("X"), 0U);
  EXPECT_EQ(text_at(before.whole, "/otherData/complete"), "false");
  trace.finish(true);
  EXPECT_EQ(Trace(folder / "trace.json").count("X"), 2000U);
}

TEST(ChromeTrace, AQueueCountsOnlyWhenItChanges) {
  TemporaryFolder folder;
  Plan plan = two_nodes();
  ChromeTrace trace(folder / "trace.json", plan);
  Observer& observer = trace;
  for (std::size_t size : {1U, 1U, 2U, 0U, 0U})
    observer.queue({1}, {.index = 4, .node = {1}, .next_hop = "fabrikam.com", .size = size});
  trace.finish(true);
  EXPECT_EQ(Trace(folder / "trace.json").count("C"), 3U);
}

TEST(ChromeTrace, WhatCannotBeWrittenIsSaid) {
  Plan plan = two_nodes();
  try {
    ChromeTrace trace("/proc/no/trace.json", plan);
    ADD_FAILURE() << "written";
  } catch (const CannotWrite& why) {
    EXPECT_STREQ(why.what(), "cannot write /proc/no/trace.json: No such file or directory");
  }
}

}  // namespace
}  // namespace deadletter::experiments
