// Construction, access and comparison of values. Writing is in dump.cpp, JSON Pointer in pointer.cpp.
#include "sim/json/value.h"

#include <algorithm>

#include "sim/json/excerpt.h"
#include "sim/json/utf8.h"

namespace deadletter::json {

std::string format_real(double number);  // dump.cpp

Value::Value() = default;
Value::Value(bool boolean) : content_(boolean) {}
Value::Value(Integer integer) : content_(integer.value) {}
Value::Value(double real) : content_(Real{real, format_real(real)}) {}
Value::Value(const char* text) : content_(std::string(text)) {}
Value::Value(std::string text) : content_(std::move(text)) {}
Value::Value(std::string_view text) : content_(std::string(text)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value Value::object() {
  Value value;
  value.content_ = std::vector<Member>{};
  return value;
}

Value Value::array() { return array({}); }

Value Value::array(std::vector<Value> items) {
  Value value;
  value.content_ = std::move(items);
  return value;
}

Value Value::real(double number, std::string literal) {
  Value value;
  value.content_ = Real{number, std::move(literal)};
  return value;
}

bool Value::as_bool() const { return std::get<bool>(content_); }
std::int64_t Value::as_integer() const { return std::get<std::int64_t>(content_); }
double Value::as_real() const { return std::get<Real>(content_).number; }
const std::string& Value::as_real_literal() const { return std::get<Real>(content_).literal; }
const std::string& Value::as_string() const { return std::get<std::string>(content_); }
const std::vector<Value>& Value::items() const { return std::get<std::vector<Value>>(content_); }
const std::vector<Member>& Value::members() const { return std::get<std::vector<Member>>(content_); }

const Value* Value::find(std::string_view key) const {
  if (!is(Kind::object)) return nullptr;
  for (const Member& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

std::size_t Value::size() const {
  if (is(Kind::array)) return items().size();
  return is(Kind::object) ? members().size() : 0;
}

Value& Value::set(std::string key, Value value) {
  if (Value* existing = find(key)) {
    *existing = std::move(value);
  } else {
    add(std::move(key), {}, std::move(value));
  }
  return *this;
}

void Value::add(std::string key, Position key_position, Value value) {
  std::get<std::vector<Member>>(content_).push_back({std::move(key), key_position, std::move(value)});
}

Value& Value::push_back(Value value) {
  std::get<std::vector<Value>>(content_).push_back(std::move(value));
  return *this;
}

void Value::set_place(std::shared_ptr<const Source> source, Position position) {
  source_ = std::move(source);
  position_ = position;
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.as_bool() == b.as_bool();
    case Kind::integer:
      return a.as_integer() == b.as_integer();
    case Kind::real:
      return a.as_real() == b.as_real();
    case Kind::string:
      return a.as_string() == b.as_string();
    case Kind::array:
      return a.items() == b.items();
    case Kind::object:
      break;
  }
  const auto same = [](const Member& x, const Member& y) { return x.key == y.key && x.value == y.value; };
  return std::equal(a.members().begin(), a.members().end(), b.members().begin(), b.members().end(), same);
}

std::string describe(const Value& value) {
  switch (value.kind()) {
    case Kind::real:
      return shorten(value.as_real_literal(), 40);
    case Kind::string:
      return show(value.as_string());
    case Kind::array:
      return value.size() == 0 ? "an empty list" : "a list";
    case Kind::object:
      return "an object";
    default:
      return value.dump();
  }
}

}  // namespace deadletter::json
