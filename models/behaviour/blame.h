// Blame: which articles had a hand in something.
//
// A set of articles, interned, so that a value, a message or a table row carries its causes in two octets; zero when
// nothing deviated. State that is written under a changed ruling keeps the ruling's blame, who reads it joins it to
// its own. The table only grows and holds names, never state of a run.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter {

struct Blame {
  std::uint16_t set = 0;
  constexpr explicit operator bool() const { return set != 0; }
  friend constexpr auto operator<=>(Blame, Blame) = default;
};

// The set of one article. `name` as reported: "KB912341", "KB938650 aftermath".
Blame blame_of(std::string_view name);

// The union. Joining with nothing costs nothing.
Blame joined_sets(Blame one, Blame other);
inline Blame join(Blame one, Blame other) {
  if (!other || one == other) return one;
  return one ? joined_sets(one, other) : other;
}

// The names, ascending.
const std::vector<std::string>& names(Blame blame);

}  // namespace deadletter
