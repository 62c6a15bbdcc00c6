// The decoder follows table 3-7 of the Unicode standard: the lead octet gives the length and the range of the second.
#include "sim/json/utf8.h"

namespace deadletter::json {
namespace {

struct Lead {
  std::size_t size;
  unsigned char low, high;  // what the second octet may be
};

Lead lead_of(unsigned char octet) {
  if (octet < 0x80) return {1, 0, 0};
  if (octet < 0xC2) return {0, 0, 0};
  if (octet < 0xE0) return {2, 0x80, 0xBF};
  if (octet == 0xE0) return {3, 0xA0, 0xBF};
  if (octet == 0xED) return {3, 0x80, 0x9F};
  if (octet < 0xF0) return {3, 0x80, 0xBF};
  if (octet == 0xF0) return {4, 0x90, 0xBF};
  if (octet < 0xF4) return {4, 0x80, 0xBF};
  if (octet == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

CodePoint decode(std::string_view text, std::size_t offset) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const CodePoint invalid{octet(0), 1, false};
  const Lead lead = lead_of(octet(0));
  if (lead.size == 1) return {octet(0), 1, true};
  if (lead.size == 0 || text.size() - offset < lead.size) return invalid;
  if (octet(1) < lead.low || octet(1) > lead.high) return invalid;
  char32_t value = octet(0) & (0x7Fu >> lead.size);
  for (std::size_t i = 1; i < lead.size; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return invalid;
    value = value << 6 | (octet(i) & 0x3Fu);
  }
  return {value, lead.size, true};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += decode(text, i).size) ++count;
  return count;
}

std::string shorten(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size() && count > 0; --count) end += decode(text, end).size;
  return std::string(text.substr(0, end)) + (end < text.size() ? "…" : "");
}

}  // namespace deadletter::json
