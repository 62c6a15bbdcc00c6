// Hosts that go down: their peers find out by their timers, and what waits on their disks goes on when they are up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr double kSoon = 1;

Organization two_groups(const std::string& sharing = "flow") {
  return Organization()
      .group("A", {"A1", "A2"})
      .group("B", {"B1", "B2"})
      .wan("A", "B", sharing)
      .connectors("A", "B")
      .place("net")
      .wan("B", "net", sharing)
      .foreign("fabrikam.com", {"mx.fabrikam.com"}, "net");
}

// From a2 to b2, each ten minutes for three hours.
std::vector<std::string> mail_for_three_hours(const std::string& to = "b2") {
  std::vector<std::string> mail;
  for (int n = 0; n < 18; ++n) mail.push_back(letter(fmt::format("m{:02}", n), "a2", to, fmt::format("{}m", 10 * n)));
  return mail;
}
std::string down(const std::string& host, const std::string& at = "1h", const std::string& lasting = "1h") {
  return "\"faults\": [" + fault("host", host, at, lasting) + "]";
}

TEST(Hosts, MailSubmittedToAHostThatIsDownEntersWhenItIsUp) {
  Outcome run = two_groups().run(mail_for_three_hours(), down("A2"));
  EXPECT_EQ(fates(run), "delivered 18");
  for (int n = 6; n <= 11; ++n) EXPECT_NEAR(time_of(run, fmt::format("A2 submit m{:02}", n)), hours(2), kSoon) << n;
  EXPECT_NEAR(time_of(run, "A2 submit m12"), hours(2), kSoon);
  EXPECT_NEAR(time_of(run, "A2 submit m13"), hours(2) + minutes(10), kSoon);
  EXPECT_THAT(told(run, "host"), ElementsAre("A2 host is down", "A2 host is up again"));
}

TEST(Hosts, AHostThatIsDownDoesNothing) {
  for (const char* host : {"A2", "A1", "B1", "B2"}) {
    Outcome run = two_groups().run(mail_for_three_hours(), down(host));
    for (const Line& line : lines_of(run))
      EXPECT_FALSE(line.node == host && line.kind != "host" && line.at_s > hours(1) && line.at_s < hours(2))
          << host << " at " << line.at_s << ": " << line.kind << " " << line.words;
    EXPECT_EQ(fates(run), "delivered 18") << host;
  }
}

// The connector's link is known to be down at 1:07 and probed each minute.
TEST(Hosts, ARemoteBridgeheadThatIsDownIsALinkThatIsDown) {
  Outcome run = two_groups().run(mail_for_three_hours(), down("B1"));
  EXPECT_EQ(fates(run), "delivered 18");
  EXPECT_NEAR(time_of(run, "A1 link-state finds its link of A-B down"), hours(1) + minutes(7), kSoon);
  EXPECT_NEAR(time_of(run, "A1 link-state finds its link of A-B up again"), hours(2), 60);
  EXPECT_LT(hours(1) + run.recipient("m06").delivered_s, hours(2) + 60 + kSoon);
}

TEST(Hosts, AMailboxServerThatIsDownKeepsMailAtItsBridgehead) {
  Outcome run = two_groups().run(mail_for_three_hours(), down("B2"));
  EXPECT_EQ(fates(run), "delivered 18");
  EXPECT_THAT(told(run, "link-state"), IsEmpty());
  EXPECT_THAT(told(run, "defer"), ::testing::Each(StartsWith("B1 defer")));
  for (double at : times(run, "B2 deliver")) EXPECT_FALSE(at > hours(1) && at < hours(2)) << at;
}

TEST(Hosts, AForeignExchangerThatIsDownIsTriedByTheLadder) {
  Outcome run = two_groups().run(mail_for_three_hours("bob@fabrikam.com"), down("mx.fabrikam.com"));
  EXPECT_EQ(fates(run), "delivered 18");
  // 0, 2, 4, 6, 17, 28, 39, 55 and 71 minutes after the first attempt.
  EXPECT_NEAR(hours(1) + run.recipient("m06").delivered_s, hours(1) + minutes(71), kSoon);
}

TEST(Hosts, QueuesSurviveARestartAndAreTriedAtOnce) {
  // B is unreachable from 0:00 to 3:00; A1 restarts at 2:00 with two messages and at 3:00:10 with the link up.
  Outcome run =
      two_groups().run({letter("m1", "a1", "b1"), letter("m2", "a1", "b1", "10s")},
                       R"("attributes": {"A1": {"transport.link_probe": "0s", "transport.router": "dns"}}, )" +
                           std::string("\"faults\": [") + fault("link", "A-B", "0s", "3h") + ", " +
                           fault("host", "A1", "1h59m", "1m") + ", " + fault("host", "A1", "3h5s", "5s") + "]");
  auto tried = times(run, "A1 connect s");
  ASSERT_GE(tried.size(), 2U);
  EXPECT_EQ(fates(run), "delivered 2");
  EXPECT_NEAR(run.recipient("m1").delivered_s, hours(3) + 10, kSoon);
  EXPECT_THAT(tried, ::testing::Contains(::testing::DoubleNear(hours(2), 0.1)));
}

