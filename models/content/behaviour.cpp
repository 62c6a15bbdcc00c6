// The as-designed answers of the converters.
#include "models/content/behaviour.h"

namespace deadletter::content {
namespace {

constexpr PointInfo kMapProperty{"content.map_property",
                                 "direction, object, property, state of its value, mandatory, row, answered, times",
                                 "write | omit | substitute{value} | fail{code}",
                                 "A good value is written; one that is absent or cannot be expressed is left out, and "
                                 "fails the conversion only where the other form cannot be without it.",
                                 "MS-OXCICAL; RFC 5545 3.6.1",
                                 Evidence::inferred};

Mapped write_what_can_be(const MapPropertyFacts& facts) {
  if (facts.state == ValueState::good) return {.kind = Mapped::Kind::write};
  if (facts.mandatory) return {.kind = Mapped::Kind::fail, .code = kCallFailed};
  return {.kind = Mapped::Kind::omit};
}

constexpr PointInfo kMapPart{
    "content.map_part",
    "direction, part, its state, depth, limit",
    "convert | keep | skip | fail{code}",
    "A good part is converted, a damaged optional one skipped, one that is not known kept as an "
    "attachment; messages nested too deeply fail with MAPI_E_TOO_BIG.",
    "KB309214, KB317124",
    Evidence::inferred};

PartMapped convert_what_is_good(const MapPartFacts& facts) {
  using Kind = PartMapped::Kind;
  if (facts.depth > facts.depth_limit) return {.kind = Kind::fail, .code = kTooBig};
  if (facts.state == PartState::damaged) return {.kind = Kind::skip};
  return {.kind = facts.part == PartKind::unknown ? Kind::keep : Kind::convert};
}

constexpr PointInfo kReadHeader{"content.read_header",
                                "name, size, folded, valid, limit",
                                "value | shortened | absent | fail{code}",
                                "Unfolds, takes any length, passes over what is malformed.",
                                "RFC 5322 2.2.3",
                                Evidence::documented};

HeaderRead take_any(const ReadHeaderFacts& facts) {
  if (!facts.valid) return {.kind = HeaderRead::Kind::absent};
  bool too_long = facts.limit != 0 && facts.size > facts.limit;
  return {.kind = too_long ? HeaderRead::Kind::shortened : HeaderRead::Kind::value};
}

constexpr PointInfo kWriteLine{"content.write_line",
                               "longest line, 8-bit octets, bare LF, limit",
                               "as_is | quoted_printable | base64",
                               "Text whose lines are short and of 7 bits goes as it is; else it is encoded.",
                               "RFC 5322 2.1.1; RFC 2045 6",
                               Evidence::documented};

WriteLine encode_what_is_long(const WriteLineFacts& facts) {
  bool plain = facts.longest <= facts.limit && !facts.eight_bit && !facts.bare_lf;
  return plain ? WriteLine::as_is : WriteLine::quoted_printable;
}

constexpr PointInfo kSignedLayout{
    "content.signed_layout",
    "message class, top-level type, class of the embedded message",
    "none | clear_signed | opaque | encrypted | wrapped",
    "A class with \"ENVELOPE.\" in front is wrapped, whatever follows; else one that ends "
    "in SMIME.MultipartSigned is clear-signed, one that ends in SMIME opaque.",
    "MS-OXOSMIME note 1; the fix of KB843242",
    Evidence::inferred};

constexpr PointInfo kOpenForScan{"content.open_for_scan",
                                 "layout that the class promises, structure that is there",
                                 "readable | unreadable{code}",
                                 "Readable when the structure is the one that the layout promises.",
                                 "KB843242",
                                 Evidence::inferred};

Opened as_promised(const OpenForScanFacts& facts) {
  switch (facts.layout) {
    case Layout::none:
      return {};
    case Layout::clear_signed:
      return {.readable = facts.structure == Structure::multipart_signed, .code = kCallFailed};
    case Layout::opaque:
    case Layout::encrypted:
      return {.readable = facts.structure == Structure::pkcs7_mime, .code = kCallFailed};
    case Layout::wrapped:
      return {.readable = facts.structure == Structure::embedded_message, .code = kCallFailed};
  }
  return {};
}

constexpr AttributeInfo kVariantRange{
    "content.variant_time_range", "the dates that the conversion of times can express", "first and last day",
    "VariantTimeToSystemTime, previous-versions/aa912065: 1753-01-01 to 2078-12-31", Evidence::documented};
constexpr AttributeInfo kNestingLimit{"content.nesting_limit", "levels of messages and multiparts in each other",
                                      "count from 1 to 64", "assumed", Evidence::assumed};
constexpr AttributeInfo kHeaderLimit{"content.header_limit", "the longest header field that is read whole",
                                     "octets; 0 = none", "RFC 5322 2.2.3 has none", Evidence::documented};
constexpr AttributeInfo kLineLimit{"content.line_limit", "the longest line of text that is written as it is", "octets",
                                   "RFC 5322 2.1.1: 998", Evidence::documented};
constexpr AttributeInfo kProduct{"content.calendar_product",
                                 "who is named in the calendar objects that it writes (PRODID)", "text",
                                 "RFC 5545 3.7.3", Evidence::documented};

}  // namespace

Layout layout_by_class(const SignedLayoutFacts& facts) {
  std::string_view cls = facts.message_class;
  if (cls.starts_with("ENVELOPE.")) return Layout::wrapped;
  if (cls.ends_with("SMIME.MultipartSigned")) return Layout::clear_signed;
  if (!cls.ends_with(".SMIME")) return Layout::none;
  return facts.top_level_type.find("enveloped-data") == std::string_view::npos ? Layout::opaque : Layout::encrypted;
}

ContentBehaviour::ContentBehaviour()
    : map_property(kMapProperty, write_what_can_be),
      map_part(kMapPart, convert_what_is_good),
      read_header(kReadHeader, take_any),
      write_line(kWriteLine, encode_what_is_long),
      signed_layout(kSignedLayout, layout_by_class),
      open_for_scan(kOpenForScan, as_promised),
      variant_time_range(kVariantRange, {}),
      nesting_limit(kNestingLimit, 64),
      header_limit(kHeaderLimit, 0),
      line_limit(kLineLimit, 998),
      calendar_product(kProduct, "-//Deadletter//as designed//EN") {}

}  // namespace deadletter::content
