// Dates in their three forms: where each begins, what the range of the conversion holds, and that a date written in one
// form is read as the same date.
#include "models/content/times.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "sim/json/calendar.h"

namespace deadletter::content {
namespace {

constexpr std::int64_t kSecond = 10'000'000, kDay = 86'400 * kSecond;  // in ticks
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max(),
                       kLeast = std::numeric_limits<std::int64_t>::min();

FileTime day(int year, int month, int of_month) {
  return {json::days_since_1970({year, month, of_month}) * kDay + kFileTimeOfUnixEpoch};
}

TEST(Times, ZeroIsTheFirstOfJanuary1601InEveryForm) {
  EXPECT_EQ(FileTime{}, day(1601, 1, 1));
  EXPECT_EQ(text(FileTime{}), "1601-01-01 00:00:00Z");
  EXPECT_EQ(ical_utc(FileTime{}), "16010101T000000Z");
  EXPECT_EQ(variant_date(FileTime{}).day(), -109'205);
  EXPECT_EQ(parse_ical_utc("16010101T000000Z"), FileTime{});
}

TEST(Times, TheEpochsOfTheThreeForms) {
  EXPECT_EQ(file_time(0).ticks, kFileTimeOfUnixEpoch);
  EXPECT_EQ(unix_seconds(FileTime{}), -11'644'473'600);
  EXPECT_EQ(variant_date(day(1899, 12, 30)), VariantDate{0});
  EXPECT_EQ(variant_date(day(1970, 1, 1)).day(), 25'569);
}

struct Edge {
  FileTime time;
  std::int64_t serial;
  bool held;
};

TEST(Times, TheRangeHoldsItsFirstAndItsLastDayWhole) {
  const FileTime first = day(1753, 1, 1), after_last = day(2079, 1, 1);
  const Edge edges[] = {
      {{}, -109'205, false},
      {{first.ticks - 1}, -53'689, false},
      {first, -53'688, true},
      {{first.ticks + kDay - 1}, -53'688, true},
      {day(1899, 12, 29), -1, true},
      {day(1899, 12, 30), 0, true},
      {day(2006, 3, 1), 38'777, true},
      {day(2078, 12, 31), 65'380, true},
      {{after_last.ticks - 1}, 65'380, true},
      {after_last, 65'381, false},
      {{kMost}, 10'565'994, false},
  };
  for (const Edge& e : edges) {
    EXPECT_EQ(variant_date(e.time).day(), e.serial) << e.time.ticks;
    EXPECT_EQ(VariantRange{}.holds(variant_date(e.time)), e.held) << e.time.ticks;
  }
}

TEST(Times, ARangeMayBeOneDayOrNone) {
  VariantRange one{.first_day = 5, .last_day = 5}, none{.first_day = 6, .last_day = 5};
  EXPECT_TRUE(one.holds({5 * 86'400}));
  EXPECT_TRUE(one.holds({6 * 86'400 - 1}));
  EXPECT_FALSE(one.holds({5 * 86'400 - 1}));
  EXPECT_FALSE(one.holds({6 * 86'400}));
  EXPECT_FALSE(none.holds({5 * 86'400}));
}

TEST(Times, PartsOfASecondAreRoundedDownOnBothSidesOfAnEpoch) {
  FileTime before{kFileTimeOfUnixEpoch - 1};
  EXPECT_EQ(unix_seconds(before), -1);
  EXPECT_EQ(text(before), "1969-12-31 23:59:59Z");
  EXPECT_EQ(file_time(-1), before);
  EXPECT_EQ(file_time(-100), before);
  EXPECT_EQ(file_time(-101).ticks, before.ticks - 1);
  EXPECT_EQ(file_time(199).ticks, kFileTimeOfUnixEpoch + 1);
  EXPECT_EQ(VariantDate{-1}.day(), -1);
  EXPECT_EQ(VariantDate{-86'400}.day(), -1);
  EXPECT_EQ(VariantDate{-86'401}.day(), -2);
}

TEST(Times, NanosecondsEndWhere64BitsDo) {
  EXPECT_EQ(unix_ns({kMost}), kMost);
  EXPECT_EQ(unix_ns({0}), kLeast);
  EXPECT_EQ(unix_ns({kFileTimeOfUnixEpoch + kMost / 100}), kMost / 100 * 100);
  EXPECT_EQ(unix_ns({kFileTimeOfUnixEpoch + kMost / 100 + 1}), kMost);
  EXPECT_EQ(unix_ns({kFileTimeOfUnixEpoch - kMost / 100}), -(kMost / 100 * 100));
  EXPECT_EQ(unix_ns({kFileTimeOfUnixEpoch - kMost / 100 - 1}), kLeast);
  // Before 1601 there is no time in MAPI.
  EXPECT_GT(file_time(kLeast + 100).ticks, 0);
  EXPECT_EQ(text(file_time(kMost)), "2262-04-11 23:47:16Z");
}

TEST(Times, AnyDateOfFourDigitsIsReadAsItWasWritten) {
  std::mt19937_64 random(1601);
  std::int64_t end = day(9999, 12, 31).ticks + kDay;
  for (int i = 0; i < 100'000; ++i) {
    FileTime time{static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end))};
    FileTime whole{time.ticks - time.ticks % kSecond};
    auto read = parse_ical_utc(ical_utc(time));
    ASSERT_EQ(read, whole) << time.ticks;
    ASSERT_EQ(variant_date(time), variant_date(whole));
    ASSERT_LE(variant_date(time), variant_date({time.ticks + kSecond}));
  }
}

TEST(Times, NanosecondsAndTicksAreTheSameDate) {
  std::mt19937_64 random(1970);
  for (int i = 0; i < 100'000; ++i) {
    std::int64_t ns = static_cast<std::int64_t>(random()) / 100 * 100;
    if (ns < -9'200'000'000'000'000'000) continue;
    ASSERT_EQ(unix_ns(file_time(ns)), ns);
  }
}

TEST(Times, TheEdgesOfWhatIsRead) {
  EXPECT_EQ(parse_ical_utc("99991231T235959Z"), (FileTime{day(9999, 12, 31).ticks + kDay - kSecond}));
  EXPECT_EQ(parse_ical_utc("20040229T000000Z"), day(2004, 2, 29));
  EXPECT_EQ(parse_ical_utc("20000229T000000Z"), day(2000, 2, 29));
  EXPECT_EQ(parse_ical_utc("20051231T235960Z"), day(2006, 1, 1));
}

TEST(Times, WhatIsNoDateIsNotRead) {
  for (const char* malformed : {"",
                                "2006",
                                "20060301",
                                "20060301T080000",     // no zone
                                "20060301T080000z",    // no capital
                                "20060301 080000Z",    // no T
                                "20060301t080000Z",    //
                                "20060301T0800000Z",   // too long
                                " 20060301T080000Z",   //
                                "2006030aT080000Z",    // no digit
                                "+0060301T080000Z",    //
                                "20060301T-80000Z",    //
                                "16001231T235959Z",    // before 1601
                                "00000101T000000Z",    //
                                "20060001T080000Z",    // no such month
                                "20061301T080000Z",    //
                                "20060300T080000Z",    // no such day
                                "20060332T080000Z",    //
                                "20060431T080000Z",    //
                                "20050229T080000Z",    // no leap year
                                "19000229T080000Z",    //
                                "20060301T240000Z",    // no such hour
                                "20060301T086000Z",    // no such minute
                                "20060301T080061Z",    // no such second
                                "2006-03-01T08:00Z"})  //
    EXPECT_EQ(parse_ical_utc(malformed), std::nullopt) << malformed;
}

}  // namespace
}  // namespace deadletter::content