// B1 is down when the time of the first seven is over; the others are given back when theirs is.
TEST(Hosts, MailThatExpiresWhileItsServerIsDownIsGivenBackAndTheRestExpiresInItsTime) {
  std::string faults = "\"faults\": [" + fault("host", "B2", "0m", "10d") + ", " + fault("host", "B1", "2875m", "70m") +
                       "], \"horizon\": \"10d\"";
  Outcome run = two_groups().run(mail_for_three_hours(), faults);
  EXPECT_EQ(fates(run), "returned 18");
  std::vector<double> given_back = times(run, "B1 report");
  ASSERT_EQ(given_back.size(), 36U) << "a notice of delay and a report for each";
  EXPECT_NEAR(given_back.back(), hours(48) + minutes(170), kSoon);
}

// ---- In the middle of a body: 10 MB at a megabyte a second, on every kind of wire.

class Body : public ::testing::TestWithParam<const char*> {};

TEST_P(Body, WhoSendsToAHostThatGoesDownWaitsForItsBlockTimer) {
  Outcome run = two_groups(GetParam()).run({letter("m1", "a1", "b1", "0s", "10MB")}, down("B1", "5s", "10s"));
  EXPECT_NEAR(time_of(run, "A1 attempt s1 m1 at BODY: temporary failure, no reply in time"), 5 + 180, kSoon);
  EXPECT_THAT(told(run, "body-arrived"), ElementsAre("B1 body-arrived s2 m1"));
  EXPECT_EQ(run.recipient("m1").copies, 1);
  EXPECT_EQ(run.recipient("m1").attempts, 2);
  EXPECT_EQ(fates(run), "delivered 1");
}

TEST_P(Body, AHostThatGoesDownWhileItSendsSendsAnewWhenItIsUp) {
  Outcome run = two_groups(GetParam()).run({letter("m1", "a1", "b1", "0s", "10MB")}, down("A1", "5s", "1h"));
  EXPECT_THAT(told(run, "body-arrived"), ElementsAre("B1 body-arrived s2 m1"));
  EXPECT_NEAR(run.recipient("m1").delivered_s, hours(1) + 5 + 10.5, kSoon);
  EXPECT_EQ(run.recipient("m1").copies, 1);
  EXPECT_EQ(fates(run), "delivered 1");
}

TEST_P(Body, ALinkThatGoesDownBreaksTheConnectionAtOnce) {
  if (std::string(GetParam()) == "latency") GTEST_SKIP() << "what is on its way arrives";
  Outcome run =
      two_groups(GetParam())
          .run({letter("m1", "a1", "b1", "0s", "10MB")}, "\"faults\": [" + fault("link", "A-B", "5s", "10s") + "]");
  EXPECT_NEAR(time_of(run, "A1 attempt s1 m1 at BODY: temporary failure, connection reset"), 5, kSoon);
  EXPECT_EQ(fates(run), "delivered 1");
}

TEST_P(Body, AStoreThatGoesDownWhileItIsWrittenToKeepsNothing) {
  Organization one_site = Organization().site("P", {"H1", "M1 mailbox"}, false, GetParam());
  for (const char* host : {"M1", "H1"}) {
    Outcome run = one_site.run({letter("m1", "h1", "m1", "0s", "500MB")}, down(host, "1s", "10s"));
    EXPECT_EQ(run.recipient("m1").copies, 1) << host;
    EXPECT_EQ(run.recipient("m1").attempts, 2) << host;
    EXPECT_GT(run.recipient("m1").delivered_s, 11) << host;
    EXPECT_EQ(fates(run), "delivered 1") << host;
  }
}

INSTANTIATE_TEST_SUITE_P(Hosts, Body, ::testing::Values("flow", "shared", "latency"),
                         [](const auto& info) { return std::string(info.param); });

// The reply to the dot is lost with the host: the sender must send again, and two copies are the price (RFC
// 5321 4.5.3.2).
TEST(Hosts, AServerThatGoesDownAfterItStoredMayStoreTwice) {
  Outcome run = two_groups().run({letter("m1", "a1", "b1", "0s", "1MB")}, down("B1", "1170ms", "10s"));
  ASSERT_THAT(told(run, "deliver"), ::testing::Not(IsEmpty()));
  EXPECT_EQ(run.recipient("m1").copies, static_cast<int>(told(run, "deliver").size()));
  EXPECT_EQ(run.recipient("m1").fate, "delivered");
  EXPECT_TRUE(run.held());
}

}  // namespace
}  // namespace deadletter::testing
