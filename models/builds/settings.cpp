#include "models/builds/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <type_traits>

#include "models/builds/value_codec.h"

namespace deadletter::builds {
namespace {

template <class T>
struct IsAttribute : std::false_type {};
template <class T>
struct IsAttribute<Attribute<T>> : std::true_type {};

}  // namespace

bool apply_setting(NodeBehaviour& behaviour, std::string_view name, const json::Value& value, json::Context& context) {
  bool found = false;
  NodeBehaviour::each(behaviour, [&](auto& item) {
    using Item = std::remove_cvref_t<decltype(item)>;
    if constexpr (IsAttribute<Item>::value) {
      if (item.info().name != name) return;
      found = true;
      auto read = value_reader(static_cast<typename Item::Value*>(nullptr))(value, context);
      if (read) item.set(std::move(*read), {Layer::configuration, "the experiment"});
    }
  });
  return found;
}

std::vector<std::string> attribute_names() {
  std::vector<std::string> names;
  for (const AttributeRow& row : attribute_rows({})) names.emplace_back(row.info->name);
  return names;
}

json::Value settings_schema() {
  json::Value properties = json::Value::object();
  NodeBehaviour behaviour;
  NodeBehaviour::each(behaviour, [&](auto& item) {
    using Item = std::remove_cvref_t<decltype(item)>;
    if constexpr (IsAttribute<Item>::value) {
      json::Value schema = value_reader(static_cast<typename Item::Value*>(nullptr)).schema();
      schema.set("description", std::string(item.info().purpose) + ": " + item.info().unit);
      properties.set(item.info().name, schema);
    }
  });
  json::Value schema = json::Value::object();
  schema.set("type", "object").set("properties", properties).set("additionalProperties", false);
  return schema;
}

std::vector<PointRow> point_rows(const NodeBehaviour& behaviour) {
  std::vector<PointRow> rows;
  NodeBehaviour::each(behaviour, [&](const auto& item) {
    if constexpr (!IsAttribute<std::remove_cvref_t<decltype(item)>>::value)
      rows.push_back({&item.info(), item.laid(), item.deviating()});
  });
  return rows;
}

std::vector<AttributeRow> attribute_rows(const NodeBehaviour& behaviour) {
  std::vector<AttributeRow> rows;
  NodeBehaviour::each(behaviour, [&](const auto& item) {
    if constexpr (IsAttribute<std::remove_cvref_t<decltype(item)>>::value)
      rows.push_back({&item.info(), item.laid(), item.blame(), value_text(*item)});
  });
  return rows;
}

}  // namespace deadletter::builds
