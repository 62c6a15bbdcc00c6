// Exchange 2007: mail between AD sites, into and out of stores, and over an edge server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr double kSoon = 1;

// P - Q - R in a row; R has two hubs.
Organization three_sites(bool q_is_a_hub_site = false) {
  return Organization()
      .site("P", {"P1"})
      .site("Q", {"Q1"}, q_is_a_hub_site)
      .site("R", {"R1", "R2"})
      .wan("P", "Q")
      .wan("Q", "R")
      .site_link("P", "Q", 10)
      .site_link("Q", "R", 10);
}

TEST(Sites, AHubSendsStraightToTheHubsOfTheTargetSite) {
  Outcome run = three_sites().run({letter("m1", "p1", "r2")});
  EXPECT_THAT(told(run, "enqueue relay deliver"),
              ElementsAre("P1 enqueue m1 for R", "R1 relay m1 for 1 recipient, hop 1",
                          "R1 enqueue m1 for r2.contoso.com", "R2 deliver m1 to <r2@contoso.com>"));
  EXPECT_THAT(told(run, "connect"), ElementsAre("P1 connect s1 to r1.contoso.com for m1",
                                                "R1 connect store driver to r2.contoso.com for m1"));
  EXPECT_EQ(run.recipient("m1").attempts, 2);
}

TEST(Sites, AHubSiteOnTheLeastCostPathStopsTheMail) {
  Outcome run = three_sites(true).run({letter("m1", "p1", "r1")});
  EXPECT_THAT(told(run, "enqueue relay deliver"),
              ElementsAre("P1 enqueue m1 for Q", "Q1 relay m1 for 1 recipient, hop 1", "Q1 enqueue m1 for R",
                          "R1 deliver m1 to <r1@contoso.com>"));
}

TEST(Sites, AHubSiteBesideThePathDoesNot) {
  Organization world = three_sites().site("H", {"H1"}, true).wan("P", "H").wan("H", "R");
  world.site_link("P", "H", 15).site_link("H", "R", 15);
  EXPECT_THAT(told(world.run({letter("m1", "p1", "r1")}), "enqueue"), ElementsAre("P1 enqueue m1 for R"));
}

TEST(Sites, WhenNoHubOfTheTargetAnswersMailWaitsAtTheNearestOneThatDoes) {
  Outcome run = three_sites().run({letter("m1", "p1", "r1")}, "\"faults\": [" + fault("host", "R1", "0s", "3h") + ", " +
                                                                  fault("host", "R2", "0s", "3h") + "]");
  // A minute for each of R1 and R2, then Q1 takes it.
  EXPECT_NEAR(time_of(run, "Q1 relay m1"), 120, kSoon);
  EXPECT_THAT(told(run, "enqueue"), ElementsAre("P1 enqueue m1 for R", "Q1 enqueue m1 for R"));
  EXPECT_EQ(fates(run), "delivered 1");
  double delivered = run.recipient("m1").delivered_s;
  EXPECT_GE(delivered, hours(3));
  EXPECT_LT(delivered, hours(3) + minutes(12));  // each 10 minutes and two time-outs
}

TEST(Sites, WhenNoHubOnTheWayAnswersItWaitsWhereItIs) {
  Outcome run = three_sites().run({letter("m1", "p1", "r1")}, "\"faults\": [" + fault("link", "P-Q", "0s", "3h") + "]");
  EXPECT_THAT(told(run, "enqueue"), ElementsAre("P1 enqueue m1 for R"));
  EXPECT_EQ(fates(run), "delivered 1");
  // One attempt at R1, R2 and Q1: three minutes. Short retries first: 4, then 6 of five minutes, then of ten.
  std::vector<double> begun;
  for (double at : times(run, "P1 connect s"))
    if (begun.empty() || at > begun.back() + 200) begun.push_back(at);
  ASSERT_GE(begun.size(), 12U);
  const double waits[] = {60, 60, 60, 60, 300, 300, 300, 300, 300, 300, 600};
  for (std::size_t i = 0; i < std::size(waits); ++i) EXPECT_NEAR(begun[i + 1] - begun[i], waits[i] + 180, kSoon) << i;
}

TEST(Sites, AvailabilityNeverChangesThePath) {
  // P to R over Q costs 20, straight 30: while Q is gone nothing goes the straight way but to R itself.
  Organization world = three_sites(true).wan("P", "R").site_link("P", "R", 30);
  Outcome run = world.run({letter("m1", "p1", "r1")}, "\"faults\": [" + fault("host", "Q1", "0s", "2h") + "]");
  EXPECT_THAT(told(run, "enqueue"), ElementsAre("P1 enqueue m1 for Q", "Q1 enqueue m1 for R"));
  EXPECT_GE(run.recipient("m1").delivered_s, hours(2));
}

