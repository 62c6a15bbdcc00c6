#include "models/content/times.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/json/calendar.h"

namespace deadletter::content {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kNsPerTick = 100;

struct Wall {
  json::Date date;
  int hour, minute, second;
};

Wall wall_of(std::int64_t unix_s) {
  std::int64_t day = unix_s >= 0 ? unix_s / 86'400 : -((-unix_s + 86'399) / 86'400);
  auto in_day = static_cast<int>(unix_s - day * 86'400);
  return {json::date_of_day(day), in_day / 3600, in_day / 60 % 60, in_day % 60};
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
  std::int64_t ticks = unix_ns / kNsPerTick - (unix_ns % kNsPerTick < 0 ? 1 : 0);
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
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", w.date.year, w.date.month, w.date.day, w.hour, w.minute,
                     w.second);
}

std::optional<FileTime> parse_ical_utc(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  auto number = [&](std::size_t at, std::size_t size) { return digits(text.substr(at, size)); };
  auto year = number(0, 4), month = number(4, 2), day = number(6, 2), hour = number(9, 2), minute = number(11, 2),
       second = number(13, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  json::Date date{*year, *month, *day};
  bool exists = *year >= 1601 && *month >= 1 && *month <= 12 && json::date_of_day(json::days_since_1970(date)) == date;
  // 60: a leap second (RFC 5545 3.3.12), counted as the second after it.
  if (!exists || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::int64_t unix_s = json::days_since_1970(date) * 86'400 + *hour * 3600 + *minute * 60 + *second;
  return FileTime{unix_s * kTicksPerSecond + kFileTimeOfUnixEpoch};
}

std::string text(FileTime time) {
  Wall w = wall_of(unix_seconds(time));
  return fmt::format("{} {:02}:{:02}:{:02}Z", json::format_date(w.date), w.hour, w.minute, w.second);
}

}  // namespace deadletter::content
