// Simulated time: integer nanoseconds in two types that do not mix.
//
// An Instant is the time since the start of a run; a Duration is the distance between two. Nothing here reads a clock.
// Range: about 292 years either way; text with units is read and written by sim/json/units.
#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <string>

namespace deadletter::sim {

struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
  static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
  static constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
  static constexpr Duration days(std::int64_t n) { return hours(n * 24); }
  static constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.ns * n}; }
};

struct Instant {
  std::int64_t ns = 0;

  static constexpr Instant never() { return {std::numeric_limits<std::int64_t>::max()}; }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant a, Duration d) { return {a.ns + d.ns}; }
  friend constexpr Instant operator-(Instant a, Duration d) { return {a.ns - d.ns}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.ns - b.ns}; }
};

// A point of the civil calendar (UTC, proleptic Gregorian), for Date: headers, log stamps and weekday curves.
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int nanosecond = 0;
  int weekday = 4;  // 0 = Sunday
};

// `unix_ns` counts nanoseconds since 1970-01-01T00:00:00Z.
CivilTime civil_time(std::int64_t unix_ns);

// "Wed, 01 Mar 2006 08:00:00 +0000": RFC 5322 3.3, English whatever the locale.
std::string rfc5322_date(std::int64_t unix_ns);

// "2006-03-01T08:00:00Z": RFC 3339.
std::string rfc3339_date(std::int64_t unix_ns);

// Elapsed time for people, "2d 03:04:05.678901234" without what is zero at the end: "0.250", "12:00:00".
std::string elapsed(Duration d);

}  // namespace deadletter::sim
