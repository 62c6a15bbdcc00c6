// Two organizations and the Internet between them: reports both ways, and names that are looked up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <set>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kSoon = 1;

std::string out_by(const std::string& name, const std::string& server, const std::string& more = "") {
  return fmt::format(R"("name": "{}", "type": "smtp", "source_servers": ["{}"], "address_spaces": ["SMTP:*;1"]{})",
                     name, server, more);
}

// Mail leaves and enters by A1 and F1; F2's group takes nothing above 100 KB.
Organization two_organizations() {
  return Organization()
      .of("contoso", "contoso.com")
      .group("A", {"A1", "A2"})
      .of("fabrikam", "fabrikam.com")
      .group("F", {"F1"})
      .group("G", {"G1"})
      .wan("A", "F")
      .wan("F", "G")
      .connectors("F", "G", 1, R"("max_size": "100KB")")
      .connector(out_by("A-out", "A1"))
      .connector(out_by("F-out", "F1"));
}

TEST(TwoOrganizations, MailGoesToTheDomainsServerAndOnFromThere) {
  Outcome run = two_organizations().run({letter("m1", "a2", "g1@fabrikam.com")});
  EXPECT_THAT(told(run, "enqueue deliver"),
              ElementsAre("A2 enqueue m1 for a1.contoso.com", "A1 enqueue m1 for A-out - fabrikam.com",
                          "F1 enqueue m1 for F-G", "G1 deliver m1 to <g1@fabrikam.com>"));
}

TEST(TwoOrganizations, AnUnknownRecipientIsRefusedAtTheDoorAndReportedByWhoCameThere) {
  Outcome run = two_organizations().run({letter("m1", "a2", "nobody@fabrikam.com g1@fabrikam.com")});
  EXPECT_THAT(told(run, "return report deliver"),
              ElementsAre(::testing::StartsWith("A1 return m1 to <nobody@fabrikam.com>: 5.1.1, 550 5.1.1"),
                          "A1 report ndr-1 about m1 to <a2@contoso.com>", "A2 deliver ndr-1 to <a2@contoso.com>",
                          "G1 deliver m1 to <g1@fabrikam.com>"));
  Recipient nobody = run.recipient("m1", "nobody@fabrikam.com");
  EXPECT_EQ(nobody.fate, "returned");
  EXPECT_EQ(nobody.status, "5.1.1");
  EXPECT_EQ(nobody.ndr, 1);
  EXPECT_EQ(run.number("/report_fates/delivered"), 1);
}

TEST(TwoOrganizations, AReportFromInsideComesBackThroughTheSameServers) {
  Outcome run = two_organizations().run({letter("m1", "a2", "g1@fabrikam.com", "0s", "200KB")});
  EXPECT_THAT(told(run, "return report enqueue deliver"),
              ElementsAre("A2 enqueue m1 for a1.contoso.com", "A1 enqueue m1 for A-out - fabrikam.com",
                          "F1 return m1 to <g1@fabrikam.com>: 5.2.3", "F1 report ndr-1 about m1 to <a2@contoso.com>",
                          "F1 enqueue ndr-1 for F-out - contoso.com", "A1 enqueue ndr-1 for a2.contoso.com",
                          "A2 deliver ndr-1 to <a2@contoso.com>"));
  EXPECT_EQ(run.recipient("m1").status, "5.2.3");
}

// F1 returns m1 to a2, whose server is down for longer than A1 tries to bring the report there. m2 has no sender.
TEST(TwoOrganizations, AReportAboutAReportGoesNowhere) {
  Outcome run = two_organizations().run(
      {letter("m1", "a2", "g1@fabrikam.com", "0s", "200KB"), letter("m2", "<>", "nobody@fabrikam.com", "1h")},
      "\"faults\": [" + fault("host", "A2", "150ms", "3d") + R"(], "horizon": "4d")");
  EXPECT_THAT(told(run, "report"), ElementsAre("F1 report ndr-1 about m1 to <a2@contoso.com>"));
  EXPECT_THAT(told(run, "badmail"),
              ElementsAre(::testing::StartsWith("A1 badmail m2 to <nobody@fabrikam.com>: 5.1.1"),
                          "A1 badmail ndr-1 to <a2@contoso.com>: 4.4.7, and there is nobody to tell"));
  EXPECT_EQ(run.recipient("m1").fate, "returned");
  EXPECT_EQ(run.recipient("m2").fate, "discarded");
  EXPECT_EQ(run.number("/report_fates/discarded"), 1);
  EXPECT_TRUE(run.held());
}

// ---- Names

Organization outside(const std::vector<std::string>& exchangers) {
  return Organization().group("A", {"A1"}).place("net").wan("A", "net").foreign("fabrikam.com", exchangers, "net");
}
std::vector<std::string> five_letters() {
  std::vector<std::string> mail;
  for (int n = 0; n < 5; ++n)
    mail.push_back(letter(fmt::format("m{}", n), "a1", "bob@fabrikam.com", fmt::format("{}h", n)));
  return mail;
}
std::set<std::string> who_delivered(const Outcome& run) {
  std::set<std::string> who;
  for (const Line& line : lines_of(run))
    if (line.kind == "deliver") who.insert(line.node);
  return who;
}

