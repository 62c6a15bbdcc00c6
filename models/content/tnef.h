// TNEF streams (MS-OXTNEF): a MAPI message as one blob, as Exchange sends it to its like.
//
// read_tnef(write_tnef(m, key)) is m, for every message whose text is UTF-8, whose tags of the standard set are below
// 0x8000 and whose times are not negative: recipient table, attachments and embedded messages included, whatever the
// key. Blame is no part of a stream.
//
// Reading checks lengths, checksums, counts and nesting before it believes them, costs time in proportion to the octets
// (times the depth), and refuses the whole stream when something is wrong. The encapsulated properties, the recipient
// table, attachments and embedded messages are read here; libytnef reads the down-level subject, body and dates, which
// count when the properties lack them (tnef_down_level.h says why no more is left to it).
//
// NOT MODELLED: attributes with sender, ids or delegates (attFrom, attMessageID, attOwner, attSentFor …), icons and
// creation dates of attachments, and the types of properties that tnef_properties.h lists. Reading passes them over.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/content/message.h"

namespace deadletter::content {

struct ReadTnef {
  std::optional<Message> message;
  std::string reason;  // when there is none: "octet 123: a checksum is wrong"
};
// A message with more than `depth_limit` levels (as `nesting` counts them) is refused.
ReadTnef read_tnef(std::string_view octets, std::size_t depth_limit = 64);

// The whole message: class, recipient table, properties, attachments, embedded messages. The same octets for the same
// value; `key` is the attachment key (not 0), the same for the embedded messages. Embedded messages are written however
// deep they are, read only up to the limit.
std::string write_tnef(const Message& message, std::uint16_t key);

}  // namespace deadletter::content
