// A queue's three questions (of what class is a failure, how far does it reach, when is the next attempt) on one queue
// type: what is true of one message, of its neighbours and of the whole queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/transport/timetable.h"
#include "tests/support/queue_desk.h"

namespace deadletter::transport {
namespace {

using smtp::RecipientEnd;
using smtp::Stage;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Ends = std::map<std::string, std::string>;

// Two messages on one connection's turn: m1 meets the failure at its first attempt (at every host), m2 behind it never.
TEST(QueueQuestions, HowFarAFailureReachesAndWhenTheNextAttemptIs) {
  struct Row {
    const char* what;
    Answer answer;
    std::uint32_t hosts;
    std::vector<std::string> m1, m2;
  };
  const std::vector<std::string> kAlone = {"m1 waits alone until 00:15:00"},
                                 kWhole = {"m1 waits with its queue until 00:01:00"},
                                 kAtOnce = {"00:00:00 m2 try host 0: 250 at DOT"},
                                 kLater = {"00:01:00 m2 try host 0: 250 at DOT"};
  const Row rows[] = {
      // From MAIL on a failure is the message's own: the queue goes on, the message waits by itself.
      {"a late 354 at the dot", replied(Stage::dot, 354), 1, kAlone, kAtOnce},
      {"no reply to the dot", no_reply(Stage::dot), 1, kAlone, kAtOnce},
      {"4yz to MAIL", replied(Stage::mail, 451), 1, kAlone, kAtOnce},
      {"4yz to DATA, another host left", replied(Stage::data, 451), 2, kAlone, kAtOnce},
      {"lost while the body is sent", connection_lost(Stage::body), 1, kAlone, kAtOnce},
      {"5yz to DATA", replied(Stage::data, 554), 1, {"m1 is returned: a 5.0.0", "m1 is gone"}, kAtOnce},
      // Before that it is the host's: the queue waits, with glitch retries first.
      {"connection refused", refused_connection(), 1, kWhole, kLater},
      {"nobody answers", no_reply(Stage::connect), 1, kWhole, kLater},
      {"no greeting", no_reply(Stage::greeting), 1, kWhole, kLater},
      {"busy at the greeting", replied(Stage::greeting, 421), 1, kWhole, kLater},
      {"4yz to HELO", replied(Stage::helo, 451), 1, kWhole, kLater},
      {"lost at EHLO", connection_lost(Stage::ehlo), 1, kWhole, kLater},
      // With a second host that one is tried at once, and only when it fails too the queue waits.
      {"connection refused by both", refused_connection(), 2, kWhole, kLater},
      {"busy at both greetings", replied(Stage::greeting, 450), 2, kWhole, kLater},
      // A permanent refusal at the greeting returns the message at hand, whatever hosts are left.
      {"5yz greeting", replied(Stage::greeting, 554), 2, {"m1 is returned: a 5.0.0", "m1 is gone"}, kAtOnce},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Desk desk;
    desk.hosts = row.hosts;
    desk.queue.connections_per_domain.set(1, {});
    desk.answers = [&](const Attempt& a) { return a.message == "m1" && a.now.ns == 0 ? row.answer : sent(); };
    desk.put("m1"), desk.put("m2");
    desk.run_until(Duration::hours(1));
    std::vector<std::string> m1;
    for (const std::string& line : desk.lines("m1 "))
      if (line.find(" try ") == line.npos && line.starts_with("00:00:00 ")) m1.push_back(line.substr(9));
    EXPECT_EQ(m1, row.m1);
    EXPECT_EQ(desk.lines("m2 try"), row.m2);
    EXPECT_EQ(desk.lines("m1 try host 1").size(), row.hosts == 2 && row.m1 == kWhole ? 1U : 0U);
    EXPECT_EQ(desk.link().state(), LinkQueue::State::ready);
    EXPECT_EQ(desk.link().size(), 0U);
  }
}

// ---- The host

TEST(Queue, WithAllConnectionsRefusedItGoesIntoRetryWithOneProbeAndThenAllGo) {
  Desk desk;
  desk.answers = [](const Attempt& a) {
    return a.now < Instant{} + Duration::minutes(2) ? refused_connection() : sent();
  };
  for (const char* m : {"m1", "m2", "m3", "m4"}) desk.put(m);
  desk.queue.messages_per_connection.set(1, {});
  EXPECT_EQ(desk.link().state(), LinkQueue::State::active);
  desk.run_until({});
  EXPECT_EQ(desk.most_sessions(), 4U);
  EXPECT_EQ(desk.link().state(), LinkQueue::State::retry);
  EXPECT_EQ(desk.link().retry_at(), Instant{} + Duration::minutes(1));
  EXPECT_EQ(desk.lines("until 00:01:00").size(), 4U) << "four failures at once are one step of the ladder";
  desk.run_until(Duration::hours(1));
  EXPECT_THAT(desk.lines("try"),
              ElementsAre("00:00:00 m1 try host 0: refused at CONNECT", "00:00:00 m2 try host 0: refused at CONNECT",
                          "00:00:00 m3 try host 0: refused at CONNECT", "00:00:00 m4 try host 0: refused at CONNECT",
                          "00:01:00 m1 try host 0: refused at CONNECT",  // the probe, the oldest
                          "00:02:00 m1 try host 0: 250 at DOT",          // another; the host is well
                          "00:02:00 m2 try host 0: 250 at DOT",          // all the others
                          "00:02:00 m3 try host 0: 250 at DOT", "00:02:00 m4 try host 0: 250 at DOT"));
}

TEST(Queue, ClimbsItsLadderWhileTheHostStaysAwayAndStartsAnewWhenItIsWell) {
  Desk desk;
  bool away = true;
  desk.answers = [&](const Attempt&) { return away ? refused_connection() : sent(); };
  desk.put("m1");
  desk.run_until(Duration::hours(2));
  std::vector<std::string> tries = desk.lines("try");
  EXPECT_THAT(tries,
              ElementsAre("00:00:00 m1 try host 0: refused at CONNECT", "00:01:00 m1 try host 0: refused at CONNECT",
                          "00:02:00 m1 try host 0: refused at CONNECT", "00:03:00 m1 try host 0: refused at CONNECT",
                          "00:18:00 m1 try host 0: refused at CONNECT", "00:48:00 m1 try host 0: refused at CONNECT",
                          "01:48:00 m1 try host 0: refused at CONNECT"));
  away = false;
  desk.run_until(Duration::hours(6));
  EXPECT_THAT(desk.ends(), ElementsAre(Pair("m1/a", "delivered")));
  away = true;
  desk.put("m2");
  desk.run_until(Duration::hours(7));
  EXPECT_EQ(desk.lines("m2 waits")[0], "06:00:00 m2 waits with its queue until 06:01:00");
}

TEST(Queue, WhatArrivesWhileItIsInRetryWaitsForTheRetry) {
  Desk desk;
  desk.answers = [](const Attempt& a) { return a.now.ns == 0 ? refused_connection() : sent(); };
  desk.put("m1");
  desk.run_until(Duration::seconds(30));
  desk.put("m2");
  desk.run_until(Duration::seconds(59));
  EXPECT_THAT(desk.lines("m2"), IsEmpty());
  desk.run_until(Duration::seconds(60));
  EXPECT_THAT(desk.lines("m2 try"), ElementsAre("00:01:00 m2 try host 0: 250 at DOT"));
}

TEST(Queue, GlitchRetriesAreForTheStagesThatTheAttributeNames) {
  struct Row {
    GlitchStages stages;
    Answer answer;
    const char* until;
  };
  const Row rows[] = {
      {{true, true, false}, refused_connection(), "00:01:00"},
      {{false, true, true}, refused_connection(), "00:15:00"},
      {{false, true, false}, replied(Stage::greeting, 421), "00:01:00"},
      {{true, false, true}, replied(Stage::greeting, 421), "00:15:00"},
      {{false, false, true}, replied(Stage::data, 451), "00:01:00"},
      {{true, true, false}, replied(Stage::data, 451), "00:15:00"},
  };
  for (const Row& row : rows) {
    Desk desk;
    desk.queue.glitch_stages.set(row.stages, {});
    desk.answers = [&](const Attempt&) { return row.answer; };
    desk.put("m1");
    desk.run_until({});
    EXPECT_EQ(desk.lines(std::string("until ") + row.until).size(), 1U) << desk.lines().back();
  }
}

TEST(Queue, EndsAConnectionAfterItsShareOfMessages) {
  for (auto [share, sessions] : {std::pair{0U, 1U}, {1U, 7U}, {3U, 3U}, {7U, 1U}}) {
    Desk desk;
    desk.queue.connections_per_domain.set(1, {});
    desk.queue.messages_per_connection.set(share, {});
    for (int i = 0; i < 7; ++i) desk.put("m" + std::to_string(i));
    desk.run_until({});
    EXPECT_EQ(desk.attempts(), 7U);
    EXPECT_EQ(desk.sessions(), sessions) << share;
  }
}

TEST(Queue, OpensNoMoreConnectionsThanItMay) {
  Desk desk;
  desk.queue.connections_per_domain.set(3, {});
  desk.answers = [](const Attempt&) {
    Answer slow = sent();
    slow.lasting = Duration::seconds(1);
    return slow;
  };
  for (int i = 0; i < 20; ++i) desk.put("m" + std::to_string(i));
  desk.run_until(Duration::seconds(10));
  EXPECT_EQ(desk.most_sessions(), 3U);
  EXPECT_EQ(desk.ends().size(), 20U);
}

// ---- The message

TEST(Queue, MessagesKeepTheOrderInWhichTheyCame) {
  Desk desk;
  desk.queue.connections_per_domain.set(1, {});
  // m2 fails by itself, the host is away when it comes back, and m4 has come meanwhile.
  desk.answers = [](const Attempt& a) {
    if (a.message == "m2" && a.now.ns == 0) return replied(Stage::data, 451);
    bool away = a.now >= Instant{} + Duration::minutes(14) && a.now < Instant{} + Duration::minutes(16);
    return away ? refused_connection() : sent();
  };
  for (const char* m : {"m1", "m2", "m3"}) desk.put(m);
  desk.run_until(Duration::minutes(14));
  desk.put("m4");
  desk.run_until(Duration::hours(1));
  std::vector<std::string> order;
  for (const std::string& line : desk.lines("250 at DOT")) order.push_back(line.substr(9, 2));
  EXPECT_THAT(order, ElementsAre("m1", "m3", "m2", "m4"));
}

TEST(Queue, EachRecipientGoesItsOwnWay) {
  Desk desk;
  desk.answers = [](const Attempt& a) {
    Answer answer = sent();
    if (a.now.ns == 0) answer.ends = {{"b", {RecipientEnd::refused, 550}}, {"c", {RecipientEnd::deferred, 450}}};
    return answer;
  };
  desk.put("m1", 4);
  desk.run_until({});
  EXPECT_EQ(desk.ends(), (Ends{{"m1/a", "delivered"}, {"m1/b", "returned 5.0.0"}, {"m1/d", "delivered"}}));
  EXPECT_EQ(desk.link().size(), 1U);
  desk.run_until(Duration::hours(1));
  EXPECT_EQ(desk.ends().at("m1/c"), "delivered");
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 m1 try host 0: 250 at DOT", "00:00:00 m1 is returned: b 5.0.0",
                                        "00:00:00 m1 waits alone until 00:15:00", "00:15:00 m1 try host 0: 250 at DOT",
                                        "00:15:00 m1 is gone"));
}

