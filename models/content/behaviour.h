// What the converters decide, each with its as-designed answer.
//
// The points serve every converter, which is one of their facts: a deviation names the converter, direction, property
// or part it is about, and returns "as below" for the rest.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/behaviour/point.h"
#include "models/content/message.h"
#include "models/content/times.h"

namespace deadletter::content {

// A failed conversion as the product's own code, an HRESULT: 0x80004005 is -2147467259.
struct ErrorCode {
  std::int32_t value = 0;
  friend constexpr auto operator<=>(ErrorCode, ErrorCode) = default;
};
inline constexpr ErrorCode kCallFailed{static_cast<std::int32_t>(0x80004005)};   // MAPI_E_CALL_FAILED
inline constexpr ErrorCode kTooBig{static_cast<std::int32_t>(0x80040305)};       // MAPI_E_TOO_BIG
inline constexpr ErrorCode kCorruptData{static_cast<std::int32_t>(0x8004011b)};  // MAPI_E_CORRUPT_DATA

// Where content is written or read.
enum class Direction : std::uint8_t { to_mime, from_mime };
// What kind of object a message is, by its class.
enum class ObjectKind : std::uint8_t { note, request, response, cancellation, report, other };
enum class ValueState : std::uint8_t { absent, zero, out_of_range, good };

// ---- content.map_property
struct MapPropertyFacts {
  Direction direction;
  ObjectKind object;
  std::string_view property;  // by its MAPI name: "PidLidAttendeeCriticalChange"
  ValueState state;
  bool mandatory;       // the other form cannot be without it
  bool row;             // a property of a recipient's row …
  bool answered;        // … of an attendee who has answered
  FileTime value;       // of times
  FileTime submitted;   // reference: when the message was submitted
  FileTime converting;  // reference: now
};
struct Mapped {
  enum class Kind : std::uint8_t { write, omit, substitute, fail };
  Kind kind = Kind::write;
  FileTime value{};  // substitute
  ErrorCode code{};  // fail
  friend bool operator==(const Mapped&, const Mapped&) = default;
};

// ---- content.map_part
enum class PartKind : std::uint8_t {
  text,
  html,
  calendar,
  attachment,
  embedded_message,
  tnef,
  signature,
  report,
  unknown
};
enum class PartState : std::uint8_t { good, empty, damaged };
struct MapPartFacts {
  Direction direction;
  PartKind part;
  PartState state;
  std::uint64_t depth, depth_limit;
};
struct PartMapped {
  enum class Kind : std::uint8_t { convert, keep, skip, fail };
  Kind kind = Kind::convert;
  ErrorCode code{};
  friend bool operator==(const PartMapped&, const PartMapped&) = default;
};

// ---- content.read_header
struct ReadHeaderFacts {
  std::string_view name;
  std::uint64_t size;
  bool folded, valid;
  std::uint64_t limit;  // content.header_limit, 0 = none
};
struct HeaderRead {
  enum class Kind : std::uint8_t { value, shortened, absent, fail };
  Kind kind = Kind::value;
  ErrorCode code{};
  friend bool operator==(const HeaderRead&, const HeaderRead&) = default;
};

// ---- content.write_line
struct WriteLineFacts {
  std::uint64_t longest;  // octets of the longest line of a text
  bool eight_bit, bare_lf;
  std::uint64_t limit;  // content.line_limit
};
enum class WriteLine : std::uint8_t { as_is, quoted_printable, base64 };

// ---- content.signed_layout
enum class Layout : std::uint8_t { none, clear_signed, opaque, encrypted, wrapped };
struct SignedLayoutFacts {
  std::string_view message_class;   // "ENVELOPE.IPM.Note.SMIME.MultipartSigned"
  std::string_view top_level_type;  // of the only attachment that holds the content: "multipart/signed"; may be empty
  std::string_view embedded_class;  // of the message embedded in it; empty when there is none
};

// ---- content.open_for_scan
enum class Structure : std::uint8_t { plain, multipart_signed, pkcs7_mime, embedded_message };
struct OpenForScanFacts {
  Layout layout;        // what the class promises
  Structure structure;  // what is there
};
struct Opened {
  bool readable = true;
  ErrorCode code{};
  friend bool operator==(const Opened&, const Opened&) = default;
};

// What a class alone says: the as-designed answer, for deviations to build on.
Layout layout_by_class(const SignedLayoutFacts& facts);

struct ContentBehaviour {
  ContentBehaviour();

  DecisionPoint<MapPropertyFacts, Mapped> map_property;
  DecisionPoint<MapPartFacts, PartMapped> map_part;
  DecisionPoint<ReadHeaderFacts, HeaderRead> read_header;
  DecisionPoint<WriteLineFacts, WriteLine> write_line;
  DecisionPoint<SignedLayoutFacts, Layout> signed_layout;
  DecisionPoint<OpenForScanFacts, Opened> open_for_scan;

  Attribute<VariantRange> variant_time_range;
  Attribute<std::uint64_t> nesting_limit;
  Attribute<std::uint64_t> header_limit;    // octets, 0 = none
  Attribute<std::uint64_t> line_limit;      // octets
  Attribute<std::string> calendar_product;  // PRODID of calendar objects that it writes

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.map_property), visit(self.map_part), visit(self.read_header), visit(self.write_line);
    visit(self.signed_layout), visit(self.open_for_scan);
    visit(self.variant_time_range), visit(self.nesting_limit), visit(self.header_limit), visit(self.line_limit);
    visit(self.calendar_product);
  }
};

}  // namespace deadletter::content
