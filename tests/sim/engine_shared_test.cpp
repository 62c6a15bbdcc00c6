// Links that the engine divides equally itself: how many events a transfer costs, and what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/engine_scenario.h"

namespace deadletter::sim {
namespace {

using ::testing::ElementsAre;

// Who has a shared link to itself needs one event; who is joined before it is done shares from then on, once.
TEST(SharedLinks, ATransferIsAloneUntilAnotherOneStarts) {
  EXPECT_THAT(told([](Scenario& s) {
                auto link = s.pair(Sharing::shared, 8 * kMegabit, Duration::milliseconds(100));
                // 1 s each at 8 Mbit/s; 3 starts while 2 is on the link, 4 while 3 is behind it.
                s.on_event = [&, link](std::uint32_t name) { s.send(link, 1'000'000, name); };
                s.at({0}, 1), s.at(seconds(2), 2), s.at(seconds(2.5), 3), s.at(seconds(4.05), 4);
                std::string said = s.run();
                return said + fmt::format("{} events\n", s.engine.events());
              }),
              ElementsAre("00:00:00 event 1", "00:00:01.1 transfer 1 done", "00:00:02 event 2", "00:00:02.5 event 3",
                          "00:00:03.6 transfer 2 done", "00:00:04.05 event 4", "00:00:04.1 transfer 3 done",
                          "00:00:05.15 transfer 4 done", "00:00:05.15 end: nothing left", "11 events"));
}

TEST(SharedLinks, WhatIsBehindOneArrivesWhenTheLinkGoesDown) {
  EXPECT_THAT(
      told([](Scenario& s) {
        auto link = s.pair(Sharing::shared, 8 * kMegabit, Duration::milliseconds(100));
        s.engine.fail_link(link.link, seconds(1.05), Duration::seconds(1));
        s.on_event = [&, link](std::uint32_t name) { s.send(link, 1'000'000, name); };
        s.at({0}, 1), s.at(seconds(1.02), 2);
        return s.run();
      }),
      ElementsAre("00:00:00 event 1", "00:00:01.02 event 2", "00:00:01.05 link 0 down", "00:00:01.05 transfer 2 broken",
                  "00:00:01.1 transfer 1 done", "00:00:02.05 link 0 up", "00:00:02.12 end: nothing left"));
}

// A link that is never idle: every transfer costs the calendar a constant number of events.
TEST(SharedLinks, ABusyOneCostsEventsInProportionToItsTransfers) {
  auto events = [](int transfers) {
    return std::stoull(testing::in_child([=] {
      Scenario s;
      auto link = s.pair(Sharing::shared);
      for (int i = 0; i < transfers; ++i) s.at({i * 1000}, static_cast<std::uint32_t>(i));
      s.on_event = [&](std::uint32_t i) { s.send(link, 10'000 + i, i); };
      s.run();
      return std::to_string(s.engine.events());
    }));
  };
  EXPECT_LE(events(1000), 4000U);
}

}  // namespace
}  // namespace deadletter::sim
