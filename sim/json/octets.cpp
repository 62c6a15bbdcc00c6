#include "sim/json/octets.h"

#include "sim/json/utf8.h"

namespace deadletter::json {

std::optional<std::string> octets_of(std::string_view text) {
  std::string octets;
  for (std::size_t at = 0; at < text.size();) {
    CodePoint point = decode(text, at);
    if (!point.valid || point.value > 0xff) return std::nullopt;
    octets.push_back(static_cast<char>(point.value));
    at += point.size;
  }
  return octets;
}

std::string characters_of(std::string_view octets) {
  std::string text;
  for (unsigned char octet : octets) {
    if (octet >= 0x80) text.push_back(static_cast<char>(0xc0 | octet >> 6));
    text.push_back(static_cast<char>(octet < 0x80 ? octet : 0x80 | (octet & 0x3f)));
  }
  return text;
}

bool is_utf8(std::string_view octets) {
  for (std::size_t at = 0; at < octets.size();) {
    CodePoint point = decode(octets, at);
    if (!point.valid) return false;
    at += point.size;
  }
  return true;
}

}  // namespace deadletter::json