TEST(Queue, RefusedOneByOneAMessageIsGoneAtOnce) {
  Desk desk;
  desk.answers = [](const Attempt&) {
    Answer answer = replied(Stage::rcpt, 450);
    answer.outcome.words = "";
    answer.ends = {{"a", {RecipientEnd::refused, 550}}, {"b", {RecipientEnd::refused, 551}}};
    return answer;
  };
  desk.put("m1", 2);
  desk.run_until({});
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 m1 try host 0: 450 at RCPT",
                                        "00:00:00 m1 is returned: a 5.0.0, b 5.0.0", "00:00:00 m1 is gone"));
}

// The server takes two recipients at a time.
Answer two_at_a_time(const Attempt& a) {
  Answer answer = sent();
  for (std::size_t i = 2; i < a.recipients.size(); ++i)
    answer.ends[a.recipients[i]] = {RecipientEnd::surplus, std::uint16_t{452}};
  return answer;
}

TEST(Queue, ASurplusOfRecipientsGoesInTheNextTransactionAtOnce) {
  Desk desk;
  desk.answers = two_at_a_time;
  desk.put("m1", 5);
  desk.run_until({});
  EXPECT_EQ(desk.attempts(), 3U);
  EXPECT_EQ(desk.ends().size(), 5U);
  EXPECT_EQ(desk.sessions(), 1U) << "over the same connection";
  EXPECT_THAT(desk.lines("waits"), IsEmpty());
}

