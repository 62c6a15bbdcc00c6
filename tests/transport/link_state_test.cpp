// A connector's link that is down: who knows it when, and where mail goes meanwhile.
//
// The link fails an hour after the start, for six hours. A1 tries at 1:00 and, after 60 s without an answer and 60 s of
// pause each, at 1:02, 1:04 and 1:06: at 1:07 the short retries of a glitch are over and the link is down. Ten minutes
// later others are told. From 1:08 it is probed each minute: at 7:00 it is up, which is told at 7:10.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "models/builds/installation.h"
#include "models/transport/next_attempt.h"
#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr double kSoon = 1;  // seconds in which what happens at once has happened
constexpr double kKnown = hours(1) + minutes(7), kTold = kKnown + minutes(10);
constexpr double kUp = hours(7), kUpTold = kUp + minutes(10);

// Mail from a2 to b2 each five minutes from 0:00 to 8:00.
std::vector<std::string> mail_for_eight_hours(const std::string& from = "a2", const std::string& to = "b2") {
  std::vector<std::string> mail;
  for (int n = 0; n < 97; ++n) mail.push_back(letter(fmt::format("m{:02}", n), from, to, fmt::format("{}m", 5 * n)));
  return mail;
}

const std::string kSixHours = "\"faults\": [" + fault("link", "A-B", "1h", "6h") + "]";

Organization with_alternative() {
  return Organization()
      .group("A", {"A1", "A2"})
      .group("B", {"B1", "B2"})
      .group("C", {"C1"})
      .wan("A", "B")
      .wan("A", "C")
      .wan("C", "B")
      .connectors("A", "B", 1)
      .connectors("A", "C", 5)
      .connectors("C", "B", 5);
}
Organization without_alternative() {
  return Organization().group("A", {"A1", "A2"}).group("B", {"B1", "B2"}).wan("A", "B").connectors("A", "B");
}

TEST(LinkState, ALinkIsDownAfterTheGlitchRetriesAndUpByTheFirstProbe) {
  Outcome run = with_alternative().run(mail_for_eight_hours(), kSixHours);
  EXPECT_NEAR(time_of(run, "A1 link-state finds its link of A-B down"), kKnown, kSoon);
  EXPECT_NEAR(time_of(run, "A1 link-state finds its link of A-B up again"), kUp, kSoon);
  EXPECT_EQ(fates(run), "delivered 97");
}

TEST(LinkState, OthersAreToldAfterTheHoldAndOverPathsThatStand) {
  Outcome run = with_alternative().run(mail_for_eight_hours(), kSixHours);
  // A2 by its master A1, C1 over the connector to it; B1 and B2 by C1, because the packet to B1 is lost.
  for (const char* who : {"A2 link-state is told by A1", "C1 link-state is told by A1", "B1 link-state is told by C1",
                          "B2 link-state is told by B1"}) {
    auto when = times(run, who);
    ASSERT_GE(when.size(), 1U) << who;
    EXPECT_NEAR(when[0], kTold, kSoon) << who;
  }
  EXPECT_EQ(told(run, "link-state", "is told by").size(), 8U);  // all four twice
}

TEST(LinkState, WithAnAlternativeMailGoesTheDearWayWhileTheLinkIsDownAndTheCheapWayAgain) {
  Outcome run = with_alternative().run(mail_for_eight_hours(), kSixHours);
  EXPECT_EQ(fates(run), "delivered 97");
  EXPECT_EQ(run.number("/reports/delay"), 0);
  for (int n = 0; n < 97; ++n) {
    std::string name = fmt::format("m{:02}", n);
    double sent = 300 * n;
    bool dear = sent >= hours(1) && sent <= kUp;
    EXPECT_EQ(!told(run, "enqueue", name + " for C-B").empty(), dear) << name;
    // Who was sent before the server knew waited for it.
    bool waited = sent >= hours(1) && sent < kKnown;
    EXPECT_NEAR(run.recipient(name).delivered_s, waited ? kKnown - sent : 0, kSoon) << name;
  }
  EXPECT_THAT(told(run, "route"), ElementsAre("A1 route m12 leaves A-B", "A1 route m13 leaves A-B"));
}

