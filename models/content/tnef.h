// TNEF streams (MS-OXTNEF): a MAPI message as one blob, as Exchange sends it to its like. libytnef reads, we write.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "models/content/message.h"

namespace deadletter::content {

struct ReadTnef {
  std::optional<Message> message;
  std::string reason;  // when there is none
};
// Levels of embedded messages deeper than `depth_limit` are refused.
ReadTnef read_tnef(std::string_view octets, std::size_t depth_limit = 64);

// The whole message: properties, recipient table, attachments, embedded messages. The same octets for the same value;
// `key` is the attachment key (attAttachRenddata's stream has one a message).
std::string write_tnef(const Message& message, std::uint16_t key);

}  // namespace deadletter::content
