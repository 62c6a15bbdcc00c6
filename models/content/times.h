// The three ways in which mail software of the time wrote a date, each as a type with its range.
//
//   FileTime     100 ns since 1601-01-01T00:00:00Z, in MAPI (PT_SYSTIME); zero means 1 January 1601, or "never set".
//   VariantDate  days since 1899-12-30 with a fraction, in OLE automation; here whole seconds, for that is its
//   precision
//                (SystemTimeToVariantTime drops milliseconds).
//   UnixTime     seconds since 1970-01-01T00:00:00Z, as far as an iCalendar DATE-TIME of four digits a year goes.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::content {

inline constexpr std::int64_t kFileTimeOfUnixEpoch = 116'444'736'000'000'000;  // in 100 ns
inline constexpr std::int64_t kVariantOfUnixEpoch = 25'569LL * 86'400;         // in seconds since 1899-12-30

struct FileTime {
  std::int64_t ticks = 0;  // not negative
  friend constexpr auto operator<=>(FileTime, FileTime) = default;
};

struct VariantDate {
  std::int64_t seconds = 0;  // since 1899-12-30T00:00:00; day -109205 is 1601-01-01
  friend constexpr auto operator<=>(VariantDate, VariantDate) = default;
  constexpr std::int64_t day() const { return seconds >= 0 ? seconds / 86'400 : -((-seconds + 86'399) / 86'400); }
};

// Which days VariantTimeToSystemTime can express, both inclusive. 1753-01-01 to 2078-12-31 by its documentation of the
// period (previous-versions/aa912065); today's page says 1900-01-01 to 9999-12-31.
struct VariantRange {
  std::int64_t first_day = -53'688, last_day = 65'380;  // days since 1899-12-30
  friend constexpr auto operator<=>(VariantRange, VariantRange) = default;
  constexpr bool holds(VariantDate date) const { return first_day <= date.day() && date.day() <= last_day; }
};

FileTime file_time(std::int64_t unix_ns);  // clamped to 1601 and later
std::int64_t unix_ns(FileTime time);       // clamped to what 64 bits of nanoseconds hold (1678 to 2262)
std::int64_t unix_seconds(FileTime time);  // exact, rounded down
VariantDate variant_date(FileTime time);   // exact to the second, rounded down
std::string ical_utc(FileTime time);       // "20060301T080000Z"; 16010101T000000Z for zero
std::optional<FileTime> parse_ical_utc(std::string_view text);  // nothing when it is none, or before 1601
std::string text(FileTime time);                                // "2006-03-01 08:00:00Z", for people

}  // namespace deadletter::content
