// What every reader is made of, whatever it reads: which kinds of JSON value it accepts, what a person is told to write
// there, how it converts, and how it describes itself as JSON Schema. Typed readers (reader.h) are thin shells around
// this, so that one instantiation serves all types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/place.h"
#include "sim/json/problem.h"
#include "sim/json/value.h"

namespace deadletter::json {

// A set of kinds.
class Kinds {
 public:
  constexpr Kinds() = default;
  constexpr Kinds(std::initializer_list<Kind> kinds) {
    for (const Kind kind : kinds) bits_ = static_cast<std::uint8_t>(bits_ | bit(kind));
  }
  static constexpr Kinds all() { return Kinds(0x7F); }
  constexpr bool contains(Kind kind) const { return (bits_ & bit(kind)) != 0; }
  constexpr bool meets(Kinds other) const { return (bits_ & other.bits_) != 0; }
  constexpr Kinds operator|(Kinds other) const { return Kinds(static_cast<std::uint8_t>(bits_ | other.bits_)); }

 private:
  constexpr explicit Kinds(std::uint8_t bits) : bits_(bits) {}
  static constexpr std::uint8_t bit(Kind kind) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(kind)); }
  std::uint8_t bits_ = 0;
};

// Carried through one reading: where the problems go, and the JSON Pointer of what is being read.
class Context {
 public:
  explicit Context(Problems& problems, std::string pointer = "") : problems_(problems), pointer_(std::move(pointer)) {}

  // Extends the pointer for as long as it lives.
  class Step {
   public:
    Step(Context& context, std::string_view key);
    Step(Context& context, std::size_t index);
    ~Step() { context_.pointer_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Context& context_;
    std::size_t length_;
  };

  Place place_of(const Value& value) const { return {value.source(), value.position(), pointer_}; }
  const std::string& pointer() const { return pointer_; }

  void report(Problem problem) { problems_.add(std::move(problem)); }
  void report(const Value& value, std::string message);
  // `expected <expected>, found <the value>`
  void report_unexpected(const Value& value, std::string_view expected);

 private:
  Problems& problems_;
  std::string pointer_;
};

struct ReaderCore {
  Kinds kinds;
  std::string expected;  // after "expected": `a duration such as "15m"`
  // Converts a value of one of the kinds into *target, whose type the typed reader knows; or reports and says false.
  std::function<bool(const Value&, Context&, void* target)> convert;
  std::function<Value()> schema;

  bool read(const Value& value, Context& context, void* target) const;
};

using CoreRef = std::shared_ptr<const ReaderCore>;

// The integer that a number of either kind stands for: 2.0 is 2, as JSON Schema has it; 2.5 and what is beyond 2^53 in
// a real, which no longer says which integer is meant, are none. Precondition: the value is a number.
std::optional<std::int64_t> to_whole(const Value& value);

// The parts of the combinators that do not depend on types. `item` reads one element and says whether it was right.
using ReadItem = std::function<bool(const Value&, Context&)>;
using ReadMember = std::function<bool(const Member&, Context&)>;
bool read_items(const Value& value, Context& context, const ReadItem& item);
bool read_members(const Value& value, Context& context, const ReadMember& member);

// An object with a fixed set of keys.
struct Field {
  std::string key;
  std::string documentation;
  bool required;
  CoreRef core;
  std::function<bool(const Value&, Context&, void* object)> assign;
};

struct ObjectShape {
  std::string title;
  std::string description;
  std::vector<Field> fields;
  std::vector<std::vector<std::string>> exactly_one;  // of each group of keys exactly one must be there
  bool schema_link = false;                           // "$schema" may be there, and is for editors only

  bool read(const Value& value, Context& context, void* object) const;
  Value schema() const;
};

}  // namespace deadletter::json
