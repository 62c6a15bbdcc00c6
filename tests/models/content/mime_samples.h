// Entities to write and read: made by hand, and generated ones that hold whatever an entity may.
#pragma once
#include <random>

#include "models/content/mime.h"

namespace deadletter::content::testing {

inline content::Entity text(std::string content) {
  content::Entity entity;
  entity.parameters = {{"charset", "utf-8"}};
  entity.content = std::move(content);
  return entity;
}

inline content::Entity leaf(std::string type, std::string content) {
  content::Entity entity;
  entity.type = std::move(type);
  entity.content = std::move(content);
  return entity;
}

inline content::Entity parent(std::string type, std::vector<content::Entity> parts) {
  content::Entity entity;
  entity.type = std::move(type);
  entity.parts = std::move(parts);
  return entity;
}

// "multipart/mixed(text/plain message/rfc822(text/plain))".
inline std::string structure(const content::Entity& entity) {
  if (entity.parts.empty()) return entity.type;
  std::string parts;
  for (const content::Entity& part : entity.parts) parts += (parts.empty() ? "" : " ") + structure(part);
  return entity.type + "(" + parts + ")";
}

// Entities as mime.h says they come back unchanged.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  content::Entity entity(int depth = 0) {
    content::Entity made;
    for (unsigned n = below(4); n > 0; --n) made.fields.push_back({"X-" + word("abcXYZ-0:9", 8, ":"), field_value()});
    made.type = kTypes[below(depth < 5 ? 8 : 4)];
    for (unsigned n = below(4), i = 0; i < n; ++i) {
      made.parameters.emplace_back("p" + std::to_string(i) + word("abc-x", 6), utf8(below(150)));
    }
    if (made.multipart()) {
      for (unsigned n = below(4); n > 0; --n) made.parts.push_back(entity(depth + 1));
    } else if (made.type == "message/rfc822" && below(4) != 0) {
      made.parts.push_back(entity(depth + 1));
    } else {
      made.content = content();
    }
    return made;
  }

  // Text of one to four octets a character, without NUL.
  std::string utf8(unsigned size) {
    static const char* const kCharacters[] = {
        "a", "Z", "0",  " ",  " ", "\t", "\"",       "\\",           "%",
        "'", "*", "=?", "?=", ";", "\n", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x93\xa7"};
    std::string text;
    while (text.size() < size) text += kCharacters[below(std::size(kCharacters))];
    return text;
  }

  unsigned below(std::size_t bound) { return static_cast<unsigned>(random_() % bound); }

 private:
  static constexpr const char* kTypes[] = {
      "text/plain",      "text/html",        "application/octet-stream", "application/ms-tnef",
      "multipart/mixed", "multipart/digest", "message/rfc822",           "multipart/alternative"};

  std::string word(std::string_view letters, unsigned longest, std::string_view never = "") {
    std::string text;
    for (unsigned n = 1 + below(longest); n > 0; --n) {
      char c = letters[below(letters.size())];
      if (never.find(c) == never.npos) text += c;
    }
    return text;
  }

  std::string field_value() {
    std::string value = utf8(below(below(8) == 0 ? 800 : 100));
    std::erase(value, '\n');
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.pop_back();
    return value.substr(std::min(value.find_first_not_of(" \t"), value.size()));
  }

  // Octets of every kind, and lines that look like delimiters.
  std::string content() {
    std::string text;
    unsigned kind = below(4);
    for (unsigned n = below(60); n > 0; --n) {
      switch (kind) {
        case 0:
          text += static_cast<char>(below(256));
          break;
        case 1:
          text += utf8(below(120)) + "\r\n";
          break;
        case 2:
          text += "--=_" + std::to_string(below(9)) + (below(2) == 0 ? "_--" : "_") + "\r\n";
          break;
        default:
          text += word("ab =.", 90) + (below(9) == 0 ? "\n" : "\r\n");
          break;
      }
    }
    return text;
  }

  std::mt19937 random_;
};

}  // namespace deadletter::content::testing