TEST(Names, ExchangersOfEqualPreferenceAreDrawnOnceForAQueue) {
  std::set<std::string> seen;
  for (int seed = 1; seed <= 12; ++seed) {
    Outcome run = outside({"mx1.fabrikam.com", "mx2.fabrikam.com", "mx3.fabrikam.com 20"})
                      .run(five_letters(), fmt::format("\"seed\": {}", seed));
    auto who = who_delivered(run);
    EXPECT_THAT(who, SizeIs(1)) << seed;
    seen.merge(who);
  }
  EXPECT_THAT(seen, ElementsAre("mx1.fabrikam.com", "mx2.fabrikam.com"));
}

TEST(Names, TheOneOfLowestPreferenceComesFirstAndTheNextOneWhenItIsDown) {
  const std::vector<std::string> three = {"mx3.fabrikam.com 30", "mx1.fabrikam.com 10", "mx2.fabrikam.com 20"};
  EXPECT_THAT(who_delivered(outside(three).run(five_letters())), ElementsAre("mx1.fabrikam.com"));
  Outcome run =
      outside(three).run(five_letters(), "\"faults\": [" + fault("host", "mx1.fabrikam.com", "30m", "1h") + "]");
  EXPECT_THAT(told(run, "deliver", "m1"), ElementsAre("mx2.fabrikam.com deliver m1 to <bob@fabrikam.com>"));
  EXPECT_NEAR(run.recipient("m1").delivered_s, 60, kSoon);
  EXPECT_THAT(told(run, "deliver", "m2"), ElementsAre("mx1.fabrikam.com deliver m2 to <bob@fabrikam.com>"));
  EXPECT_THAT(told(run, "defer"), IsEmpty());
}

std::string dns(const std::string& answer, const std::string& at, const std::string& lasting) {
  return fmt::format(R"("faults": [{{"dns": "fabrikam.com", "answer": "{}", "at": "{}", "for": "{}"}}])", answer, at,
                     lasting);
}

// At once, three glitch retries, then the ladder: 0, 1, 2, 3, 13, 23, 33, 48, 63 minutes.
TEST(Names, WhileTheNameServerFailsMailWaitsAndIsTriedAgain) {
  for (std::size_t exchangers : {1U, 2U}) {
    std::vector<std::string> hosts = {"mx1.fabrikam.com", "mx2.fabrikam.com"};
    hosts.resize(exchangers);
    Outcome run = outside(hosts).run({letter("m1", "a1", "bob@fabrikam.com")}, dns("server_failure", "0s", "1h"));
    auto tried = times(run, "A1 connect-failed fabrikam.com: the name service fails");
    std::vector<double> due = {0, 60, 120, 180, 780, 1380, 1980, 2880};
    EXPECT_EQ(tried, due);
    EXPECT_NEAR(run.recipient("m1").delivered_s, 3780, kSoon);
    EXPECT_EQ(run.recipient("m1").attempts, 9);
    EXPECT_EQ(fates(run), "delivered 1");
  }
}

TEST(Names, ADomainThatDoesNotExistReturnsTheMail) {
  Outcome run =
      outside({"mx1.fabrikam.com", "mx2.fabrikam.com"}).run(five_letters(), dns("no_such_domain", "30m", "1h"));
  EXPECT_EQ(run.recipient("m0").fate, "delivered");
  EXPECT_EQ(run.recipient("m1").fate, "returned");
  EXPECT_EQ(run.recipient("m1").status, "5.1.2");
  EXPECT_EQ(run.recipient("m2").fate, "delivered");
  EXPECT_EQ(fates(run), "delivered 4, returned 1");
}

TEST(Names, ADomainThatNobodyHasIsKnownToTheCategorizer) {
  Outcome run = outside({"mx1.fabrikam.com"}).run({letter("m1", "a1", "x@nowhere.example bob@fabrikam.com")});
  EXPECT_EQ(run.recipient("m1", "x@nowhere.example").status, "5.1.2");
  EXPECT_EQ(fates(run), "delivered 1, returned 1");
}

// A server with one connection whose holder turns out to have nobody to connect to.
TEST(Names, AQueueWhoseNameIsNotFoundDoesNotHoldUpTheOthers) {
  Organization world = outside({"mx1.fabrikam.com"}).foreign("tailspin.com", {"mx.tailspin.com"}, "net");
  std::vector<std::string> mail = {letter("m1", "a1", "tom@tailspin.com")};
  for (int n = 2; n < 6; ++n) mail.push_back(letter(fmt::format("m{}", n), "a1", "bob@fabrikam.com"));
  mail.push_back(letter("m9", "a1", "tom@tailspin.com"));
  Outcome run =
      world.run(mail, dns("server_failure", "0s", "1h") + R"(, "attributes": {"A1": {"queue.connections": 1}})");
  EXPECT_EQ(fates(run), "delivered 6");
  EXPECT_NEAR(run.recipient("m9").delivered_s, 0, kSoon);
}

}  // namespace
}  // namespace deadletter::testing
