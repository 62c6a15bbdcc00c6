// Several messages in one connection, and how a connection ends.
#include <fmt/format.h>

#include "tests/smtp/scripted_server.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

// Mail m0, m1 and m2 to dora, bob and carl at the same moment, over one connection: m1 and m2 wait until m0 is done.
Outcome send_three(const std::string& peer, const std::string& size_of_m1 = "20KB") {
  return run_experiment(base_experiment(fmt::format(R"({{
      "peers": {{"mx.fabrikam.com": {}}}, "attributes": {{"EX1": {{"queue.per_domain": 1}}}},
      "mail": [{{"id": "m0", "from": "ann@contoso.com", "to": ["dora@fabrikam.com"], "size": "20KB"}},
               {{"id": "m1", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "size": "{}"}},
               {{"id": "m2", "from": "ann@contoso.com", "to": ["carl@fabrikam.com"], "size": "20KB"}}]}})",
                                                    peer, size_of_m1)));
}

void expect(const Outcome& run, const std::string& mail, const Want& want) {
  SCOPED_TRACE(mail);
  Recipient found = run.recipient(mail);
  EXPECT_EQ(found.fate, want.fate);
  EXPECT_EQ(found.status, want.status);
  EXPECT_EQ(found.copies, want.copies);
  EXPECT_EQ(found.attempts, want.attempts);
  EXPECT_EQ(found.ndr, want.failure_reports);
  EXPECT_TRUE(run.held());
}

std::size_t connections(const Outcome& run) { return run.lines(" connected ").size(); }

TEST(ScriptedSessions, MessagesShareAConnection) {
  Outcome run = send_three(on(""));
  expect(run, "m1", delivered());
  expect(run, "m2", delivered());
  EXPECT_EQ(connections(run), 1U);
  EXPECT_EQ(run.lines("> QUIT").size(), 1U);
  EXPECT_TRUE(run.lines("> RSET").empty());
}

TEST(ScriptedSessions, AFailedMessageLeavesTheConnectionToTheNext) {
  Outcome run = send_three(at_first(1, R"("RCPT bob@fabrikam.com": ["451 4.2.1 Busy"])"));
  expect(run, "m1", delivered(2));
  expect(run, "m2", delivered());
  EXPECT_EQ(run.lines("s1 > RSET").size(), 1U);
  EXPECT_EQ(run.lines("s1 > MAIL").size(), 3U);
}

TEST(ScriptedSessions, AReturnedMessageLeavesTheConnectionToTheNext) {
  Outcome run = send_three(on(R"("RCPT bob@fabrikam.com": ["550 5.1.1 Unknown"])"));
  expect(run, "m1", refused("5.1.1"));
  expect(run, "m2", delivered());
  EXPECT_EQ(connections(run), 1U);
}

TEST(ScriptedSessions, AMessageTooLargeForThePeerLeavesTheConnectionToTheNext) {
  Outcome run = send_three(script(R"("capabilities": ["SIZE 30000"])"), "1MB");
  expect(run, "m1", refused("5.3.4"));
  expect(run, "m2", delivered());
  EXPECT_EQ(connections(run), 1U);
  EXPECT_TRUE(run.lines("> RSET").empty());
}

TEST(ScriptedSessions, WhatHappensAtRsetDoesNotTouchTheNextMessage) {
  for (const char* rset : {"hang", "close", "reset", "421 4.3.0 Bye", "500 5.5.1 What?", "no code"}) {
    SCOPED_TRACE(rset);
    Outcome run =
        send_three(at_first(1, fmt::format(R"("RCPT bob@fabrikam.com": ["451 4.2.1 Busy"], "RSET": ["{}"])", rset)));
    expect(run, "m1", delivered(2));
    expect(run, "m2", delivered());
    EXPECT_EQ(run.lines("> RSET").size(), 1U);
  }
}

TEST(ScriptedSessions, A421EndsTheConnectionAndTheOthersTakeANewOne) {
  Outcome run = send_three(at_first(1, R"("MAIL": ["421 4.3.2 Later", "close"])"));
  expect(run, "m0", delivered(2));
  expect(run, "m1", delivered());
  expect(run, "m2", delivered());
}

// Even a client that reads whole replies is one reply behind then; it notices at DATA and starts anew.
TEST(ScriptedSessions, AReplyTooManyCostsTheNextMessageAnAttemptAndNoCopy) {
  for (const char* pipelining : {"on", "off"}) {
    SCOPED_TRACE(pipelining);
    Outcome run =
        run_experiment(base_experiment(fmt::format(R"({{
        "peers": {{"mx.fabrikam.com": {}}},
        "attributes": {{"EX1": {{"queue.per_domain": 1, "smtp.client.pipelining": "{}"}}}},
        "mail": [{{"id": "m1", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"]}},
                 {{"id": "m2", "from": "ann@contoso.com", "to": ["carl@fabrikam.com"]}}]}})",
                                                   at_first(1, R"("DOT": ["250 Ok", "250 Ok again"])"), pipelining)));
    expect(run, "m1", delivered());
    expect(run, "m2", delivered(2));
  }
}

TEST(ScriptedSessions, AReplyThatLiesThereAlreadyIsReadAtOnce) {
  Outcome run = run_experiment(base_experiment(fmt::format(
      R"({{"peers": {{"mx.fabrikam.com": {}}}}})", on(R"("DOT": ["250 Ok", "250 Ok again"], "QUIT": ["hang"])"))));
  expect(run, "m1", delivered());
  EXPECT_TRUE(run.lines("gives up waiting").empty());
}

// After 421 to a recipient the message will not go; a peer that says 354 all the same would take a QUIT for content.
TEST(ScriptedSessions, NoCommandGoesToAPeerThatWaitsForContent) {
  Outcome run =
      run_experiment(base_experiment(fmt::format(R"({{"peers": {{"mx.fabrikam.com": {}}}, {}}})",
                                                 on(R"("RCPT>1": ["421 4.3.2 Later"])"), mail_to({"bob", "carl"}))));
  expect(run, "m1", expired(tries()));
  EXPECT_EQ(run.lines("< 354").size(), 96U);
  EXPECT_TRUE(run.lines("> QUIT").empty());
}

TEST(ScriptedSessions, AHangAtQuitLastsAsLongAsTheTimer) {
  Outcome run = run_experiment(
      base_experiment(fmt::format(R"({{"peers": {{"mx.fabrikam.com": {}}}}})", on(R"("QUIT": ["hang"])"))));
  expect(run, "m1", delivered());
  EXPECT_TRUE(run.lines("by the server").empty());
  ASSERT_EQ(run.lines("client gives up waiting").size(), 1U);
  EXPECT_TRUE(run.lines("client gives up waiting")[0].starts_with("00:05:00")) << run.lines("gives up")[0];
}

TEST(ScriptedSessions, ClosingAtQuitHappensOnce) {
  for (const char* how : {"close", "reset", "221 Bye"}) {
    SCOPED_TRACE(how);
    Outcome run = run_experiment(base_experiment(
        fmt::format(R"({{"peers": {{"mx.fabrikam.com": {}}}}})", on(fmt::format(R"("QUIT": ["{}"])", how)))));
    expect(run, "m1", delivered());
    EXPECT_LE(run.lines("by the server").size(), 1U);
    EXPECT_EQ(run.lines("by the server, reset").size(), how == std::string("reset") ? 1U : 0U);
  }
}

}  // namespace
}  // namespace deadletter::testing
