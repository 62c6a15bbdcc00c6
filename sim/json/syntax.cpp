// One function per thing that the grammar expects; each looks at the character that stands there instead.
#include "sim/json/syntax.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/json/excerpt.h"
#include "sim/json/utf8.h"
#include "sim/json/value.h"

namespace deadletter::json {

SyntaxError explain_token(const Cursor& at);  // syntax_token.cpp

namespace {

std::string name_of_end(const Stop& stop) {
  const auto [line, column] = stop.opened;
  if (stop.open == '\0') return "the file ends where a value is expected";
  return fmt::format("the file ends before the '{}' of line {}, column {} is closed", stop.open, line, column);
}

std::string found(const Cursor& at) {
  const CodePoint point = decode(at.rest(), 0);
  const std::size_t word = word_length(at.rest());
  if (at.peek() == '"') return "a string";
  return show(at.rest().substr(0, word > 0 ? word : point.size));
}

SyntaxError expect_value(const Stop& stop) {
  const Cursor& at = stop.cursor;
  if (at.at_end()) return {at.position(), name_of_end(stop)};
  const char c = at.peek();
  if (c == ',' || c == '}' || c == ']' || c == ':') {
    return {at.position(), fmt::format("expected a value, found '{}'", c)};
  }
  return explain_token(at);
}

SyntaxError expect_key(const Stop& stop, bool may_close) {
  const Cursor& at = stop.cursor;
  if (at.at_end()) return {at.position(), name_of_end(stop)};
  if (at.peek() == '"' || at.peek() == '\'') return explain_token(at);
  const std::size_t word = word_length(at.rest());
  if (word > 0) {
    return {at.position(), fmt::format("a key is written in double quotes: {}", show(at.rest().substr(0, word)))};
  }
  return {at.position(),
          fmt::format("expected a key in double quotes{}, found {}", may_close ? " or '}'" : "", found(at))};
}

SyntaxError expect_colon(Stop& stop) {
  Cursor& at = stop.cursor;
  if (at.peek() == ':') {
    at.next();
    if (at.skip_blank()) return expect_value(stop);
    return explain_token(at);
  }
  if (at.at_end()) return {at.position(), name_of_end(stop)};
  return {at.position(), fmt::format("expected ':' after the key {}", show(stop.key))};
}

// `15m`, `10.0.0.1`, `2006-03-01` and `007` were taken for a number with something behind it.
std::optional<SyntaxError> glued(const Stop& stop) {
  if (!stop.last_word) return std::nullopt;
  const Cursor& start = *stop.last_word;
  const std::string_view behind = stop.cursor.rest();
  const auto part = [](char c) { return is_word(c) || std::string_view(".:+-").find(c) != std::string_view::npos; };
  const auto end = std::find_if_not(behind.begin(), behind.end(), part);
  if (end == behind.begin()) return std::nullopt;
  const std::size_t length = stop.cursor.offset() - start.offset() + static_cast<std::size_t>(end - behind.begin());
  const bool unit = std::all_of(behind.begin(), end, is_word) && (is_digit(start.peek()) || start.peek() == '-');
  if (unit && start.peek() == '0' && is_digit(behind[0])) {
    return SyntaxError{start.position(), "a number is written without leading zeros"};
  }
  return SyntaxError{start.position(),
                     fmt::format("{} is written in double quotes: {}", unit ? "a number with a unit" : "text",
                                 show(start.rest().substr(0, length)))};
}

SyntaxError expect_comma(Stop& stop) {
  Cursor& at = stop.cursor;
  const char close = stop.open == '{' ? '}' : ']';
  if (at.at_end()) return {at.position(), name_of_end(stop)};
  if (at.peek() != ',') {
    const char* what = stop.open == '{' ? "a member" : "an item";
    return {at.position(), fmt::format("expected ',' or '{}' after {}, found {}", close, what, found(at))};
  }
  const Position comma = at.position();
  at.next();
  if (!at.skip_blank()) return explain_token(at);
  if (at.peek() == close) return {comma, fmt::format("trailing comma: nothing follows before '{}'", close)};
  return stop.open == '{' ? expect_key(stop, false) : expect_value(stop);
}

SyntaxError expect_end(const Stop& stop) {
  const Position at = stop.cursor.position();
  return {at, fmt::format("expected the end of the file after the value, found {}", found(stop.cursor))};
}

}  // namespace

SyntaxError explain(Stop stop) {
  if (stop.after == Stop::After::value) {
    if (auto error = glued(stop)) return *error;
  }
  if (!stop.cursor.skip_blank()) return explain_token(stop.cursor);
  switch (stop.after) {
    case Stop::After::nothing:
      if (stop.cursor.at_end()) return {stop.cursor.position(), "the file is empty"};
      return expect_value(stop);
    case Stop::After::opening:
      if (stop.open == '{') return expect_key(stop, true);
      return expect_value(stop);
    case Stop::After::key:
      return expect_colon(stop);
    case Stop::After::value:
      break;
  }
  if (stop.open != '\0') return expect_comma(stop);
  return expect_end(stop);
}

std::optional<SyntaxError> find_bad_character(std::string_view text) {
  const std::string_view first = text.substr(0, 2);
  if (first == "\xFF\xFE" || first == "\xFE\xFF" || (first.size() == 2 && (first[0] == 0) != (first[1] == 0)))
    return SyntaxError{{1, 1}, "the text seems to be in UTF-16: write it in UTF-8"};
  Cursor at(text);
  while (!at.at_end()) {
    const CodePoint point = decode(at.rest(), 0);
    if (!point.valid) {
      const auto octet = static_cast<unsigned>(point.value);
      return SyntaxError{at.position(), fmt::format("the octet 0x{:02X} is no valid UTF-8", octet)};
    }
    if (point.value == 0) return SyntaxError{at.position(), "a NUL character is not allowed"};
    at.next();
  }
  return std::nullopt;
}

}  // namespace deadletter::json
