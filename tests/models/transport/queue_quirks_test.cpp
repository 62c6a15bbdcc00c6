// The same queue under throw-away deviations, in the manner of KB303889, KB308350 and KB918522, and what is blamed for
// whom: a message held up by another's quirk is held up by that quirk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/queue_desk.h"

namespace deadletter::transport {
namespace {

using smtp::RecipientEnd;
using smtp::Stage;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Blame kToy = blame_of("KB100001"), kOther = blame_of("KB100002");

// ---- transport.next_host: another host is left, yet the message is deferred (as in KB303889)

TEST(NextHostQuirk, AHostThatIsLeftIsNotTried) {
  for (bool quirk : {false, true}) {
    Desk desk;
    desk.hosts = 2;
    if (quirk)
      desk.queue.next_host.deviate([](const NextHostFacts&, const NextHost&) { return NextHost::defer; }, kToy);
    desk.answers = [](const Attempt& a) { return a.host == 0 ? replied(Stage::greeting, 421) : sent(); };
    desk.put("m1");
    desk.run_until(Duration::days(3));
    EXPECT_EQ(desk.lines("try host 1").size(), quirk ? 0U : 1U);
    EXPECT_EQ(desk.ends().at("m1/a"), quirk ? "returned 4.4.7" : "delivered");
    EXPECT_EQ(desk.ruled_by("m1/a"), quirk ? std::vector<std::string>{"KB100001"} : std::vector<std::string>{});
  }
}

// The message behind it meets a queue in Retry because of the quirk, and inherits it, even if it is sent in the end.
TEST(NextHostQuirk, WhoWaitsInAQueueThatAQuirkPutIntoRetryInheritsIt) {
  Desk desk;
  desk.hosts = 2;
  desk.queue.next_host.deviate([](const NextHostFacts&, const NextHost&) { return NextHost::defer; }, kToy);
  desk.answers = [](const Attempt& a) { return a.now.ns == 0 ? refused_connection() : sent(); };
  desk.put("m1");
  desk.run_until(Duration::seconds(30));
  desk.put("m2");
  desk.run_until(Duration::minutes(5));
  desk.put("m3");
  desk.run_until(Duration::minutes(6));
  EXPECT_THAT(desk.lines("m2 try"), ElementsAre("00:01:00 m2 try host 0: 250 at DOT"));
  EXPECT_THAT(desk.ruled_by("m2/a"), ElementsAre("KB100001"));
  EXPECT_THAT(desk.ruled_by("m3/a"), IsEmpty()) << "it came when the queue was well again";
}

// ---- queue.after_message_failure: a bad message at the head holds up those behind it until it counts as a problem
// message (as in KB308350)

void hold_until_problem(Desk& desk, std::uint64_t problem_after) {
  desk.queue.connections_per_domain.set(1, {});
  desk.queue.problem_after.set(problem_after, {});
  desk.queue.after_message_failure.deviate(
      [](const AfterMessageFailureFacts&, const AfterMessageFailure& below) {
        return below == AfterMessageFailure::same_place ? AfterMessageFailure::hold_queue : below;
      },
      kToy);
  desk.answers = [](const Attempt& a) { return a.message == "bad" ? replied(Stage::data, 451) : sent(); };
  for (const char* m : {"bad", "m1", "m2"}) desk.put(m);
}

TEST(HoldQueueQuirk, WithoutALimitABadMessageHoldsUpHealthyOnesUntilTheyExpire) {
  Desk desk;
  hold_until_problem(desk, 0);
  desk.run_until({});
  EXPECT_EQ(desk.link().state(), LinkQueue::State::retry);
  desk.run_until(Duration::days(3));
  EXPECT_THAT(desk.lines("m1 try"), IsEmpty());
  EXPECT_THAT(desk.lines("expires"),
              UnorderedElementsAre("2d 00:00:00 bad expires: a 4.4.7", "2d 00:00:00 m1 expires: a 4.4.7",
                                   "2d 00:00:00 m2 expires: a 4.4.7"));
  // Nothing was ever decided about m1 and m2 themselves: the queue they waited in was held.
  for (const char* who : {"bad/a", "m1/a", "m2/a"}) EXPECT_THAT(desk.ruled_by(who), ElementsAre("KB100001")) << who;
}

TEST(HoldQueueQuirk, WithALimitOfTwoTheSecondFailurePutsItBehindThem) {
  Desk desk;
  hold_until_problem(desk, 2);
  desk.run_until(Duration::hours(1));
  EXPECT_THAT(desk.lines("try"),
              ElementsAre("00:00:00 bad try host 0: 451 at DATA", "00:15:00 bad try host 0: 451 at DATA",
                          "00:15:00 m1 try host 0: 250 at DOT", "00:15:00 m2 try host 0: 250 at DOT",
                          "00:45:00 bad try host 0: 451 at DATA"));
  EXPECT_THAT(desk.ruled_by("m1/a"), ElementsAre("KB100001")) << "it was late because of it";
}

TEST(HoldQueueQuirk, AsDesignedABadMessageHoldsUpNobodyWhateverTheLimit) {
  for (std::uint64_t limit : {0, 1, 2, 5}) {
    Desk desk;
    desk.queue.connections_per_domain.set(1, {});
    desk.queue.problem_after.set(limit, {});
    desk.answers = [](const Attempt& a) { return a.message == "bad" ? replied(Stage::data, 451) : sent(); };
    for (const char* m : {"bad", "m1", "m2"}) desk.put(m);
    desk.run_until({});
    EXPECT_EQ(desk.ends().size(), 2U) << limit;
    // Administrators see Retry, because nothing is left but a message that waits by itself; what comes now goes at
    // once.
    EXPECT_EQ(desk.link().state(), LinkQueue::State::retry) << limit;
    desk.run_until(Duration::minutes(1));
    desk.put("m3");
    desk.run_until(Duration::minutes(1));
    EXPECT_EQ(desk.ends().size(), 3U) << limit;
  }
}

// As designed a problem message that is due together with healthy ones goes behind them, others keep their place.
TEST(ProblemMessages, GoBehindHealthyOnesThatWaitForTheSameConnection) {
  for (auto [limit, order] : {std::pair{2, "m1 bad"}, {0, "bad m1"}, {3, "bad m1"}}) {
    Desk desk;
    desk.queue.connections_per_domain.set(1, {});
    desk.queue.problem_after.set(static_cast<std::uint64_t>(limit), {});
    // Two failures of its own, at 0 and 15 minutes. When it is due again at 45 the only connection is busy with "long",
    // and m1 has come behind it.
    desk.answers = [](const Attempt& a) {
      if (a.message == "bad" && a.attempts < 2) return replied(Stage::data, 451);
      Answer answer = sent();
      if (a.message == "long") answer.lasting = Duration::minutes(20);
      return answer;
    };
    desk.put("bad");
    desk.run_until(Duration::minutes(40));
    desk.put("long"), desk.put("m1");
    desk.run_until(Duration::minutes(90));
    std::vector<std::string> last = desk.lines("01:00:00");
    std::string found;
    for (const std::string& line : last)
      if (line.find("bad try") != line.npos || line.find("m1 try") != line.npos)
        found += (found.empty() ? "" : " ") + line.substr(9, line.find(" try") - 9);
    EXPECT_EQ(found, order) << limit;
  }
}

// ---- the same point: a report that fails at the head holds up ordinary mail (as in KB918522)

TEST(ReportAtTheHeadQuirk, AReportHoldsUpTheQueueAndOrdinaryMailDoesNot) {
  for (bool report : {true, false}) {
    Desk desk;
    desk.queue.connections_per_domain.set(1, {});
    desk.queue.after_message_failure.deviate(
        [](const AfterMessageFailureFacts& facts, const AfterMessageFailure& below) {
          return facts.report ? AfterMessageFailure::hold_queue : below;
        },
        kToy);
    desk.answers = [](const Attempt& a) { return a.message == "head" ? replied(Stage::mail, 451) : sent(); };
    desk.put("head", 1, report);
    desk.put("m1");
    desk.run_until(Duration::days(1));
    EXPECT_EQ(desk.lines("m1 try").empty(), report);
    desk.run_until(Duration::days(3));
    EXPECT_EQ(desk.ends().at("m1/a"), report ? "returned 4.4.7" : "delivered");
    EXPECT_EQ(desk.ruled_by("m1/a").empty(), !report);
  }
}

// ---- Blame of points and attributes that a queue uses

TEST(QueueBlame, NamesTheArticlesOfWhatItUsedAndNoOthers) {
  struct Row {
    const char* what;
    void (*lay)(Desk&);
    Answer answer;
    std::vector<std::string> while_waiting, at_the_end;
  };
  const std::vector<std::string> kNobody, kBlamed = {"KB100001"};
  const Answer kMessage = replied(Stage::data, 451), kHost = refused_connection();
  static const Ladder ladder{{Duration::minutes(7)}, ""};
  const Row rows[] = {
      {"ladder, host", [](Desk& d) { d.queue.ladder.set(ladder, {}, kToy); }, kHost, kNobody, kBlamed},
      {"ladder, message", [](Desk& d) { d.queue.ladder.set(ladder, {}, kToy); }, kMessage, kBlamed, kBlamed},
      {"message ladder, host", [](Desk& d) { d.queue.message_ladder.set(ladder, {}, kToy); }, kHost, kNobody, kNobody},
      {"message ladder, message", [](Desk& d) { d.queue.message_ladder.set(ladder, {}, kToy); }, kMessage, kBlamed,
       kBlamed},
      {"glitch",
       [](Desk& d) {
         d.queue.glitch.set({Duration::seconds(1), 1}, {}, kToy);
       },
       kHost, kBlamed, kBlamed},
      {"delay notice", [](Desk& d) { d.transport.delay_notice.set(Duration::hours(1), {}, kToy); }, kMessage, kNobody,
       kBlamed},
      {"lifetime", [](Desk& d) { d.transport.lifetime.set(Duration::hours(30), {}, kToy); }, kMessage, kNobody,
       kBlamed},
      {"expiry status", [](Desk& d) { d.transport.expiry_status.set(ExpiryStatus::generic_5_0_0, {}, kToy); }, kMessage,
       kNobody, kBlamed},
      {"report status",
       [](Desk& d) {
         d.transport.report_status.deviate(
             [](const ReportStatusFacts&, const mail::Status&) {
               return mail::Status{5, 0, 0};
             },
             kToy);
       },
       kMessage, kNobody, kBlamed},
      {"failure class",
       [](Desk& d) {
         d.queue.failure_class.deviate(
             [](const FailureClassFacts&, const FailureClass&) { return FailureClass::permanent; }, kToy);
       },
       kMessage, kBlamed, kBlamed},
      {"failure reach",
       [](Desk& d) {
         d.queue.failure_reach.deviate([](const FailureReachFacts&, const FailureReach&) { return FailureReach::host; },
                                       kToy);
       },
       kMessage, kBlamed, kBlamed},
      {"unused: problem_after", [](Desk& d) { d.queue.problem_after.set(1000, {}, kToy); }, kMessage, kNobody, kNobody},
      {"problem_after", [](Desk& d) { d.queue.problem_after.set(1, {}, kToy); }, kMessage, kBlamed, kBlamed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Desk desk;
    row.lay(desk);
    desk.answers = [&](const Attempt&) { return row.answer; };
    desk.put("m1");
    desk.run_until({});
    EXPECT_EQ(desk.ruled_by("m1/a"), row.while_waiting);
    desk.run_until(Duration::days(3));
    EXPECT_EQ(desk.ruled_by("m1/a"), row.at_the_end);
  }
}

TEST(QueueBlame, WhatASessionBlamesStaysWithTheMessageThroughLaterAttempts) {
  Desk desk;
  desk.queue.connections_per_domain.set(1, {});
  desk.answers = [](const Attempt& a) {
    Answer answer = a.attempts == 0 && a.message == "m1" ? replied(Stage::dot, 354) : sent();
    if (a.attempts == 0 && a.message == "m1") answer.blame = kToy;
    if (a.attempts == 1) answer.blame = kOther;
    return answer;
  };
  desk.put("m1"), desk.put("m2");
  desk.run_until(Duration::hours(1));
  EXPECT_THAT(desk.ruled_by("m1/a"), ElementsAre("KB100001", "KB100002"));
  EXPECT_THAT(desk.ruled_by("m2/a"), IsEmpty());
}

// ---- Whatever happens

TEST(Queue, EveryRecipientEndsExactlyOnceWhateverHappens) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    Desk desk;
    desk.hosts = 1 + random() % 3;
    desk.queue.connections_per_domain.set(1 + random() % 4, {});
    desk.queue.messages_per_connection.set(random() % 4, {});
    desk.queue.problem_after.set(random() % 4, {});
    desk.queue.glitch_stages.set({random() % 2 == 0, random() % 2 == 0, random() % 2 == 0}, {});
    if (seed % 3 == 0)
      desk.queue.after_message_failure.deviate(
          [](const AfterMessageFailureFacts& facts, const AfterMessageFailure& below) {
            return facts.failures % 2 == 1 ? AfterMessageFailure::hold_queue : below;
          },
          kToy);
    desk.answers = [&](const Attempt& a) {
      const Answer all[] = {sent(),
                            sent(),
                            refused_connection(),
                            no_reply(Stage::dot),
                            connection_lost(Stage::body),
                            replied(Stage::greeting, 421),
                            replied(Stage::mail, 451),
                            replied(Stage::dot, 354),
                            random() % 40 == 0 ? replied(Stage::greeting, 554) : sent(),
                            random() % 20 == 0 ? replied(Stage::data, 554) : replied(Stage::data, 421)};
      Answer answer = all[random() % std::size(all)];
      if (answer.outcome.stage >= Stage::rcpt)
        for (const std::string& r : a.recipients) {
          std::uint64_t kind = random() % 12;
          if (kind == 0) answer.ends[r] = {RecipientEnd::refused, std::uint16_t{550}};
          if (kind == 1) answer.ends[r] = {RecipientEnd::deferred, std::uint16_t{450}};
          if (kind == 2 && r != a.recipients[0]) answer.ends[r] = {RecipientEnd::surplus, std::uint16_t{452}};
        }
      answer.lasting = {static_cast<std::int64_t>(random() % Duration::hours(3).ns)};
      return answer;
    };
    std::size_t recipients = 0;
    for (int i = 0; i < 40; ++i) {
      std::uint64_t n = 1 + random() % 5;
      recipients += n;
      desk.put("m" + std::to_string(i), static_cast<int>(n), random() % 5 == 0);
      desk.run_until(Duration::minutes(30) * (i + 1));
    }
    // A lifetime and the longest session after the last came, nobody is left.
    desk.run_until(Duration::days(3) + Duration::hours(40));
    EXPECT_EQ(desk.ends().size(), recipients);
    EXPECT_EQ(desk.link().size(), 0U);
    EXPECT_EQ(desk.lines("is gone").size(), 40U + desk.lines("split").size());
    EXPECT_LE(desk.lines("is delayed").size(), 40U + desk.lines("split").size());
  }
}

}  // namespace
}  // namespace deadletter::transport