TEST(LinkState, WithoutAnAlternativeTheDestinationIsUnreachableAndThenReachedAgain) {
  Outcome run = without_alternative().run(mail_for_eight_hours(), kSixHours);
  EXPECT_EQ(fates(run), "delivered 97");
  EXPECT_EQ(run.number("/reports/delay"), 0);
  const std::string unreachable = " for Final destination currently unreachable";
  for (int n = 0; n < 97; ++n) {
    std::string name = fmt::format("m{:02}", n);
    double sent = 300 * n, arrived = sent + run.recipient(name).delivered_s;
    bool waits = sent >= hours(1) && sent <= kUp;
    EXPECT_EQ(!told(run, "enqueue", name + unreachable).empty(), waits || (sent > kUp && sent <= kUpTold)) << name;
    // From 1:17 to 7:10 A2 knows no way itself.
    bool at_a2 = sent >= kTold && sent < kUpTold;
    EXPECT_NEAR(arrived, at_a2 ? kUpTold : waits ? kUp : sent, 3) << name;  // 20 ms each on the wire
  }
}

TEST(LinkState, MailWaitsInTheQueueForWhatIsUnreachable) {
  auto mail = mail_for_eight_hours();
  mail.resize(49);
  Outcome run = without_alternative().run(mail, kSixHours + R"(, "horizon": "4h1s")");
  EXPECT_EQ(fates(run), "delivered 12, waiting 37");
  EXPECT_THAT(run.result.dump(0), ::testing::HasSubstr("Final destination currently unreachable"));
}

// Nobody tries a link from which all mail has gone: without probes it stays down.
TEST(LinkState, WithoutProbesALinkThatIsDownStaysDown) {
  Outcome run = with_alternative().run(mail_for_eight_hours(),
                                       kSixHours + R"(, "attributes": {"all": {"transport.link_probe": "0s"}})");
  EXPECT_THAT(times(run, "A1 link-state finds its link of A-B up again"), IsEmpty());
  EXPECT_EQ(fates(run), "delivered 97");
}

TEST(LinkState, DelayNoticesComeWhereMailHasWaitedTwelveHours) {
  auto mail = mail_for_eight_hours();
  Outcome run = without_alternative().run(mail, "\"faults\": [" + fault("link", "A-B", "1h", "14h") + "]");
  EXPECT_EQ(fates(run), "delivered 97");
  for (int n = 0; n < 97; ++n) {
    std::string name = fmt::format("m{:02}", n);
    double sent = 300 * n;
    bool long_enough = sent >= hours(1) && sent + hours(12) <= hours(15) + minutes(10);  // when A2 is told
    EXPECT_EQ(run.recipient(name).delay, long_enough ? 1 : 0) << name;
  }
}

// Only its master and the bridgeheads of connectors hear of a link in time: a group whose path is broken learns it from
// the next session with somebody who knows.
TEST(LinkState, AGroupBehindTheBrokenPathLearnsOfItWithTheNextSession) {
  Organization chain = Organization()
                           .group("A", {"A1"})
                           .group("B", {"B1"})
                           .group("C", {"C1"})
                           .wan("A", "B")
                           .wan("B", "C")
                           .connectors("A", "B")
                           .connectors("B", "C");
  // B-C fails first; the packet about it that B1 sends to A1 is lost on A-B, which is down from 0:10 to 0:30. Probes
  // are off, so that A-B is not found down: nobody sends over it meanwhile.
  Outcome run =
      chain.run({letter("m1", "b1", "c1", "1m"), letter("m2", "a1", "b1", "1h")},
                "\"faults\": [" + fault("link", "B-C", "0s", "2h") + ", " + fault("link", "A-B", "10m", "20m") + "]");
  EXPECT_NEAR(time_of(run, "B1 link-state finds its link of B-C down"), minutes(8), kSoon);
  EXPECT_NEAR(times(run, "A1 link-state is told by B1").at(0), hours(1), kSoon);
  EXPECT_EQ(fates(run), "delivered 2");
}

TEST(LinkState, AGlitchTellsNobody) {
  Outcome run =
      with_alternative().run(mail_for_eight_hours(), "\"faults\": [" + fault("link", "A-B", "1h", "5m") + "]");
  EXPECT_THAT(told(run, "link-state route"), IsEmpty());
  EXPECT_THAT(told(run, "enqueue", "for A-C"), IsEmpty());
  EXPECT_EQ(fates(run), "delivered 97");
  EXPECT_NEAR(run.recipient("m12").delivered_s, minutes(6), kSoon);
}