TEST(Queue, ASurplusDoesNotWaitWithRecipientsThatAreDeferred) {
  Desk desk;
  desk.answers = [](const Attempt& a) {
    Answer answer = two_at_a_time(a);
    if (a.now.ns == 0 && a.recipients[0] == "a") answer.ends["a"] = {RecipientEnd::deferred, 450};
    return answer;
  };
  desk.put("m1", 5);
  desk.run_until(Duration::minutes(1));
  EXPECT_THAT(desk.ends(), UnorderedElementsAre(Pair("m1/b", "delivered"), Pair("m1/c", "delivered"),
                                                Pair("m1/d", "delivered"), Pair("m1/e", "delivered")));
  EXPECT_EQ(desk.lines("is split").size(), 1U);
  desk.run_until(Duration::minutes(15));
  EXPECT_EQ(desk.ends().at("m1/a"), "delivered");
}

// The rest of the transaction fails too: who was accepted waits, who was too many goes on at once.
TEST(Queue, ASurplusIsSplitOffAMessageThatFailed) {
  Desk desk;
  desk.answers = [](const Attempt& a) {
    Answer answer = a.now.ns == 0 && a.recipients[0] == "a" ? replied(Stage::dot, 451) : sent();
    if (a.recipients.size() == 3) answer.ends["c"] = {RecipientEnd::surplus, std::uint16_t{452}};
    return answer;
  };
  desk.put("m1", 3);
  desk.run_until(Duration::minutes(1));
  EXPECT_EQ(desk.ends(), (Ends{{"m1/c", "delivered"}}));
  EXPECT_EQ(desk.link().size(), 1U);
  desk.run_until(Duration::hours(1));
  EXPECT_EQ(desk.ends(), (Ends{{"m1/a", "delivered"}, {"m1/b", "delivered"}, {"m1/c", "delivered"}}));
}

