// Dates and instants as text.
#include "sim/json/calendar.h"

#include <gtest/gtest.h>

namespace deadletter::json {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(Calendar, AgreesWithADayByDayCount) {
  // Counted forward from 1601-01-01, which is 134774 days before 1970.
  const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t number = -134'774;
  for (int year = 1601; year <= 2200; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days[month - 1] + (month == 2 && leap ? 1 : 0); ++day, ++number) {
        ASSERT_EQ(days_since_1970({year, month, day}), number);
        ASSERT_EQ(date_of_day(number), (Date{year, month, day}));
        ASSERT_EQ(parse_date(format_date({year, month, day})), (Date{year, month, day}));
      }
    }
  }
}

TEST(Calendar, RefusesDates) {
  for (const char* text : {"", "2003-9-20", "2003-09-31", "2003-02-29", "1900-02-29", "2003-00-10", "2003-13-01",
                           "2003-01-00", "1600-12-31", "2201-01-01", "2003/09/20", "2003-09-20 ", "20030920",
                           "-2003-09-20", "2003-09-20T", "２００３-09-20"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

TEST(Calendar, AcceptsInstants) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2006-03-01T08:00:00Z", 1'141'200'000 * kSecond},
      {"2006-03-01T09:00:00+01:00", 1'141'200'000 * kSecond},
      {"2006-02-28T22:30:00-09:30", 1'141'200'000 * kSecond},
      {"2006-03-01T08:00:00-00:00", 1'141'200'000 * kSecond},
      {"1969-12-31T23:59:59.999999999Z", -1},
      {"2000-02-29T00:00:00.25Z", 951'782'400 * kSecond + kSecond / 4},
      {"1678-01-01T00:00:00Z", -106'650 * (86'400 * kSecond)},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_instant(text), value) << text;
}

TEST(Calendar, RefusesInstants) {
  for (const char* text :
       {"", "2006-03-01", "2006-03-01T08:00:00", "2006-03-01 08:00:00Z", "2006-03-01t08:00:00z", "2006-03-01T24:00:00Z",
        "2006-03-01T08:60:00Z", "2006-03-01T08:00:60Z", "2006-02-29T08:00:00Z", "2006-03-01T08:00:00.Z",
        "2006-03-01T08:00:00.1234567890Z", "2006-03-01T08:00:00+0100", "2006-03-01T08:00:00+24:00",
        "2006-03-01T08:00:00+01:60", "2006-03-01T08:00:00Z ", "1677-12-31T23:59:59Z", "2201-01-01T00:00:00Z",
        "2006-03-01T08:00Z", "2006-03-01T8:00:00Z"}) {
    EXPECT_EQ(parse_instant(text), std::nullopt) << text;
  }
}

TEST(Calendar, FormatsInstantsThatReadBack) {
  EXPECT_EQ(format_instant(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_instant(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_instant(1'141'200'000 * kSecond + kSecond / 4), "2006-03-01T08:00:00.25Z");
  for (std::int64_t at = -9'200'000'000 * kSecond; at < 7'000'000'000 * kSecond; at += 123'456'789'012'345'678) {
    EXPECT_EQ(parse_instant(format_instant(at)), at);
  }
}

}  // namespace
}  // namespace deadletter::json
