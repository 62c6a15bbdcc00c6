// A Graphviz file said again in plain numbered words, for Boost.Graph to read: "graph { n0000000 -- n0000001
// [ latency = v0000000 ] }". What is left out of it, and the limits: graphviz_read.h.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/problem.h"
#include "topologies/graphviz_tokens.h"

namespace deadletter::topologies {

// A node is n0000012, a value v0000345.
struct ReducedGraphviz {
  std::vector<std::string> words;    // of the text that Boost reads
  std::vector<std::size_t> origins;  // by word: the token that it comes from
  std::vector<std::size_t> nodes;    // by number: the token that names it first
  std::vector<std::size_t> values;   // by number: its token
  bool directed = false;
  std::string name;
};

// The number in such a word; nothing when it has another letter, or is none.
std::optional<std::size_t> number_in(std::string_view word, char letter);

std::optional<ReducedGraphviz> reduce(const std::shared_ptr<const json::Source>& source,
                                      const std::vector<GraphvizToken>& tokens, json::Problems& problems);

}  // namespace deadletter::topologies
