// Looks into JSON that a file holds, whatever it holds: what is not there, or is something else, is empty.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/value.h"

namespace deadletter::experiments::report {

inline const json::Value& at(const json::Value& value, std::string_view pointer) {
  static const json::Value none;
  const json::Value* found = value.find_pointer(pointer);
  return found == nullptr ? none : *found;
}

inline std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value& found = at(value, pointer);
  return found.is(json::Kind::string) ? found.as_string() : "";
}

inline std::int64_t number_at(const json::Value& value, std::string_view pointer) {
  const json::Value& found = at(value, pointer);
  return found.is(json::Kind::integer) ? found.as_integer() : 0;
}

inline const std::vector<json::Value>& items_at(const json::Value& value, std::string_view pointer) {
  static const std::vector<json::Value> none;
  const json::Value& found = at(value, pointer);
  return found.is(json::Kind::array) ? found.items() : none;
}

inline const std::vector<json::Member>& members_at(const json::Value& value, std::string_view pointer) {
  static const std::vector<json::Member> none;
  const json::Value& found = at(value, pointer);
  return found.is(json::Kind::object) ? found.members() : none;
}

}  // namespace deadletter::experiments::report
