// What reading and writing of messages share, piece by piece: types with their parameters, transfer encodings, ASCII.
// Only mime_*.cpp and smime*.cpp include this.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deadletter::content::mime {

inline constexpr std::size_t kLongestName = 128;  // of a field, a type or a parameter

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = lower(c);
  return result;
}

inline bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

constexpr bool blank(char c) { return c == ' ' || c == '\t'; }

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

constexpr bool field_character(char c) { return c > ' ' && c <= '~' && c != ':'; }

// RFC 2045 5.1: what a token, so a type or the name of a parameter, may hold.
constexpr bool token_character(char c) {
  return c > ' ' && c <= '~' && std::string_view{"()<>@,;:\\\"/[]?="}.find(c) == std::string_view::npos;
}

// RFC 2231: of a token, what stands for itself where other octets are written %XX.
constexpr bool attribute_character(char c) {
  return token_character(c) && std::string_view{"*'%"}.find(c) == std::string_view::npos;
}

// GMime is started once.
void start_gmime();

struct Type {
  std::string name;  // "text/plain"
  std::vector<std::pair<std::string, std::string>> parameters;
};
// The value of a Content-Type field; nothing when it does not begin with one token, '/' and another.
std::optional<Type> read_type(const std::string& value);
// The field, folded, with its last line end. A name that is none becomes application/octet-stream.
std::string type_field(const Type& type);

// base64, quoted-printable and x-uuencode (any case) are undone.
std::string decode(std::string_view octets, std::string_view encoding);
bool knows_encoding(std::string_view encoding);
// Lines of 76 octets, each with its CRLF.
std::string base64(std::string_view octets);
// Lines of at most 76 octets. CRLF is a line end, CR or LF alone is an octet like others.
std::string quoted_printable(std::string_view octets);

}  // namespace deadletter::content::mime