// A part that was split off has its own notice and its own end, on time.
TEST(Queue, ASurplusThatWasSplitOffExpiresOnTimeToo) {
  Desk desk;
  desk.answers = [](const Attempt& a) {
    if (a.attempts == 0) return replied(Stage::data, 451);  // so that the timers of the whole message are armed
    Answer answer = replied(Stage::dot, 451);
    if (a.recipients.size() == 2) answer.ends["b"] = {RecipientEnd::surplus, std::uint16_t{452}};
    return answer;
  };
  desk.put("m1", 2);
  desk.run_until(Duration::days(3));
  EXPECT_THAT(desk.lines("delayed"),
              UnorderedElementsAre("12:00:00 m1 is delayed: a 4.4.7", "12:00:00 m1 is delayed: b 4.4.7"));
  EXPECT_THAT(desk.lines("expires"),
              UnorderedElementsAre("2d 00:00:00 m1 expires: a 4.4.7", "2d 00:00:00 m1 expires: b 4.4.7"));
}

// ---- Time

TEST(Queue, TheDelayNoticeComesOnceAndTheExpiryEndsIt) {
  Desk desk;
  desk.answers = [](const Attempt&) { return replied(Stage::data, 451); };
  desk.put("m1");
  desk.run_until(Duration::days(4));
  EXPECT_THAT(desk.lines("is delayed"), ElementsAre("12:00:00 m1 is delayed: a 4.4.7"));
  EXPECT_THAT(desk.lines("expires"), ElementsAre("2d 00:00:00 m1 expires: a 4.4.7"));
  EXPECT_EQ(desk.lines().back(), "2d 00:00:00 m1 is gone");
  EXPECT_EQ(desk.link().size(), 0U);
}

