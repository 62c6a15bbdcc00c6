// What a server does not take, or not yet, or not all at once: sizes, hops, pressure, connections, its processor.
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
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr double kSoon = 1;

// ---- Sizes

TEST(Sizes, WhatIsTooLargeForEveryConnectorComesBack) {
  Organization world = Organization().group("A", {"A1", "A2"}).group("B", {"B1"}).wan("A", "B");
  world.connectors("A", "B", 1, R"("max_size": "100KB")");
  Outcome run = world.run({letter("m1", "a2", "b1", "0s", "101KB"), letter("m2", "a2", "b1", "1m", "100KB")});
  EXPECT_THAT(told(run, "return"), ElementsAre("A2 return m1 to <b1@contoso.com>: 5.2.3"));
  EXPECT_EQ(run.recipient("m1").status, "5.2.3");
  EXPECT_EQ(run.recipient("m2").fate, "delivered");
}

TEST(Sizes, WhatIsTooLargeForTheCheapWayGoesTheDearOne) {
  Organization world = Organization().group("A", {"A1"}).group("B", {"B1"}).group("C", {"C1"});
  world.wan("A", "B").wan("A", "C").wan("C", "B");
  world.connectors("A", "B", 1, R"("max_size": "100KB")").connectors("A", "C", 5).connectors("C", "B", 5);
  Outcome run = world.run({letter("small", "a1", "b1"), letter("large", "a1", "b1", "1m", "200KB"),
                           letter("small-again", "a1", "b1", "2m")});
  EXPECT_THAT(told(run, "enqueue"), ElementsAre("A1 enqueue small for A-B", "A1 enqueue large for A-C",
                                                "C1 enqueue large for C-B", "A1 enqueue small-again for A-B"));
}

TEST(Sizes, ASiteLinkHasALimitAndNoWayRoundIt) {
  Organization world = Organization().site("P", {"P1"}).site("Q", {"Q1"}).site("R", {"R1"});
  world.wan("P", "Q").wan("Q", "R").wan("P", "R");
  world.site_link("P", "Q", 1, R"("max_size": "100KB")").site_link("Q", "R", 1).site_link("P", "R", 9);
  Outcome run = world.run({letter("m1", "p1", "r1", "0s", "200KB"), letter("m2", "p1", "r1", "1m")});
  EXPECT_EQ(run.recipient("m1").status, "5.2.3");  // the least-cost path is P, Q, R whatever its limit
  EXPECT_EQ(run.recipient("m2").fate, "delivered");
}

TEST(Sizes, AServersOwnLimitIsSaidInEhlo) {
  Organization world = Organization().group("A", {"A1"}).group("B", {"B1"}).wan("A", "B").connectors("A", "B");
  Outcome run = world.run({letter("m1", "a1", "b1", "0s", "200KB"), letter("m2", "a1", "b1", "1m")},
                          R"("attributes": {"B1": {"smtp.server.message_limit": 102400}})");
  EXPECT_EQ(run.recipient("m1").fate, "returned");
  EXPECT_EQ(run.recipient("m1").attempts, 1);
  EXPECT_THAT(told(run, "body", "m1"), IsEmpty());
  EXPECT_EQ(run.recipient("m2").fate, "delivered");
}

// ---- Loops

