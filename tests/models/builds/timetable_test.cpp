// The timetables of products: how often each tries, when it tells the sender, when it gives up.
#include "models/transport/timetable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/builds/installation.h"

namespace deadletter::builds {
namespace {

using sim::Duration;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using transport::FailureKind;
using transport::Milestone;
using transport::TimetableRow;

std::vector<TimetableRow> rows(const NodeBehaviour& b, FailureKind kind) {
  return transport::timetable(b.queue, b.transport, kind);
}
NodeBehaviour behaviour(const char* text) { return profile_of(parse_build(text).build); }

std::uint32_t attempts(const std::vector<TimetableRow>& rows) {
  std::uint32_t most = 0;
  for (const TimetableRow& row : rows) most = std::max(most, row.attempt);
  return most;
}

// Minutes of all attempts, or of one kind of them.
std::vector<std::int64_t> minutes(const std::vector<TimetableRow>& rows, std::optional<Milestone> what = {}) {
  std::vector<std::int64_t> list;
  for (const TimetableRow& row : rows)
    if (what ? row.what == *what : row.attempt > 0) list.push_back(row.at.ns / Duration::minutes(1).ns);
  return list;
}

TEST(Timetable, HowOftenEachProductTriesBeforeItGivesUp) {
  struct Row {
    const char* build;
    FailureKind kind;
    std::uint32_t attempts;
  };
  const Row table[] = {
      {"windows-2003-sp1", FailureKind::message, 15},  // iis: 15, 30, 60, then every 240 minutes
      {"windows-2003-sp1", FailureKind::connect, 18},  // and three glitch retries before that
      {"windows-2003-sp1", FailureKind::busy, 18},
      // esm: 10, 10, 10, then every 15 minutes. The 194th and 197th would come with the expiry, which is first.
      {"exchange-2003-sp2 on windows-2003-sp1", FailureKind::message, 193},
      {"exchange-2003-sp2 on windows-2003-sp1", FailureKind::connect, 196},
      {"exchange-2007-sp1 on windows-2003-sp2", FailureKind::message, 192},
      {"reference-mta", FailureKind::message, 96},
      {"reference-mta", FailureKind::connect, 96},
  };
  for (const Row& row : table)
    EXPECT_EQ(attempts(rows(behaviour(row.build), row.kind)), row.attempts)
        << row.build << " " << static_cast<int>(row.kind);
}

TEST(Timetable, OfWindowsGoesThroughGlitchRetriesAndThenUpTheLadder) {
  auto connect = rows(behaviour("windows-2003-sp1"), FailureKind::connect);
  EXPECT_THAT(minutes(connect, Milestone::glitch_retry), ElementsAre(1, 2, 3));
  auto tries = minutes(connect);
  tries.resize(9);
  EXPECT_THAT(tries, ElementsAre(0, 1, 2, 3, 18, 48, 108, 348, 588));
  auto message = rows(behaviour("windows-2003-sp1"), FailureKind::message);
  EXPECT_THAT(minutes(message, Milestone::glitch_retry), IsEmpty());
  tries = minutes(message);
  tries.resize(5);
  EXPECT_THAT(tries, ElementsAre(0, 15, 45, 105, 345));
  for (const auto& table : {connect, message}) {
    EXPECT_THAT(minutes(table, Milestone::delay_notice), ElementsAre(12 * 60));
    EXPECT_THAT(minutes(table, Milestone::expiry), ElementsAre(48 * 60));
    EXPECT_EQ(table.back().what, Milestone::expiry);
  }
}

// 4 x 1 minute, 6 x 5 minutes, then every 10 minutes; a message that fails by itself every 15 minutes.
TEST(Timetable, OfExchange2007HasThreePhasesForItsHostAndOneForAMessage) {
  auto connect = minutes(rows(behaviour("exchange-2007-sp1 on windows-2003-sp2"), FailureKind::connect));
  std::vector<std::int64_t> waits;
  for (std::size_t i = 1; i < connect.size(); ++i) waits.push_back(connect[i] - connect[i - 1]);
  ASSERT_GT(waits.size(), 20U);
  for (std::size_t i = 0; i < waits.size(); ++i) EXPECT_EQ(waits[i], i < 4 ? 1 : i < 10 ? 5 : 10) << i;
  auto message = minutes(rows(behaviour("exchange-2007-sp1 on windows-2003-sp2"), FailureKind::message));
  for (std::size_t i = 0; i < message.size(); ++i) EXPECT_EQ(message[i], static_cast<std::int64_t>(15 * i));
}

// An attempt one nanosecond before the end of the lifetime counts, one at the very end does not.
TEST(Timetable, ExpiryComesBeforeAnAttemptAtTheSameInstant) {
  NodeBehaviour b = behaviour("reference-mta");
  b.queue.ladder.set({{Duration::hours(1)}, ""}, {});
  for (auto [lifetime, count] : {std::pair{Duration::hours(5), 5U},
                                 {Duration::hours(5) + Duration{1}, 6U},
                                 {Duration::hours(5) - Duration{1}, 5U},
                                 {Duration{1}, 1U}}) {
    b.transport.lifetime.set(lifetime, {});
    EXPECT_EQ(attempts(rows(b, FailureKind::message)), count) << lifetime.ns;
  }
}

TEST(Timetable, HasADelayNoticeOnlyWhenItComesBeforeTheExpiry) {
  NodeBehaviour b = behaviour("reference-mta");
  for (auto [notice, count] : {std::pair{Duration{}, 0U}, {Duration::hours(4), 1U}, {Duration::days(2), 0U}}) {
    b.transport.delay_notice.set(notice, {});
    EXPECT_EQ(minutes(rows(b, FailureKind::message), Milestone::delay_notice).size(), count) << notice.ns;
  }
}

TEST(Timetable, OfForeignServers) {
  auto first = [](const char* build, std::size_t n) {
    std::vector<std::int64_t> seconds;
    for (const TimetableRow& row : rows(behaviour(build), FailureKind::message))
      if (row.attempt > 0 && seconds.size() < n) seconds.push_back(row.at.ns / 1'000'000'000);
    return seconds;
  };
  EXPECT_THAT(first("postfix-2.2", 5), ElementsAre(0, 1000, 3000, 7000, 11000));
  EXPECT_THAT(first("postfix-2.4", 7), ElementsAre(0, 300, 900, 2100, 4500, 8500, 12500));
  EXPECT_THAT(first("sendmail-8", 3), ElementsAre(0, 1800, 3600));
  EXPECT_THAT(first("exim-4", 10), ElementsAre(0, 900, 1800, 2700, 3600, 4500, 5400, 6300, 7200, 10800));
}

}  // namespace
}  // namespace deadletter::builds
