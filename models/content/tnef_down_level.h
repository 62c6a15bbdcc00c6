// Down-level attributes of a message, as mail programs before MAPI wrote them: what libytnef is used for.
//
// libytnef 2.0 is given a stream of nothing but these attributes, each once and of a size that it takes; what it prints
// about others is so never printed. Why it reads no more than that:
//   * it passes over the recipient table;
//   * an embedded message stays octets, and one over 512 KiB ends the reading, as does any such value;
//   * characters beyond U+FFFF become two surrogates in UTF-8, which is no UTF-8;
//   * a LID takes the place of a property's id, so that a named property can no longer be told from a standard one by
//     its tag, and a LID of more than 16 bits is cut;
//   * a subject of more than 50 characters among the properties ends the reading, as do 1000 properties, an empty list
//     of them and an attribute without octets;
//   * currency and application times are taken for 4 octets, so what follows is misread;
//   * its priorities are turned round: 3 is low, not high.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "models/content/tnef_format.h"

namespace deadletter::content::tnef {

struct DownLevel {
  std::optional<std::string> subject, body;
  std::optional<FileTime> sent, received, start, end;
};
// Attributes of other ids are passed over; of an id that comes twice the later one counts. Dates are taken for UTC; one
// that is none is not there.
DownLevel read_down_level(std::span<const Attribute> attributes, std::uint32_t code_page);

// Text up to its terminating zero.
std::string down_level_text(std::string_view data, std::uint32_t code_page);

}  // namespace deadletter::content::tnef