// contoso sends everything to fabrikam and fabrikam everything to contoso.
TEST(Loops, ServersThatPointAtEachOtherPassMailUntilTheHopLimit) {
  Organization world = Organization().of("contoso", "contoso.com").group("A", {"A1"});
  world.of("fabrikam", "fabrikam.com").group("F", {"F1"}).wan("A", "F").place("net").wan("A", "net");
  world.foreign("tailspin.com", {"mx.tailspin.com"}, "net");
  for (auto [name, from, to] : {std::tuple{"A-F", "A1", "F1"}, std::tuple{"F-A", "F1", "A1"}})
    world.connector(fmt::format(
        R"("name": "{}", "type": "smtp", "source_servers": ["{}"], "smart_hosts": ["{}"], "address_spaces": ["SMTP:*;1"])",
        name, from, to));
  Outcome run = world.run({letter("m1", "a1", "tom@tailspin.com")});
  // A limit of 15: the 16th server that takes it over, A1 after an even number of hops, gives it back.
  EXPECT_THAT(told(run, "relay", "m1"), SizeIs(16));
  EXPECT_THAT(told(run, "return"), ElementsAre("A1 return m1 to <tom@tailspin.com>: 5.4.6"));
  EXPECT_EQ(run.recipient("m1").status, "5.4.6");
  EXPECT_EQ(run.recipient("m1").attempts, 16);
  EXPECT_EQ(run.number("/report_fates/delivered"), 1);

  Outcome shorter =
      world.run({letter("m1", "a1", "tom@tailspin.com")}, R"("attributes": {"F1": {"transport.hop_limit": 4}})");
  EXPECT_THAT(told(shorter, "return"), ElementsAre("F1 return m1 to <tom@tailspin.com>: 5.4.6"));
  EXPECT_THAT(told(shorter, "relay", "m1"), SizeIs(5));
  // The report has somewhere to go, and a report that loops has nobody to tell.
  EXPECT_EQ(shorter.number("/report_fates/delivered"), 1);
  Outcome nobody = world.run({letter("m1", "<>", "tom@tailspin.com")});
  EXPECT_EQ(nobody.recipient("m1").fate, "discarded");
  EXPECT_EQ(nobody.number("/reports/ndr"), 0);
}

// B knows that its link to C is down and sends by A; A is not told for ten minutes and sends by B.
TEST(Loops, ServersWhoseLinkStatesContradictPassMailToAndFro) {
  Organization world = Organization().group("A", {"A1"}).group("B", {"B1"}).group("C", {"C1"});
  world.wan("A", "B").wan("B", "C").wan("A", "C");
  world.connectors("A", "B", 1).connectors("B", "C", 1).connectors("A", "C", 10);
  auto at = [&](const std::string& when) {
    return world.run({letter("first", "b1", "c1", "1m"), letter("m1", "a1", "c1", when)},
                     "\"faults\": [" + fault("link", "B-C", "0s", "2h") + "]");
  };
  // The link is down at 0:08, which A hears at 0:18.
  Outcome before = at("10m"), after = at("20m");
  EXPECT_EQ(before.recipient("m1").status, "5.4.6");
  EXPECT_THAT(told(before, "relay", "m1"), SizeIs(16));
  EXPECT_EQ(after.recipient("m1").fate, "delivered");
  EXPECT_THAT(told(after, "enqueue", "m1"), ElementsAre("A1 enqueue m1 for A-C"));
}

// ---- Back pressure

Organization under_pressure() {
  return Organization()
      .site("P", {"P1"})
      .site("Q", {"Q1"})
      .wan("P", "Q")
      .site_link("P", "Q", 1)
      .place("net")
      .wan("P", "net")
      .foreign("fabrikam.com", {"mx.fabrikam.com"}, "net");
}
Outcome run_under(const std::string& pressure) {
  return under_pressure().run(
      {letter("outside", "bob@fabrikam.com", "p1"), letter("inside", "q1", "p1")},
      fmt::format(R"("horizon": "1h", "attributes": {{"P1": {{"smtp.server.back_pressure": "{}"}}}})", pressure));
}

TEST(BackPressure, MediumRefusesWhoIsOutside) {
  Outcome run = run_under("medium");
  EXPECT_EQ(run.recipient("outside").fate, "waiting");
  EXPECT_EQ(run.recipient("inside").fate, "delivered");
  EXPECT_THAT(told(run, "attempt", "outside"),
              ::testing::Each(::testing::HasSubstr("at MAIL: temporary failure, 452 4.3.1")));
}
TEST(BackPressure, HighRefusesEverybody) {
  Outcome run = run_under("high");
  EXPECT_EQ(fates(run), "waiting 2");
  EXPECT_FALSE(told(run, "attempt", "452 4.3.1").empty());
}
TEST(BackPressure, NormalRefusesNobody) { EXPECT_EQ(fates(run_under("normal")), "delivered 2"); }

