// Writes DOT line by line, indented by its clusters.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "topologies/dot_style.h"

namespace deadletter::topologies::dot {

// Values that begin with '<' are HTML-like and go as they are; all others are quoted.
using Attributes = std::vector<std::pair<const char*, std::string>>;

class Writer {
 public:
  void open(const std::string& what, const Attributes& attributes);
  void close();
  void defaults(const char* what, const Attributes& attributes);
  void node(const std::string& id, const Attributes& attributes);
  void edge(const std::string& from, const std::string& to, const Attributes& attributes);
  std::string take() { return std::move(text_); }

 private:
  void line(const std::string& text) { text_ += std::string(2 * depth_, ' ') + text + "\n"; }

  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace deadletter::topologies::dot
