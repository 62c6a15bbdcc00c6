// The scan of a whole store, by number: it is what item by item would be, at an event for each slice, and whoever
// delivers or opens something meanwhile waits for one item at most.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/scan_desk.h"

namespace deadletter::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A store of that many items, each of them ten seconds' work.
void fill(ScanDesk& desk, std::uint64_t items, std::uint64_t threads = 1) {
  desk.behaviour.store_items.set(items, {});
  desk.behaviour.threads.set(threads, {});
  desk.behaviour.background_threads.set(0, {});
  desk.behaviour.timeout.set({}, {});
}

TEST(ScannerStore, NothingIsScannedAgainUntilTheSignaturesAreNew) {
  ScanDesk desk;
  fill(desk, 1000);
  desk.behaviour.opens_per_hour.set(3600, {});
  desk.scanner();
  desk.run_until(Duration::hours(1));
  EXPECT_THAT(desk.lines(), IsEmpty());
  EXPECT_EQ(desk.scanner().store().stale(), 0U);
  desk.update(1);
  EXPECT_EQ(desk.scanner().store().stale(), 0U) << "a version that is not newer";
  desk.update(2);
  EXPECT_EQ(desk.scanner().store().stale() + 6, 1000U) << "a slice lasts a minute";
}

TEST(ScannerStore, TheBackgroundGoesThroughAllOfIt) {
  ScanDesk desk;
  fill(desk, 15);
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 a slice of 6 begins", "00:01:00 a slice of 6 begins",
                                        "00:02:00 a slice of 3 begins"));
  EXPECT_EQ(desk.now(), Instant{} + Duration::seconds(150));
}

TEST(ScannerStore, WithoutBackgroundScanningItStaysStale) {
  ScanDesk desk;
  fill(desk, 15);
  desk.behaviour.background.set(Switch::off, {});
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.lines(), IsEmpty());
  EXPECT_EQ(desk.scanner().store().stale(), 15U);
}

TEST(ScannerStore, WhoeverWaitsGetsTheThreadAtTheEndOfTheItemInHand) {
  ScanDesk desk;
  fill(desk, 12);
  desk.update(2);
  desk.run_until(Duration::seconds(14));
  desk.open("m1");
  desk.run_out();
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 a slice of 6 begins", "00:00:14 a slice is cut to 2, 00:00:40 sooner",
                                        "00:00:20 m1 scan begins after 00:00:06", "00:00:30 m1 judged clean",
                                        "00:00:30 a slice of 6 begins", "00:01:30 a slice of 4 begins"));
  EXPECT_EQ(desk.now(), Instant{} + Duration::seconds(130)) << "12 items and m1";
}

TEST(ScannerStore, TheBackgroundHasAThreadForEachDatabaseOnly) {
  ScanDesk desk;
  fill(desk, 100, 3);
  desk.behaviour.background_threads.set(1, {});
  desk.update(2);
  desk.open("m1"), desk.open("m2");
  EXPECT_THAT(desk.lines("slice"), SizeIs(1));
  EXPECT_THAT(desk.lines("begins after 00:00:00"), SizeIs(2)) << "they find threads that the background leaves alone";
}

TEST(ScannerStore, ClientsOpenWhatIsStaleAtHighPriority) {
  ScanDesk desk;
  fill(desk, 100);
  desk.behaviour.background.set(Switch::off, {});
  desk.behaviour.opens_per_hour.set(180, {});
  desk.update(2);
  desk.run_until(Duration::seconds(60));
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:20 what a client opens is scanned after 00:00:00",
                                        "00:00:40 what a client opens is scanned after 00:00:00",
                                        "00:01:00 what a client opens is scanned after 00:00:00"));
  EXPECT_EQ(desk.scanner().store().stale(), 97U);
  desk.open("m1");
  desk.run_until(Duration::seconds(80));
  EXPECT_THAT(desk.lines("m1"), ElementsAre("00:01:10 m1 scan begins after 00:00:10", "00:01:20 m1 judged clean"));
}

