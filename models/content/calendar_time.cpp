// The DATE and DATE-TIME of calendar objects, and the words for what readers tell of.
#include <fmt/format.h>

#include "models/content/calendar.h"
#include "models/content/times.h"

namespace deadletter::content {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kFirst = -kFileTimeOfUnixEpoch / kTicksPerSecond;  // 1601-01-01T00:00:00
constexpr std::int64_t kLast = 253'402'300'799;                           // 9999-12-31T23:59:59

}  // namespace

std::optional<CalendarTime> parse_calendar_time(std::string_view text) {
  CalendarTime time;
  time.date_only = text.size() == 8;
  time.utc = text.size() == 16;
  if (!time.date_only && !time.utc && text.size() != 15) return std::nullopt;
  // The reading of any zone is read as if it were UTC.
  auto read = parse_ical_utc(std::string(text) + (time.date_only ? "T000000Z" : time.utc ? "" : "Z"));
  if (!read || unix_seconds(*read) > kLast) return std::nullopt;
  time.wall_s = unix_seconds(*read);
  return time;
}

std::string text(const CalendarTime& time) {
  if (time.wall_s < kFirst || time.wall_s > kLast) return "";
  std::int64_t since_1601 = time.wall_s - kFirst;
  if (time.date_only) since_1601 -= since_1601 % kDay;
  std::string utc = ical_utc({since_1601 * kTicksPerSecond});
  return utc.substr(0, time.date_only ? 8 : time.utc ? 16 : 15);
}

std::string text(const CalendarProblem& problem) {
  return problem.line == 0 ? problem.reason : fmt::format("line {}: {}", problem.line, problem.reason);
}

const char* text(PartStat status) {
  switch (status) {
    case PartStat::needs_action:
      return "NEEDS-ACTION";
    case PartStat::accepted:
      return "ACCEPTED";
    case PartStat::tentative:
      return "TENTATIVE";
    case PartStat::declined:
      return "DECLINED";
    case PartStat::delegated:
      return "DELEGATED";
  }
  return "NEEDS-ACTION";
}

}  // namespace deadletter::content
