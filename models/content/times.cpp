#include "models/content/times.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace deadletter::content {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kNsPerTick = 100;

struct Wall {
  std::int64_t year;
  int month, day, hour, minute, second;
};

// Proleptic Gregorian days to a date (the algorithm of days from civil, turned round).
Wall wall_of(std::int64_t unix_s) {
  std::int64_t day = unix_s >= 0 ? unix_s / 86'400 : -((-unix_s + 86'399) / 86'400);
  auto in_day = static_cast<int>(unix_s - day * 86'400);
  std::int64_t z = day + 719'468;
  std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  auto doe = static_cast<int>(z - era * 146'097);
  int yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int shifted = (5 * doy + 2) / 153;
  int month = shifted < 10 ? shifted + 3 : shifted - 9;
  std::int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, doy - (153 * shifted + 2) / 5 + 1, in_day / 3600, in_day / 60 % 60, in_day % 60};
}

bool leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : kDays[month - 1];
}

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  auto yoe = static_cast<int>(year - era * 400);
  int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

FileTime file_time(std::int64_t unix_ns) {
  std::int64_t ticks = unix_ns >= 0 ? unix_ns / kNsPerTick : -((-unix_ns + kNsPerTick - 1) / kNsPerTick);
  return {std::max<std::int64_t>(0, ticks + kFileTimeOfUnixEpoch)};
}

std::int64_t unix_ns(FileTime time) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / kNsPerTick;
  std::int64_t ticks = time.ticks - kFileTimeOfUnixEpoch;
  if (ticks > most) return std::numeric_limits<std::int64_t>::max();
  if (ticks < -most) return std::numeric_limits<std::int64_t>::min();
  return ticks * kNsPerTick;
}

std::int64_t unix_seconds(FileTime time) {
  return time.ticks / kTicksPerSecond - kFileTimeOfUnixEpoch / kTicksPerSecond;
}

VariantDate variant_date(FileTime time) { return {unix_seconds(time) + kVariantOfUnixEpoch}; }

std::string ical_utc(FileTime time) {
  Wall w = wall_of(unix_seconds(time));
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", w.year, w.month, w.day, w.hour, w.minute, w.second);
}

std::optional<FileTime> parse_ical_utc(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  auto number = [&](std::size_t at, std::size_t size) { return digits(text.substr(at, size)); };
  auto year = number(0, 4), month = number(4, 2), day = number(6, 2), hour = number(9, 2), minute = number(11, 2),
       second = number(13, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  bool date = *year >= 1601 && *month >= 1 && *month <= 12 && *day >= 1 && *day <= days_in(*year, *month);
  // 60: a leap second (RFC 5545 3.3.12), counted as the second after it.
  if (!date || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::int64_t unix_s = days_from_civil(*year, *month, *day) * 86'400 + *hour * 3600 + *minute * 60 + *second;
  return FileTime{unix_s * kTicksPerSecond + kFileTimeOfUnixEpoch};
}

std::string text(FileTime time) {
  Wall w = wall_of(unix_seconds(time));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z", w.year, w.month, w.day, w.hour, w.minute, w.second);
}

}  // namespace deadletter::content
