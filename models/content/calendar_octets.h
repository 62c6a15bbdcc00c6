// Octets and characters of calendar objects: what is UTF-8, what is written with a backslash or a circumflex.
//
// Internal to the calendar's readers and writers.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace deadletter::content::calendar {

// The text as UTF-8: octets that are none become the Latin-1 characters they are and are added to `latin`.
std::string clean_utf8(std::string_view octets, std::size_t& latin);

// RFC 6868: "^n", "^^" and "^'" stand for a line feed, "^" and a quote in the value of a parameter.
std::string circumflex(std::string_view value);
std::string undo_circumflex(std::string_view value);

}  // namespace deadletter::content::calendar
