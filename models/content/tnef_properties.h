// Encapsulated properties (MS-OXTNEF 2.1.3.4): a counted list of MAPI properties, out of octets and into them.
//
// Reading keeps what a Value can hold. 16-bit integers become integers and 8-bit text becomes UTF-8; a time beyond
// what FileTime holds becomes the last one it holds. Left out, each with its right length: multiple values, floating
// point, currency, 64-bit integers, error codes, GUIDs, objects other than messages, names by string, and names of
// property sets or with LIDs that a Tag does not have.
//
// Writing gives text as UTF-16 with a terminating zero, and named properties their set and LID. Reading takes one
// terminating zero off, so text keeps every other zero it holds.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "models/content/property.h"

namespace deadletter::content::tnef {

// Octets that are read front to back, never beyond their end. The first failure stays: all later reads give nothing.
class Cursor {
 public:
  // `base` is where the octets lie in the stream, for reasons.
  Cursor(std::string_view octets, std::size_t base) : octets_(octets), base_(base) {}

  std::string_view take(std::uint64_t size);  // empty when there are fewer
  void skip_padding(std::uint64_t size);      // to the next multiple of four; the last value may go without
  std::uint16_t number16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t number32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t number64() { return number(8); }
  void fail(const char* reason);

  bool good() const { return reason_ == nullptr; }
  bool at_end() const { return at_ == octets_.size(); }
  std::size_t left() const { return octets_.size() - at_; }
  std::size_t offset() const { return base_ + at_; }
  std::string reason() const;  // with the place; empty when good

 private:
  std::uint64_t number(std::size_t size);

  std::string_view octets_;
  std::size_t base_, at_ = 0;
  const char* reason_ = nullptr;
};

struct PropertyList {
  Properties properties;
  std::string_view message{};      // the nested stream of an embedded message; empty when there is none
  std::size_t message_offset = 0;  // in the stream
};
// Of properties that come twice the later one stays. The cursor fails when the list is malformed.
PropertyList read_properties(Cursor& in, std::uint32_t code_page);

class PropertyWriter {
 public:
  // A tag of the standard set with an id from 0x8000 names nothing and is not written.
  void add(const Property& property);
  void add_message(std::string_view stream);
  bool empty() const { return count_ == 0; }
  std::string list() const;  // the count, then the properties

 private:
  void start(std::uint32_t id_and_type);

  std::string octets_;
  std::uint32_t count_ = 0, named_ = 0;
};

void put16(std::string& out, std::uint16_t number);
void put32(std::string& out, std::uint32_t number);

}  // namespace deadletter::content::tnef
