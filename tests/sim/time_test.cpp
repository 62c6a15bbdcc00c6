// Simulated time: elapsed text and the civil calendar.
#include "sim/time.h"

#include <gtest/gtest.h>

namespace deadletter::sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(Elapsed, ShowsDaysOnlyWhenThereAreAnyAndNoZerosAtTheEnd) {
  const std::pair<Duration, const char*> rows[] = {
      {{0}, "00:00:00"},
      {Duration::milliseconds(250), "00:00:00.25"},
      {{1}, "00:00:00.000000001"},
      {{999'999'999}, "00:00:00.999999999"},
      {Duration::seconds(59), "00:00:59"},
      {Duration::minutes(61), "01:01:00"},
      {Duration::hours(24) - Duration{1}, "23:59:59.999999999"},
      {Duration::hours(24), "1d 00:00:00"},
      {Duration::days(2) + Duration::hours(3) + Duration::minutes(4) + Duration::seconds(5) + Duration{678'900'000},
       "2d 03:04:05.6789"},
      {Duration::days(400), "400d 00:00:00"},
  };
  for (const auto& [duration, text] : rows) EXPECT_EQ(elapsed(duration), text);
}

// Noon of each day, counted by hand through leap years from 1 January 1890.
TEST(CivilTime, CountsEveryDayFrom1890To2110) {
  const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t day_number = -29'219;  // 1890-01-01
  int weekday = 3;                    // a Wednesday
  for (int year = 1890; year <= 2110; ++year) {
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; day <= days[month - 1] + (month == 2 && leap ? 1 : 0); ++day) {
        CivilTime t = civil_time((day_number * 86'400 + 12 * 3600) * kSecond);
        ASSERT_EQ(std::tuple(t.year, t.month, t.day, t.weekday), std::tuple(year, month, day, weekday));
        ASSERT_EQ(std::tuple(t.hour, t.minute, t.second, t.nanosecond), std::tuple(12, 0, 0, 0));
        ++day_number;
        weekday = (weekday + 1) % 7;
      }
  }
}

TEST(CivilTime, CountsFromTheStartOfTheDayBefore1970Too) {
  CivilTime t = civil_time(-1);
  EXPECT_EQ(std::tuple(t.year, t.month, t.day, t.weekday), std::tuple(1969, 12, 31, 3));
  EXPECT_EQ(std::tuple(t.hour, t.minute, t.second, t.nanosecond), std::tuple(23, 59, 59, 999'999'999));
  t = civil_time(-86'400 * kSecond);
  EXPECT_EQ(std::tuple(t.year, t.month, t.day, t.hour), std::tuple(1969, 12, 31, 0));
}

TEST(DateText, IsThatOfRfc5322AndRfc3339) {
  struct Row {
    std::int64_t unix_s;
    const char* mail;
    const char* log;
  };
  const Row rows[] = {
      {0, "Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z"},
      {-1, "Wed, 31 Dec 1969 23:59:59 +0000", "1969-12-31T23:59:59Z"},
      {951'782'400, "Tue, 29 Feb 2000 00:00:00 +0000", "2000-02-29T00:00:00Z"},
      {-2'203'891'200, "Thu, 01 Mar 1900 00:00:00 +0000", "1900-03-01T00:00:00Z"},  // 1900 was no leap year
      {-2'203'891'201, "Wed, 28 Feb 1900 23:59:59 +0000", "1900-02-28T23:59:59Z"},
      {1'141'200'000, "Wed, 01 Mar 2006 08:00:00 +0000", "2006-03-01T08:00:00Z"},
      {4'102'444'799, "Thu, 31 Dec 2099 23:59:59 +0000", "2099-12-31T23:59:59Z"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(rfc5322_date(row.unix_s * kSecond), row.mail);
    EXPECT_EQ(rfc3339_date(row.unix_s * kSecond), row.log);
    // A fraction is cut off, never rounded up into the next second.
    EXPECT_EQ(rfc5322_date(row.unix_s * kSecond + kSecond - 1), row.mail);
  }
}

}  // namespace
}  // namespace deadletter::sim
