// Exchange 2003 and 2007 in one organization, joined by routing group connectors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kSoon = 1;

// A1 and P1 are the bridgeheads; Q is a site behind P.
Organization both() {
  return Organization()
      .group("A", {"A1", "A2"})
      .site("P", {"P1"})
      .site("Q", {"Q1"})
      .wan("A", "P")
      .wan("P", "Q")
      .site_link("P", "Q", 10)
      .connectors("A", Organization::kSites);
}

TEST(Coexistence, MailGoesFrom2003To2007ThroughTheConnector) {
  Outcome run = both().run({letter("m1", "a2", "q1")});
  EXPECT_THAT(told(run, "enqueue deliver"),
              ElementsAre("A2 enqueue m1 for a1.contoso.com", "A1 enqueue m1 for A-DWBGZMFD01QNBJR",
                          "P1 enqueue m1 for Q", "Q1 deliver m1 to <q1@contoso.com>"));
}

TEST(Coexistence, MailGoesFrom2007To2003ThroughTheConnector) {
  Outcome run = both().run({letter("m1", "q1", "a2")});
  EXPECT_THAT(told(run, "enqueue deliver"),
              ElementsAre("Q1 enqueue m1 for P", "P1 enqueue m1 for DWBGZMFD01QNBJR-A",
                          "A1 enqueue m1 for a2.contoso.com", "A2 deliver m1 to <a2@contoso.com>"));
}

// A second, dearer connector each way between B and Q; 2003 goes round by B, 2007 waits for what is cheapest.
TEST(Coexistence, The2007SideIgnoresLinkState) {
  Organization world = both().group("B", {"B1"}).wan("A", "B").wan("B", "Q").connectors("A", "B", 50);
  for (
      const char* members :
      {R"("name": "B-sites", "type": "routing_group", "from": "B", "to": "DWBGZMFD01QNBJR", "source_servers": ["B1"], "target_servers": ["Q1"], "cost": 50)",
       R"("name": "sites-B", "type": "routing_group", "from": "DWBGZMFD01QNBJR", "to": "B", "source_servers": ["Q1"], "target_servers": ["B1"], "cost": 50)"})
    world.connector(members);
  Outcome run = world.run({letter("to-2007", "a1", "q1", "1m"), letter("to-2003", "p1", "a1", "1m")},
                          "\"faults\": [" + fault("link", "A-P", "0s", "2h") + "]");
  EXPECT_NEAR(time_of(run, "A1 link-state finds its link of A-DWBGZMFD01QNBJR down"), 60 + 420, kSoon);
  EXPECT_THAT(times(run, "P1 link-state"), IsEmpty());
  EXPECT_THAT(times(run, "Q1 link-state"), IsEmpty());
  EXPECT_THAT(told(run, "enqueue", "to-2007"),
              ElementsAre("A1 enqueue to-2007 for A-DWBGZMFD01QNBJR", "A1 enqueue to-2007 for A-B",
                          "B1 enqueue to-2007 for B-sites"));
  EXPECT_NEAR(run.recipient("to-2007").delivered_s, 420, kSoon);
  EXPECT_THAT(told(run, "enqueue", "to-2003"), ElementsAre("P1 enqueue to-2003 for DWBGZMFD01QNBJR-A"));
  EXPECT_GE(run.recipient("to-2003").delivered_s, 7140);
  EXPECT_EQ(fates(run), "delivered 2");
}

}  // namespace
}  // namespace deadletter::testing
