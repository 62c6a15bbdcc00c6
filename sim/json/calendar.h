// Dates and instants as text, in the proleptic Gregorian calendar. For the files and for the command line alike.
//
// Promises: calendar days are checked; what is refused is refused whole. Instants are nanoseconds since 1970 UTC, which
// 64 bits hold from September 1677: the accepted years are 1678 to 2200. Dates go back to 1601.
// NOT MODELLED: leap seconds (":60" is refused), as in UTC counted by computers.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::json {

struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;
  friend auto operator<=>(const Date&, const Date&) = default;
};

// "2003-09-20"
std::optional<Date> parse_date(std::string_view text);
std::string format_date(Date date);

std::int64_t days_since_1970(Date date);
Date date_of_day(std::int64_t days_since_1970);

// RFC 3339: "2006-03-01T08:00:00Z", "2006-03-01T09:00:00.25+01:00". Up to nine decimals.
std::optional<std::int64_t> parse_instant(std::string_view text);
std::string format_instant(std::int64_t nanoseconds_since_1970);

}  // namespace deadletter::json