// A connector that delivers by DNS leads to many hosts: one of them that fails says nothing about the link.
TEST(LinkState, AConnectorByDnsIsNeverDown) {
  Organization world = Organization().group("A", {"A1"}).place("net").wan("A", "net");
  world.foreign("fabrikam.com", {"mx.fabrikam.com"}, "net").foreign("tailspin.com", {"mx.tailspin.com"}, "net");
  world.connector(R"("name": "Internet", "type": "smtp", "source_servers": ["A1"], "address_spaces": ["SMTP:*;1"])");
  Outcome run = world.run({letter("m1", "a1", "bob@fabrikam.com"), letter("m2", "a1", "tom@tailspin.com", "1h")},
                          R"("peers": {"mx.fabrikam.com": {"listen": "blackhole"}}, "horizon": "12h")");
  EXPECT_THAT(told(run, "link-state"), IsEmpty());
  EXPECT_EQ(run.recipient("m1").fate, "waiting");
  EXPECT_NEAR(run.recipient("m2").delivered_s, 0, kSoon);
}

// One with a smart host leads to that host.
TEST(LinkState, AConnectorToASmartHostIsDownWithIt) {
  Organization world = Organization().group("A", {"A1"}).place("net").wan("A", "net");
  world.foreign("fabrikam.com", {"mx.fabrikam.com"}, "net").foreign("tailspin.com", {"mx.tailspin.com"}, "net");
  world.connector(
      R"("name": "Relay", "type": "smtp", "source_servers": ["A1"], "address_spaces": ["SMTP:*;1"], "smart_hosts": ["mx.fabrikam.com"])");
  world.connector(R"("name": "Internet", "type": "smtp", "source_servers": ["A1"], "address_spaces": ["SMTP:*;9"])");
  Outcome run = world.run({letter("m1", "a1", "tom@tailspin.com")},
                          R"("peers": {"mx.fabrikam.com": {"listen": "blackhole"}}, "horizon": "12h")");
  EXPECT_NEAR(time_of(run, "A1 link-state finds its link of Relay down"), minutes(7), kSoon);
  EXPECT_EQ(run.recipient("m1").fate, "delivered");
}

// ---- A queue by DNS knows no link state: it grows and drains as its ladder says.

// When the n-th attempt begins, counted from the first one, if each of them takes a minute to fail.
std::vector<double> ladder(const std::string& build, int attempts) {
  auto behaviour = builds::profile_of(builds::parse_build(build).build);
  std::vector<double> at{0};
  transport::Climb climb;
  while (static_cast<int>(at.size()) < attempts)
    at.push_back(
        at.back() + 60 +
        static_cast<double>(transport::next_wait(behaviour.queue, transport::FailureKind::connect, climb).time.ns) /
            1e9);
  return at;
}

TEST(Queues, AQueueByDnsGrowsAndDrainsAsItsLadderSays) {
  Organization world = Organization().group("A", {"A1"}).place("net").wan("A", "net");
  world.foreign("fabrikam.com", {"mx.fabrikam.com"}, "net");
  Outcome run = world.run(mail_for_eight_hours("a1", "bob@fabrikam.com"),
                          "\"faults\": [" + fault("link", "A-net", "1h", "6h") + "]");
  std::vector<double> due = ladder("exchange-2003-sp2 on windows-2003-sp1", 40);
  while (due.back() >= hours(6)) due.pop_back();
  double drained = hours(1) + due.back() + 60 + 900;
  std::vector<double> tried;
  for (double at : times(run, "A1 connect "))
    if (at >= hours(1) && at < drained - 1) tried.push_back(at - hours(1));
  ASSERT_EQ(tried.size(), due.size());
  for (std::size_t i = 0; i < due.size(); ++i) EXPECT_NEAR(tried[i], due[i], 0.1) << i;
  EXPECT_EQ(fates(run), "delivered 97");
  EXPECT_EQ(run.number("/reports/delay"), 0);
  for (int n = 0; n < 97; ++n) {
    double sent = 300 * n;
    bool waits = sent >= hours(1) && sent < drained;
    EXPECT_NEAR(run.recipient(fmt::format("m{:02}", n)).delivered_s, waits ? drained - sent : 0, 5) << n;
  }
}

}  // namespace
}  // namespace deadletter::testing
