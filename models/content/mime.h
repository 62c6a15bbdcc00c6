// Internet messages (RFC 5322, 2045 to 2049): octets to a tree of parts and back.
//
// Reading keeps every header field in its order, decodes transfer encodings, and remembers for each part where its
// octets lie in the source, for a signature is about octets. That is why the parts are found here and not by GMime,
// which does not tell their places; it reads what stands in a part: type, parameters, encodings.
//
// Reading promises: any octets in time and memory in proportion to their number (some 250 octets of memory for each
// part, however small it is). What is malformed is text:
//   * a line that is no field ends the header and begins the body;
//   * a multipart without a boundary, or whose boundary no line shows, is text/plain, its octets as they are;
//   * a Content-Type that is none is text/plain, or what the part would be without one (in a multipart/digest a
//     message); of two fields or parameters the first counts; of one that holds encoded words or backslashes the
//     first 4096 octets count;
//   * an encoding that is unknown leaves octets as they are, and so does any encoding of a multipart; a message/rfc822
//     in base64 or quoted-printable, which is forbidden, is a leaf.
// A multipart that nobody closes ends with what surrounds it; a delimiter is a whole line, so no boundary is taken for
// another that begins like it.
//
// Writing promises CRLF line ends, the same octets for the same value on every machine, no line over 998 octets, and
// that no value gets out of its field or part. Written and read again, a value is the same (same_value) if
//   * fields hold what read_mime gives: names of at most 128 printable characters without a colon, values without CR,
//     LF and NUL (which are written as blanks) and without blanks at their ends, no run of 900 octets without a blank
//     in them (one is put in);
//   * types and parameter names are tokens in lower case, each name there once, its value UTF-8 without NUL;
//   * only multiparts have parts, or message/rfc822 one; what has parts has no content; a multipart has no parameter
//     "boundary".
// What read_mime gives keeps to this, but for overlong runs and for a message that nests deeper than the limit.
//
// NOT MODELLED: text before the first and after the last part of a multipart, comments in structured fields, and the
// reassembly of message/partial.
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
  std::vector<Field> fields;        // in order, without Content-Type and Content-Transfer-Encoding
  std::string type = "text/plain";  // lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // of the type, names in lower case, values in UTF-8
  std::string content;                                          // of a leaf: octets with the transfer encoding undone
  std::vector<Entity> parts;                                    // of multipart/*; of message/rfc822 the one message
  enum class Encoding : std::uint8_t { as_needed, quoted_printable, base64 };
  Encoding encoding = Encoding::as_needed;  // written only: of a leaf; what cannot go as it is is encoded in any case
  bool whole = false;  // written only: `content` is a message/rfc822's octets, which go as they are when 7 bits do
  // Where the entity, header and body, lies in the octets that were read: without the line end before a delimiter, so
  // of the first part of a multipart/signed exactly what is signed.
  std::size_t begin = 0, end = 0;

  std::string field(std::string_view name) const;      // the first of that name, without case; empty when missing
  std::string parameter(std::string_view name) const;  // of the type; empty when missing
  bool multipart() const { return type.starts_with("multipart/"); }
};

// The same but for the places in the source.
bool same_value(const Entity& a, const Entity& b);

// Reads a message. Nothing when it nests deeper than `depth_limit` levels (of multiparts and messages): hostile input.
// The time is in proportion to octets and levels.
std::optional<Entity> read_mime(std::string_view octets, std::size_t depth_limit = 64);

// Fields are written in their order, folded; Content-Type and Content-Transfer-Encoding are made from the entity and
// left out among the fields; MIME-Version is a field like others. A leaf is written 7bit when it can be, else
// quoted-printable (text) or base64 (the rest). A message that was signed is not made again by this: its octets are.
//
// The boundary of the n-th multipart is `boundary` with n and "_" behind; an n is passed over when a line of the
// content begins like its delimiter. Octets that a boundary must not hold become '-', what is over 50 octets is cut.
std::string write_mime(const Entity& message, std::string_view boundary);

// The fields alone, folded, for octets that bring their own Content-Type.
std::string write_fields(const std::vector<Field>& fields);

// The date of a field (RFC 5322 3.3, and what is near it) in nanoseconds since 1970; nothing when it is none.
std::optional<std::int64_t> parse_mail_date(std::string_view value);

// RFC 2047: to and from UTF-8, for values of free text such as Subject. Decoding leaves alone what is no encoded word;
// raw octets over 127 are UTF-8 or else ISO 8859-1. Encoding leaves alone what needs no encoding; what is not UTF-8
// becomes U+FFFD; decode_words(encode_words(text)) is `text` for every UTF-8 text.
std::string decode_words(std::string_view value);
std::string encode_words(std::string_view utf8);

}  // namespace deadletter::content
