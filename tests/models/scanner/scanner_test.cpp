// What happens to items at a store or transport with a scanner, told as a user or administrator would see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scan_desk.h"

namespace deadletter::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// ---- The lines

TEST(Scanner, OneThreadScansItemsInTheOrderInWhichTheyArrived) {
  ScanDesk desk;
  for (const char* m : {"m1", "m2", "m3"}) desk.arrive(m);
  desk.run_out();
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 m1 waits at low priority", "00:00:00 m1 scan begins after 00:00:00",
                                        "00:00:00 m2 waits at low priority", "00:00:00 m3 waits at low priority",
                                        "00:00:10 m1 judged clean", "00:00:10 m2 scan begins after 00:00:10",
                                        "00:00:20 m2 judged clean", "00:00:20 m3 scan begins after 00:00:20",
                                        "00:00:30 m3 judged clean"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, AnItemThatAClientOpensWhileItWaitsIsPromoted) {
  ScanDesk desk;
  for (const char* m : {"m1", "m2", "m3", "m4"}) desk.arrive(m);
  desk.run_until(Duration::seconds(5));
  desk.open("m4");
  EXPECT_THAT(desk.lines("m4"), ElementsAre("00:00:00 m4 waits at low priority", "00:00:05 m4 is promoted"));
  EXPECT_EQ(desk.scanner().waiting_low(), 2U);
  desk.open("m4");
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged clean", "00:00:20 m4 judged clean",
                                                "00:00:30 m2 judged clean", "00:00:40 m3 judged clean"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, The31stItemThatWouldWaitIsStoredUnscannedAndScannedWhenItIsOpened) {
  ScanDesk desk;
  desk.arrive("m0");  // is being scanned and does not wait
  for (int i = 1; i <= 31; ++i) desk.arrive("m" + std::to_string(i));
  EXPECT_EQ(desk.scanner().waiting_low(), 30U);
  EXPECT_THAT(desk.lines("not scanned"), ElementsAre("00:00:00 m31 not scanned, not yet"));
  desk.run_until(Duration::minutes(10));
  EXPECT_EQ(desk.lines("judged").size(), 31U);
  desk.open("m31");
  desk.run_out();
  EXPECT_EQ(desk.lines().back(), "00:10:10 m31 judged clean");
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, WhoeverOpensGoesBeforeWhatArrivedAndThatBeforeTheBackground) {
  ScanDesk desk;
  desk.arrive("old1"), desk.arrive("old2");
  desk.run_until(Duration::minutes(1));
  desk.update(2);
  desk.arrive("new"), desk.open("read");
  desk.run_out();
  EXPECT_THAT(desk.lines("scan begins"),
              ElementsAre("00:00:00 old1 scan begins after 00:00:00", "00:00:10 old2 scan begins after 00:00:10",
                          "00:01:00 old1 scan begins after 00:00:00", "00:01:10 read scan begins after 00:00:10",
                          "00:01:20 new scan begins after 00:00:20", "00:01:30 old2 scan begins after 00:00:30"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, WithoutProactiveScanningItemsAreScannedWhenOpenedOnly) {
  ScanDesk desk;
  desk.behaviour.proactive.set(Switch::off, {});
  desk.arrive("m1");
  desk.run_until(Duration::hours(1));
  desk.open("m1");
  desk.run_out();
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 m1 not scanned, not yet", "01:00:00 m1 scan begins after 00:00:00",
                                        "01:00:10 m1 judged clean"));
}

TEST(Scanner, TwoThreadsForEachProcessorAndOneScanAtATime) {
  for (auto [threads, processors, most] : {std::tuple{0U, 1U, 3U}, {0U, 4U, 9U}, {0U, 0U, 1U}, {7U, 4U, 7U}}) {
    ScanDesk desk;
    desk.behaviour.threads.set(threads, {}), desk.behaviour.processors.set(processors, {});
    for (int i = 0; i < 12; ++i) desk.arrive("m" + std::to_string(i));
    EXPECT_EQ(desk.scanner().running(), most);
    EXPECT_EQ(desk.scanner().waiting(), 12 - most);
    desk.run_out();
    EXPECT_EQ(desk.lines("judged clean").size(), 12U);
    EXPECT_THAT(desk.broken(), IsEmpty());
  }
}

// ---- What is not scanned

