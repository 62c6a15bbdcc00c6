// Mail between routing groups of Exchange 2003, over bridgeheads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <set>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::ElementsAre;

Organization two_groups() {
  return Organization().group("A", {"A1", "A2"}).group("B", {"B1", "B2"}).wan("A", "B").connectors("A", "B");
}

TEST(RoutingGroups, AMessageGoesFromServerToBridgeheadToBridgeheadToServer) {
  Outcome run = two_groups().run({letter("m1", "a2", "b2")});
  EXPECT_THAT(told(run, "submit categorize enqueue relay deliver", "m1"),
              ElementsAre("A2 submit m1 from <a2@contoso.com> to 1 recipient, 20480 octets",
                          "A2 categorize m1 <b2@contoso.com> is local", "A2 enqueue m1 for a1.contoso.com",
                          "A1 relay m1 for 1 recipient, hop 1", "A1 categorize m1 <b2@contoso.com> is local",
                          "A1 enqueue m1 for A-B", "B1 relay m1 for 1 recipient, hop 2",
                          "B1 categorize m1 <b2@contoso.com> is local", "B1 enqueue m1 for b2.contoso.com",
                          "B2 deliver m1 to <b2@contoso.com>"));
  Recipient b2 = run.recipient("m1");
  EXPECT_EQ(b2.fate, "delivered");
  EXPECT_EQ(b2.copies, 1);
  EXPECT_EQ(b2.attempts, 3);
  EXPECT_EQ(run.number("/hops"), 3);
  EXPECT_EQ(run.number("/retries"), 0);
  EXPECT_TRUE(run.held());
}

// Five ways there and back before the body (connect, greeting, EHLO, MAIL to DATA) and one with it: 2 ms each within a
// group, 12 ms between bridgeheads, and 20,483 octets at 8 Mbit/s in 20 ms. The rest is octets of commands.
TEST(RoutingGroups, ItTakesWhatItsSessionsTake) {
  Recipient b2 = two_groups().run({letter("m1", "a2", "b2")}).recipient("m1");
  double within = 9 * 0.002, between = 9 * 0.012 + 20483 / 1e6;
  EXPECT_NEAR(b2.delivered_s, within + between + within, 0.003);
}

TEST(RoutingGroups, WithinAGroupServersSendStraightToEachOther) {
  Outcome run = two_groups().run({letter("m1", "a2", "a1"), letter("m2", "b1", "b1")});
  EXPECT_THAT(told(run, "enqueue relay deliver"),
              ElementsAre("A2 enqueue m1 for a1.contoso.com", "B1 deliver m2 to <b1@contoso.com>",
                          "A1 deliver m1 to <a1@contoso.com>"));
  EXPECT_EQ(run.recipient("m1").attempts, 1);
  EXPECT_EQ(run.recipient("m2").attempts, 0);
}

TEST(RoutingGroups, RecipientsOfOneGroupShareACopyUntilTheyPart) {
  Outcome run = two_groups().run({letter("m1", "a2", "a1 b1 b2")});
  // To A1 for itself and for the connector: two next hops, one host. Then one copy for both of B.
  EXPECT_THAT(told(run, "enqueue relay deliver"),
              ElementsAre("A2 enqueue m1 for a1.contoso.com", "A1 deliver m1 to <a1@contoso.com>",
                          "A1 relay m1 for 2 recipients, hop 1", "A1 enqueue m1 for A-B",
                          "B1 deliver m1 to <b1@contoso.com>", "B1 relay m1 for 1 recipient, hop 2",
                          "B1 enqueue m1 for b2.contoso.com", "B2 deliver m1 to <b2@contoso.com>"));
  EXPECT_EQ(told(run, "body").size(), 3U);
  EXPECT_EQ(fates(run), "delivered 3");
}

