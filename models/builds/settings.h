// Attributes by name, read from JSON and written for people.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/builds/node_behaviour.h"
#include "sim/json/reader.h"

namespace deadletter::builds {

// Sets the attribute `name` from `value`; problems go to `context`. False when there is no attribute of that name.
bool apply_setting(NodeBehaviour& behaviour, std::string_view name, const json::Value& value, json::Context& context);

std::vector<std::string> attribute_names();
// The schema of an object of settings: attribute name -> value.
json::Value settings_schema();

struct PointRow {
  const PointInfo* info;
  Laid laid;
  std::vector<Blame> deviating;
};
struct AttributeRow {
  const AttributeInfo* info;
  Laid laid;
  Blame blame;
  std::string value;
};
std::vector<PointRow> point_rows(const NodeBehaviour& behaviour);
std::vector<AttributeRow> attribute_rows(const NodeBehaviour& behaviour);

}  // namespace deadletter::builds