TEST(Queue, AMessageExpiresOnTimeWhileItsQueueIsInRetry) {
  Desk desk;
  desk.answers = [](const Attempt&) { return refused_connection(); };
  desk.put("m1");
  desk.run_until(Duration::hours(7));
  desk.put("m2");  // between two retries, four hours apart
  desk.run_until(Duration::days(2) + Duration::hours(6));
  EXPECT_THAT(desk.lines("expires"), ElementsAre("2d 00:00:00 m1 expires: a 4.4.7"));
  EXPECT_EQ(desk.link().state(), LinkQueue::State::retry);
  desk.run_until(Duration::days(3));
  EXPECT_THAT(desk.lines("m2 expires"), ElementsAre("2d 07:00:00 m2 expires: a 4.4.7"));
  EXPECT_THAT(desk.lines("m2 is delayed"), ElementsAre("19:00:00 m2 is delayed: a 4.4.7"));
}

TEST(Queue, AMessageInASessionIsJudgedWhenTheSessionIsDoneWithIt) {
  for (bool delivered : {true, false}) {
    Desk desk;
    desk.answers = [&](const Attempt& a) {
      Answer answer = a.attempts == 0 || !delivered ? replied(Stage::data, 451) : sent();
      if (a.attempts == 1) answer.lasting = Duration::days(3);
      return answer;
    };
    desk.put("m1");
    desk.run_until(Duration::days(5));
    if (delivered)
      EXPECT_EQ(desk.ends(), (Ends{{"m1/a", "delivered"}}));
    else
      EXPECT_THAT(desk.lines("expires"), ElementsAre("3d 00:15:00 m1 expires: a 4.4.7"));
  }
}

// The notice is due while the very first attempt is under way: it comes when that has failed, not before, and not
// never.
TEST(Queue, ANoticeThatFallsIntoAFirstSessionComesAfterIt) {
  Desk desk;
  desk.answers = [](const Attempt& a) {
    Answer answer = connection_lost(Stage::body);
    if (a.attempts == 0) answer.lasting = Duration::hours(13);
    return answer;
  };
  desk.put("m1");
  desk.run_until(Duration::days(3));
  EXPECT_THAT(desk.lines("delayed"), ElementsAre("13:00:00 m1 is delayed: a 4.4.7"));
  EXPECT_THAT(desk.lines("expires"), ElementsAre("2d 00:00:00 m1 expires: a 4.4.7"));
}

TEST(Queue, TheReportAtTheEndSaysWhatTheAttributeSays) {
  for (auto [status, reported] : {std::pair{ExpiryStatus::expired_4_4_7, "4.4.7"},
                                  {ExpiryStatus::last_status, "4.2.2"},
                                  {ExpiryStatus::generic_5_0_0, "5.0.0"}}) {
    Desk desk;
    desk.transport.expiry_status.set(status, {});
    desk.answers = [](const Attempt&) {
      Answer answer = replied(Stage::data, 452);
      answer.outcome.status = {4, 2, 2};
      return answer;
    };
    desk.put("m1");
    desk.run_until(Duration::days(3));
    EXPECT_EQ(desk.ends().at("m1/a"), std::string("returned ") + reported);
    EXPECT_THAT(desk.lines("delayed"), ElementsAre("12:00:00 m1 is delayed: a 4.2.2"));
  }
}

// Run by hand, each ladder gives exactly the attempts that its timetable promises.
TEST(Queue, KeepsTheTimetableOfEveryLadder) {
  const std::pair<FailureKind, Answer> failures[] = {{FailureKind::connect, refused_connection()},
                                                     {FailureKind::busy, replied(Stage::greeting, 421)},
                                                     {FailureKind::message, replied(Stage::dot, 451)}};
  for (const Ladder& ladder : ladder_presets())
    for (const auto& [kind, answer] : failures)
      for (bool glitch_messages : {false, true}) {
        SCOPED_TRACE(ladder.preset + " " + std::to_string(static_cast<int>(kind)));
        Desk desk;
        desk.queue.ladder.set(ladder, {});
        desk.queue.glitch_stages.set({true, true, glitch_messages}, {});
        desk.answers = [&](const Attempt&) { return answer; };
        desk.put("m1");
        desk.run_until(Duration::days(3));
        std::vector<std::string> promised, found = desk.lines("try");
        for (const TimetableRow& row : timetable(desk.queue, desk.transport, kind))
          if (row.attempt > 0) promised.push_back(sim::elapsed(row.at));
        ASSERT_EQ(found.size(), promised.size());
        for (std::size_t i = 0; i < found.size(); ++i) ASSERT_TRUE(found[i].starts_with(promised[i] + " ")) << found[i];
      }
}

}  // namespace
}  // namespace deadletter::transport
