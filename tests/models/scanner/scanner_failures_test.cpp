// What happens to items whose scan fails, hangs or is cut off by a restart, and how long scans take.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/scan_desk.h"

namespace deadletter::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kCallFailed = static_cast<std::int32_t>(0x80004005);

TEST(ScannerFailures, AScanThatHangsIsGivenUpAfterThreeMinutesAndTriedLater) {
  ScanDesk desk;
  desk.arrive("m1", {.hangs = true}), desk.arrive("m2");
  desk.run_until(Duration::minutes(10));
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:03:00 m1 judged failed (not in time), attempt 1, to be tried later",
                                                "00:03:10 m2 judged clean"));
  desk.arrive("m1");
  desk.run_until(Duration::minutes(20));
  desk.change("m1", {});
  desk.arrive("m1");
  desk.run_out();
  EXPECT_THAT(
      desk.lines("m1 judged"),
      ElementsAre("00:03:00 m1 judged failed (not in time), attempt 1, to be tried later",
                  "00:13:00 m1 judged failed (not in time), attempt 2, to be tried later", "00:20:10 m1 judged clean"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(ScannerFailures, WhatTakesExactlyTheTimeOutIsInTimeAndAnOctetMoreIsNot) {
  ScanDesk desk;
  desk.behaviour.time_per_item.set({}, {});
  desk.behaviour.time_per_mb.set(Duration::seconds(90), {});
  desk.arrive("m1", {.size = 2 * 1'048'576}), desk.arrive("m2", {.size = 2 * 1'048'576 + 1});
  desk.run_out();
  EXPECT_THAT(
      desk.lines("judged"),
      ElementsAre("00:03:00 m1 judged clean", "00:06:00 m2 judged failed (not in time), attempt 1, to be tried later"));
}

TEST(ScannerFailures, ContentThatCannotBeOpenedFailsAtEachTryWithItsCodeEvenWhenThatIsZero) {
  ScanDesk desk(Site::transport);
  desk.arrive("m1", {.readable = false}), desk.arrive("m2", {.readable = false, .error = kCallFailed});
  desk.run_until(Duration::minutes(5));
  desk.arrive("m1");
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged failed (0x0), attempt 1, to be tried later",
                                                "00:00:20 m2 judged failed (0x80004005), attempt 1, to be tried later",
                                                "00:05:10 m1 judged failed (0x0), attempt 2, to be tried later"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(ScannerFailures, ARestartForgetsWhatWaitsAndKeepsTheStamps) {
  ScanDesk desk;
  desk.arrive("m1");
  desk.run_until(Duration::minutes(1));
  desk.arrive("m2"), desk.arrive("m3");
  desk.restart();
  EXPECT_EQ(desk.scanner().running(), 0U);
  EXPECT_EQ(desk.scanner().waiting(), 0U);
  desk.run_until(Duration::minutes(5));
  desk.open("m1"), desk.open("m2");
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged clean", "00:05:10 m2 judged clean"));
  EXPECT_EQ(desk.lines("m1 not scanned, clean").size(), 1U);
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(ScannerFailures, AScanOfAnItemThatIsGoneSaysNothingAboutAnotherOfItsName) {
  ScannerBehaviour behaviour;
  behaviour.enabled.set(Switch::on, {});
  Scanner scanner(behaviour, Site::store);
  Scanner::Actions out;
  Item item{.id = {7}, .size = 1, .message_class = "IPM.Note"};
  scanner.open(item, {}, out);
  ScanId first = out[0].scan;
  scanner.forget(item.id);
  out.clear();
  scanner.open(item, {}, out);
  ScanId second = out[0].scan;
  out.clear();
  scanner.finished(first, {}, out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(scanner.running(), 1U);
  scanner.finished(second, {}, out), scanner.finished(second, {}, out), scanner.timed_out(second, {}, out);
  scanner.finished({77, 1}, {}, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].verdict, Verdict::clean);
}

TEST(ScannerFailures, AttemptsAreCountedSinceTheItemWasLastJudgedOtherwise) {
  ScanDesk desk;
  const Sort torn{.readable = false, .error = kCallFailed};
  auto again = [&](const Sort& sort) {
    desk.change("m1", sort), desk.open("m1");
    desk.run_out();
  };
  desk.open("m1", torn);
  desk.run_out();
  again(torn), again({});
  desk.update(2);
  desk.change("m1", torn), desk.open("m1");  // the background's scan goes on and does not count
  desk.update(3);
  desk.run_out();
  desk.restart();
  again(torn);
  std::vector<std::string> told;
  for (const std::string& line : desk.lines("judged")) told.push_back(line.substr(line.find("judged")));
  const std::string once = "judged failed (0x80004005), attempt 1, to be tried later";
  EXPECT_THAT(
      told, ElementsAre(once, "judged failed (0x80004005), attempt 2, to be tried later", "judged clean", once, once));
}

TEST(ScannerFailures, WhatHasWaitedIsCountedFromTheFirstAskingAlsoWhenPromoted) {
  ScanDesk desk;
  desk.arrive("m1"), desk.arrive("m2");
  desk.run_until(Duration::seconds(5));
  desk.open("m2");
  desk.run_out();
  EXPECT_THAT(desk.lines("m2 scan"), ElementsAre("00:00:10 m2 scan begins after 00:00:10"));
}

TEST(ScannerFailures, WithoutATimeOutALongScanEnds) {
  ScanDesk desk;
  desk.behaviour.timeout.set({}, {});
  desk.behaviour.time_per_mb.set(Duration::minutes(10), {});
  desk.arrive("m1", {.size = 1'048'576}), desk.arrive("m2", {.size = 1'048'576, .readable = false});
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"),
              ElementsAre("00:10:10 m1 judged clean", "00:10:20 m2 judged failed (0x0), attempt 1, to be tried later"))
      << "what cannot be opened is not read";
}

TEST(ScannerFailures, AScanThatIsGivenUpHasNoCode) {
  ScanDesk desk;
  desk.behaviour.scan_failed.deviate(
      [](const ScanFailedFacts& f, const ScanFailed& below) { return f.code != 0 ? ScanFailed::refuse : below; },
      blame_of("KB100001"));
  desk.arrive("m1", {.readable = false, .error = kCallFailed, .hangs = true});
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"),
              ElementsAre("00:03:00 m1 judged failed (not in time), attempt 1, to be tried later"));
}

TEST(ScannerFailures, NoSizeMakesATimeThatCannotBeCounted) {
  ScannerBehaviour behaviour;
  behaviour.enabled.set(Switch::on, {});
  for (std::int64_t ns : {0L, 1L, Duration::days(3650).ns}) {
    behaviour.time_per_mb.set({ns}, {}), behaviour.time_per_item.set({ns}, {});
    Scanner scanner(behaviour, Site::store);
    Scanner::Actions out;
    scanner.open({.id = {1}, .size = std::numeric_limits<std::uint64_t>::max(), .message_class = ""}, {}, out);
    EXPECT_GE(out[0].takes, Duration{ns});
    EXPECT_LE(out[0].takes, Duration::days(3650));
  }
  behaviour.time_per_item.set({}, {});
  behaviour.time_per_mb.set({1LL << 24}, {});  // times the megabytes it is 2^64
  Scanner scanner(behaviour, Site::store);
  Scanner::Actions out;
  scanner.open({.id = {1}, .size = 1ULL << 60, .message_class = ""}, {}, out);
  EXPECT_EQ(out[0].takes, Duration::days(3650));
}

}  // namespace
}  // namespace deadletter::scanner
