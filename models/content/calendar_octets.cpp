#include "models/content/calendar_octets.h"

#include "models/content/calendar.h"
#include "models/content/calendar_lines.h"

namespace deadletter::content {
namespace calendar {
namespace {

constexpr std::size_t kWidest = 75;      // RFC 5545, 3.1: octets of a line without its end
constexpr std::size_t kMostQuoted = 60;  // octets of a text in a reason

bool control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }
bool continuation(char c) { return (c & 0xc0) == 0x80; }

// How many octets the character at the front has; 0 when it is no UTF-8 (also overlong forms and surrogates).
std::size_t character_size(std::string_view text) {
  auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char lead = octet(0);
  if (lead < 0x80) return 1;
  std::size_t size = lead >= 0xc2 && lead <= 0xdf   ? 2
                     : (lead & 0xf0) == 0xe0        ? 3
                     : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                    : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!continuation(text[i])) return 0;
  bool overlong = (lead == 0xe0 && octet(1) < 0xa0) || (lead == 0xf0 && octet(1) < 0x90);
  bool beyond = (lead == 0xed && octet(1) > 0x9f) || (lead == 0xf4 && octet(1) > 0x8f);
  return overlong || beyond ? 0 : size;
}

// The largest size not over `most` at which no character is cut.
std::size_t whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  std::size_t size = most;
  // What is no UTF-8 may have more continuations than a character has; it is cut where the line is full.
  for (int back = 0; back < 3 && size > 0 && continuation(text[size]); ++back) --size;
  return size == 0 || continuation(text[size]) ? most : size;
}

}  // namespace

std::string clean_utf8(std::string_view octets, std::size_t& latin) {
  std::string text;
  text.reserve(octets.size());
  while (!octets.empty()) {
    std::size_t size = character_size(octets);
    auto octet = static_cast<unsigned char>(octets[0]);
    if (size == 0) {
      text += static_cast<char>(0xc0 | octet >> 6);
      text += static_cast<char>(0x80 | (octet & 0x3f));
      ++latin;
    } else {
      text += octets.substr(0, size);
    }
    octets.remove_prefix(size == 0 ? 1 : size);
  }
  return text;
}

std::string circumflex(std::string_view value) {
  std::string text;
  for (char c : value) {
    if (c == '^')
      text += "^^";
    else if (c == '"')
      text += "^'";
    else if (c == '\n')
      text += "^n";
    else
      text += c;
  }
  return text;
}

std::string undo_circumflex(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    char next = value[i] == '^' && i + 1 < value.size() ? value[i + 1] : '\0';
    bool pair = next == '^' || next == '\'' || next == 'n';
    text += !pair ? value[i] : next == '^' ? '^' : next == 'n' ? '\n' : '"';
    i += pair ? 1 : 0;
  }
  return text;
}

std::string fold(std::string_view line) {
  std::string folded;
  std::size_t room = kWidest;
  do {
    std::size_t size = whole_characters(line, room);
    folded += line.substr(0, size);
    folded += "\r\n";
    line.remove_prefix(size);
    if (!line.empty()) folded += ' ';
    room = kWidest - 1;
  } while (!line.empty());
  return folded;
}

std::string without_controls(std::string_view text) {
  std::string kept;
  for (char c : text)
    if (!control(c)) kept += c;
  return kept;
}

std::string upper(std::string_view ascii) {
  std::string text(ascii);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string quoted(std::string_view text) {
  std::size_t latin = 0;
  std::string shown = clean_utf8(without_controls(text.substr(0, whole_characters(text, kMostQuoted))), latin);
  return "\"" + shown + (text.size() > kMostQuoted ? "...\"" : "\"");
}

}  // namespace calendar

std::string escape_text(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' || c == ';' || c == ',') escaped += '\\';
    if (c == '\n' || c == '\r') {
      escaped += "\\n";
      if (text.substr(i, 2) == "\r\n") ++i;
    } else if (!calendar::control(c)) {
      escaped += c;
    }
  }
  return escaped;
}

std::string unescape_text(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    char next = value[i] == '\\' && i + 1 < value.size() ? value[i + 1] : '\0';
    if (next == 'n' || next == 'N')
      text += '\n';
    else if (next == '\\' || next == ';' || next == ',')
      text += next;
    else {
      text += value[i];
      continue;
    }
    ++i;
  }
  return text;
}

}  // namespace deadletter::content
