#include "topologies/mailboxes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "models/mail/address.h"
#include "sim/json/excerpt.h"

namespace deadletter::topologies {
namespace {

// Digits only: "+1", " 1", "01" and what has more than nine digits are none.
std::optional<std::int64_t> number(std::string_view text) {
  bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string MailboxSeries::at(std::int64_t number) const {
  if (!numbered) return before;
  return fmt::format("{}{}{}", before, number, after);
}

bool is_series(std::string_view text) {
  std::size_t open = text.find('{'), dots = text.find("..", open == text.npos ? text.size() : open);
  return dots != text.npos && text.find('}', dots) != text.npos;
}

std::optional<MailboxSeries> parse_mailboxes(std::string_view text, std::string& why) {
  MailboxSeries series;
  auto wrong = [&](std::string reason) {
    why = fmt::format("{} is no range of mailboxes: {}", json::show(text), std::move(reason));
    return std::nullopt;
  };
  if (!is_series(text)) {
    if (!mail::valid_address(text)) return wrong("it is no address");
    series.before = text;
    return series;
  }
  std::size_t open = text.find('{'), close = text.find('}', open), dots = text.find("..", open);
  if (std::ranges::count(text, '{') != 1 || std::ranges::count(text, '}') != 1 || dots > close)
    return wrong("expected one pair of braces");
  if (std::size_t at = text.rfind('@'); at == text.npos || at < close)
    return wrong("expected the braces in the local part, before the @");
  auto first = number(text.substr(open + 1, dots - open - 1)), last = number(text.substr(dots + 2, close - dots - 2));
  if (!first || !last) return wrong("expected two whole numbers in braces, such as {1..1000}");
  if (*first > *last) return wrong(fmt::format("it ends at {}, before it begins at {}", *last, *first));
  series = {std::string(text.substr(0, open)), std::string(text.substr(close + 1)), *first, *last, true};
  if (series.count() > kMostMailboxes)
    return wrong(fmt::format("it has {} mailboxes, a topology has {} at most", series.count(), kMostMailboxes));
  // The last one is the longest.
  for (std::int64_t n : {series.first, series.last})
    if (!mail::valid_address(series.at(n))) return wrong(fmt::format("{} is no address", json::show(series.at(n))));
  return series;
}

std::string mailbox_series(std::string_view before, std::int64_t first, std::int64_t count, std::string_view after) {
  if (count == 1) return fmt::format("{}{}{}", before, first, after);
  return fmt::format("{}{{{}..{}}}{}", before, first, first + count - 1, after);
}

std::int64_t mailbox_count(const std::vector<Name>& entries) {
  std::int64_t count = 0;
  std::string why;
  for (const Name& entry : entries) count += parse_mailboxes(entry.value, why)->count();
  return count;
}

}  // namespace deadletter::topologies
