// The words of a Graphviz file (https://graphviz.org/doc/info/lang.html), each with its line.
//
// Names, numbers, quoted strings ("a" + "b" is one) and HTML strings are all names; of an HTML string without its tags.
// Comments and lines that begin with # are left out.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/json/problem.h"

namespace deadletter::topologies {

struct GraphvizToken {
  enum class Kind : std::uint8_t { name, mark, end };  // a mark is one of { } [ ] = , ; : -- ->
  Kind kind = Kind::end;
  std::string text;
  json::Position position;
  bool bare = false;  // a name without quotes: may be a keyword

  bool is(std::string_view mark) const { return kind == Kind::mark && text == mark; }
  bool keyword(std::string_view word) const;  // compared without case
};

// Ends with a token of the kind end. Nothing, and a problem, when it is no text of that kind or has more than 300,000
// tokens.
std::optional<std::vector<GraphvizToken>> graphviz_tokens(const std::shared_ptr<const json::Source>& source,
                                                          json::Problems& problems);

}  // namespace deadletter::topologies