// ---- Connections

struct Sessions {
  int most = 0;                     // at a time
  std::map<std::string, int> mail;  // bodies by session
};
Sessions sessions(const Outcome& run, const std::string& node, const std::string& to = "") {
  Sessions all;
  std::set<std::string> open;
  for (const Line& line : lines_of(run)) {
    std::string name = line.words.substr(0, line.words.find(' '));
    if (line.node == node && line.kind == "connect" && line.words.find(" to " + to) != line.words.npos)
      open.insert(name);
    if (line.node == node && line.kind == "closed") open.erase(name);
    if (line.node == node && line.kind == "body" && open.contains(name)) ++all.mail[name];
    all.most = std::max(all.most, static_cast<int>(open.size()));
  }
  return all;
}

Organization three_domains() {
  Organization world = Organization().group("A", {"A1"}).place("net").wan("A", "net");
  for (const char* domain : {"fabrikam.com", "tailspin.com", "litware.com"})
    world.foreign(domain, {std::string("mx.") + domain}, "net");
  return world;
}
std::vector<std::string> burst(int each) {
  std::vector<std::string> mail;
  for (int n = 0; n < each; ++n)
    for (const char* domain : {"fabrikam.com", "tailspin.com", "litware.com"})
      mail.push_back(letter(fmt::format("{}-{}", domain, n), "a1", std::string("x@") + domain));
  return mail;
}
std::string with(const std::string& attribute, int value) {
  return fmt::format(R"("attributes": {{"A1": {{"{}": {}}}}})", attribute, value);
}

TEST(Connections, AServerHasSoManyAndNoMore) {
  for (int most : {1, 2, 5}) {
    Outcome run = three_domains().run(burst(6), with("queue.connections", most));
    EXPECT_EQ(sessions(run, "A1").most, most);
    EXPECT_EQ(fates(run), "delivered 18");
  }
  EXPECT_EQ(sessions(three_domains().run(burst(6)), "A1").most, 18);
}

TEST(Connections, AndSoManyToOneNextHop) {
  Outcome run = three_domains().run(burst(6), with("queue.per_domain", 2));
  EXPECT_EQ(sessions(run, "A1").most, 6);
  EXPECT_EQ(sessions(run, "A1", "mx.litware.com").most, 2);
  EXPECT_EQ(fates(run), "delivered 18");
}

TEST(Connections, EachCarriesSoManyMessages) {
  Outcome run = three_domains().run(
      burst(10), R"("attributes": {"A1": {"queue.per_domain": 1, "queue.messages_per_connection": 4}})");
  Sessions all = sessions(run, "A1", "mx.fabrikam.com");
  ASSERT_EQ(all.mail.size(), 3U);
  int carried = 0, most = 0;
  for (const auto& [session, count] : all.mail) carried += count, most = std::max(most, count);
  EXPECT_EQ(carried, 10);
  EXPECT_EQ(most, 4);
}

// ---- The processor

TEST(Processor, MailIsWorkedOnOneByOneInTheOrderInWhichItCame) {
  Organization world = Organization().group("A", {"A1", "A2"});
  std::vector<std::string> mail;
  for (int n = 0; n < 5; ++n) mail.push_back(letter(fmt::format("m{}", n), "a1", "a1", fmt::format("{}ms", 100 * n)));
  mail.push_back(letter("later", "a1", "a1", "1m"));
  Outcome run = world.run(mail, R"("attributes": {"A1": {"transport.processing_time": "1s"}})");
  for (int n = 0; n < 5; ++n)
    EXPECT_NEAR(run.recipient(fmt::format("m{}", n)).delivered_s, (n + 1) - 0.1 * n, 0.001) << n;
  EXPECT_NEAR(run.recipient("later").delivered_s, 1, 0.001);
}

