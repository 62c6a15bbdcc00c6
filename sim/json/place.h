// Where something stands in a file: its line and column, the text it was read from, and its JSON Pointer.
//
// Every value keeps its place, so that a stage that runs long after parsing can still quote the line that it rejects.
#pragma once

#include <compare>
#include <memory>
#include <string>

namespace deadletter::json {

// Lines and columns count from 1; a column is a code point, not an octet. Line 0 means: not read from any text.
struct Position {
  int line = 0;
  int column = 0;
  bool known() const { return line > 0; }
  friend auto operator<=>(const Position&, const Position&) = default;
};

// One text and the name that problems quote for it: a file name, or something like "--set".
struct Source {
  std::string name;
  std::string text;
};

struct Place {
  std::shared_ptr<const Source> source;
  Position position;
  std::string pointer;
};

}  // namespace deadletter::json
