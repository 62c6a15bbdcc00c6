// Times of ASN.1: UTCTime with its years of two digits, GeneralizedTime for the others.
#include <fmt/format.h>

#include <algorithm>

#include "models/content/ber.h"
#include "models/content/times.h"

namespace deadletter::content::ber {
namespace {

constexpr std::int64_t kFirst = -11'644'473'600, kLast = 253'402'300'799;                   // of 1601 and 9999
constexpr std::int64_t kFirstOfTwoDigits = -631'152'000, kLastOfTwoDigits = 2'524'607'999;  // of 1950 and 2049

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Seconds east of Greenwich: "Z", "+hhmm", "-hhmm" or nothing.
std::optional<std::int64_t> zone(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  bool sign = text[0] == '+' || text[0] == '-';
  if (text.size() != 5 || !sign || !std::all_of(text.begin() + 1, text.end(), is_digit)) return std::nullopt;
  auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  std::int64_t east = two(1) * 3600 + two(3) * 60;
  return text[0] == '-' ? -east : east;
}

}  // namespace

std::optional<std::int64_t> unix_time(const Element& element) {
  std::string text = octets(element);
  auto digits = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  std::optional<std::int64_t> east = zone(std::string_view(text).substr(digits));
  text.resize(digits);
  if (digits == 10) text += "00";
  if (digits == 10 || digits == 12) text.insert(0, text[0] >= '5' ? "19" : "20");
  if (text.size() != 14 || !east) return std::nullopt;
  std::optional<FileTime> time = parse_ical_utc(text.substr(0, 8) + 'T' + text.substr(8) + 'Z');
  if (!time) return std::nullopt;
  std::int64_t unix_s = unix_seconds(*time) - *east;
  if (unix_s < kFirst || unix_s > kLast) return std::nullopt;
  return unix_s;
}

std::string time(std::int64_t unix_s, Tag tag) {
  unix_s = std::clamp(unix_s, kFirst, kLast);
  constexpr std::int64_t ticks_per_second = 10'000'000;
  std::string text = ical_utc({unix_s * ticks_per_second + kFileTimeOfUnixEpoch});
  text.erase(8, 1);
  bool two_digits = unix_s >= kFirstOfTwoDigits && unix_s <= kLastOfTwoDigits;
  return primitive(tag, two_digits ? std::string_view(text).substr(2) : std::string_view(text));
}

}  // namespace deadletter::content::ber
