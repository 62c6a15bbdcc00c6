// Walks a JSON text token by token and knows the line and column; it decodes nothing and never looks back.
//
// Promises: every step is linear in what it passes and stops at the end of the text.
#pragma once

#include <cstddef>
#include <string_view>

#include "sim/json/place.h"

namespace deadletter::json {

class Cursor {
 public:
  // Skips a byte order mark, which has no column of its own.
  explicit Cursor(std::string_view text);

  bool at_end() const { return offset_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[offset_]; }
  std::string_view rest() const { return text_.substr(offset_); }
  std::size_t offset() const { return offset_; }
  Position position() const { return position_; }

  // Passes one code point.
  void next();
  void advance(std::size_t octets);

  // Passes white space and comments. False, standing at the comment, when that comment is malformed.
  bool skip_blank();

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_{1, 1};
};

bool is_blank(char c);
bool is_digit(char c);
// Letters, digits, '_', and everything beyond ASCII: what a person may have meant as one word.
bool is_word(char c);

// Lengths of what the text starts with. A string goes to its closing quote or to the end of the text; a number is what
// JSON allows (0 when it allows nothing); a word may be empty.
std::size_t string_length(std::string_view text);
std::size_t number_length(std::string_view text);
std::size_t word_length(std::string_view text);

}  // namespace deadletter::json
