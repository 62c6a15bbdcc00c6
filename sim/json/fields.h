// Looks into JSON that a file holds, whatever it holds: what is not there, or is something else, is empty.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/value.h"

namespace deadletter::json {

inline const Value& at(const Value& value, std::string_view pointer) {
  static const Value none;
  const Value* found = value.find_pointer(pointer);
  return found == nullptr ? none : *found;
}

inline std::string text_at(const Value& value, std::string_view pointer) {
  const Value& found = at(value, pointer);
  return found.is(Kind::string) ? found.as_string() : "";
}

inline std::int64_t number_at(const Value& value, std::string_view pointer) {
  const Value& found = at(value, pointer);
  return found.is(Kind::integer) ? found.as_integer() : 0;
}

inline const std::vector<Value>& items_at(const Value& value, std::string_view pointer) {
  static const std::vector<Value> none;
  const Value& found = at(value, pointer);
  return found.is(Kind::array) ? found.items() : none;
}

inline const std::vector<Member>& members_at(const Value& value, std::string_view pointer) {
  static const std::vector<Member> none;
  const Value& found = at(value, pointer);
  return found.is(Kind::object) ? found.members() : none;
}

}  // namespace deadletter::json
