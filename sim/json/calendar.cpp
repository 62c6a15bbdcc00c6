// Day numbers count eras of 400 years from 1 March, so that the leap day is the last of a year.
#include "sim/json/calendar.h"

#include <fmt/format.h>

namespace deadletter::json {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr int kFirstDateYear = 1601, kFirstInstantYear = 1678, kLastYear = 2200;

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Takes fixed-width parts off the front of a text; once one is wrong, all later ones are.
class Taker {
 public:
  explicit Taker(std::string_view text) : text_(text) {}

  int number(std::size_t digits, int lo, int hi) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= text_.size() || text_[i] < '0' || text_[i] > '9') return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return value >= lo && value <= hi ? value : fail();
  }

  void mark(char c) {
    if (!accept(c)) fail();
  }

  bool accept(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  // The digits after a decimal point, as nanoseconds.
  std::int64_t decimals() {
    std::int64_t value = 0, place = kSecond;
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9' && place > 1) {
      place /= 10;
      value += (text_.front() - '0') * place;
      text_.remove_prefix(1);
    }
    if (place == kSecond) fail();
    return value;
  }

  bool complete() const { return !failed_ && text_.empty(); }

 private:
  int fail() {
    failed_ = true;
    text_ = {};
    return 1;  // in range everywhere, so that arithmetic on a failed text stays defined
  }

  std::string_view text_;
  bool failed_ = false;
};

Date take_date(Taker& taker, int first_year) {
  Date date;
  date.year = taker.number(4, first_year, kLastYear);
  taker.mark('-');
  date.month = taker.number(2, 1, 12);
  taker.mark('-');
  date.day = taker.number(2, 1, days_in_month(date.year, date.month));
  return date;
}

// What to subtract from local time, in seconds.
std::int64_t take_offset(Taker& taker) {
  if (taker.accept('Z')) return 0;
  const bool west = taker.accept('-');
  if (!west) taker.mark('+');
  const std::int64_t hours = taker.number(2, 0, 23);
  taker.mark(':');
  const std::int64_t offset = hours * 3600 + taker.number(2, 0, 59) * 60;
  return west ? -offset : offset;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Taker taker(text);
  const Date date = take_date(taker, kFirstDateYear);
  if (!taker.complete()) return std::nullopt;
  return date;
}

std::string format_date(Date date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

std::int64_t days_since_1970(Date date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;  // March is 0
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Date date_of_day(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // March is 0
  const std::int64_t year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
  return {static_cast<int>(year), static_cast<int>(month < 10 ? month + 3 : month - 9),
          static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1)};
}

std::optional<std::int64_t> parse_instant(std::string_view text) {
  Taker taker(text);
  const Date date = take_date(taker, kFirstInstantYear);
  taker.mark('T');
  std::int64_t seconds = taker.number(2, 0, 23) * 3600;
  taker.mark(':');
  seconds += taker.number(2, 0, 59) * 60;
  taker.mark(':');
  seconds += taker.number(2, 0, 59);
  const std::int64_t decimals = taker.accept('.') ? taker.decimals() : 0;
  seconds -= take_offset(taker);
  if (!taker.complete()) return std::nullopt;
  return days_since_1970(date) * kDay + seconds * kSecond + decimals;
}

std::string format_instant(std::int64_t nanoseconds) {
  std::int64_t days = nanoseconds / kDay, within = nanoseconds % kDay;
  if (within < 0) {
    within += kDay;
    --days;
  }
  const std::int64_t seconds = within / kSecond;
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}", format_date(date_of_day(days)), seconds / 3600,
                                seconds / 60 % 60, seconds % 60);
  if (within % kSecond != 0) {
    out += fmt::format(".{:09}", within % kSecond);
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out + "Z";
}

}  // namespace deadletter::json
