#include "models/content/mime_pieces.h"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <memory>
#include <set>

namespace deadletter::content::mime {
namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

constexpr std::size_t kWidth = 76;

// Without these GMime asks the locale what octets over 127 mean.
GMimeParserOptions* options() {
  struct Free {
    void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
  };
  static const std::unique_ptr<GMimeParserOptions, Free> shared = [] {
    start_gmime();
    std::unique_ptr<GMimeParserOptions, Free> made{g_mime_parser_options_new()};
    const char* charsets[] = {"utf-8", "iso-8859-1", nullptr};
    g_mime_parser_options_set_fallback_charsets(made.get(), charsets);
    return made;
  }();
  return shared.get();
}

bool token(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, token_character);
}

bool attribute(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, attribute_character);
}

std::string_view token_at(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, token_character) - text.begin()));
}

// What a quoted string may hold so that every reader understands it alike: no escapes, no encoded words, no edges.
bool quotable(std::string_view value) {
  if (value.size() > 60 || trimmed(value) != value || value.find("=?") != std::string_view::npos) return false;
  return std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// RFC 2231, in pieces when it is long: name*0*=utf-8''..., name*1*=...
std::vector<std::string> percent_encoded(std::string_view name, std::string_view value) {
  std::vector<std::string> pieces(1);
  for (char c : value) {
    std::string octet =
        attribute_character(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    if (pieces.back().size() + octet.size() > 50) pieces.emplace_back();
    pieces.back() += octet;
  }
  if (pieces.size() == 1) return {fmt::format("{}*=utf-8''{}", name, pieces[0])};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i] = fmt::format("{}*{}*={}{}", name, i, i == 0 ? "utf-8''" : "", pieces[i]);
  }
  return pieces;
}

// GMime decodes encoded words in parameters, where they must not be, and looks for the end of each over and over. A
// backslash may hide one from us. What is written here holds neither.
constexpr std::size_t kLongestCostly = 4096;
bool costly(std::string_view value) { return value.find("=?") != value.npos || value.find('\\') != value.npos; }

std::string valid_utf8(const char* text) {
  std::unique_ptr<char, decltype(&g_free)> valid{g_utf8_make_valid(text, -1), &g_free};
  return valid.get();
}

GMimeContentEncoding encoding_named(std::string_view encoding) {
  if (same_letters(encoding, "base64")) return GMIME_CONTENT_ENCODING_BASE64;
  if (same_letters(encoding, "quoted-printable")) return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  if (same_letters(encoding, "x-uuencode")) return GMIME_CONTENT_ENCODING_UUENCODE;
  return GMIME_CONTENT_ENCODING_DEFAULT;
}

}  // namespace

void start_gmime() {
  static const bool started = (g_mime_init(), true);
  static_cast<void>(started);
}

std::optional<Type> read_type(const std::string& value) {
  std::string_view type = token_at(value);
  if (value.substr(type.size(), 1) != "/") return std::nullopt;
  std::string_view subtype = token_at(std::string_view{value}.substr(type.size() + 1));
  if (!token(type) || !token(subtype)) return std::nullopt;
  Type result{lower(value.substr(0, type.size() + 1 + subtype.size())), {}};
  std::string short_value = value.substr(0, costly(value) ? kLongestCostly : std::string::npos);
  Owned<GMimeContentType> parsed{g_mime_content_type_parse(options(), short_value.c_str())};
  GMimeParamList* list = g_mime_content_type_get_parameters(parsed.get());
  std::set<std::string> seen;
  for (int i = 0; i < g_mime_param_list_length(list); ++i) {
    GMimeParam* parameter = g_mime_param_list_get_parameter_at(list, i);
    std::string name = lower(g_mime_param_get_name(parameter));
    const char* text = g_mime_param_get_value(parameter);
    if (!attribute(name) || !seen.insert(name).second) continue;
    result.parameters.emplace_back(std::move(name), text == nullptr ? "" : valid_utf8(text));
  }
  return result;
}

std::string type_field(const Type& type) {
  std::size_t slash = std::min(type.name.find('/'), type.name.size());
  std::string_view name = type.name;
  bool known = token(name.substr(0, slash)) && token(name.substr(std::min(slash + 1, name.size())));
  std::string field = fmt::format("Content-Type: {}", known ? name : "application/octet-stream");
  std::size_t column = field.size();
  for (const auto& [parameter, value] : type.parameters) {
    if (!attribute(parameter)) continue;
    std::vector<std::string> pieces;
    if (token(value)) {
      pieces = {parameter + "=" + value};
    } else if (quotable(value)) {
      pieces = {fmt::format("{}=\"{}\"", parameter, value)};
    } else {
      pieces = percent_encoded(parameter, value);
    }
    for (const std::string& piece : pieces) {
      bool fits = column + 2 + piece.size() < kWidth;
      field += (fits ? "; " : ";\r\n ") + piece;
      column = (fits ? column + 2 : 1) + piece.size();
    }
  }
  return field + "\r\n";
}

bool knows_encoding(std::string_view encoding) { return encoding_named(encoding) != GMIME_CONTENT_ENCODING_DEFAULT; }

std::string decode(std::string_view octets, std::string_view encoding) {
  GMimeContentEncoding named = encoding_named(encoding);
  if (named == GMIME_CONTENT_ENCODING_DEFAULT) return std::string{octets};
  start_gmime();
  Owned<GMimeFilter> filter{g_mime_filter_basic_new(named, FALSE)};
  char* out = nullptr;
  std::size_t size = 0, room = 0;
  std::string buffer{octets}, result;  // GMime's input is not const
  g_mime_filter_filter(filter.get(), buffer.data(), buffer.size(), 0, &out, &size, &room);
  result.assign(out, size);
  g_mime_filter_complete(filter.get(), buffer.data(), 0, 0, &out, &size, &room);
  result.append(out, size);
  return result;
}

std::string base64(std::string_view octets) {
  std::unique_ptr<char, decltype(&g_free)> text{
      g_base64_encode(reinterpret_cast<const guchar*>(octets.data()), octets.size()), &g_free};
  std::string lines;
  for (std::string_view rest = text.get(); !rest.empty(); rest.remove_prefix(std::min(kWidth, rest.size()))) {
    lines += rest.substr(0, kWidth);
    lines += "\r\n";
  }
  return lines;
}

std::string quoted_printable(std::string_view octets) {
  std::string text;
  std::size_t column = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    char c = octets[i];
    if (c == '\r' && octets.substr(i, 2) == "\r\n") {
      text += "\r\n";
      column = 0;
      ++i;
      continue;
    }
    bool last = i + 1 == octets.size() || octets.substr(i + 1, 2) == "\r\n";  // blanks there get lost on the way
    bool plain = (c > ' ' && c <= '~' && c != '=') || (blank(c) && !last);
    std::string octet = plain ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + octet.size() >= kWidth) {
      text += "=\r\n";
      column = 0;
    }
    text += octet;
    column += octet.size();
  }
  return text;
}

}  // namespace deadletter::content::mime