TEST(RoutingGroups, TheLeastCostWayIsTakenWhateverItsNumberOfGroups) {
  auto three = [](int straight) {
    return Organization()
        .group("A", {"A1"})
        .group("B", {"B1"})
        .group("C", {"C1"})
        .wan("A", "B")
        .wan("B", "C")
        .wan("A", "C")
        .connectors("A", "B", 5)
        .connectors("B", "C", 5)
        .connectors("A", "C", straight);
  };
  EXPECT_THAT(told(three(11).run({letter("m1", "a1", "c1")}), "enqueue"),
              ElementsAre("A1 enqueue m1 for A-B", "B1 enqueue m1 for B-C"));
  EXPECT_THAT(told(three(9).run({letter("m1", "a1", "c1")}), "enqueue"), ElementsAre("A1 enqueue m1 for A-C"));
  // As dear: fewer hops.
  EXPECT_THAT(told(three(10).run({letter("m1", "a1", "c1")}), "enqueue"), ElementsAre("A1 enqueue m1 for A-C"));
}

// Half of all sessions are reset: whether the first one of a message is says nothing about the first one of its next
// hop.
TEST(RoutingGroups, ChanceIsDrawnAnewOnEachHop) {
  constexpr int kSent = 400;
  std::vector<std::string> mail;
  for (int n = 0; n < kSent; ++n) mail.push_back(letter(fmt::format("m{}", n), "a2", "b1", fmt::format("{}h", n)));
  Outcome run = two_groups().run(mail, R"("horizon": "450h", "chance": {"session_failure": 0.5})");
  std::map<std::string, std::string> first;             // node and message to session
  std::map<std::string, std::set<std::string>> failed;  // node to sessions
  for (const Line& line : lines_of(run)) {
    std::string session = line.words.substr(0, line.words.find(' '));
    if (line.kind == "connect") first.try_emplace(line.node + line.words.substr(line.words.rfind(' ')), session);
    if (line.kind == "chance") failed[line.node].insert(session);
  }
  int alike = 0, both = 0;  // who follows another message in its session opens none
  for (int n = 0; n < kSent; ++n) {
    auto one = first.find(fmt::format("A2 m{}", n)), next = first.find(fmt::format("A1 m{}", n));
    if (one == first.end() || next == first.end()) continue;
    ++both;
    alike += failed["A2"].contains(one->second) == failed["A1"].contains(next->second);
  }
  EXPECT_GT(both, kSent / 2);
  EXPECT_NEAR(alike, both / 2, 4 * 10);  // four standard deviations
}

// What it had found out for another group's servers, and its own, is good no more.
TEST(RoutingGroups, AServerThatIsToRouteOtherwiseLooksForItsWaysAnew) {
  auto groups = Organization().group("B", {"B1", "B2"}).group("A", {"A1", "A2"}).wan("A", "B").connectors("A", "B");
  Outcome run = groups.run({letter("m1", "a1", "a2"), letter("m2", "a1", "b2", "2h"), letter("m3", "a1", "a2", "2h")},
                           R"("changes": [{"at": "1h", "on": "A1", "attributes": {"transport.router": "dns"}}])");
  EXPECT_THAT(told(run, "enqueue"), ElementsAre("A1 enqueue m1 for a2.contoso.com", "A1 enqueue m2 for b2.contoso.com",
                                                "A1 enqueue m3 for a2.contoso.com"));
  EXPECT_EQ(fates(run), "delivered 3");
}

TEST(RoutingGroups, AnUnknownRecipientComesBackFromTheSendersOwnServer) {
  Outcome run = two_groups().run({letter("m1", "a2", "nobody b2")});
  EXPECT_THAT(told(run, "return report deliver"),
              ElementsAre("A2 return m1 to <nobody@contoso.com>: 5.1.1", "A2 report ndr-1 about m1 to <a2@contoso.com>",
                          "A2 deliver ndr-1 to <a2@contoso.com>", "B2 deliver m1 to <b2@contoso.com>"));
  EXPECT_EQ(run.recipient("m1", "nobody@contoso.com").status, "5.1.1");
  EXPECT_EQ(fates(run), "delivered 1, returned 1");
}

}  // namespace
}  // namespace deadletter::testing
