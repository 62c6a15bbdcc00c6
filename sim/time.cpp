#include "sim/time.h"

#include <fmt/format.h>

#include <chrono>

namespace deadletter::sim {
namespace {

constexpr const char* kWeekday[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonth[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

CivilTime civil_time(std::int64_t unix_ns) {
  namespace c = std::chrono;
  c::sys_time<c::nanoseconds> t{c::nanoseconds{unix_ns}};
  auto day = c::floor<c::days>(t);
  c::year_month_day ymd{day};
  c::hh_mm_ss<c::nanoseconds> hms{t - day};
  return {static_cast<int>(ymd.year()),
          static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day())),
          static_cast<int>(hms.hours().count()),
          static_cast<int>(hms.minutes().count()),
          static_cast<int>(hms.seconds().count()),
          static_cast<int>(hms.subseconds().count()),
          static_cast<int>(c::weekday{day}.c_encoding())};
}

std::string rfc5322_date(std::int64_t unix_ns) {
  CivilTime t = civil_time(unix_ns);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kWeekday[t.weekday], t.day, kMonth[t.month - 1],
                     t.year, t.hour, t.minute, t.second);
}

std::string rfc3339_date(std::int64_t unix_ns) {
  CivilTime t = civil_time(unix_ns);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

std::string elapsed(Duration d) {
  std::int64_t s = d.ns / 1'000'000'000, rest = d.ns % 1'000'000'000;
  std::string text;
  if (s >= 86400) text = fmt::format("{}d ", s / 86400);
  text += fmt::format("{:02}:{:02}:{:02}", s / 3600 % 24, s / 60 % 60, s % 60);
  if (rest == 0) return text;
  std::string fraction = fmt::format("{:09}", rest);
  return text + "." + fraction.substr(0, fraction.find_last_not_of('0') + 1);
}

}  // namespace deadletter::sim
