#include "models/content/utf16.h"

#include <cstddef>

namespace deadletter::content {
namespace {

constexpr char32_t kReplacement = 0xfffd;

struct Decoded {
  char32_t point = kReplacement;
  std::size_t size = 1;  // octets
  bool good = false;
};

std::uint8_t octet(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

// The character at the start of `text`, which is not empty. Overlong forms, surrogates and what lies beyond U+10FFFF
// are malformed.
Decoded decode(std::string_view text) {
  std::uint8_t first = octet(text, 0);
  if (first < 0x80) return {first, 1, true};
  std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return {};
  char32_t point = first & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(text, i) & 0xc0U) != 0x80) return {};
    point = point << 6 | (octet(text, i) & 0x3fU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < least[size] || surrogate || point > 0x10ffff) return {};
  return {point, size, true};
}

void put(std::string& utf8, char32_t point) {
  auto more = [&](unsigned shift) { utf8 += static_cast<char>(0x80U | (point >> shift & 0x3fU)); };
  if (point < 0x80) {
    utf8 += static_cast<char>(point);
  } else if (point < 0x800) {
    utf8 += static_cast<char>(0xc0U | point >> 6), more(0);
  } else if (point < 0x10000) {
    utf8 += static_cast<char>(0xe0U | point >> 12), more(6), more(0);
  } else {
    utf8 += static_cast<char>(0xf0U | point >> 18), more(12), more(6), more(0);
  }
}

void put_unit(std::string& utf16, char32_t unit) {
  utf16 += static_cast<char>(unit & 0xffU);
  utf16 += static_cast<char>(unit >> 8 & 0xffU);
}

// Octets 0x80 to 0x9f of code page 1252; five of them are not assigned.
constexpr std::uint16_t kWindows1252[] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                          0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
                                          0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                          0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

char32_t point_of(std::uint8_t octet, std::uint32_t code_page) {
  if (octet < 0x80) return octet;
  if (code_page != 1252) return kReplacement;
  return octet < 0xa0 ? kWindows1252[octet - 0x80] : octet;
}

}  // namespace

std::string utf16le_of(std::string_view utf8) {
  std::string utf16;
  utf16.reserve(utf8.size() * 2);
  for (Decoded next; !utf8.empty(); utf8.remove_prefix(next.size)) {
    next = decode(utf8);
    if (next.point < 0x10000) {
      put_unit(utf16, next.point);
    } else {
      put_unit(utf16, 0xd800 + ((next.point - 0x10000) >> 10));
      put_unit(utf16, 0xdc00 + ((next.point - 0x10000) & 0x3ff));
    }
  }
  return utf16;
}

std::string utf8_of_utf16le(std::string_view octets) {
  auto unit = [&](std::size_t at) -> char32_t {
    if (at + 2 > octets.size()) return 0;
    return static_cast<char32_t>(octet(octets, at) | octet(octets, at + 1) << 8);
  };
  std::string utf8;
  utf8.reserve(octets.size() / 2);
  for (std::size_t at = 0; at + 2 <= octets.size(); at += 2) {
    char32_t high = unit(at), low = unit(at + 2);
    bool surrogate = high >= 0xd800 && high <= 0xdfff;
    if (surrogate && high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
      put(utf8, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
      at += 2;
    } else {
      put(utf8, surrogate ? kReplacement : high);
    }
  }
  return utf8;
}

bool well_formed_utf8(std::string_view octets) {
  for (Decoded next; !octets.empty(); octets.remove_prefix(next.size)) {
    next = decode(octets);
    if (!next.good) return false;
  }
  return true;
}

std::string utf8_of_code_page(std::string_view octets, std::uint32_t code_page) {
  std::string utf8;
  utf8.reserve(octets.size());
  if (code_page == 65'001) {
    for (Decoded next; !octets.empty(); octets.remove_prefix(next.size)) put(utf8, (next = decode(octets)).point);
    return utf8;
  }
  for (char c : octets) put(utf8, point_of(static_cast<std::uint8_t>(c), code_page));
  return utf8;
}

}  // namespace deadletter::content
