#include "models/x400/mts_id.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "sim/time.h"

namespace deadletter::x400 {
namespace {

constexpr std::size_t kStampLength = 13;  // yymmddhhmmssZ
constexpr int kPivot = 50;

bool plain(char c) { return c >= 0x20 && c <= 0x7e && c != '=' && c != ';'; }

std::string part(std::string_view text) {
  std::string clean{text};
  for (char& c : clean)
    if (!plain(c)) c = '?';
  return clean;
}

// "c=us;" off the front.
std::optional<std::string> take_part(std::string_view& text, char name) {
  if (text.size() < 3 || text[0] != name || text[1] != '=') return std::nullopt;
  std::size_t end = text.find(';');
  if (end == std::string_view::npos || end == 2) return std::nullopt;
  std::string value{text.substr(2, end - 2)};
  for (char c : value)
    if (!plain(c)) return std::nullopt;
  text.remove_prefix(end + 1);
  return value;
}

// All of `text` as a number without a sign and without zeros in front.
std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_stamp(std::string_view text) {
  if (text.size() != kStampLength || text.back() != 'Z') return std::nullopt;
  int pairs[6];
  for (int i = 0; i < 6; ++i) {
    char tens = text[static_cast<std::size_t>(2 * i)], ones = text[static_cast<std::size_t>(2 * i + 1)];
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9') return std::nullopt;
    pairs[i] = (tens - '0') * 10 + (ones - '0');
  }
  std::chrono::year_month_day date{std::chrono::year{pairs[0] + (pairs[0] >= kPivot ? 1900 : 2000)},
                                   std::chrono::month{static_cast<unsigned>(pairs[1])},
                                   std::chrono::day{static_cast<unsigned>(pairs[2])}};
  if (!date.ok() || pairs[3] > 23 || pairs[4] > 59 || pairs[5] > 59) return std::nullopt;
  std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return ((days * 24 + pairs[3]) * 60 + pairs[4]) * 60 + pairs[5];
}

}  // namespace

std::string text(const MtsId& id) {
  sim::CivilTime t = sim::civil_time(id.submitted_unix_s * 1'000'000'000);
  return fmt::format("c={};a={};p={};l={}-{:02}{:02}{:02}{:02}{:02}{:02}Z-{}", part(id.country),
                     part(id.administration), part(id.organization), part(id.server), t.year % 100, t.month, t.day,
                     t.hour, t.minute, t.second, id.counter);
}

std::optional<MtsId> parse_mts_id(std::string_view text) {
  std::optional<std::string> country = take_part(text, 'c');
  std::optional<std::string> administration = country ? take_part(text, 'a') : std::nullopt;
  std::optional<std::string> organization = administration ? take_part(text, 'p') : std::nullopt;
  if (!organization || !text.starts_with("l=")) return std::nullopt;
  text.remove_prefix(2);
  // From the end, for a server's name may hold '-' itself.
  std::size_t second = text.rfind('-');
  if (second == std::string_view::npos || second < kStampLength + 2) return std::nullopt;
  std::size_t first = second - kStampLength - 1;
  std::string server{text.substr(0, first)};
  std::optional<std::int64_t> stamp = parse_stamp(text.substr(first + 1, kStampLength));
  std::optional<std::uint32_t> counter = number(text.substr(second + 1));
  if (text[first] != '-' || !stamp || !counter || part(server) != server) return std::nullopt;
  return MtsId{*country, *administration, *organization, server, *stamp, *counter};
}

}  // namespace deadletter::x400
