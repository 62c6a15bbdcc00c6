// A write as the segments that carry it.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace deadletter::network {

// `size` 0 = not cut. Never empty segments; an empty write has none.
inline std::vector<std::string_view> segments(std::string_view octets, std::uint64_t size) {
  std::vector<std::string_view> cut;
  while (!octets.empty()) {
    std::size_t part = size == 0 || size > octets.size() ? octets.size() : static_cast<std::size_t>(size);
    cut.push_back(octets.substr(0, part));
    octets.remove_prefix(part);
  }
  return cut;
}

}  // namespace deadletter::network
