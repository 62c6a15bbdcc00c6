// UTF-8, one code point at a time.
//
// Promises: never reads past the end, always makes progress, and accepts exactly what RFC 3629 allows (no overlong
// forms, no surrogates, nothing above U+10FFFF). An octet that starts no valid sequence is one invalid code point.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deadletter::json {

struct CodePoint {
  char32_t value = 0;  // of an invalid octet: the octet
  std::size_t size = 1;
  bool valid = true;
};

// Precondition: offset < text.size().
CodePoint decode(std::string_view text, std::size_t offset);

std::size_t count_code_points(std::string_view text);

// The first `count` code points, followed by "…" when something was left out.
std::string shorten(std::string_view text, std::size_t count);

}  // namespace deadletter::json
