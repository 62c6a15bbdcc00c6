// JSON Pointer (RFC 6901) on values: lookup, and setting one place as `--set` does.
#include <charconv>
#include <optional>

#include "sim/json/excerpt.h"
#include "sim/json/value.h"

namespace deadletter::json {
namespace {

// "~1" is "/", "~0" is "~", any other "~" is malformed.
std::optional<std::string> unescape(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      out += part[i];
      continue;
    }
    if (++i == part.size() || (part[i] != '0' && part[i] != '1')) return std::nullopt;
    out += part[i] == '0' ? '~' : '/';
  }
  return out;
}

std::optional<std::vector<std::string>> split(std::string_view pointer) {
  std::vector<std::string> parts;
  if (pointer.empty()) return parts;
  if (pointer.front() != '/') return std::nullopt;
  for (std::size_t begin = 1; begin <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    auto part = unescape(pointer.substr(begin, end - begin));
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
    begin = end + 1;
  }
  return parts;
}

std::optional<std::size_t> parse_index(std::string_view part) {
  if (part.empty() || (part.size() > 1 && part.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return index;
}

const Value* child(const Value& value, std::string_view part) {
  if (!value.is(Kind::array)) return value.find(part);
  const auto index = parse_index(part);
  return index && *index < value.size() ? &value.items()[*index] : nullptr;
}

std::string join(const std::vector<std::string>& parts, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "/" + escape_pointer_part(parts[i]);
  return out;
}

// Why `part` names nothing in `value`, said with what is there instead.
std::string missing(const Value& value, const std::string& where, const std::string& part) {
  const std::string at = where.empty() ? "at the top" : "in " + where;
  if (value.is(Kind::array)) {
    return "there is no item " + show(part) + " " + at + ", a list of " + std::to_string(value.size());
  }
  if (!value.is(Kind::object)) {
    return (where.empty() ? "the top" : where) + " is " + describe(value) + " and has no parts";
  }
  std::string keys;
  for (std::size_t i = 0; i < value.size() && i < 12; ++i) {
    keys += (i == 0 ? "; there is: " : ", ") + show(value.members()[i].key);
  }
  return "there is no " + show(part) + " " + at + keys + (value.size() > 12 ? ", …" : "");
}

}  // namespace

std::string escape_pointer_part(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

const Value* Value::find_pointer(std::string_view pointer) const {
  const auto parts = split(pointer);
  if (!parts) return nullptr;
  const Value* at = this;
  for (const std::string& part : *parts) {
    at = child(*at, part);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::optional<std::string> Value::set_pointer(std::string_view pointer, Value value) {
  const auto parts = split(pointer);
  if (!parts) return "malformed JSON Pointer " + show(pointer) + ": expected something like \"/mail/0/size\"";
  if (parts->empty()) {
    *this = std::move(value);
    return std::nullopt;
  }
  Value* at = this;
  const std::size_t last = parts->size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    auto* next = const_cast<Value*>(child(*at, (*parts)[i]));
    if (next == nullptr) return missing(*at, join(*parts, i), (*parts)[i]);
    at = next;
  }
  const std::string& leaf = (*parts)[last];
  if (auto* existing = const_cast<Value*>(child(*at, leaf))) {
    *existing = std::move(value);
  } else if (at->is(Kind::object)) {
    at->set(leaf, std::move(value));
  } else if (at->is(Kind::array) && leaf == "-") {
    at->push_back(std::move(value));
  } else {
    return missing(*at, join(*parts, last), leaf);
  }
  return std::nullopt;
}

}  // namespace deadletter::json