TEST(Processor, EachServerOnTheWayTakesItsTime) {
  Organization world = Organization().group("A", {"A1"}).group("B", {"B1", "B2"}).wan("A", "B").connectors("A", "B");
  Outcome run = world.run({letter("m1", "a1", "b2")}, R"("attributes": {"all": {"transport.processing_time": "1m"}})");
  EXPECT_NEAR(run.recipient("m1").delivered_s, 180, kSoon);
  EXPECT_EQ(fates(run), "delivered 1");
}

// ---- Ways out

TEST(SmartHost, TakesEverythingAndPassesItOn) {
  Organization world = three_domains().foreign("isp.net", {"relay.isp.net"}, "net");
  world.connector(
      R"("name": "Out", "type": "smtp", "source_servers": ["A1"], "smart_hosts": ["relay.isp.net"], "address_spaces": ["SMTP:*;1"])");
  Outcome run = world.run({letter("m1", "a1", "x@fabrikam.com y@isp.net")});
  EXPECT_THAT(told(run, "enqueue relay deliver"),
              ElementsAre("A1 enqueue m1 for Out", "relay.isp.net deliver m1 to <y@isp.net>",
                          "relay.isp.net relay m1 for 1 recipient, hop 1", "relay.isp.net enqueue m1 for fabrikam.com",
                          "mx.fabrikam.com deliver m1 to <x@fabrikam.com>"));
}

// An open relay would be none of the standard: who is no smart host takes only what is for it.
TEST(SmartHost, AHostThatIsNoneRefuses) {
  Organization world = three_domains();
  world.connector(
      R"("name": "Out", "type": "smtp", "source_servers": ["A1"], "smart_hosts": ["mx.tailspin.com"], "address_spaces": ["SMTP:litware.com;1"])");
  Outcome run = world.run({letter("m1", "a1", "x@fabrikam.com"), letter("m2", "a1", "x@litware.com")});
  EXPECT_THAT(told(run, "deliver", "m1"), ElementsAre("mx.fabrikam.com deliver m1 to <x@fabrikam.com>"));
  EXPECT_THAT(told(run, "relay deliver", "m2"), ElementsAre("mx.tailspin.com relay m2 for 1 recipient, hop 1",
                                                            "mx.litware.com deliver m2 to <x@litware.com>"));
}

Organization scoped(bool own_connector) {
  Organization world = Organization().group("A", {"A1"}).group("B", {"B1", "B2"}).wan("A", "B").connectors("A", "B");
  world.place("net").wan("B", "net").foreign("fabrikam.com", {"mx.fabrikam.com"}, "net");
  world.connector(
      R"("name": "B-out", "type": "smtp", "source_servers": ["B1"], "scope": "routing_group", "address_spaces": ["SMTP:fabrikam.com;1"])");
  if (own_connector)
    world.connector(R"("name": "A-out", "type": "smtp", "source_servers": ["A1"], "address_spaces": ["SMTP:*;90"])");
  return world;
}

TEST(Scope, AConnectorOfAGroupServesItsGroupOnly) {
  Outcome run = scoped(true).run({letter("m1", "a1", "x@fabrikam.com"), letter("m2", "b2", "x@fabrikam.com")});
  EXPECT_THAT(told(run, "enqueue", "m1"), ElementsAre("A1 enqueue m1 for A-out - fabrikam.com"));
  EXPECT_THAT(told(run, "enqueue", "m2"),
              ElementsAre("B2 enqueue m2 for b1.contoso.com", "B1 enqueue m2 for B-out - fabrikam.com"));
}

TEST(Scope, OutsideItMailWaitsAndExpires) {
  Outcome run = scoped(false).run({letter("m1", "a1", "x@fabrikam.com"), letter("m2", "b2", "x@fabrikam.com")});
  EXPECT_THAT(told(run, "enqueue", "m1"), ElementsAre("A1 enqueue m1 for Final destination currently unreachable"));
  EXPECT_EQ(run.recipient("m1").status, "4.4.7");
  EXPECT_EQ(run.recipient("m1").delay, 1);
  EXPECT_EQ(run.recipient("m2").fate, "delivered");
}

}  // namespace
}  // namespace deadletter::testing
