// Why one token is malformed: a string, a number, a word, a comment, or a character that starts no token.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/json/excerpt.h"
#include "sim/json/syntax.h"
#include "sim/json/utf8.h"
#include "sim/json/value.h"

namespace deadletter::json {
namespace {

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// The four hexadecimal digits after "\u", or -1.
int hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    if (!is_hex(c)) return -1;
    value = value * 16 + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

bool is_high_surrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// What is wrong with the escape at the cursor, which is passed when it is right.
std::optional<SyntaxError> check_escape(Cursor& at) {
  const std::string_view text = at.rest();
  if (text.size() < 2) {
    at.next();
    return std::nullopt;  // the end of the file says it better
  }
  if (text[1] != 'u') {
    if (std::string_view("\"\\/bfnrt").find(text[1]) == std::string_view::npos) {
      const bool printable = text[1] > ' ' && text[1] < '\x7F';
      return SyntaxError{at.position(),
                         fmt::format("'{}' is no escape; valid are {}", text.substr(0, printable ? 2 : 1),
                                     R"(\" \\ \/ \b \f \n \r \t \uXXXX)")};
    }
    at.advance(2);
    return std::nullopt;
  }
  const int unit = hex4(text.substr(2));
  if (unit < 0) return SyntaxError{at.position(), "four hexadecimal digits must follow '\\u'"};
  if (is_high_surrogate(unit) && text.substr(6, 2) == "\\u" && is_low_surrogate(hex4(text.substr(8)))) {
    at.advance(12);
    return std::nullopt;
  }
  if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
    return SyntaxError{at.position(), fmt::format("'\\u{:04X}' is half of a surrogate pair", unit)};
  }
  at.advance(6);
  return std::nullopt;
}

SyntaxError explain_string(Cursor at) {
  const Position start = at.position();
  at.next();
  while (!at.at_end() && at.peek() != '"' && at.peek() != '\n' && at.peek() != '\r') {
    if (at.peek() == '\\') {
      if (auto error = check_escape(at)) return *error;
    } else if (static_cast<unsigned char>(at.peek()) < 0x20) {
      return {at.position(), fmt::format("a control character in a string is written as an escape: \\u{:04x}",
                                         static_cast<unsigned>(at.peek()))};
    } else {
      at.next();
    }
  }
  if (at.at_end()) return {start, "the string is not closed: the file ends before the next '\"'"};
  return {start, "the string is not closed: expected '\"' before the end of the line"};
}

SyntaxError explain_number(const Cursor& at) {
  const std::string_view text = at.rest();
  const std::size_t sign = text[0] == '-' ? 1 : 0;
  const std::string_view digits = text.substr(sign);
  if (digits.empty() || !is_digit(digits[0])) return {at.position(), "expected a digit after '-'"};
  if (number_length(text) > 0) {
    const std::string_view behind = text.substr(number_length(text));
    if (!behind.empty() && behind[0] == '.') return {at.position(), "expected a digit after the decimal point"};
    if (!behind.empty() && (behind[0] | 0x20) == 'e') return {at.position(), "expected a digit in the exponent"};
  }
  return {at.position(), "number is out of range"};
}

SyntaxError explain_word(const Cursor& at) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kMeant{{{"True", "true"},
                                                                                        {"TRUE", "true"},
                                                                                        {"False", "false"},
                                                                                        {"FALSE", "false"},
                                                                                        {"None", "null"},
                                                                                        {"NULL", "null"},
                                                                                        {"Null", "null"},
                                                                                        {"nil", "null"},
                                                                                        {"undefined", "null"}}};
  const std::string_view word = at.rest().substr(0, word_length(at.rest()));
  for (const auto& [written, meant] : kMeant) {
    if (word == written) return {at.position(), fmt::format("'{}' is written {} in JSON", written, meant)};
  }
  return {at.position(), fmt::format("text is written in double quotes: {}", show(word))};
}

}  // namespace

SyntaxError explain_token(const Cursor& at) {
  const char c = at.peek();
  if (c == '"') return explain_string(at);
  if (c == '-' || is_digit(c)) return explain_number(at);
  if (c == '\'') return {at.position(), "text is written in double quotes, not in single quotes"};
  if (c == '+') return {at.position(), "a number is written without '+'"};
  if (c == '.') return {at.position(), "a number starts with a digit: 0.5, not .5"};
  if (c == '/' && at.rest().substr(0, 2) == "/*") return {at.position(), "the comment is not closed: expected '*/'"};
  if (c == '/') return {at.position(), "a comment starts with '//' or '/*'"};
  if (c == '#') return {at.position(), "a comment starts with '//' or '/*', not with '#'"};
  if (is_word(c)) return explain_word(at);
  const std::string_view text = at.rest().substr(0, decode(at.rest(), 0).size);
  return {at.position(), fmt::format("unexpected character {}", show(text))};
}

}  // namespace deadletter::json
