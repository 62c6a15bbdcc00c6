// Which articles a scanner names: those that changed a ruling or set a value on the way to what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scan_desk.h"

namespace deadletter::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using WhenDeviation = DecisionPoint<WhenFacts, When>::Deviation;

TEST(ScannerBlame, AsDesignedNobodyIsToBlame) {
  ScanDesk desk;
  desk.arrive("m1", {.infected = true}), desk.arrive("m2", {.readable = false});
  desk.run_out();
  desk.open("m1");
  EXPECT_THAT(desk.ruled_by("m1"), IsEmpty());
  EXPECT_THAT(desk.ruled_by("m2"), IsEmpty());
}

TEST(ScannerBlame, AFailureThatAnArticleTurnsIsNamedWithWhatIsJudged) {
  ScanDesk desk;
  desk.behaviour.scan_failed.deviate(
      [](const ScanFailedFacts& f, const ScanFailed& below) {
        if (f.timed_out) return ScanFailed::refuse;
        return f.attempts > 1 ? ScanFailed::release_unscanned : below;
      },
      blame_of("KB100001"));
  desk.arrive("slow", {.hangs = true}), desk.arrive("torn", {.readable = false});
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("slow"), ElementsAre("KB100001"));
  EXPECT_THAT(desk.ruled_by("torn"), IsEmpty());
  desk.open("torn");
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("torn"), ElementsAre("KB100001"));
  EXPECT_THAT(desk.lines("judged"),
              ElementsAre("00:03:00 slow judged failed (not in time), attempt 1, refused",
                          "00:03:10 torn judged failed (0x0), attempt 1, to be tried later",
                          "00:06:10 torn judged failed (0x0), attempt 2, to be given out unscanned"));
}

TEST(ScannerBlame, AnItemPassedOverBecauseOfAnArticleNamesItWhenItIsScannedAtLastAndOnlyThen) {
  ScanDesk desk;
  WhenDeviation never_ahead = [](const WhenFacts& f, const When& below) {
    return f.event == Event::arrival ? When::not_now : below;
  };
  desk.behaviour.when.deviate(never_ahead, blame_of("KB100002"));
  desk.arrive("m1");
  EXPECT_THAT(desk.ruled_by("m1"), ElementsAre("KB100002"));
  desk.run_until(Duration::hours(1));
  desk.open("m1");
  desk.run_until(Duration::hours(2));
  EXPECT_THAT(desk.ruled_by("m1"), ElementsAre("KB100002"));
  desk.open("m1");  // answered by the stamp
  EXPECT_EQ(desk.lines().back(), "02:00:00 m1 not scanned, clean");
  EXPECT_THAT(desk.ruled_by("m1"), ElementsAre("KB100002"));
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("m1"), IsEmpty()) << "a new scan, with nothing of the old one";
}

TEST(ScannerBlame, AnItemLeftOutOfTheBackgroundNamesTheArticleWhenItIsOpened) {
  ScanDesk desk;
  WhenDeviation no_background = [](const WhenFacts& f, const When& below) {
    return f.event == Event::signature_update ? When::not_now : below;
  };
  desk.behaviour.when.deviate(no_background, blame_of("KB100003"));
  desk.arrive("m1");
  desk.run_out();
  desk.update(2);
  EXPECT_THAT(desk.ruled_by("m1"), IsEmpty());
  desk.open("m1");
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("m1"), ElementsAre("KB100003"));
}

TEST(ScannerBlame, AValueThatAnArticleSetIsNamedByWhatItDecides) {
  ScanDesk desk;
  desk.behaviour.infected.set(Infected::block, {}, blame_of("KB100004"));
  desk.behaviour.timeout.set(Duration::minutes(1), {}, blame_of("KB100005"));
  desk.arrive("good"), desk.arrive("bad", {.infected = true}), desk.arrive("slow", {.hangs = true});
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("good"), IsEmpty());
  EXPECT_THAT(desk.ruled_by("bad"), ElementsAre("KB100004"));
  EXPECT_THAT(desk.ruled_by("slow"), ElementsAre("KB100005"));
}

TEST(ScannerBlame, AModeThatAnArticleSwitchedIsNamedByTheScansItCauses) {
  ScanDesk desk;
  desk.behaviour.background.set(Switch::on, {}, blame_of("KB100006"));
  desk.arrive("m1");
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("m1"), IsEmpty());
  desk.update(2);
  desk.run_out();
  EXPECT_THAT(desk.ruled_by("m1"), ElementsAre("KB100006"));
  desk.behaviour.low_queue.set(0, {}, blame_of("KB100007"));
  desk.arrive("m2");
  EXPECT_THAT(desk.ruled_by("m2"), ElementsAre("KB100007"));
}

}  // namespace
}  // namespace deadletter::scanner
