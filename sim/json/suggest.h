// "Did you mean": which of the valid words a person probably meant.
//
// Promises: pure, and the same order on every machine (among equals the one with the longer common beginning, then the
// order of the choices). Words are compared
// without regard to ASCII case, and only their first 64 octets count, so that no input makes it slow.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter::json {

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest choice at a distance of at most a third of the word (1 for up to four octets); else the nearest that
// holds a word of four octets or more as it is ("ladder" in "queue.ladder"); or "".
std::string suggest(std::string_view word, const std::vector<std::string>& choices);

// The `count` nearest choices, nearest first.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& choices, std::size_t count);

}  // namespace deadletter::json
