// The shape of a TNEF stream, for its reader and its writer (MS-OXTNEF 2.1.3): attributes, property types, property
// sets, and the two spellings of a message class.
//
// A stream is a signature, a key and attributes: level, id, length, data, checksum. Numbers are little endian. Three
// attributes hold lists of MAPI properties as they are ("encapsulated"): of the message, of each row of the recipient
// table, of an attachment. The others are down-level: what mail programs before MAPI could read.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/content/property.h"

namespace deadletter::content::tnef {

inline constexpr std::uint32_t kSignature = 0x223e9f78, kVersion = 0x00010000;
inline constexpr std::uint32_t kCodePage = 1252;  // what down-level text is written in, and read in when not said

enum class Level : std::uint8_t { message = 1, attachment = 2 };

// The type in the upper half, as it stands in a stream.
enum class Id : std::uint32_t {
  message_class = 0x00078008,
  subject = 0x00018004,
  date_sent = 0x00038005,
  date_received = 0x00038006,
  body = 0x0002800c,
  priority = 0x0004800d,
  attach_data = 0x0006800f,
  attach_title = 0x00018010,
  attach_rendering = 0x00069002,
  message_properties = 0x00069003,
  recipient_table = 0x00069004,
  attachment = 0x00069005,
  version = 0x00089006,
  oem_code_page = 0x00069007,
  date_start = 0x00030006,
  date_end = 0x00030007,
};

struct Attribute {
  Level level{};
  Id id{};
  std::string_view data;
  std::size_t offset = 0;  // of `data` in the stream
};
inline constexpr std::size_t kAttributeHead = 9, kAttributeTail = 2;

// The sum of the octets, modulo 65536.
std::uint16_t checksum(std::string_view data);

// ---- properties
inline constexpr std::uint16_t kMultiple = 0x1000;  // added to a type
inline constexpr std::uint16_t kFirstNamed = 0x8000;
enum class Kind : std::uint16_t {  // MS-OXCDATA 2.11.1; `Type` has those that a Value holds
  int16 = 0x0002,
  int32 = 0x0003,
  real32 = 0x0004,
  real64 = 0x0005,
  currency = 0x0006,
  app_time = 0x0007,
  error = 0x000a,
  boolean = 0x000b,
  object = 0x000d,
  int64 = 0x0014,
  text8 = 0x001e,
  text16 = 0x001f,
  time = 0x0040,
  guid = 0x0048,
  binary = 0x0102,
};

using Guid = std::array<std::uint8_t, 16>;  // as in a stream
const Guid& guid_of(Set set);               // of a property set that is not `standard`
std::optional<Set> set_of(std::string_view guid);
inline constexpr Guid kMessageInterface = {0x07, 0x03, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};

// ---- message classes: IPM.Note is "IPM.Microsoft Mail.Note" in a stream, a class without such a name is itself.
std::string down_level_class(std::string_view message_class);
std::string mapi_class(std::string_view down_level);  // without case, as readers have always taken it

}  // namespace deadletter::content::tnef
