// Queues that give up before expiry, as a message transfer agent's do, and mail that its own store cannot open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/queue_desk.h"

namespace deadletter::transport {
namespace {

using ::testing::ElementsAre;

constexpr std::int32_t kCallFailed = static_cast<std::int32_t>(0x80004005);
constexpr std::int32_t kTooBig = static_cast<std::int32_t>(0x80040305);

Answer not_opened(std::int32_t error) {
  Answer answer = no_reply(smtp::Stage::connect);
  answer.outcome.ended = smtp::Ended::reply;
  answer.outcome.words = "Unable to open for delivery";
  answer.outcome.error = error;
  return answer;
}

// An X.400 connector's open retries: 144 times every ten minutes, and a day later all that waits comes back.
TEST(QueueLimits, AHostThatIsTriedAsOftenAsItMayBeGivesBackAllThatWaits) {
  Desk desk;
  desk.queue.ladder.set({{Duration::minutes(10)}, ""}, {});
  desk.queue.glitch.set({}, {});
  desk.queue.host_retries.set(144, {});
  desk.transport.lifetime.set(Duration::days(7), {});
  desk.answers = [](const Attempt&) { return refused_connection(); };
  desk.put("m1");
  desk.run_until(Duration::hours(12));
  desk.put("m2");
  desk.run_until(Duration::days(3));
  EXPECT_EQ(desk.attempts(), 145U);
  EXPECT_EQ(desk.ends().at("m1/a"), "returned 5.4.5");
  EXPECT_EQ(desk.ends().at("m2/a"), "returned 5.4.5");
  EXPECT_EQ(desk.link().size(), 0U);
}

TEST(QueueLimits, AHostThatIsWellInBetweenIsCountedAnew) {
  Desk desk;
  desk.queue.ladder.set({{Duration::minutes(10)}, ""}, {});
  desk.queue.glitch.set({}, {});
  desk.queue.host_retries.set(3, {});
  int tries = 0;
  desk.answers = [&](const Attempt&) { return ++tries == 3 ? sent() : refused_connection(); };
  desk.put("m1");
  desk.run_until(Duration::hours(1));
  EXPECT_EQ(desk.ends().at("m1/a"), "delivered");
  desk.put("m2");
  desk.run_until(Duration::hours(2));
  EXPECT_EQ(desk.ends().at("m2/a"), "returned 5.4.5");
  EXPECT_EQ(tries, 3 + 4);
}

TEST(QueueLimits, ATransferThatBreaksOffIsTriedTwiceMore) {
  Desk desk;
  desk.queue.message_ladder.set({{Duration::seconds(120)}, ""}, {});
  desk.queue.message_retries.set(2, {});
  desk.answers = [](const Attempt&) { return connection_lost(smtp::Stage::dot); };
  desk.put("m1");
  desk.run_until(Duration::hours(1));
  EXPECT_EQ(desk.attempts(), 3U);
  EXPECT_EQ(desk.ends().at("m1/a"), "returned 5.4.2");
  EXPECT_THAT(desk.lines("5.4.2"), ElementsAre(::testing::StartsWith("00:04:00")));
}

TEST(QueueLimits, OneMoreConnectionForSoManyWaiting) {
  for (std::uint64_t threshold : {0, 50, 5}) {
    Desk desk;
    desk.queue.connections_per_domain.set(100, {});
    desk.queue.connection_threshold.set(threshold, {});
    desk.answers = [](const Attempt&) {
      Answer answer = sent();
      answer.lasting = Duration::seconds(1);
      return answer;
    };
    for (int i = 0; i < 20; ++i) desk.put("m" + std::to_string(i));
    desk.run_until(Duration::minutes(1));
    EXPECT_EQ(desk.most_sessions(), threshold == 0 ? 20U : threshold == 50 ? 1U : 4U) << threshold;
    EXPECT_EQ(desk.ends().size(), 20U);
  }
}

// What cannot be opened says nothing about the next hop: others go on, and the ladder is the message's own.
TEST(QueueStoreErrors, AMessageThatCannotBeOpenedWaitsAlone) {
  Desk desk;
  desk.answers = [](const Attempt& a) { return a.message == "bad" ? not_opened(kCallFailed) : sent(); };
  desk.put("bad");
  desk.put("good");
  desk.run_until(Duration::minutes(1));
  EXPECT_EQ(desk.ends().at("good/a"), "delivered");
  EXPECT_EQ(desk.link().state(), LinkQueue::State::retry);
  EXPECT_EQ(desk.link().entry({0}).heard, nullptr) << "the own store is no peer";
  desk.run_until(Duration::days(3));
  EXPECT_EQ(desk.ends().at("bad/a"), "returned 4.4.7");
}

TEST(QueueStoreErrors, ContentThatCanNeverBeConvertedComesBackAtOnce) {
  Desk desk;
  desk.answers = [](const Attempt&) { return not_opened(kTooBig); };
  desk.put("m1");
  desk.run_until(Duration::minutes(1));
  EXPECT_EQ(desk.ends().at("m1/a"), "returned 5.6.0");
  EXPECT_EQ(desk.attempts(), 1U);
}

}  // namespace
}  // namespace deadletter::transport
