// The head of a JSON Schema document.
#include "sim/json/schema.h"

namespace deadletter::json {

Value schema_document(const Value& fragment, std::string id, std::string title) {
  Value document = Value::object();
  document.set("$schema", "https://json-schema.org/draft/2020-12/schema");
  document.set("$id", std::move(id)).set("title", std::move(title));
  for (const Member& member : fragment.members()) {
    if (member.key != "title") document.add(member.key, {}, member.value);
  }
  return document;
}

}  // namespace deadletter::json
