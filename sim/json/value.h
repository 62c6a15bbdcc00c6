// A JSON value that remembers where it was written, and that can be built and written out again.
//
// Promises: objects keep the order of their members; integers are exact (64 bits, signed); equality looks at content
// only, never at places. `dump` gives the same octets for the same content on every machine.
// A value read from a text keeps that text alive, so that a problem found much later can quote its line.
#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/json/place.h"

namespace deadletter::json {

enum class Kind : std::uint8_t { null, boolean, integer, real, string, array, object };

struct Member;

class Value {
 public:
  Value();  // null
  Value(bool boolean);
  Value(double real);  // JSON has no infinity and no NaN: these are written as null
  Value(const char* text);
  Value(std::string text);
  Value(std::string_view text);
  // Precondition: the integer fits into 64 bits with a sign.
  template <std::integral T>
  Value(T integer) : Value(Integer{static_cast<std::int64_t>(integer)}) {
    assert(std::in_range<std::int64_t>(integer));
  }
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  static Value object();
  static Value array();
  static Value array(std::vector<Value> items);
  // A real number as it was written: its decimal digits matter where chance must be exact.
  static Value real(double number, std::string literal);

  Kind kind() const { return static_cast<Kind>(content_.index()); }
  bool is(Kind kind) const { return this->kind() == kind; }

  // Precondition of each: the value has that kind.
  bool as_bool() const;
  std::int64_t as_integer() const;
  double as_real() const;
  const std::string& as_real_literal() const;
  const std::string& as_string() const;
  const std::vector<Value>& items() const;
  const std::vector<Member>& members() const;

  // The member with this key, or null when there is none or this is no object. Linear in the number of members.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  std::size_t size() const;  // items or members; 0 for the other kinds

  // Building. Precondition: an object (set, add) or an array (push_back).
  Value& set(std::string key, Value value);                       // replaces, or appends a member; returns *this
  void add(std::string key, Position key_position, Value value);  // appends; the caller knows that the key is new
  Value& push_back(Value value);

  // JSON Pointer (RFC 6901). Null when the pointer is malformed or leads nowhere; "" is the value itself.
  const Value* find_pointer(std::string_view pointer) const;
  // Replaces what the pointer names or creates the last part: a member, or the next item of an array for "-".
  // Returns what is wrong when a part before the last does not exist; the value is then unchanged.
  std::optional<std::string> set_pointer(std::string_view pointer, Value value);

  // JSON text. With indent 0 on one line without spaces, else one member or item a line. No final line feed.
  std::string dump(int indent = 0) const;

  Position position() const { return position_; }
  const std::shared_ptr<const Source>& source() const { return source_; }
  void set_place(std::shared_ptr<const Source> source, Position position);

  friend bool operator==(const Value& a, const Value& b);

 private:
  // Constructors live in value.cpp, where Member is complete; this takes the integers there.
  struct Integer {
    std::int64_t value;
  };
  explicit Value(Integer integer);

  struct Real {
    double number;
    std::string literal;
  };
  // In the order of Kind.
  std::variant<std::monostate, bool, std::int64_t, Real, std::string, std::vector<Value>, std::vector<Member>> content_;
  Position position_;
  std::shared_ptr<const Source> source_;
};

struct Member {
  std::string key;
  Position key_position;
  Value value;
};

// One part of a JSON Pointer, escaped: "a/b" becomes "a~1b".
std::string escape_pointer_part(std::string_view part);

// What a message says was found: `"15 minutes"`, `12`, `true`, `a list`, `an object`. Long text is shortened.
std::string describe(const Value& value);

// The text as a JSON string with its quotes. Octets that are no UTF-8 become U+FFFD.
std::string quote(std::string_view text);

}  // namespace deadletter::json
