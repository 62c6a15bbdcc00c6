// Mail clients at work in a run: when their mail leaves, when what has come is fetched, and that nothing is lost.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>

#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

// Two servers; ann and amy on EX1, bob on EX2. `clients` and more of the experiment as members.
Outcome work(const std::string& clients, const std::string& mail, const std::string& members = "") {
  return run_over(
      R"({
    "id": "office",
    "servers": [
      {"name": "EX1", "host": "ex1.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "mailboxes": ["ann@contoso.com", "amy@contoso.com"]},
      {"name": "EX2", "host": "ex2.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "mailboxes": ["bob@contoso.com"]}],
    "domains": [{"name": "contoso.com", "server": "EX1"}],
    "links": [{"name": "lan", "between": ["EX1", "EX2"], "bandwidth": "1Gbps", "latency": "1ms", "sharing": "latency"}]
  })",
      fmt::format("\"clients\": {{{}}}, \"mail\": [{}]{}{}", clients, mail, members.empty() ? "" : ", ", members));
}

std::string cached(const std::string& who, const std::string& more = "") {
  return fmt::format(R"("{}@contoso.com": {{"build": "outlook-2003-sp2", "mode": "cached"{}{}}})", who,
                     more.empty() ? "" : ", ", more);
}
std::string letter(const std::string& id, const std::string& at, const std::string& from = "ann",
                   const std::string& to = "bob") {
  return fmt::format(R"({{"id": "{}", "at": "{}", "from": "{}@contoso.com", "to": ["{}@contoso.com"]}})", id, at, from,
                     to);
}

TEST(Clients, WithoutAModeMailLeavesAsSoonAsItIsSent) {
  Outcome run = work(R"("ann@contoso.com": "outlook-2003-sp2")", letter("m1", "1h"));
  EXPECT_EQ(time_of(run, "EX1 submit m1"), hours(1));
  EXPECT_TRUE(told(run, "client").empty());
}

TEST(Clients, InCachedModeMailLeavesFifteenSecondsAfterItIsSent) {
  Outcome run = work(cached("ann"), letter("m1", "1h"));
  EXPECT_EQ(time_of(run, "EX1 client m1 is in the Outbox"), hours(1));
  EXPECT_EQ(time_of(run, "EX1 submit m1"), hours(1) + 15);
}

TEST(Clients, OnlineAndOnAPageOfTheServerMailLeavesAtOnce) {
  for (const char* client : {R"({"mode": "owa"})", R"({"build": "outlook-2003-sp2", "mode": "online"})"})
    EXPECT_EQ(time_of(work(fmt::format("\"ann@contoso.com\": {}", client), letter("m1", "1h")), "EX1 submit m1"),
              hours(1));
}

TEST(Clients, FurtherMailSetsTheUploadBackAMinuteAtMost) {
  std::string mail;
  for (int i = 0; i < 8; ++i)
    mail += fmt::format("{}{}", i == 0 ? "" : ", ", letter(fmt::format("m{}", i), fmt::format("{}s", 60 + 10 * i)));
  Outcome run = work(cached("ann"), mail);
  EXPECT_EQ(time_of(run, "EX1 submit m0"), 120);
  EXPECT_EQ(time_of(run, "EX1 submit m5"), 120);
  EXPECT_EQ(time_of(run, "EX1 submit m7"), 145);
}

TEST(Clients, WhatHasComeIsFetchedHalfAMinuteLater) {
  Outcome run = work(cached("bob"), letter("m1", "1h"));
  double delivered = time_of(run, "EX2 deliver m1");
  EXPECT_EQ(time_of(run, "EX2 client m1 is fetched"), delivered + 30);
}

TEST(Clients, OfflineMailWaitsInTheOutboxAndLeavesInItsOrder) {
  Outcome run = work(cached("ann", R"("offline": [{"from": "30m", "to": "2h"}])"),
                     letter("m1", "40m") + ", " + letter("m2", "50m") + ", " + letter("m3", "70m"));
  std::vector<std::string> submitted = told(run, "submit");
  ASSERT_EQ(submitted.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(submitted[i].substr(0, 14), fmt::format("EX1 submit m{} ", i + 1));
    EXPECT_EQ(time_of(run, fmt::format("EX1 submit m{}", i + 1)), hours(2));
  }
}

TEST(Clients, WhatComesWhileTheyAreOfflineIsFetchedWhenTheyAreBack) {
  Outcome run = work(cached("bob", R"("offline": [{"from": "30m", "to": "2h"}])"),
                     letter("m1", "40m") + ", " + letter("m2", "50m"));
  EXPECT_EQ(time_of(run, "EX2 client m1 is fetched"), hours(2));
  EXPECT_EQ(time_of(run, "EX2 client m2 is fetched"), hours(2));
}

TEST(Clients, MailThatNeverLeavesTheOutboxIsStillWaiting) {
  Outcome run = work(cached("ann", R"("offline": [{"from": "30m"}])"), letter("m1", "1h"));
  EXPECT_EQ(run.recipient("m1").fate, "waiting");
  EXPECT_EQ(run.text("/mail/0/recipients/0/queue"), "Outbox");
  EXPECT_TRUE(run.held());
}

TEST(Clients, NobodySendsBeforeTheProgramRuns) {
  Outcome run = work(cached("ann", R"("sessions": [{"from": "8h", "to": "17h"}])"),
                     letter("m1", "1h") + ", " + letter("m2", "18h"));
  EXPECT_EQ(time_of(run, "EX1 submit m1"), hours(8));
  EXPECT_EQ(run.recipient("m2").fate, "waiting");
}

TEST(Clients, TheAddressBookIsFetchedOnceADay) {
  EXPECT_EQ(told(work(cached("ann"), letter("m1", "1h")), "client", "address book").size(),
            4U);  // three days and the instant in which they end
}

// The answer to a meeting request is given when the request has been fetched.
TEST(Clients, AMeetingIsAnsweredWhenItHasBeenFetched) {
  Outcome run = work(
      cached("bob"),
      R"({"id": "request", "at": "1h", "from": "ann@contoso.com", "to": ["bob@contoso.com"], "meeting": {"request": {}}},
      {"id": "reply", "at": "1h", "from": "bob@contoso.com", "meeting": {"reply_to": "request"}})");
  double fetched = time_of(run, "EX2 client request is fetched");
  EXPECT_EQ(fetched, time_of(run, "EX2 deliver request") + 30);
  EXPECT_EQ(time_of(run, "EX2 client reply is in the Outbox"), fetched);
  EXPECT_EQ(run.recipient("reply").fate, "delivered");
}

TEST(Clients, WhileTheStoreRestartsItsClientsAreCutOff) {
  Outcome run = work(cached("ann"), letter("m1", "61m"),
                     R"("changes": [{"at": "1h", "on": "EX1", "restart": "information-store", "takes": "10m"}])");
  EXPECT_EQ(time_of(run, "EX1 submit m1"), minutes(70));
}

// A day of three hundred, of whom a third has no network for two hours: each message is submitted once and in its
// sender's order, each is fetched once and in the order in which it came.
TEST(Clients, ADayLosesDoublesAndReordersNothing) {
  Outcome run = run_experiment(R"({
    "id": "day", "generate": {"kind": "routing_groups", "servers": 6, "mailboxes": 50}, "horizon": "1d",
    "clients": {"*@relay.example": {"build": "outlook-2003-sp2", "mode": "cached", "away": {"share": 0.33, "for": "2h"}}},
    "traffic": [{"uniform": {"messages": 3000, "over": "8h", "median": "10KB"}}],
    "variants": {"base": {}}})");
  EXPECT_EQ(run.number("/fates/delivered"), 3000);
  EXPECT_EQ(run.number("/copies/extra"), 0);
  std::map<std::string, std::vector<std::string>> sent, submitted, came, fetched;
  std::map<std::string, std::string> sender;
  int cut_off = 0;
  for (const Line& line : lines_of(run)) {
    std::string message = line.words.substr(0, line.words.find(' '));
    auto person = [&] {
      return line.words.substr(line.words.find('<') + 1, line.words.find('>') - line.words.find('<') - 1);
    };
    if (line.kind == "client" && line.words.find("is in the Outbox") != line.words.npos)
      sent[person()].push_back(message), sender[message] = person();
    if (line.kind == "submit") submitted[sender.at(message)].push_back(message);
    if (line.kind == "deliver") came[person()].push_back(message);
    if (line.kind == "client" && line.words.find("is fetched") != line.words.npos) fetched[person()].push_back(message);
    if (line.words.find("is cut off") != line.words.npos) ++cut_off;
  }
  EXPECT_NEAR(cut_off, 100, 25);
  EXPECT_EQ(sent.size(), 300U);
  EXPECT_EQ(submitted, sent);
  EXPECT_EQ(fetched, came);
}

}  // namespace
}  // namespace deadletter::testing
