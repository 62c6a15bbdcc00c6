// What holds for a scanner whatever happens: random events, watched from outside; and for each promise a scanner that
// breaks it and is found out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/scan_desk.h"

namespace deadletter::scanner {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = ScanAction::Kind;

class Life {
 public:
  Life(ScanDesk& desk, std::uint64_t seed) : desk_(desk), random_(seed) {}

  void go(int events) {
    for (int i = 0; i < events; ++i) happen();
    desk_.run_out();
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::string some_item() { return "m" + std::to_string(below(60)); }
  Sort some_sort() {
    Sort sort{.size = below(5'000'000), .infected = below(4) == 0, .cleanable = below(2) == 0, .known_since = below(6)};
    sort.message_class = below(8) == 0 ? "IPM.Secret.Note" : "IPM.Note";
    sort.readable = below(6) != 0;
    sort.hangs = below(12) == 0;
    return sort;
  }
  void happen() {
    switch (below(16)) {
      case 0:
        return below(4) == 0 ? desk_.restart() : desk_.forget(some_item());
      case 1:
        return desk_.update(below(2) == 0 ? ++signatures_ : signatures_);
      case 2:
        return desk_.change(some_item(), some_sort());
      case 3:
      case 4:
      case 5:
        return desk_.open(some_item(), some_sort());
      case 6:
      case 7:
        time_ = time_ + Duration::milliseconds(static_cast<std::int64_t>(below(30'000)));
        return desk_.run_until(time_);
      default:
        return desk_.arrive(some_item(), some_sort());
    }
  }

  ScanDesk& desk_;
  std::mt19937_64 random_;
  std::uint64_t signatures_ = 1;
  Duration time_{};
};

void prepare(ScanDesk& desk, std::uint64_t seed) {
  desk.behaviour.exclusions.set({{"IPM.Secret"}}, {});
  desk.behaviour.threads.set(1 + seed % 4, {});
  desk.behaviour.low_queue.set(seed % 3 == 0 ? 30 : 3, {});
  desk.behaviour.time_per_mb.set(Duration::seconds(seed % 2 == 0 ? 0 : 7), {});
}

TEST(ScannerProperties, KeepsItsPromisesWhateverHappens) {
  std::uint64_t judged = 0, promoted = 0, turned_away = 0, timed_out = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    ScanDesk desk(seed % 5 == 0 ? Site::transport : Site::store);
    prepare(desk, seed);
    if (seed % 5 == 0) desk.behaviour.background.set(Switch::off, {});
    // A transport never looks back: it neither opens nor goes through a store, which its watch does not know of.
    if (seed % 5 == 0)
      for (int i = 0; i < 60; ++i) desk.arrive("m" + std::to_string(i)), desk.run_until(Duration::seconds(i * 3));
    else
      Life(desk, seed).go(400);
    desk.run_out();
    ASSERT_THAT(desk.broken(), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(desk.scanner().running() + desk.scanner().waiting(), 0U);
    judged += desk.watch().judged();
    promoted += desk.lines("is promoted").size();
    turned_away += desk.lines("not scanned, not yet").size();
    timed_out += desk.lines("(not in time)").size();
  }
  // The lives were rich enough to mean something.
  EXPECT_GT(judged, 10'000U);
  EXPECT_GT(promoted, 1'000U);
  EXPECT_GT(turned_away, 1'000U);
  EXPECT_GT(timed_out, 500U);
}

TEST(ScannerProperties, TheSameEventsGiveTheSameStory) {
  std::vector<std::string> stories[2];
  for (auto& story : stories) {
    ScanDesk desk;
    prepare(desk, 7);
    Life(desk, 7).go(400);
    story = desk.lines();
  }
  EXPECT_EQ(stories[0], stories[1]);
}

// ---- Scanners that break a promise

std::vector<std::string> broken_when(const std::function<void(ScanDesk&)>& spoil) {
  ScanDesk desk;
  prepare(desk, 5);
  spoil(desk);
  Life(desk, 5).go(400);
  return desk.broken();
}

TEST(ScannerProperties, ADeviationThatLetsAnArrivalOvertakeIsNoticed) {
  auto broken = broken_when([](ScanDesk& desk) {
    desk.behaviour.when.deviate(
        [](const WhenFacts& f, const When& below) {
          return below == When::low_priority && f.waiting == 2 ? When::now : below;
        },
        blame_of("KB100001"));
  });
  EXPECT_THAT(broken, Contains(HasSubstr("scanned out of its turn")));
}

TEST(ScannerProperties, ADeviationThatTurnsAClientAwayIsNoticed) {
  auto broken = broken_when([](ScanDesk& desk) {
    desk.behaviour.when.deviate(
        [](const WhenFacts& f, const When& below) {
          return f.event == Event::open && f.waiting == 2 ? When::not_now : below;
        },
        blame_of("KB100001"));
  });
  EXPECT_THAT(broken, Contains(HasSubstr("turned away without a reason")));
}

TEST(ScannerProperties, ADeviationThatScansWithTheSameSignaturesAgainIsNoticed) {
  auto broken = broken_when([](ScanDesk& desk) {
    desk.behaviour.when.deviate(
        [](const WhenFacts& f, const When& below) { return f.event == Event::open ? When::now : below; },
        blame_of("KB100001"));
  });
  EXPECT_THAT(broken, Contains(HasSubstr("judged twice by the same signatures")));
  EXPECT_THAT(broken, Contains(HasSubstr("taken though it need not be scanned")));
}

TEST(ScannerProperties, AnotherItemInTheNextPlaceIsNoticed) {
  auto broken = broken_when([](ScanDesk& desk) {
    desk.tamper = [](Scanner::Actions& actions) {
      for (ScanAction& action : actions)
        if (action.kind == Kind::start && action.waited.ns > 0) action.item.value ^= 1;
    };
  });
  EXPECT_THAT(broken, Contains(HasSubstr("scanned out of its turn")));
}

TEST(ScannerProperties, AThreadTooManyAndAThreadThatIdlesAreNoticed) {
  ScanDesk crowded;
  crowded.scanner();  // the watch has been told one thread
  crowded.behaviour.threads.set(2, {});
  for (const char* m : {"m1", "m2", "m3"}) crowded.arrive(m);
  EXPECT_THAT(crowded.broken(), Contains(HasSubstr("every thread is busy")));

  ScanDesk idle;
  idle.behaviour.threads.set(2, {});
  idle.scanner();
  idle.behaviour.threads.set(1, {});
  for (const char* m : {"m1", "m2", "m3"}) idle.arrive(m);
  EXPECT_THAT(idle.broken(), Contains(HasSubstr("while a thread is free")));
}

TEST(ScannerProperties, AVerdictThatIsLostOrToldTwiceIsNoticed) {
  for (bool twice : {false, true}) {
    ScanDesk desk;
    desk.tamper = [twice](Scanner::Actions& actions) {
      if (actions.empty() || actions[0].kind != Kind::judged) return;
      if (twice)
        actions.insert(actions.begin(), actions[0]);
      else
        actions.erase(actions.begin());
    };
    desk.arrive("m1");
    desk.run_out();
    const char* what = twice ? "judged twice by the same signatures" : "asked for and never answered";
    EXPECT_THAT(desk.broken(), AllOf(SizeIs(2), Contains(HasSubstr(what))));
  }
}

TEST(ScannerProperties, OldSignaturesAndTooLongALineAreNoticed) {
  ScanDesk desk;
  desk.tamper = [](Scanner::Actions& actions) {
    for (ScanAction& action : actions) action.signatures = 0;
  };
  desk.arrive("m1");
  EXPECT_THAT(desk.broken(), Contains(HasSubstr("scanned with old signatures")));

  ScanDesk full;
  full.behaviour.low_queue.set(1, {});
  full.scanner();
  full.behaviour.low_queue.set(9, {});
  for (const char* m : {"m1", "m2", "m3", "m4"}) full.arrive(m);
  EXPECT_THAT(full.broken(), Contains(HasSubstr("too many wait at low priority")));
}

}  // namespace
}  // namespace deadletter::scanner
