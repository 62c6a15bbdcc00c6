// The proof that SimGrid is in the loop: own events, transfers and failing links live on one clock and in one order.
//
// Each scenario runs in a process of its own and says what happened, a line each: "<time> <what>".
#include "sim/engine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <sstream>

#include "tests/sim/engine_scenario.h"

namespace deadletter::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Engine, OwnEventsAndFlowsInterleaveInOneOrderOfTime) {
  EXPECT_THAT(
      told([](Scenario& s) {
        auto link = s.pair(Sharing::flow);
        s.on_event = [&, link](std::uint32_t name) {
          if (name == 1) s.send(link, kOneSecond, 7);
        };
        s.at({0}, 1);
        s.at(seconds(0.5), 2);
        s.at({999'999'999}, 3);
        s.at(seconds(1), 4);
        s.at({1'000'000'001}, 5);
        return s.run();
      }),
      ElementsAre("00:00:00 event 1", "00:00:00.5 event 2", "00:00:00.999999999 event 3", "00:00:01 transfer 7 done",
                  "00:00:01 event 4", "00:00:01.000000001 event 5", "00:00:01.000000001 end: nothing left"));
}

TEST(Engine, SimGridDividesALinkAmongItsFlows) {
  EXPECT_THAT(told([](Scenario& s) {
                auto link = s.pair(Sharing::flow);
                s.on_event = [&, link](std::uint32_t name) { s.send(link, kOneSecond, name); };
                s.at({0}, 1), s.at({0}, 2);  // together: twice as long
                s.at(seconds(10), 3), s.at(seconds(10.5), 4);
                return s.run();
              }),
              ElementsAre("00:00:00 event 1", "00:00:00 event 2", "00:00:02 transfer 1 done",
                          "00:00:02 transfer 2 done", "00:00:10 event 3", "00:00:10.5 event 4",
                          "00:00:11.5 transfer 3 done", "00:00:12 transfer 4 done", "00:00:12 end: nothing left"));
}

// Three hosts in a row; a flow over both links and one over the second only. This is SimGrid's work alone: our own
// sharing knows one link at a time and gives equal shares, SimGrid's model of TCP gives less to who has more latency.
TEST(Engine, SimGridSharesAlongWholeRoutesAndByLatency) {
  EXPECT_THAT(told([](Scenario& s) {
                HostId a = s.engine.add_host("a"), b = s.engine.add_host("b"), c = s.engine.add_host("c");
                s.engine.add_link({"ab", 8 * kMegabit, Duration::milliseconds(5), Sharing::flow}, a, b);
                s.engine.add_link({"bc", 4 * kMegabit, Duration::milliseconds(20), Sharing::flow}, b, c);
                s.on_event = [&](std::uint32_t name) {
                  HostId from = name == 1 ? a : b;
                  s.engine.transfer(*s.engine.path(from, c), from, c, name == 1 ? 500'000 : 250'000, name);
                };
                s.at({0}, 1), s.at(Instant{} + Duration::milliseconds(5), 2);
                return s.run();
              }),
              // Both have their latency behind them at 25 ms: 25 and 20 ms, so 4/9 and 5/9 of 500,000 octets/s.
              ElementsAre("00:00:00 event 1", "00:00:00.005 event 2", "00:00:00.925 transfer 2 done",
                          "00:00:01.525 transfer 1 done", "00:00:01.525 end: nothing left"));
}

TEST(Engine, AFlowBreaksWhenItsLinkGoesDownAndALinkThatIsDownTakesNone) {
  for (Sharing sharing : {Sharing::flow, Sharing::shared})
    EXPECT_THAT(told([=](Scenario& s) {
                  auto link = s.pair(sharing);
                  s.engine.fail_link(link.link, seconds(0.3), Duration::seconds(1));
                  s.on_event = [&, link](std::uint32_t name) {
                    s.say("{}", s.send(link, kOneSecond, name) ? "accepted" : "refused");
                  };
                  s.at({0}, 1);
                  s.at({299'999'999}, 2);
                  s.at(seconds(0.3), 3);
                  s.at({1'299'999'999}, 4);
                  s.at(seconds(1.3), 5);
                  return s.run();
                }),
                ElementsAre("00:00:00 event 1", "00:00:00 accepted", "00:00:00.299999999 event 2",
                            "00:00:00.299999999 accepted", "00:00:00.3 link 0 down", "00:00:00.3 transfer 1 broken",
                            "00:00:00.3 transfer 2 broken", "00:00:00.3 event 3", "00:00:00.3 refused",
                            "00:00:01.299999999 event 4", "00:00:01.299999999 refused", "00:00:01.3 link 0 up",
                            "00:00:01.3 event 5", "00:00:01.3 accepted", "00:00:02.3 transfer 5 done",
                            "00:00:02.3 end: nothing left"));
}

TEST(Engine, WhatIsOnALatencyLinkArrivesEvenIfItGoesDownBehindIt) {
  EXPECT_THAT(
      told([](Scenario& s) {
        auto link = s.pair(Sharing::latency, 8 * kMegabit, Duration::milliseconds(100));
        s.engine.fail_link(link.link, seconds(0.5), Duration::seconds(1));
        s.on_event = [&, link](std::uint32_t name) { s.send(link, kOneSecond, name); };
        s.at({0}, 1), s.at({0}, 2);
        return s.run();
      }),
      ElementsAre("00:00:00 event 1", "00:00:00 event 2", "00:00:00.5 link 0 down", "00:00:01.1 transfer 1 done",
                  "00:00:01.1 transfer 2 done", "00:00:01.5 link 0 up", "00:00:01.5 end: nothing left"));
}

// Dates whose nanoseconds a double does not hold exactly, up to a year and a half into the run.
TEST(Engine, ALinkChangesAtItsDateToTheNanosecond) {
  const std::vector<std::int64_t> dates = {1,
                                           300'000'000,
                                           1'100'000'000,
                                           4'200'000'001,
                                           86'399'999'999'999,
                                           123'456'789'012'345,
                                           86'400'000'000'000LL * 200 + 1,
                                           86'400'000'000'000LL * 500 + 999'999'999};
  std::vector<std::string> expected;
  for (std::int64_t at : dates)
    for (const char* what : {"down", "up"})
      expected.push_back(fmt::format("{} link 0 {}", elapsed({at + (what[0] == 'u' ? 10 : 0)}), what));
  expected.push_back(elapsed({dates.back() + 10}) + " end: nothing left");
  EXPECT_EQ(told([&](Scenario& s) {
              auto link = s.pair(Sharing::flow);
              for (std::int64_t at : dates) s.engine.fail_link(link.link, {at}, {10});
              return s.run();
            }),
            expected);
}

TEST(Engine, FailuresOfOneLinkThatOverlapOrTouchAreOne) {
  EXPECT_THAT(told([](Scenario& s) {
                auto one = s.pair(Sharing::flow), other = s.pair(Sharing::flow);
                s.engine.fail_link(one.link, seconds(10), Duration::seconds(10));
                s.engine.fail_link(one.link, seconds(15), Duration::seconds(10));
                s.engine.fail_link(one.link, seconds(12), Duration::seconds(1));
                s.engine.fail_link(other.link, seconds(20), Duration::seconds(5));
                s.engine.fail_link(other.link, seconds(15), Duration::seconds(5));
                s.engine.fail_link(other.link, seconds(40), {});  // for no time at all: nothing
                s.on_link = [&, one, other](LinkId, bool) {
                  s.say("{} {}", s.engine.up(*s.engine.path(one.from, one.to)) ? "up" : "down",
                        s.engine.up(*s.engine.path(other.from, other.to)) ? "up" : "down");
                };
                return s.run();
              }),
              ElementsAre("00:00:10 link 0 down", "00:00:10 down up", "00:00:15 link 1 down", "00:00:15 down down",
                          "00:00:25 link 0 up", "00:00:25 up up", "00:00:25 link 1 up", "00:00:25 up up",
                          "00:00:25 end: nothing left"));
}

TEST(Engine, AFlowThatStartsWhenALinkComesUpStartsThen) {
  EXPECT_THAT(told([](Scenario& s) {
                auto link = s.pair(Sharing::flow), later = s.pair(Sharing::flow);
                s.engine.fail_link(link.link, seconds(1), Duration::seconds(1));
                s.engine.fail_link(later.link, seconds(60), Duration::seconds(1));
                s.on_link = [&, link](LinkId changed, bool up) {
                  if (up && changed == link.link) s.send(link, kOneSecond, 1);
                };
                return s.run();
              }),
              ElementsAre("00:00:01 link 0 down", "00:00:02 link 0 up", "00:00:03 transfer 1 done",
                          "00:01:00 link 1 down", "00:01:01 link 1 up", "00:01:01 end: nothing left"));
  EXPECT_THAT(told([](Scenario& s) {  // nothing at all comes after it
                auto link = s.pair(Sharing::flow);
                s.engine.fail_link(link.link, seconds(1), Duration::seconds(1));
                s.on_link = [&, link](LinkId, bool up) { s.send(link, up ? kOneSecond : 1, up); };
                return s.run();
              }),
              ElementsAre("00:00:01 link 0 down", "00:00:02 link 0 up", "00:00:03 transfer 1 done",
                          "00:00:03 end: nothing left"));
}

TEST(Engine, AtOneInstantLinksChangeFirstAndThenPrioritiesDecide) {
  EXPECT_THAT(
      told([](Scenario& s) {
        auto link = s.pair(Sharing::latency, 8 * kMegabit), broken = s.pair(Sharing::flow);
        s.engine.fail_link(broken.link, seconds(1), Duration::seconds(1));
        for (auto p : {Priority::timer, Priority::expiry, Priority::normal, Priority::world})
          s.at(seconds(1), static_cast<std::uint32_t>(p), p);
        s.send(link, kOneSecond, 1);
        s.send(broken, 2 * kOneSecond, 2);
        return s.run(seconds(1.5));
      }),
      ElementsAre("00:00:01 link 1 down", "00:00:01 event 0", "00:00:01 transfer 1 done", "00:00:01 transfer 2 broken",
                  "00:00:01 event 2", "00:00:01 event 3", "00:00:01 event 4", HasSubstr("end")));
}

// ---- Hosts

TEST(Engine, AHostThatIsDownTakesAndGivesNothing) {
  EXPECT_THAT(
      told([](Scenario& s) {
        auto one = s.pair(Sharing::flow), other = s.pair(Sharing::flow);
        s.engine.fail_host(one.from, seconds(1), Duration::seconds(2));
        s.engine.fail_host(other.to, seconds(2), Duration::seconds(2));
        s.on_event = [&, one, other](std::uint32_t name) {
          s.say("{} {}", s.send(one, kOneSecond / 4, name) ? "sent" : "refused",
                s.send(other, kOneSecond / 4, name + 10) ? "sent" : "refused");
        };
        s.at(seconds(1.5), 1), s.at(seconds(2.5), 2), s.at(seconds(3.5), 3);
        return s.run();
      }),
      ElementsAre("00:00:01 host 0 down", "00:00:01.5 event 1", "00:00:01.5 refused sent",
                  "00:00:01.75 transfer 11 done", "00:00:02 host 3 down", "00:00:02.5 event 2",
                  "00:00:02.5 refused refused", "00:00:03 host 0 up", "00:00:03.5 event 3", "00:00:03.5 sent refused",
                  "00:00:03.75 transfer 3 done", "00:00:04 host 3 up", "00:00:04 end: nothing left"));
}

TEST(Engine, FailuresOfOneHostThatOverlapOrTouchAreOne) {
  EXPECT_THAT(told([](Scenario& s) {
                auto one = s.pair(Sharing::flow);
                s.engine.fail_host(one.to, seconds(20), Duration::seconds(5));
                s.engine.fail_host(one.to, seconds(10), Duration::seconds(10));
                s.engine.fail_host(one.to, seconds(12), Duration::seconds(1));
                s.engine.fail_host(one.from, seconds(40), {});  // for no time at all: nothing
                return s.run();
              }),
              ElementsAre("00:00:10 host 1 down", "00:00:25 host 1 up", "00:00:25 end: nothing left"));
}

// Whatever the order in which they were asked for: links first, then hosts, then what breaks, then own events.
TEST(Engine, AtOneInstantLinksChangeThenHostsThenTheRest) {
  EXPECT_THAT(told([](Scenario& s) {
                auto one = s.pair(Sharing::flow), two = s.pair(Sharing::shared);
                s.engine.fail_host(two.to, seconds(1), Duration::seconds(1));
                s.engine.fail_host(one.from, seconds(1), Duration::seconds(1));
                s.engine.fail_link(two.link, seconds(1), Duration::seconds(1));
                s.at(seconds(1), 5), s.at(seconds(2), 6);
                s.send(two, 2 * kOneSecond, 1);
                return s.run();
              }),
              ElementsAre("00:00:01 link 1 down", "00:00:01 host 0 down", "00:00:01 host 3 down",
                          "00:00:01 transfer 1 broken", "00:00:01 event 5", "00:00:02 link 1 up", "00:00:02 host 0 up",
                          "00:00:02 host 3 up", "00:00:02 event 6", "00:00:02 end: nothing left"));
}

TEST(Engine, TheHorizonItselfStillHappensAndNothingBeyondIt) {
  auto scenario = [](Scenario& s) {
    auto link = s.pair(Sharing::flow);
    s.engine.fail_link(link.link, seconds(3), Duration::seconds(1));
    s.on_event = [&, link](std::uint32_t name) {
      if (name == 1) s.send(link, 100 * kOneSecond, 9);  // would be done long after
    };
    s.at(seconds(1), 1), s.at(seconds(2), 2), s.at({2'000'000'001}, 3);
    return s.run(seconds(2));
  };
  EXPECT_THAT(told(scenario), ElementsAre("00:00:01 event 1", "00:00:02 event 2", "00:00:02 end: horizon"));
}

TEST(Engine, AFlowThatOutlastsTheHorizonIsNotHeardOf) {
  EXPECT_THAT(told([](Scenario& s) {
                s.send(s.pair(Sharing::flow), 100 * kOneSecond, 9);
                s.at(seconds(1), 1);
                return s.run(seconds(2));
              }),
              ElementsAre("00:00:01 event 1", "00:00:01 end: horizon"));
}

TEST(Engine, TheStopFlagEndsARunBetweenTwoEvents) {
  EXPECT_THAT(told([](Scenario& s) {
                std::atomic<bool> stop = false;
                auto link = s.pair(Sharing::flow);
                s.engine.fail_link(link.link, seconds(5), Duration::seconds(1));
                s.on_event = [&](std::uint32_t name) {
                  if (name == 1) s.send(link, 100 * kOneSecond, 9);
                  stop = name == 2;
                };
                s.at(seconds(1), 1), s.at(seconds(2), 2), s.at(seconds(2), 3), s.at(seconds(9), 4);
                return s.run(Instant::never(), &stop);
              }),
              ElementsAre("00:00:01 event 1", "00:00:02 event 2", "00:00:02 end: stopped"));
}

// Fifty links, each with eight transfers at random; the same schedule once in our integers, once by SimGrid.
std::string schedules_over(Sharing sharing) {
  return testing::in_child([=] {
    Scenario s;
    std::mt19937_64 random(11);
    std::vector<Scenario::Pair> pairs;
    std::vector<std::uint64_t> sizes;
    for (int i = 0; i < 50; ++i) {
      auto latency = Duration::milliseconds(static_cast<std::int64_t>(random() % 200));
      pairs.push_back(s.pair(sharing, 56'000 + random() % (10 * kMegabit), latency));
      for (int t = 0; t < 8; ++t) {
        sizes.push_back(1 + random() % 100'000);
        s.at({static_cast<std::int64_t>(random() % 10'000'000'000)}, static_cast<std::uint32_t>(sizes.size() - 1));
      }
    }
    std::vector<std::int64_t> done(sizes.size(), -1);
    s.on_event = [&](std::uint32_t t) { s.send(pairs[t / 8], sizes[t], t); };
    s.on_transfer = [&](std::uint32_t t, bool) { done[t] = s.engine.now().ns; };
    s.run();
    return fmt::format("{}", fmt::join(done, " "));
  });
}

TEST(Engine, SharedAndFlowAgreeOnOneLinkRoutesToAMicrosecond) {
  std::istringstream shared(schedules_over(Sharing::shared)), flow(schedules_over(Sharing::flow));
  int compared = 0;
  for (std::int64_t a, b; shared >> a && flow >> b; ++compared) {
    ASSERT_GT(a, 0);
    EXPECT_NEAR(static_cast<double>(a), static_cast<double>(b), 1000) << "transfer " << compared;
  }
  EXPECT_EQ(compared, 400);
}

// The same schedules are no argument when nothing is shared in them: most of them must take longer than alone.
TEST(Engine, TheSchedulesComparedDoShare) {
  std::istringstream shared(schedules_over(Sharing::shared)), alone(schedules_over(Sharing::latency));
  int longer = 0;
  for (std::int64_t a, b; shared >> a && alone >> b;) longer += a > b + 1000;
  EXPECT_GT(longer, 50);
}

// Everything at once, also late in a long run, where SimGrid's clock is coarser than ours: events, transfers of all
// three kinds and failing links, with events right beside the dates at which links change. Each event and each change
// of a link must come at its own date, and the clock must never go back.
std::string storm(Scenario& s, std::int64_t base) {
  std::mt19937_64 random(17);
  std::vector<Scenario::Pair> pairs;
  std::set<std::int64_t> changes;
  std::vector<std::int64_t> dates;
  auto soon = [&] { return base + static_cast<std::int64_t>(random() % 4'000'000'000); };
  for (int i = 0; i < 30; ++i) pairs.push_back(s.pair(static_cast<Sharing>(i % 3), 1 * kMegabit));
  for (int i = 0; i < 300; ++i) {
    std::int64_t from = soon(), lasting = 1 + static_cast<std::int64_t>(random() % 100'000'000);
    s.engine.fail_link(pairs[random() % pairs.size()].link, {from}, {lasting});
    for (std::int64_t at : {from, from + lasting}) {
      changes.insert(at);
      for (int beside : {-1, 0, 1}) dates.push_back(std::max(base, at + beside));
    }
  }
  for (int i = 0; i < 3000; ++i) dates.push_back(soon());
  for (std::uint32_t i = 0; i < dates.size(); ++i) s.at({dates[i]}, i);
  Instant last;
  int wrong = 0, back = 0, done = 0, broken = 0, changed = 0;
  auto look = [&] {
    back += s.engine.now() < last;
    last = s.engine.now();
  };
  s.on_event = [&](std::uint32_t i) {
    look();
    wrong += s.engine.now().ns != dates[i];
    if (i % 5 == 0) s.send(pairs[random() % pairs.size()], random() % 20'000, i);
  };
  s.on_transfer = [&](std::uint32_t, bool whole) { look(), ++(whole ? done : broken); };
  s.on_link = [&](LinkId, bool) { look(), ++changed, wrong += !changes.contains(s.engine.now().ns); };
  s.run();
  bool enough = done > 300 && broken > 10 && changed > 200;
  return fmt::format("wrong {} back {} {}\n", wrong, back,
                     enough ? "enough" : fmt::format("{} {} {}", done, broken, changed));
}

TEST(Engine, TheClockNeverGoesBack) {
  for (std::int64_t base : {std::int64_t{0}, Duration::days(60).ns, Duration::days(300).ns})
    EXPECT_THAT(told([=](Scenario& s) { return storm(s, base); }), ElementsAre("wrong 0 back 0 enough"))
        << elapsed({base});
}

TEST(Engine, CountsHowTheTrafficWasCarried) {
  EXPECT_THAT(told([](Scenario& s) {
                for (Sharing sharing : {Sharing::latency, Sharing::shared, Sharing::flow, Sharing::flow})
                  s.send(s.pair(sharing), 100 * (1 + static_cast<std::uint64_t>(sharing)), 0);
                s.run();
                const Carried& c = s.engine.carried();
                return fmt::format("{}\n{}\n", fmt::join(c.transfers, " "), fmt::join(c.octets, " "));
              }),
              ElementsAre("1 1 2", "100 200 600"));
}

// A path is carried the most detailed way that any of its links asks for, and divides its narrowest shared link.
TEST(Engine, APathTakesTheMostDetailedWayOfItsLinks) {
  EXPECT_THAT(told([](Scenario& s) {
                HostId a = s.engine.add_host("a"), b = s.engine.add_host("b"), c = s.engine.add_host("c"),
                       d = s.engine.add_host("d");
                s.engine.add_link({"ab", 8 * kMegabit, Duration::milliseconds(1), Sharing::latency}, a, b);
                s.engine.add_link({"bc", 16 * kMegabit, Duration::milliseconds(2), Sharing::shared}, b, c);
                s.engine.add_link({"cd", 32 * kMegabit, Duration::milliseconds(4), Sharing::flow}, c, d);
                std::string text;
                for (HostId to : {a, b, c, d}) {
                  const Path* path = s.engine.path(a, to);
                  text += fmt::format("{} links, {} ms, way {}, bottleneck {}\n", path->links.size(),
                                      path->latency.ns / 1'000'000, static_cast<int>(path->sharing),
                                      path->bottleneck.valid() ? fmt::format("{}", path->bottleneck.value) : "none");
                }
                HostId alone = s.engine.add_host("alone");
                return text + (s.engine.path(a, alone) == nullptr ? "none" : "some");
              }),
              ElementsAre("0 links, 0 ms, way 0, bottleneck none", "1 links, 1 ms, way 0, bottleneck none",
                          "2 links, 3 ms, way 1, bottleneck 1", "3 links, 7 ms, way 2, bottleneck 1", "none"));
}

TEST(Engine, ACrashOfTheChildIsNotTakenForAnAnswer) {
  EXPECT_THROW(testing::in_child([]() -> std::string { abort(); }), std::runtime_error);
  EXPECT_THROW(testing::in_child([]() -> std::string { throw std::logic_error("no"); }), std::runtime_error);
}

}  // namespace
}  // namespace deadletter::sim
