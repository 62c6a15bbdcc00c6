// Runs of mail by a profile, and of bursts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

Organization company() {
  Organization world = Organization().group("A", {"A1", "A2", "A3"}).group("B", {"B1", "B2"}).place("net");
  world.wan("A", "B", "latency").wan("A", "net", "latency").connectors("A", "B");
  world.connector(R"("name": "internet", "type": "smtp", "source_servers": ["A1"], "address_spaces": ["SMTP:*"])");
  world.foreign("fabrikam.com", {"mx.fabrikam.com"}, "net").foreign("adatum.com", {"mx.adatum.com"}, "net");
  return world;
}

// From a Monday morning to Wednesday.
Outcome office(const std::string& more, const std::string& members = R"("under_study": [])") {
  return company().run({}, fmt::format(R"("start": "2006-01-02T07:00:00Z", {}, "traffic": [{{"profile": "office-day",
      "messages": 300, "days": 1{}}}])",
                                       members, more));
}

std::map<std::string, int> submitted(const Outcome& run) {
  std::map<std::string, int> sent;
  for (const Line& line : lines_of(run))
    if (line.kind == "submit") ++sent[line.node];
  return sent;
}

TEST(ProfileRun, ADayIsSentFromInsideAndOutsideAndAllOfItArrives) {
  Outcome run = office("");
  ASSERT_EQ(run.problems, "");
  EXPECT_NEAR(static_cast<double>(run.number("/messages")), 300, 4 * 17.3);
  EXPECT_GT(run.number("/recipients"), run.number("/messages") * 5 / 4);
  EXPECT_EQ(run.number("/fates/delivered"), run.number("/recipients"));
  auto sent = submitted(run);
  EXPECT_EQ(sent.size(), 7U);  // five servers, two exchangers outside
  EXPECT_GT(sent["mx.fabrikam.com"], sent["mx.adatum.com"] / 2);
  for (const Line& line : lines_of(run)) {
    if (line.kind == "submit") {
      EXPECT_LE(line.at_s, 24 * 3600);
    }
  }
}

TEST(ProfileRun, IsTheSameForOneSeedAndAnotherForAnother) {
  auto print = [](int seed) {
    return office("", fmt::format(R"("under_study": [], "seed": {})", seed)).text("/fingerprint");
  };
  EXPECT_EQ(print(1), print(1));
  EXPECT_NE(print(1), print(2));
}

TEST(ProfileRun, OneTrafficMoreChangesNothingOfTheOther) {
  auto mail = [](const std::string& more) {
    std::vector<std::string> lines;
    Outcome run = company().run({}, R"("start": "2006-01-02T07:00:00Z", "traffic": [{"profile": "office-day",
      "messages": 100, "days": 1, "size": "7777B"})" +
                                        more + "]");
    for (const Line& line : lines_of(run))
      if (line.kind == "submit" && line.words.find(" 7777 octets") != std::string::npos)
        lines.push_back(fmt::format("{} {} {}", line.at_s, line.node, line.words.substr(line.words.find(' '))));
    return lines;
  };
  auto alone = mail("");
  EXPECT_GT(alone.size(), 50U);
  EXPECT_EQ(alone, mail(R"(, {"burst": {"messages": 50, "at": "2h", "over": "1h", "from": "all", "to": "all"}})"));
}

TEST(ProfileRun, NumbersAreReturnedWhereNoConnectorLeadsToThem) {
  Outcome run = office(R"(, "shares": {"faxes": 0.1})");
  ASSERT_EQ(run.problems, "");
  EXPECT_GT(run.number("/fates/returned"), 8);
  EXPECT_EQ(run.number("/fates/delivered") + run.number("/fates/returned"), run.number("/recipients"));
}

// What converters cannot express goes wrong only where its quirk is in force, and only as often as the shares say.
TEST(ProfileRun, WhatMessagesHoldMeetsTheQuirks) {
  const char* updates = R"(, "content": "described", "shares": {"meeting_updates": 0.3}, "internet": {"in": 0})";
  EXPECT_EQ(office(updates).number("/fates/returned"), 0);
  Outcome run = office(updates, R"("under_study": ["KB938650"], "horizon": "4d")");
  EXPECT_GT(run.number("/fates/returned"), 8);
  EXPECT_EQ(run.number("/quirks_ruled/KB938650"), run.number("/fates/returned"));
  EXPECT_EQ(office(R"(, "content": "none", "shares": {"meeting_updates": 0.3})", R"("under_study": ["KB938650"])")
                .number("/fates/returned"),
            0);
}

TEST(BurstRun, SendsExactlyItsMessagesInItsTime) {
  Outcome run = company().run({}, R"("traffic": [{"burst": {"messages": 333, "at": "2h", "over": "5m",
      "from": "all", "to": "fabrikam.com"}, "size": "1KB"}])");
  ASSERT_EQ(run.problems, "");
  EXPECT_EQ(run.number("/messages"), 333);
  EXPECT_EQ(run.number("/fates/delivered"), 333);
  EXPECT_THAT(submitted(run), ::testing::SizeIs(5));
  for (const Line& line : lines_of(run))
    if (line.kind == "submit") {
      EXPECT_GE(line.at_s, 7200);
      EXPECT_LT(line.at_s, 7500);
    }
}

TEST(BurstRun, MayComeFromOutsideToOne) {
  Outcome run = company().run({}, R"("traffic": [{"burst": {"messages": 40, "at": "0s", "over": "1m",
      "from": "adatum.com", "to": "a2@contoso.com"}}])");
  ASSERT_EQ(run.problems, "");
  EXPECT_THAT(submitted(run), ::testing::ElementsAre(::testing::Pair("mx.adatum.com", 40)));
  EXPECT_EQ(run.number("/fates/delivered"), 40);
}

}  // namespace
}  // namespace deadletter::testing
