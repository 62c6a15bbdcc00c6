// The line of a source that a problem quotes, and the caret below it.
//
// Promises: what is printed cannot disturb a terminal: control characters, octets that are no UTF-8 and characters that
// change the direction of text or have no width are shown by name (`<FF>`, `<U+202E>`); a tab becomes four
// spaces; a long line is cut to a window around the column, with "…" where something was left out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/json/place.h"

namespace deadletter::json {

struct Excerpt {
  std::string line;
  std::string caret;  // spaces and one '^', as wide as the text before the column
};

// Text with what could disturb a terminal shown by name.
std::string harmless(std::string_view text);

// Text as a message quotes it: in double quotes, with escapes, cut after 40 characters.
std::string show(std::string_view text);

// The line of that number without its end and without a byte order mark; nothing when there is none.
std::optional<std::string_view> line_of(std::string_view text, int number);

// Both parts are empty when the source has no such line.
Excerpt excerpt(const Source& source, Position position);

}  // namespace deadletter::json