TEST(Scanner, AnExcludedClassIsNotScannedThoughAClientOpensIt) {
  ScanDesk desk;
  desk.behaviour.exclusions.set({{"IPM.Note.SMIME"}}, {});
  Sort signed_mail{.message_class = "IPM.Note.SMIME.MultipartSigned", .infected = true};
  desk.arrive("signed", signed_mail), desk.open("signed"), desk.arrive("plain");
  desk.run_out();
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.lines("signed"),
              ElementsAre("00:00:00 signed not scanned, not yet", "00:00:00 signed not scanned, not yet"));
  EXPECT_EQ(desk.lines("plain judged clean").size(), 2U);
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, WithoutAScannerNothingIsScannedAndNothingIsKept) {
  for (Site site : {Site::store, Site::transport}) {
    ScanDesk desk(site);
    desk.behaviour.enabled.set(site == Site::store ? Switch::off : Switch::on, {});
    desk.behaviour.transport.set(Switch::off, {});
    desk.arrive("m1"), desk.open("m1"), desk.update(2);
    EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 m1 not scanned, not yet", "00:00:00 m1 not scanned, not yet"));
  }
}

// ---- Signatures

TEST(Scanner, WithTheSameSignaturesNothingIsScannedTwiceAndAnUpdateMakesEverythingStale) {
  ScanDesk desk;
  desk.behaviour.background.set(Switch::off, {});
  desk.arrive("m1", {.infected = true, .cleanable = true, .known_since = 2});
  desk.run_until(Duration::hours(1));
  desk.open("m1");
  desk.update(2), desk.update(2), desk.update(1);
  desk.run_until(Duration::hours(2));
  desk.open("m1");
  desk.run_until(Duration::hours(3));
  desk.open("m1");
  EXPECT_THAT(desk.lines("scanned"), ElementsAre("01:00:00 m1 not scanned, clean", "03:00:00 m1 not scanned, cleaned"));
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged clean", "02:00:10 m1 judged cleaned"));
  EXPECT_EQ(desk.scanner().signatures(), 2U);
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, InTheBackgroundAnUpdateFindsWhatTheOldSignaturesDidNotKnow) {
  ScanDesk desk;
  desk.arrive("m1", {.infected = true, .known_since = 2}), desk.arrive("m2");
  desk.run_until(Duration::hours(1));
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged clean", "00:00:20 m2 judged clean",
                                                "01:00:10 m1 judged deleted", "01:00:20 m2 judged clean"));
}

TEST(Scanner, AScanThatGoesOnDuringAnUpdateIsJudgedByTheOldSignaturesAndStaleAtOnce) {
  ScanDesk desk;
  desk.behaviour.background.set(Switch::off, {});
  desk.arrive("m1", {.infected = true, .known_since = 2});
  desk.run_until(Duration::seconds(5));
  desk.update(2);
  desk.run_until(Duration::minutes(1));
  desk.open("m1");
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged clean", "00:01:10 m1 judged deleted"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Scanner, AnItemAskedForDuringSuchAScanIsJudgedOnceByTheNewSignatures) {
  ScanDesk desk;
  desk.open("m1", {.infected = true, .known_since = 2});
  desk.open("m2");
  desk.run_until(Duration::seconds(5));
  desk.update(2);  // goes through the whole store in the background, but a client waits for m1
  desk.run_out();
  EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:20 m2 judged clean", "00:00:30 m1 judged deleted"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

// ---- Infected

TEST(Scanner, AnInfectedItemIsCleanedDeletedOrBlocked) {
  struct Row {
    Infected infected;
    const char *cleanable, *hopeless;
  };
  const Row rows[] = {{Infected::clean_or_delete, "cleaned", "deleted"},
                      {Infected::clean_or_block, "cleaned", "blocked"},
                      {Infected::delete_item, "deleted", "deleted"},
                      {Infected::block, "blocked", "blocked"}};
  for (const Row& row : rows) {
    ScanDesk desk;
    desk.behaviour.infected.set(row.infected, {});
    desk.arrive("m1", {.infected = true, .cleanable = true}), desk.arrive("m2", {.infected = true});
    desk.run_out();
    EXPECT_THAT(desk.lines("judged"), ElementsAre(std::string("00:00:10 m1 judged ") + row.cleanable,
                                                  std::string("00:00:20 m2 judged ") + row.hopeless));
    desk.open("m2");
    EXPECT_EQ(desk.lines().back(), std::string("00:03:10 m2 not scanned, ") + row.hopeless) << "it stays so";
  }
}

}  // namespace
}  // namespace deadletter::scanner
