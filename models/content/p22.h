// X.400 as octets: the envelope of a message transfer (X.411 P1, the fields that decide something) around a content,
// interpersonal (X.420 P22) or another. ASN.1 in BER, definite lengths.
//
// What is written comes back the same: read_x400(write_x400(m)) is m, and read_p22(write_p22(m)) is m, within the
// ranges said at the fields. Reading refuses what is no encoding or is nested too deep, passes over fields that are not
// here, and costs time in proportion to the octets. or_address.h says how addresses and domains are written.
//
// Text that is ASCII is IA5String, PrintableString or TeletexString, as the field asks; other text is UTF8String, which
// X.400 of the time did not have (it had TeletexString and GeneralString with switched character sets).
//
// NOT MODELLED: probes and reports, encoded information types, content identifiers, indicators, deferred delivery,
// bilateral information, extensions of recipients; notifications, and headings other than those here. Contents are
// octets, and what they are is for their own readers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter::content {

enum class X400Priority : std::uint8_t { normal = 0, non_urgent = 1, urgent = 2 };

struct X400Extension {
  std::int32_t type = 0;  // the standard's number; not looked at when there is an `oid`
  std::string oid{};      // dotted; empty when the type is the standard's
  bool critical = false;  // for transfer and delivery
  std::string value{};    // one BER element; empty is NULL. Other octets are written as an OCTET STRING.
  friend bool operator==(const X400Extension&, const X400Extension&) = default;
};

struct X400Recipient {
  std::string address;  // "c=us;a= ;p=contoso;o=hq;s=lee", or DDA form "dda:SMTP=ann(a)contoso.com"
  bool responsible = true;
  friend bool operator==(const X400Recipient&, const X400Recipient&) = default;
};

// A step of a message's way. Without `mta` it is a domain's (X.411 trace-information), with it one of an MTA's own
// domain (internal-trace-information).
struct X400Trace {
  std::string domain;       // "c=us;a= ;p=contoso"
  std::string mta;          // "EX1"
  std::int64_t unix_s = 0;  // arrival; years 1601 to 9999
  std::uint8_t action = 0;  // 0 relayed, 1 rerouted
  friend bool operator==(const X400Trace&, const X400Trace&) = default;
};

// Content types (X.411 8.2.1.1.1.34).
inline constexpr std::int32_t kContentUnidentified = 0, kContentExternal = 1, kContentP2 = 2, kContentP22 = 22;

struct X400Message {
  std::string mts_id;      // "c=us;a= ;p=contoso;l=EX1-060301080000Z-1"
  std::string originator;  // as X400Recipient::address
  std::vector<X400Recipient> recipients;
  std::int32_t content_type = kContentP22;
  std::string
      content_oid{};  // dotted, instead of `content_type`: "1.2.840.113556.3.10.1"; kContentExternal is beside it
  X400Priority priority = X400Priority::normal;
  std::vector<X400Extension> extensions;  // without number 38, which is the trace inside a domain
  std::vector<X400Trace> trace;           // the domains' steps first, then the MTAs'; each in their order
  std::string content;                    // octets; of P22 an InformationObject

  // When it was submitted: P1 has no field for it, the first step stands for it. 0 when there is none.
  std::int64_t submitted_unix_s() const { return trace.empty() ? 0 : trace.front().unix_s; }
  friend bool operator==(const X400Message&, const X400Message&) = default;
};

struct ReadX400 {
  std::optional<X400Message> message;
  std::string reason;      // when there is none
  std::size_t offset = 0;  // where; 0 when what is wrong is that something is missing
};
// `depth_limit` is for constructed elements inside each other.
ReadX400 read_x400(std::string_view octets, std::size_t depth_limit = 64);
std::string write_x400(const X400Message& message);

// An interpersonal message: heading and body parts (X.420 7).
struct BodyPart {
  enum class Kind : std::uint8_t { ia5_text, message, bilaterally_defined, external };
  Kind kind = Kind::ia5_text;
  std::string oid{};     // external: what it is; dotted
  std::string octets{};  // text or data; of a forwarded message the InformationObject, as write_p22 gives it
  friend bool operator==(const BodyPart&, const BodyPart&) = default;
};
struct InterpersonalMessage {
  std::string id, originator, subject;
  std::vector<std::string> to, cc;
  std::int32_t importance = 1;  // 0 low, 1 normal, 2 high
  std::vector<BodyPart> parts;
  friend bool operator==(const InterpersonalMessage&, const InterpersonalMessage&) = default;
};
struct ReadP22 {
  std::optional<InterpersonalMessage> message;
  std::string reason;      // when there is none
  std::size_t offset = 0;  // where; 0 when what is wrong is that something is missing
};
// Parts of other kinds (facsimile, teletex, videotex …) are passed over. A forwarded message stays octets.
ReadP22 read_p22(std::string_view octets, std::size_t depth_limit = 64);
// A forwarded message that is no InformationObject is written as a bilaterally defined part.
std::string write_p22(const InterpersonalMessage& message);

}  // namespace deadletter::content
