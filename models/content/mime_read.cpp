// From octets to a tree of parts. The parent finds its parts by its boundary first and only then are they read, so an
// outer boundary always wins over what an inner multipart leaves open.
#include <algorithm>

#include "models/content/mime.h"
#include "models/content/mime_pieces.h"

namespace deadletter::content {
namespace {

using mime::blank;
using mime::same_letters;
using mime::trimmed;

struct Range {
  std::size_t begin = 0, end = 0;
};

// Behind the line's end.
std::size_t next_line(std::string_view text, std::size_t at) {
  std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The length of the field's name; 0 when the line is no field. RFC 5322 4.5: blanks may stand before the colon.
std::size_t name_length(std::string_view line) {
  const auto* end = std::ranges::find_if_not(line, mime::field_character);
  auto length = static_cast<std::size_t>(end - line.begin());
  std::string_view rest = line.substr(length);
  while (!rest.empty() && blank(rest.front())) rest.remove_prefix(1);
  return rest.starts_with(':') && length <= mime::kLongestName ? length : 0;
}

class MimeReader {
 public:
  MimeReader(std::string_view octets, std::size_t depth_limit) : octets_(octets), depth_limit_(depth_limit) {}

  Entity read(Range range, std::size_t depth, std::string_view default_type) {
    Entity entity;
    entity.begin = range.begin;
    entity.end = range.end;
    Range body{read_fields(range, entity.fields), range.end};
    std::string type = take(entity.fields, "Content-Type");
    std::string encoding = take(entity.fields, "Content-Transfer-Encoding");
    std::optional<mime::Type> known = mime::read_type(type);
    entity.type = known ? known->name : std::string{default_type};
    if (known) entity.parameters = std::move(known->parameters);
    if (entity.multipart()) {
      read_parts(entity, body, depth);
    } else if (entity.type == "message/rfc822" && !mime::knows_encoding(encoding)) {
      if (enter(depth)) entity.parts.push_back(read(body, depth + 1, "text/plain"));
    } else {
      entity.content = mime::decode(text(body), encoding);
    }
    return entity;
  }

  bool too_deep() const { return too_deep_; }

 private:
  std::string_view text(Range range) const { return octets_.substr(range.begin, range.end - range.begin); }

  bool enter(std::size_t depth) {
    too_deep_ |= depth >= depth_limit_;
    return !too_deep_;
  }

  // Returns where the body begins.
  std::size_t read_fields(Range range, std::vector<Field>& fields) const {
    std::string_view octets = octets_.substr(0, range.end);
    std::size_t at = range.begin;
    while (at < range.end) {
      std::size_t next = next_line(octets, at);
      std::string_view line = without_end(octets.substr(at, next - at));
      if (line.empty()) return next;
      std::size_t length = name_length(line);
      if (length == 0) return at;
      while (next < range.end && blank(octets[next])) next = next_line(octets, next);
      fields.push_back({std::string{line.substr(0, length)}, unfolded(octets.substr(at + length, next - at - length))});
      at = next;
    }
    return at;
  }

  // `rest` is the field behind its name.
  static std::string unfolded(std::string_view rest) {
    rest.remove_prefix(rest.find(':') + 1);
    std::string value;
    while (!rest.empty()) {
      std::size_t next = next_line(rest, 0);
      value += without_end(rest.substr(0, next));
      rest.remove_prefix(next);
    }
    std::ranges::replace_if(
        value, [](char c) { return c == '\r' || c == '\0'; }, ' ');
    return std::string{trimmed(value)};
  }

  // The value of the first field of that name; none of that name remains.
  static std::string take(std::vector<Field>& fields, std::string_view name) {
    auto named = [&](const Field& field) { return same_letters(field.name, name); };
    auto first = std::ranges::find_if(fields, named);
    if (first == fields.end()) return {};
    std::string value = first->value;
    std::erase_if(fields, named);
    return value;
  }

  void read_parts(Entity& entity, Range body, std::size_t depth) {
    std::string_view default_type = entity.type == "multipart/digest" ? "message/rfc822" : "text/plain";
    std::vector<Range> parts;
    if (!split(body, entity.parameter("boundary"), parts)) {
      entity.type = "text/plain";
      entity.parameters.clear();
      entity.content = text(body);
      return;
    }
    std::erase_if(entity.parameters, [](const auto& parameter) { return parameter.first == "boundary"; });
    if (!enter(depth)) return;
    entity.parts.reserve(parts.size());
    for (Range part : parts) {
      entity.parts.push_back(read(part, depth + 1, default_type));
      if (too_deep_) return;
    }
  }

  // False when no line is a delimiter.
  bool split(Range body, std::string_view boundary, std::vector<Range>& parts) const {
    while (!boundary.empty() && blank(boundary.back())) boundary.remove_suffix(1);
    if (boundary.empty()) return false;
    std::string_view octets = octets_.substr(0, body.end);
    bool open = false;
    for (std::size_t at = body.begin, next = at; at < body.end; at = next) {
      next = next_line(octets, at);
      std::string_view line = octets.substr(at, next - at);
      if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) continue;
      std::string_view rest = without_end(line.substr(2 + boundary.size()));
      bool close = rest.starts_with("--") && trimmed(rest.substr(2)).empty();
      if (!close && !trimmed(rest).empty()) continue;
      if (open) parts.back().end = std::max(parts.back().begin, before_line_end(body.begin, at));
      if (close) return true;
      parts.push_back({next, body.end});
      open = true;
    }
    return open;
  }

  // The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1).
  std::size_t before_line_end(std::size_t begin, std::size_t at) const {
    return begin + without_end(octets_.substr(begin, at - begin)).size();
  }

  std::string_view octets_;
  std::size_t depth_limit_;
  bool too_deep_ = false;
};

}  // namespace

std::string Entity::field(std::string_view name) const {
  auto found = std::ranges::find_if(fields, [&](const Field& field) { return same_letters(field.name, name); });
  return found == fields.end() ? "" : found->value;
}

std::string Entity::parameter(std::string_view name) const {
  auto found = std::ranges::find_if(parameters, [&](const auto& each) { return same_letters(each.first, name); });
  return found == parameters.end() ? "" : found->second;
}

bool same_value(const Entity& a, const Entity& b) {
  return a.fields == b.fields && a.type == b.type && a.parameters == b.parameters && a.content == b.content &&
         std::ranges::equal(a.parts, b.parts, same_value);
}

std::optional<Entity> read_mime(std::string_view octets, std::size_t depth_limit) {
  MimeReader reader(octets, depth_limit);
  Entity message = reader.read({0, octets.size()}, 0, "text/plain");
  if (reader.too_deep()) return std::nullopt;
  return message;
}

}  // namespace deadletter::content
