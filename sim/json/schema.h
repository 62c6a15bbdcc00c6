// A reader's own description as a JSON Schema document (draft 2020-12), for editors and for other programs.
//
// Promises: what the schema accepts in shape is what the reader accepts, as far as JSON Schema can say it. It cannot
// say that a key repeats, that a calendar day exists, that a quantity with a unit lies in a range.
#pragma once

#include <string>
#include <utility>

#include "sim/json/reader.h"
#include "sim/json/value.h"

namespace deadletter::json {

// Puts the head of a document before a fragment; the title of the fragment gives way.
Value schema_document(const Value& fragment, std::string id, std::string title);

template <class T>
Value schema(const Reader<T>& reader, std::string id, std::string title) {
  return schema_document(reader.schema(), std::move(id), std::move(title));
}

}  // namespace deadletter::json
