// Shorthand for the tests of sim/json.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/json/parse.h"
#include "sim/json/reader.h"

namespace deadletter::json::testing {

inline std::shared_ptr<const Source> source(std::string text) {
  return std::make_shared<const Source>(Source{"t.json", std::move(text)});
}

// The value of a text that must be right; null otherwise, which fails whatever the test compares it with.
inline Value parsed(std::string text) {
  Problems problems;
  return parse(source(std::move(text)), problems).value_or(Value());
}

// What a person sees after parsing alone; "" when all is right.
inline std::string complaints(std::string text) {
  Problems problems;
  const bool complete = parse(source(std::move(text)), problems).has_value();
  if (complete != problems.empty()) return "parse and its problems disagree";
  return render(problems);
}

// The same with a reader.
template <class T>
std::string complaints(const Reader<T>& reader, std::string text) {
  Problems problems;
  const bool complete = read_text(reader, source(std::move(text)), problems).has_value();
  if (complete != problems.empty()) return "the reader and its problems disagree";
  return render(problems);
}

template <class T>
std::optional<T> read_as(const Reader<T>& reader, std::string text) {
  Problems problems;
  return read_text(reader, source(std::move(text)), problems);
}

}  // namespace deadletter::json::testing
