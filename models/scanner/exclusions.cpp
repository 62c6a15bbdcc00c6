#include "models/scanner/exclusions.h"

#include <algorithm>

namespace deadletter::scanner {
namespace {

constexpr std::size_t kLongestName = 255;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool covers_class(std::string_view pattern, std::string_view message_class) {
  if (pattern.starts_with('.') || message_class.size() < pattern.size()) return false;
  bool whole_words = message_class.size() == pattern.size() || message_class[pattern.size()] == '.';
  return whole_words && same(message_class.substr(0, pattern.size()), pattern);
}

bool covers_name(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with('.') || name.size() < pattern.size()) return false;
  return same(name.substr(name.size() - pattern.size()), pattern);
}

bool is_word_character(char c) {
  char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

bool Exclusions::cover(std::string_view message_class, std::span<const std::string_view> attachments) const {
  if (patterns.empty()) return false;
  auto any_pattern = [&](auto covers, std::string_view text) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return covers(pattern, text); });
  };
  if (any_pattern(covers_class, message_class)) return true;
  auto excluded = [&](std::string_view name) { return any_pattern(covers_name, name); };
  return !attachments.empty() && std::ranges::all_of(attachments, excluded);
}

bool is_exclusion(std::string_view text) {
  if (text.empty() || text.size() > kLongestName || text.ends_with('.') || text.find("..") != text.npos) return false;
  return std::ranges::all_of(text, [](char c) { return c == '.' || is_word_character(c); });
}

}  // namespace deadletter::scanner
