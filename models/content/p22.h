// X.400 as octets: the envelope of a message transfer (X.411 P1, the fields that decide something) around a content,
// interpersonal (X.420 P22) or another. ASN.1 in BER, definite lengths.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter::content {

enum class X400Priority : std::uint8_t { normal = 0, non_urgent = 1, urgent = 2 };

struct X400Extension {
  std::int32_t type = 0;  // the standard's number; 0 when it is given by `oid`
  std::string oid{};      // dotted
  bool critical = false;
  std::string value{};  // octets
  friend bool operator==(const X400Extension&, const X400Extension&) = default;
};

struct X400Recipient {
  std::string address;  // "c=us;a= ;p=contoso;o=hq;s=lee", or DDA form "dda:SMTP=ann(a)contoso.com"
  bool responsible = true;
  friend bool operator==(const X400Recipient&, const X400Recipient&) = default;
};

struct X400Trace {
  std::string domain;       // "c=us;a= ;p=contoso"
  std::string mta;          // "EX1"
  std::int64_t unix_s = 0;  // arrival
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
  X400Priority priority = X400Priority::normal;
  std::int64_t submitted_unix_s = 0;  // may be 0: not given
  std::vector<X400Extension> extensions;
  std::vector<X400Trace> trace;
  std::string content;  // octets; of P22 an InformationObject
  friend bool operator==(const X400Message&, const X400Message&) = default;
};

struct ReadX400 {
  std::optional<X400Message> message;
  std::string reason;      // when there is none
  std::size_t offset = 0;  // where
};
ReadX400 read_x400(std::string_view octets, std::size_t depth_limit = 64);
std::string write_x400(const X400Message& message);

// An interpersonal message: heading and body parts (X.420 7).
struct BodyPart {
  enum class Kind : std::uint8_t { ia5_text, message, bilaterally_defined, external };
  Kind kind = Kind::ia5_text;
  std::string oid{};     // external: what it is; dotted
  std::string octets{};  // text or data; of a forwarded message the InformationObject
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
  std::string reason;
  std::size_t offset = 0;
};
ReadP22 read_p22(std::string_view octets, std::size_t depth_limit = 64);
std::string write_p22(const InterpersonalMessage& message);

}  // namespace deadletter::content
