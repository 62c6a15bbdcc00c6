// Internet messages (RFC 5322, 2045 to 2049): octets to a tree of parts and back. GMime does the reading.
//
// Reading keeps every header field in its order, decodes transfer encodings, and remembers for each part where its
// octets lie in the source, for a signature is about octets. Writing gives CRLF line ends, the same octets for the same
// value.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deadletter::content {

struct Field {
  std::string name, value;  // the value unfolded, as written (RFC 2047 words are not decoded)
  friend bool operator==(const Field&, const Field&) = default;
};

struct Entity {
  std::vector<Field> fields;                                    // in order; of a part and of the message itself alike
  std::string type = "text/plain";                              // lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // of the type, names in lower case, values decoded
  std::string content;                                          // of a leaf: octets with the transfer encoding undone
  std::vector<Entity> parts;                                    // of multipart/*; of message/rfc822 the one message
  std::size_t begin = 0, end = 0;  // where the entity, header and body, lies in the octets that were read

  std::string field(std::string_view name) const;      // the first of that name, without case; empty when missing
  std::string parameter(std::string_view name) const;  // of the type; empty when missing
  bool multipart() const { return type.starts_with("multipart/"); }
};

// Reads a message. Nothing when it nests deeper than `depth_limit` levels (of multiparts and messages): hostile input.
// Everything else reads as something: what is malformed is text.
std::optional<Entity> read_mime(std::string_view octets, std::size_t depth_limit = 64);

// Fields are written in their order, folded; Content-Type and Content-Transfer-Encoding are made from the entity and
// must not be among them. A leaf is written 7bit when it can be, else quoted-printable (text) or base64 (the rest);
// lines end in CRLF. `boundary` makes the boundary of the n-th multipart: none of its lines may occur in the content,
// which is seen to by trying the next n.
std::string write_mime(const Entity& message, std::string_view boundary);

// RFC 2047: to and from UTF-8.
std::string decode_words(std::string_view value);
std::string encode_words(std::string_view utf8);

}  // namespace deadletter::content
