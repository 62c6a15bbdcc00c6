#include "models/mail/status.h"

#include <fmt/format.h>

#include <charconv>

namespace deadletter::mail {
namespace {

// RFC 3463 2: subject and detail are up to three digits.
bool take_number(std::string_view& text, std::uint16_t& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::size_t digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || digits > 3) return false;
  text.remove_prefix(digits);
  return true;
}

bool take_dot(std::string_view& text) {
  if (text.empty() || text[0] != '.') return false;
  text.remove_prefix(1);
  return true;
}

bool take_status(std::string_view& text, Status& status) {
  if (text.empty() || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return false;
  status.major = static_cast<std::uint8_t>(text[0] - '0');
  text.remove_prefix(1);
  return take_dot(text) && take_number(text, status.subject) && take_dot(text) && take_number(text, status.detail);
}

}  // namespace

std::string text(Status s) { return fmt::format("{}.{}.{}", s.major, s.subject, s.detail); }

std::optional<Status> parse_status(std::string_view text) {
  Status status;
  if (!take_status(text, status) || !text.empty()) return std::nullopt;
  return status;
}

Status leading_status(std::string_view reply_text) {
  Status status;
  if (!take_status(reply_text, status)) return {};
  return reply_text.empty() || reply_text[0] == ' ' ? status : Status{};
}

}  // namespace deadletter::mail
