// Text between UTF-8, which values hold, and what older forms write: UTF-16 little endian and Windows code page 1252.
//
// What is no text becomes U+FFFD: malformed UTF-8, octet by octet, and surrogates that stand alone. So to and from
// UTF-16 gives the same text for whatever is well-formed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace deadletter::content {

std::string utf16le_of(std::string_view utf8);         // two octets a unit
std::string utf8_of_utf16le(std::string_view octets);  // an odd octet at the end is left out
bool well_formed_utf8(std::string_view octets);

// Octets of a code page as UTF-8. 65001 is UTF-8; 1252 is known; of any other, octets from 0x80 are U+FFFD.
std::string utf8_of_code_page(std::string_view octets, std::uint32_t code_page);

}  // namespace deadletter::content
