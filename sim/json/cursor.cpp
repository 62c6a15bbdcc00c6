// Comments end where the tokenizer ends them: "//" at a line feed or carriage return, "/*" at the next "*/".
#include "sim/json/cursor.h"

#include <algorithm>

#include "sim/json/utf8.h"

namespace deadletter::json {
namespace {

// The length of the comment at the start of the text; 0 when it is malformed.
std::size_t comment_length(std::string_view text) {
  if (text.substr(0, 2) == "//") return std::min(text.find_first_of("\r\n"), text.size());
  if (text.substr(0, 2) != "/*") return 0;
  const std::size_t end = text.find("*/", 2);
  return end == std::string_view::npos ? 0 : end + 2;
}

std::size_t digits_length(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

}  // namespace

Cursor::Cursor(std::string_view text) : text_(text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") offset_ = 3;
}

void Cursor::next() {
  if (at_end()) return;
  const bool line_feed = peek() == '\n';
  offset_ += decode(text_, offset_).size;
  position_ = line_feed ? Position{position_.line + 1, 1} : Position{position_.line, position_.column + 1};
}

void Cursor::advance(std::size_t octets) {
  const std::size_t end = offset_ + octets;
  while (offset_ < end && !at_end()) next();
}

bool Cursor::skip_blank() {
  while (!at_end()) {
    if (is_blank(peek())) {
      next();
    } else if (peek() == '/') {
      const std::size_t length = comment_length(rest());
      if (length == 0) return false;
      advance(length);
    } else {
      return true;
    }
  }
  return true;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t string_length(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

std::size_t number_length(std::string_view text) {
  std::size_t i = text.substr(0, 1) == "-" ? 1 : 0;
  const std::size_t whole = digits_length(text.substr(i));
  if (whole == 0) return 0;
  i += text[i] == '0' ? 1 : whole;
  if (i < text.size() && text[i] == '.') {
    const std::size_t decimals = digits_length(text.substr(i + 1));
    if (decimals == 0) return i;
    i += 1 + decimals;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const std::size_t sign = i + 1 < text.size() && (text[i + 1] == '+' || text[i + 1] == '-') ? 1 : 0;
    const std::size_t exponent = digits_length(text.substr(i + 1 + sign));
    if (exponent > 0) i += 1 + sign + exponent;
  }
  return i;
}

std::size_t word_length(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_word) - text.begin());
}

}  // namespace deadletter::json
