// A write as the segments that carry it.
#pragma once
#include <cstdint>
#include <string_view>

namespace deadletter::network {

// Cuts the next segment off `octets`, which must not be empty: a segment never is. `size` 0 = not cut.
inline std::string_view take_segment(std::string_view& octets, std::uint64_t size) {
  std::string_view segment = octets.substr(0, size == 0 ? octets.npos : static_cast<std::size_t>(size));
  octets.remove_prefix(segment.size());
  return segment;
}

}  // namespace deadletter::network