TEST(ScannerStore, OfWhatClientsOpenAShareIsStaleAsTheStoreIs) {
  StoredItems store(1000, 1);
  store.all_stale(0);
  store.take(750);
  int stale = 0;
  for (int i = 1; i <= 4000; ++i) {
    stale += store.open_one() ? 1 : 0;
    EXPECT_LE(std::abs(stale - i / 4), 1);
  }
  store.take(250);
  EXPECT_FALSE(store.open_one());
}

TEST(ScannerStore, WhatIsDeliveredLiesInTheStoreAndIsStaleWithTheNextSignatures) {
  ScanDesk desk;
  fill(desk, 0);
  desk.open("m1", {.size = 300});
  desk.run_out();
  desk.stored("m1");
  EXPECT_EQ(desk.scanner().store().items(), 1U);
  EXPECT_EQ(desk.scanner().store().stale(), 0U);
  EXPECT_EQ(desk.scanner().store().mean_size(), 300U);
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.lines("slice"), ElementsAre("00:00:10 a slice of 1 begins"));
}

TEST(ScannerStore, WhatSignaturesOfBeforeDidCountsForNothing) {
  ScanDesk desk;
  fill(desk, 10);
  desk.update(2);
  desk.run_until(Duration::seconds(35));
  desk.update(3);
  desk.run_out();
  EXPECT_EQ(desk.now(), Instant{} + Duration::seconds(140)) << "4 items that were begun, and all 10 again";
}

TEST(ScannerStore, ARestartGivesBackWhatWasUnderWay) {
  ScanDesk desk;
  fill(desk, 10);
  desk.behaviour.opens_per_hour.set(3600, {});
  desk.update(2);
  desk.run_until(Duration::seconds(25));
  desk.restart();
  EXPECT_LE(desk.scanner().store().stale(), 10U);
  desk.run_out();
  EXPECT_EQ(desk.scanner().store().stale(), 0U);
  EXPECT_EQ(desk.scanner().running(), 0U);
}

// When named items are judged, and when all is over, while random mail comes during the scan of a store.
struct Course {
  std::vector<std::string> judged;
  Instant end;
  std::size_t steps = 0;
};
Course random_mail(std::uint64_t seed, bool by_number, bool hears_of_cuts = true) {
  constexpr std::uint64_t kItems = 60;
  std::mt19937_64 random(seed);
  ScanDesk desk;
  desk.hears_of_cuts = hears_of_cuts;
  fill(desk, by_number ? kItems : 0, 1 + seed % 4);
  desk.behaviour.store_item_size.set(1000, {});
  for (std::uint64_t i = 0; !by_number && i < kItems; ++i) desk.change("s" + std::to_string(i), {});
  desk.update(2);
  Duration at{};
  for (int i = 0; i < 30; ++i) {
    at = at + Duration::milliseconds(static_cast<std::int64_t>(random() % 20'000));
    desk.run_until(at);
    std::string name = "m" + std::to_string(i);
    random() % 3 == 0 ? desk.arrive(name) : desk.open(name);
  }
  desk.run_out();
  Course course{.judged = {}, .end = desk.now(), .steps = desk.lines().size()};
  for (const std::string& line : desk.lines("judged"))
    if (line.find(" m") != line.npos) course.judged.push_back(line);
  return course;
}

TEST(ScannerStore, ByNumberIsWhatItemByItemWouldBe) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Course items = random_mail(seed, false), number = random_mail(seed, true);
    ASSERT_THAT(items.judged, SizeIs(30));
    EXPECT_EQ(number.judged, items.judged) << "seed " << seed;
    EXPECT_EQ(number.end, items.end) << "seed " << seed;
  }
}

TEST(ScannerStore, ASliceThatGoesOnAllTheSameIsFoundOut) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    if (random_mail(seed, true, /*hears_of_cuts=*/false).judged != random_mail(seed, false).judged) ++found;
  EXPECT_GE(found, 15);
}

TEST(ScannerStore, AHundredThousandItemsAreAFewEvents) {
  ScanDesk desk;
  fill(desk, 100'000, 3);
  desk.behaviour.time_per_item.set(Duration::milliseconds(30), {});
  desk.update(2);
  desk.run_out();
  EXPECT_LE(desk.lines().size(), 120U);
  EXPECT_EQ(desk.now(), Instant{} + Duration::milliseconds(30) * 33'334);
}

}  // namespace
}  // namespace deadletter::scanner
