// Queues that keep their mail in one place: what one has done with another takes up, and neither mistakes it for its
// own.
#include "models/transport/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "models/transport/queue.h"

namespace deadletter::transport {
namespace {

using smtp::Ended;
using smtp::ReplyClass;
using smtp::Stage;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr smtp::Outcome kRefused{Stage::connect, Ended::refused, ReplyClass::temporary, 0, {}, ""};
constexpr smtp::Outcome kBusy{Stage::mail, Ended::reply, ReplyClass::temporary, 451, {}, ""};
constexpr smtp::Outcome kGone{Stage::rcpt, Ended::reply, ReplyClass::permanent, 550, {}, ""};

Entry message(std::uint32_t id, Instant arrived = {}) {
  Entry entry{.message = {id}, .sender = {0}, .arrived = arrived};
  entry.to.add({id}, {id});
  return entry;
}

class SharedPool : public ::testing::Test {
 protected:
  SharedPool() {
    queue_.ladder.set(ladder_preset("iis"), {});
    queue_.glitch.set({}, {});
    transport_.delay_notice.set({}, {});
  }

  std::vector<QueueAction> asked(QueueAction::Kind kind) {
    std::vector<QueueAction> found;
    for (const QueueAction& action : actions_)
      if (action.kind == kind) found.push_back(action);
    return found;
  }
  std::vector<Instant> wakes_for_messages() {
    std::vector<Instant> found;
    for (const QueueAction& action : asked(QueueAction::Kind::wake_queue))
      if (action.why == QueueAction::Wake::message) found.push_back(action.at);
    return found;
  }
  // The session that has just been opened ends.
  void end(LinkQueue& link, const smtp::Outcome& outcome, Instant now = {}) {
    SessionId session = asked(QueueAction::Kind::open).back().opening.session;
    actions_.clear();
    link.concluded(session, outcome, {}, now, actions_);
    link.session_closed(session, now, actions_);
  }

