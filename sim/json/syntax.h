// Says in a person's words why a JSON text cannot be read, and where exactly.
//
// The tokenizer only tells that it stopped. Starting from the last token that it accepted, this walks on by the grammar
// to the first token that does not fit. Promises: always finds something to say, stays linear, never recurses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/json/cursor.h"
#include "sim/json/place.h"

namespace deadletter::json {

struct SyntaxError {
  Position position;
  std::string message;
};

// Where the tokenizer stopped: the last token that it accepted and what it was in.
struct Stop {
  enum class After { nothing, opening, key, value };
  After after = After::nothing;
  Cursor cursor{{}};                // behind that token
  std::optional<Cursor> last_word;  // at that token, when it was a number or a literal
  char open = '\0';                 // '{' or '[' of the innermost container, or nothing at the top
  Position opened;
  std::string key;  // after a key: which
};

SyntaxError explain(Stop stop);

// What no JSON text may hold anywhere: an octet that is no UTF-8, or a NUL.
std::optional<SyntaxError> find_bad_character(std::string_view text);

}  // namespace deadletter::json
