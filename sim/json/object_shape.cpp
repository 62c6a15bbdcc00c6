// Reading an object with a fixed set of keys, and describing it as JSON Schema.
#include <fmt/format.h>

#include <algorithm>

#include "sim/json/excerpt.h"
#include "sim/json/reader_core.h"

namespace deadletter::json {
namespace {

std::vector<std::string> keys_of(const ObjectShape& shape) {
  std::vector<std::string> keys;
  for (const Field& field : shape.fields) keys.push_back(field.key);
  return keys;
}

std::string join_quoted(const std::vector<std::string>& keys) {
  std::string out;
  for (const std::string& key : keys) out += (out.empty() ? "" : ", ") + quote(key);
  return out;
}

// A key that no text holds was put in later, by what its value comes from.
Place place_of_key(const Member& member, const Value& object, const Context& context) {
  if (member.key_position.known()) return {object.source(), member.key_position, context.pointer()};
  return context.place_of(member.value.position().known() ? member.value : object);
}

bool read_member(const ObjectShape& shape, const Member& member, const Value& object, Context& context, void* target) {
  const auto field = std::find_if(shape.fields.begin(), shape.fields.end(),
                                  [&member](const Field& candidate) { return candidate.key == member.key; });
  if (field != shape.fields.end()) return field->assign(member.value, context, target);
  if (shape.schema_link && member.key == "$schema" && member.value.is(Kind::string)) return true;
  if (shape.schema_link && member.key == "$schema") {
    context.report_unexpected(member.value, "the path of a JSON Schema as text");
    return false;
  }
  context.report(problem_at(place_of_key(member, object, context), fmt::format("unknown key {}", show(member.key)),
                            member.key, keys_of(shape)));
  return false;
}

bool check_groups(const ObjectShape& shape, const Value& value, Context& context) {
  bool right = true;
  for (const std::vector<std::string>& group : shape.exactly_one) {
    const auto count = std::count_if(group.begin(), group.end(),
                                     [&value](const std::string& key) { return value.find(key) != nullptr; });
    if (count == 1) continue;
    context.report(value, fmt::format("expected exactly one of the keys {}, found {}", join_quoted(group),
                                      count == 0 ? "none" : std::to_string(count)));
    right = false;
  }
  return right;
}

Value text_list(const std::vector<std::string>& words) {
  Value list = Value::array();
  for (const std::string& word : words) list.push_back(word);
  return list;
}

// The keys of a group as alternatives: JSON Schema's oneOf holds when exactly one does.
Value one_of_keys(const std::vector<std::string>& group) {
  Value alternatives = Value::array();
  for (const std::string& key : group) {
    alternatives.push_back(Value::object().set("required", text_list({key})));
  }
  return Value::object().set("oneOf", std::move(alternatives));
}

}  // namespace

bool ObjectShape::read(const Value& value, Context& context, void* object) const {
  bool right = read_members(value, context, [this, &value, object](const Member& member, Context& inner) {
    return read_member(*this, member, value, inner, object);
  });
  for (const Field& field : fields) {
    if (!field.required || value.find(field.key) != nullptr) continue;
    context.report(value, fmt::format("missing key {}, expected {}", quote(field.key), field.core->expected));
    right = false;
  }
  return check_groups(*this, value, context) && right;
}

Value ObjectShape::schema() const {
  Value properties = Value::object(), required = Value::array(), groups = Value::array();
  if (schema_link) properties.set("$schema", Value::object().set("type", "string"));
  for (const Field& field : fields) {
    Value fragment = field.core->schema();
    if (!field.documentation.empty()) fragment.set("description", field.documentation);
    properties.set(field.key, std::move(fragment));
    if (field.required) required.push_back(field.key);
  }
  for (const std::vector<std::string>& group : exactly_one) groups.push_back(one_of_keys(group));
  Value schema = Value::object();
  if (!title.empty()) schema.set("title", title);
  if (!description.empty()) schema.set("description", description);
  schema.set("type", "object").set("properties", std::move(properties));
  if (required.size() > 0) schema.set("required", std::move(required));
  if (groups.size() > 0) schema.set("allOf", std::move(groups));
  return schema.set("additionalProperties", false);
}

}  // namespace deadletter::json