  QueueBehaviour queue_;
  TransportBehaviour transport_;
  Pool pool_;
  LinkQueue one_{pool_, 1, queue_, transport_, 1}, other_{pool_, 2, queue_, transport_, 1};
  LinkQueue::Actions actions_;
};

TEST_F(SharedPool, WhatOneIsDoneWithTheOtherTakesUp) {
  one_.enqueue(message(0), {}, actions_);
  end(one_, kGone);
  EXPECT_THAT(asked(QueueAction::Kind::returned), SizeIs(1));
  other_.enqueue(message(1), {}, actions_);
  EXPECT_EQ(pool_.size(), 1U);
  EXPECT_EQ(one_.size(), 0U);
  EXPECT_TRUE(other_.live({0}));
  EXPECT_FALSE(one_.live({0}));
}

// A wake is not cancelled: it may come when its entry is another queue's, which waits for the same instant.
TEST_F(SharedPool, AWakeForAnEntryThatHasGoneMeansNothingToTheNextOwner) {
  one_.enqueue(message(0), {}, actions_);
  end(one_, kBusy);
  ASSERT_THAT(wakes_for_messages(), SizeIs(1));
  const Instant wake = wakes_for_messages().front();
  one_.withdraw(one_.waiting().front());
  other_.enqueue(message(1), {}, actions_);
  end(other_, kBusy);
  ASSERT_THAT(wakes_for_messages(), ElementsAre(wake));
  actions_.clear();
  one_.time_has_come(QueueAction::Wake::message, wake, actions_);
  EXPECT_EQ(actions_.size(), 0U);
  other_.time_has_come(QueueAction::Wake::message, wake, actions_);
  EXPECT_THAT(asked(QueueAction::Kind::open), SizeIs(1));
}

TEST_F(SharedPool, OfThoseThatWaitAloneTheNextHasAWakeAndEachIsTriedAtItsTime) {
  std::vector<Instant> wakes;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Instant now = Instant{} + Duration::seconds(i);
    actions_.clear();
    one_.enqueue(message(i, now), now, actions_);
    end(one_, kBusy, now);
    for (Instant wake : wakes_for_messages()) wakes.push_back(wake);
  }
  ASSERT_THAT(wakes, SizeIs(1));
  const Instant first = wakes[0];
  for (std::uint32_t i = 0; i < 3; ++i) {
    actions_.clear();
    one_.time_has_come(QueueAction::Wake::message, first + Duration::seconds(i), actions_);
    ASSERT_THAT(asked(QueueAction::Kind::open), SizeIs(1));
    EXPECT_EQ(one_.entry(asked(QueueAction::Kind::open)[0].opening.entry).message, mail::MessageId{i});
    if (i < 2) {
      EXPECT_THAT(wakes_for_messages(), ElementsAre(first + Duration::seconds(i + 1)));
    }
  }
}

// Its place among those that wait alone is still there when another message of the queue has taken up its memory.
TEST_F(SharedPool, AMessageIsNotTriedAtTheTimeOfOneThatHasGone) {
  one_.enqueue(message(0), {}, actions_);
  end(one_, kBusy);
  const Instant wake = wakes_for_messages().front();
  one_.withdraw(one_.waiting().front());
  const Instant later = Instant{} + Duration::seconds(1);
  one_.enqueue(message(1, later), later, actions_);
  end(one_, kBusy, later);
  EXPECT_EQ(pool_.size(), 1U);
  EXPECT_THAT(one_.waiting(), SizeIs(1));
  actions_.clear();
  one_.time_has_come(QueueAction::Wake::message, wake, actions_);
  EXPECT_THAT(asked(QueueAction::Kind::open), SizeIs(0));
  EXPECT_THAT(wakes_for_messages(), ElementsAre(wake + Duration::seconds(1)));
}

// One session at a time tries a host that was not well; a wake for nobody is no reason for more.
TEST_F(SharedPool, AWakeForAMessageThatHasGoneOpensNoSession) {
  queue_.connections_per_domain.set(20, {});
  one_.enqueue(message(0), {}, actions_);
  end(one_, kBusy);
  const Instant wake = wakes_for_messages().front();
  one_.withdraw(one_.waiting().front());
  one_.enqueue(message(1), {}, actions_);
  end(one_, kRefused);
  for (std::uint32_t i = 2; i < 9; ++i) one_.enqueue(message(i), {}, actions_);
  const Instant retry = one_.retry_at();
  actions_.clear();
  one_.time_has_come(QueueAction::Wake::retry, retry, actions_);
  ASSERT_THAT(asked(QueueAction::Kind::open), SizeIs(1));
  // It answers for one message of several, so that the host is well, and the session goes on.
  const SessionId session = asked(QueueAction::Kind::open)[0].opening.session;
  actions_.clear();
  one_.concluded(session, kGone, {}, retry, actions_);
  ASSERT_TRUE(one_.next(session).has_value());
  actions_.clear();
  one_.time_has_come(QueueAction::Wake::message, std::max(wake, retry), actions_);
  EXPECT_THAT(asked(QueueAction::Kind::open), SizeIs(0));
}

TEST_F(SharedPool, ARestartTriesThoseThatWaitAloneAndTheirWakesMeanNothingAfterwards) {
  for (std::uint32_t i = 0; i < 2; ++i) {
    one_.enqueue(message(i), {}, actions_);
    end(one_, kBusy);
  }
  one_.stop();
  const Instant up = Instant{} + Duration::seconds(5);
  actions_.clear();
  one_.restart(up, actions_);
  EXPECT_THAT(asked(QueueAction::Kind::open), SizeIs(2));
  actions_.clear();
  one_.time_has_come(QueueAction::Wake::message, Instant{} + Duration::days(1), actions_);
  EXPECT_EQ(actions_.size(), 0U);
}

TEST_F(SharedPool, AQueueWaitsForItsNextExpiryAndNotForEach) {
  constexpr std::uint32_t kMessages = 1000;
  one_.enqueue(message(0), {}, actions_);
  end(one_, kRefused);
  std::size_t wakes = 0;
  auto count = [&] {
    for (const QueueAction& action : asked(QueueAction::Kind::wake_queue))
      wakes += action.why == QueueAction::Wake::expiry;
    actions_.clear();
  };
  count();
  for (std::uint32_t i = 1; i < kMessages; ++i) {
    Instant now = Instant{} + Duration::seconds(i);
    one_.enqueue(message(i, now), now, actions_);
    count();
  }
  EXPECT_EQ(wakes, 1U);
  // Each expires at its own time all the same.
  for (std::uint32_t i = 0; i < kMessages; ++i) {
    EXPECT_EQ(one_.size(), kMessages - i);
    one_.time_has_come(QueueAction::Wake::expiry, Instant{} + *transport_.lifetime + Duration::seconds(i), actions_);
    EXPECT_THAT(asked(QueueAction::Kind::returned), SizeIs(1));
    count();
  }
  EXPECT_EQ(wakes, kMessages);
  EXPECT_EQ(one_.size(), 0U);
}

// As that of a server that was down when it was due.
TEST_F(SharedPool, AWakeThatComesLateExpiresAllThatIsDueAndTheNextComesInTime) {
  one_.enqueue(message(0), {}, actions_);
  end(one_, kRefused);
  for (std::uint32_t i = 1; i < 4; ++i)
    one_.enqueue(message(i, Instant{} + Duration::hours(i)), Instant{} + Duration::hours(i), actions_);
  actions_.clear();
  const Instant late = Instant{} + *transport_.lifetime + Duration::minutes(90);
  one_.time_has_come(QueueAction::Wake::expiry, late, actions_);
  EXPECT_THAT(asked(QueueAction::Kind::returned), SizeIs(2));
  ASSERT_THAT(asked(QueueAction::Kind::wake_queue), SizeIs(1));
  EXPECT_EQ(asked(QueueAction::Kind::wake_queue)[0].at, Instant{} + *transport_.lifetime + Duration::hours(2));
}

// Mail that was moved here has waited elsewhere: it expires before what came here sooner.
TEST_F(SharedPool, WhatHasWaitedElsewhereExpiresInItsOwnTime) {
  Instant now = Instant{} + Duration::hours(5);
  one_.enqueue(message(0, now), now, actions_);
  end(one_, kRefused, now);
  actions_.clear();
  one_.enqueue(message(1), now, actions_);
  std::vector<QueueAction> wakes = asked(QueueAction::Kind::wake_queue);
  ASSERT_THAT(wakes, SizeIs(1));
  EXPECT_EQ(wakes[0].at, Instant{} + *transport_.lifetime);
  actions_.clear();
  one_.time_has_come(QueueAction::Wake::expiry, wakes[0].at, actions_);
  ASSERT_THAT(asked(QueueAction::Kind::returned), SizeIs(1));
  EXPECT_EQ(asked(QueueAction::Kind::returned)[0].message, mail::MessageId{1});
  // The wake that had been asked for before comes as well; there is one for it, which ends the other.
  one_.time_has_come(QueueAction::Wake::expiry, now + *transport_.lifetime, actions_);
  EXPECT_THAT(asked(QueueAction::Kind::returned), SizeIs(2));
}

}  // namespace
}  // namespace deadletter::transport
