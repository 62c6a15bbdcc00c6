// Indices that do not mix: an Id<Host> is not an Id<Link>.
#pragma once
#include <compare>
#include <cstdint>
#include <limits>

namespace deadletter::sim {

template <class Tag>
struct Id {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t value = kNone;

  constexpr bool valid() const { return value != kNone; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace deadletter::sim
