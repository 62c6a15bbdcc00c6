// Conversion between MAPI and MIME, property by property.
//
// Who converts asks content.map_property for each property and content.map_part for each part, and leaves a lineage. A
// failure is a value with the product's own code. What MIME cannot hold, the articles behind its values, travels beside
// the octets in a Trail. `deadletter list conversions` publishes which property becomes what, and what is lost.
//
// NOT MODELLED: RTF bodies, code pages (text is UTF-8), the zones of calendar times (a reading in a named zone is taken
// for UTC), recurrences (kept as text going in, not written going out), free and busy times.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/content/behaviour.h"
#include "models/content/lineage.h"
#include "models/content/message.h"
#include "models/content/mime.h"

namespace deadletter::content {

// The articles behind what octets say, and behind what they do not say.
struct Trail {
  std::vector<std::pair<std::string, Blame>> written{}, left_out{};  // by the name of the property in MIME
  Blame missing{};                                                   // of all that was left out
  Blame of(std::string_view property) const;
  Blame of_missing(std::string_view property) const;
};

// Dates that a converter may fall back on.
struct ReferenceTimes {
  FileTime submitted{}, converting{};
};

struct Conversion {
  std::optional<ErrorCode> failed{};
  Blame blame{};  // of changed rulings, and of all that was read
  Lineage lineage{};
};

// A value that the converter put in place of one that it could not express: the store keeps it.
struct Estimate {
  std::string row;  // the recipient's address
  Tag tag{};
  FileTime value{};
  Blame blame{};
};

struct ToMime : Conversion {
  std::string octets{};  // a whole message; empty when it failed
  Trail trail{};
  std::vector<Estimate> estimates{};
};
// `boundary` is part of the boundaries that are made.
ToMime to_mime(const Message& message, const ContentBehaviour& behaviour, const ReferenceTimes& times,
               std::string_view boundary);

struct FromMime : Conversion {
  Message message{};
};
FromMime from_mime(std::string_view octets, const Trail& trail, const ContentBehaviour& behaviour,
                   const ReferenceTimes& times);

// The fields of a message that tell who, when and what about, for wrappings of it. No point is asked.
std::vector<Field> message_fields(const Message& message, const ReferenceTimes& times);

// A row of the published table.
struct ConversionRow {
  const char* property;  // "PR_SUBJECT", "row: PR_RECIPIENT_TRACKSTATUS", "class IPM.Note.Custom"
  const char* mime;      // "Subject", "ATTENDEE;PARTSTAT"; empty: there is none
  const char* objects;   // "all", "request, cancellation"
  const char* remark;    // what is lost on the way there and back; empty: nothing
};
const std::vector<ConversionRow>& conversion_table();

ObjectKind object_kind(std::string_view message_class);

}  // namespace deadletter::content
