// From a tree of parts to octets.
//
// Leaves are encoded first: only then is it known which boundaries their lines rule out.
#include <fmt/format.h>

#include <set>
#include <span>

#include "models/content/mime.h"
#include "models/content/mime_pieces.h"

namespace deadletter::content {
namespace {

using mime::blank;
using mime::same_letters;

constexpr std::size_t kWidth = 78, kLongestLine = 998;  // RFC 5322 2.1.1
constexpr std::size_t kLongestPrefix = 50;              // of a boundary

bool container(const Entity& entity) {
  return entity.multipart() || (entity.type == "message/rfc822" && !entity.parts.empty());
}

// Lines that end in CRLF, are not too long, and hold neither NUL nor CR or LF alone.
bool seven_bit(std::string_view content) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    char c = content[i];
    if (c == '\r' && content.substr(i, 2) == "\r\n") {
      ++i;
      column = 0;
    } else if (c == '\0' || c == '\r' || c == '\n' || (c & 0x80) != 0 || ++column > kLongestLine) {
      return false;
    }
  }
  return true;
}

struct Leaf {
  std::string_view encoding;  // empty for 7bit
  std::string body;
};

Leaf encoded(const Entity& entity) {
  if (entity.whole && seven_bit(entity.content)) return {"", entity.content};
  using Encoding = Entity::Encoding;
  if (entity.encoding == Encoding::quoted_printable)
    return {"quoted-printable", mime::quoted_printable(entity.content)};
  if (entity.encoding == Encoding::base64) return {"base64", mime::base64(entity.content)};
  // Without base64 it would be read as the message it is not.
  bool no_message = entity.type == "message/rfc822";
  if (!no_message && seven_bit(entity.content)) return {"", entity.content};
  if (entity.type.starts_with("text/")) return {"quoted-printable", mime::quoted_printable(entity.content)};
  return {"base64", mime::base64(entity.content)};
}

std::string safe_prefix(std::string_view boundary) {
  std::string prefix{boundary.substr(0, kLongestPrefix)};
  for (char& c : prefix) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view{"'()+_,-./=?"}.find(c) == std::string_view::npos) c = '-';
  }
  return prefix;
}

std::string safe_name(std::string_view name) {
  std::string safe{name.substr(0, mime::kLongestName)};
  for (char& c : safe) {
    if (!mime::field_character(c)) c = '-';
  }
  return safe;
}

std::string safe_value(std::string_view value) {
  std::string safe{value};
  std::ranges::replace_if(
      safe, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return std::string{mime::trimmed(safe)};
}

// How much of `rest` goes onto a line on which `column` octets stand: up to a blank where the line may be folded.
std::size_t fold_at(std::string_view rest, std::size_t column) {
  if (column + rest.size() <= kWidth) return rest.size();
  std::size_t room = kLongestLine - column, best = 0;
  for (std::size_t i = 1; i + 1 < rest.size() && i <= room; ++i) {
    if (!blank(rest[i]) || blank(rest[i + 1])) continue;
    if (column + i > kWidth && best != 0) return best;
    best = i;
    if (column + i > kWidth) return best;
  }
  if (column + rest.size() <= kLongestLine) return best == 0 ? rest.size() : best;
  return best == 0 ? room : best;
}

void write_field(std::string& out, const Field& field) {
  if (field.name.empty()) return;
  std::string value = safe_value(field.value);
  std::string line = safe_name(field.name) + ": ";
  std::string_view rest = value;
  // A first word that is too long for the line begins the next.
  if (line.size() + std::min(rest.find_first_of(" \t"), rest.size()) > kLongestLine) {
    line.pop_back();
    out += line + "\r\n";
    line = " ";
  }
  while (true) {
    std::size_t taken = fold_at(rest, line.size());
    out += line;
    out += rest.substr(0, taken);
    out += "\r\n";
    rest.remove_prefix(taken);
    if (rest.empty()) return;
    line = blank(rest[0]) ? "" : " ";
  }
}

class MimeWriter {
 public:
  explicit MimeWriter(std::string_view boundary) : prefix_(safe_prefix(boundary)) {}

  std::string write(const Entity& message) {
    encode_leaves(message);
    write_entity(message);
    return std::move(out_);
  }

 private:
  void encode_leaves(const Entity& entity) {
    for (const Field& field : entity.fields) note_delimiters(field.name);
    if (!container(entity)) {
      leaves_.push_back(encoded(entity));
      note_delimiters(leaves_.back().body);
    }
    for (const Entity& part : parts_of(entity)) encode_leaves(part);
  }

  // Which numbers the lines of `text` take.
  void note_delimiters(std::string_view text) {
    std::string start = "--" + prefix_;
    for (std::size_t at = 0; at < text.size();) {
      if (text.substr(at).starts_with(start)) {
        std::uint64_t number = 0;
        std::string_view digits = text.substr(at + start.size(), 18);
        for (char c : digits) {
          if (c < '0' || c > '9') break;
          number = number * 10 + static_cast<std::uint64_t>(c - '0');
        }
        taken_.insert(number);
      }
      std::size_t end = text.find('\n', at);
      at = end == std::string_view::npos ? text.size() : end + 1;
    }
  }

  static std::span<const Entity> parts_of(const Entity& entity) {
    if (!container(entity)) return {};
    return std::span{entity.parts}.subspan(0, entity.multipart() ? entity.parts.size() : 1);
  }

  std::string next_boundary() {
    while (taken_.contains(++boundaries_)) {
    }
    return fmt::format("{}{}_", prefix_, boundaries_);
  }

  void write_entity(const Entity& entity) {
    for (const Field& field : entity.fields) {
      if (same_letters(field.name, "Content-Type") || same_letters(field.name, "Content-Transfer-Encoding")) continue;
      write_field(out_, field);
    }
    if (entity.multipart()) {
      write_multipart(entity);
      return;
    }
    out_ += mime::type_field({entity.type, entity.parameters});
    if (container(entity)) {
      out_ += "\r\n";
      write_entity(entity.parts[0]);
      return;
    }
    Leaf& leaf = leaves_[next_leaf_++];
    if (!leaf.encoding.empty()) out_ += fmt::format("Content-Transfer-Encoding: {}\r\n", leaf.encoding);
    out_ += "\r\n";
    out_ += leaf.body;
    leaf.body = {};
  }

  void write_multipart(const Entity& entity) {
    std::string boundary = next_boundary();
    mime::Type type{entity.type, entity.parameters};
    std::erase_if(type.parameters, [](const auto& parameter) { return same_letters(parameter.first, "boundary"); });
    type.parameters.emplace_back("boundary", boundary);
    out_ += mime::type_field(type);
    out_ += "\r\n";
    for (const Entity& part : entity.parts) {
      out_ += fmt::format("--{}\r\n", boundary);
      write_entity(part);
      out_ += "\r\n";
    }
    out_ += fmt::format("--{}--\r\n", boundary);
  }

  std::string prefix_, out_;
  std::vector<Leaf> leaves_;  // in the order of the tree
  std::size_t next_leaf_ = 0;
  std::set<std::uint64_t> taken_;
  std::uint64_t boundaries_ = 0;
};

}  // namespace

std::string write_fields(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) write_field(out, field);
  return out;
}

std::string write_mime(const Entity& message, std::string_view boundary) { return MimeWriter{boundary}.write(message); }

}  // namespace deadletter::content