TEST(Sites, OneCopyTravelsUntilThePathsPart) {
  Organization world = three_sites().site("S", {"S1"}).wan("Q", "S").site_link("Q", "S", 10);
  Outcome run = world.run({letter("m1", "p1", "r1 r2 s1 q1")});
  EXPECT_THAT(told(run, "body"), ::testing::SizeIs(3));  // to Q; from there to R and S
  EXPECT_THAT(told(run, "enqueue", "m1"), ElementsAre("P1 enqueue m1 for Q", "Q1 enqueue m1 for R",
                                                      "Q1 enqueue m1 for S", "R1 enqueue m1 for r2.contoso.com"));
  EXPECT_EQ(fates(run), "delivered 4");
}

TEST(Sites, PathsThatPartAtOnceShareNothing) {
  Organization world = three_sites().site("S", {"S1"}).wan("P", "S").site_link("P", "S", 10);
  Outcome run = world.run({letter("m1", "p1", "r1 s1")});
  EXPECT_THAT(told(run, "body"), ::testing::SizeIs(2));
  EXPECT_EQ(fates(run), "delivered 2");
}

// ---- Stores

Organization site_of_roles() { return Organization().site("P", {"M1 mailbox", "M2 mailbox", "H1 hub"}); }

TEST(Stores, MailOfAMailboxServerGoesThroughAHubEvenToItself) {
  Outcome run = site_of_roles().run({letter("m1", "m1", "m2 m1")});
  EXPECT_THAT(told(run, "connect enqueue relay deliver"),
              ElementsAre("M1 enqueue m1 for P", "M1 connect store driver to h1.contoso.com for m1",
                          "H1 relay m1 for 2 recipients, hop 1", "H1 enqueue m1 for m1.contoso.com",
                          "H1 connect store driver to m1.contoso.com for m1", "H1 enqueue m1 for m2.contoso.com",
                          "H1 connect store driver to m2.contoso.com for m1", "M1 deliver m1 to <m1@contoso.com>",
                          "M2 deliver m1 to <m2@contoso.com>"));
  EXPECT_EQ(fates(run), "delivered 2");
  EXPECT_EQ(run.recipient("m1").attempts, 2);
}

// A call takes a minute to be given up, and five minutes later the next one is made.
TEST(Stores, AMailboxServerThatIsDownIsTriedEveryFiveMinutes) {
  Outcome run =
      site_of_roles().run({letter("m1", "m1", "m2")}, "\"faults\": [" + fault("host", "M2", "0s", "1h") + "]");
  auto tried = times(run, "H1 connect store driver to m2.contoso.com");
  ASSERT_EQ(tried.size(), 11U);
  for (std::size_t i = 0; i < tried.size(); ++i) EXPECT_NEAR(tried[i], 360.0 * static_cast<double>(i), kSoon);
  EXPECT_EQ(run.recipient("m1").attempts, 12);
  EXPECT_NEAR(run.recipient("m1").delivered_s, hours(1), kSoon);
}

TEST(Stores, MailWaitsInTheStoreWhileTheSiteHasNoHub) {
  Outcome run =
      site_of_roles().run({letter("m1", "m1", "m2", "1m")}, "\"faults\": [" + fault("host", "H1", "0s", "1h") + "]");
  EXPECT_GE(run.recipient("m1").delivered_s, hours(1) - 60);
  EXPECT_LT(run.recipient("m1").delivered_s, hours(1) + minutes(5));
  EXPECT_EQ(fates(run), "delivered 1");
}

TEST(Stores, AnotherHubOfTheSiteTakesOver) {
  Organization world = Organization().site("P", {"M1 mailbox", "H1 hub", "H2 hub"});
  Outcome run = world.run({letter("m1", "m1", "m1")}, "\"faults\": [" + fault("host", "H1", "0s", "1h") + "]");
  EXPECT_NEAR(time_of(run, "H2 relay m1"), 60, kSoon);
  EXPECT_NEAR(run.recipient("m1").delivered_s, 60, kSoon);
}

// ---- The edge

Organization with_edge() {
  Organization world = Organization().site("P", {"M1 mailbox", "H1 hub", "E1 edge"}).place("net").wan("P", "net");
  world.receivers({"E1"}).foreign("fabrikam.com", {"mx.fabrikam.com"}, "net");
  return world.connector(R"("name": "Out", "type": "send", "source_servers": ["E1"], "address_spaces": ["SMTP:*;1"])");
}

TEST(Edge, MailToOutsideLeavesOverTheEdgeServer) {
  Outcome run = with_edge().run({letter("m1", "m1", "bob@fabrikam.com")});
  EXPECT_THAT(told(run, "relay deliver"),
              ElementsAre("H1 relay m1 for 1 recipient, hop 1", "E1 relay m1 for 1 recipient, hop 2",
                          "mx.fabrikam.com deliver m1 to <bob@fabrikam.com>"));
}

TEST(Edge, MailFromOutsideComesInOverTheEdgeServerAndAHub) {
  Outcome run = with_edge().run({letter("m1", "bob@fabrikam.com", "m1")});
  EXPECT_THAT(told(run, "relay deliver"),
              ElementsAre("E1 relay m1 for 1 recipient, hop 1", "H1 relay m1 for 1 recipient, hop 2",
                          "M1 deliver m1 to <m1@contoso.com>"));
}

}  // namespace
}  // namespace deadletter::testing
