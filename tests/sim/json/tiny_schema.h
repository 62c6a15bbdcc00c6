// A validator for the part of JSON Schema that readers write, so that a test can hold each schema against its reader.
// It fails on a keyword that it does not know: a new keyword must be taught here before it can be trusted.
#pragma once

#include <regex.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "sim/json/utf8.h"
#include "sim/json/value.h"

namespace deadletter::json::testing {

inline bool accepts(const Value& schema, const Value& value);

// The regexes of readers keep to what ECMA 262 and POSIX extended expressions have in common.
inline bool matches(const std::string& regex, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, regex.c_str(), REG_EXTENDED | REG_NOSUB) != 0) throw std::logic_error("regex " + regex);
  const bool match = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return match;
}

inline bool has_type(const Value& value, const std::string& type) {
  if (type == "string") return value.is(Kind::string);
  if (type == "boolean") return value.is(Kind::boolean);
  if (type == "array") return value.is(Kind::array);
  if (type == "object") return value.is(Kind::object);
  if (type == "number") return value.is(Kind::integer) || value.is(Kind::real);
  if (type != "integer") throw std::logic_error("type " + type);
  return value.is(Kind::integer) || (value.is(Kind::real) && std::trunc(value.as_real()) == value.as_real());
}

inline double number_of(const Value& value) {
  return value.is(Kind::real) ? value.as_real() : static_cast<double>(value.as_integer());
}

inline std::size_t matching(const Value& schemas, const Value& value) {
  std::size_t count = 0;
  for (const Value& schema : schemas.items()) count += accepts(schema, value) ? 1 : 0;
  return count;
}

inline bool accepts_members(const Value& schema, const Value& value) {
  const Value* properties = schema.find("properties");
  const Value& others = *schema.find("additionalProperties");
  for (const Member& member : value.members()) {
    const Value* property = properties != nullptr ? properties->find(member.key) : nullptr;
    if (property == nullptr && others.is(Kind::boolean) && !others.as_bool()) return false;
    if (property == nullptr && others.is(Kind::boolean)) continue;
    if (!accepts(property != nullptr ? *property : others, member.value)) return false;
  }
  return true;
}

inline bool accepts_keyword(const std::string& keyword, const Value& rule, const Value& schema, const Value& value) {
  const bool text = value.is(Kind::string), number = value.is(Kind::integer) || value.is(Kind::real);
  const bool list = value.is(Kind::array), object = value.is(Kind::object);
  if (keyword == "type" && rule.is(Kind::string)) return has_type(value, rule.as_string());
  if (keyword == "type") {
    for (const Value& type : rule.items()) {
      if (has_type(value, type.as_string())) return true;
    }
    return false;
  }
  if (keyword == "enum") return std::find(rule.items().begin(), rule.items().end(), value) != rule.items().end();
  if (keyword == "pattern") return !text || matches(rule.as_string(), value.as_string());
  if (keyword == "minimum") return !number || number_of(value) >= number_of(rule);
  if (keyword == "maximum") return !number || number_of(value) <= number_of(rule);
  if (keyword == "minLength")
    return !text || count_code_points(value.as_string()) >= static_cast<std::size_t>(rule.as_integer());
  if (keyword == "maxLength")
    return !text || count_code_points(value.as_string()) <= static_cast<std::size_t>(rule.as_integer());
  if (keyword == "minItems") return !list || value.size() >= static_cast<std::size_t>(rule.as_integer());
  if (keyword == "items") {
    return !list || std::all_of(value.items().begin(), value.items().end(),
                                [&rule](const Value& item) { return accepts(rule, item); });
  }
  if (keyword == "anyOf") return matching(rule, value) > 0;
  if (keyword == "oneOf") return matching(rule, value) == 1;
  if (keyword == "allOf") return matching(rule, value) == rule.size();
  if (keyword == "additionalProperties") return !object || accepts_members(schema, value);
  if (keyword == "required") {
    for (const Value& key : rule.items()) {
      if (object && value.find(key.as_string()) == nullptr) return false;
    }
    return true;
  }
  if (keyword == "properties" || keyword == "title" || keyword == "description") return true;
  throw std::logic_error("unknown keyword " + keyword);
}

inline bool accepts(const Value& schema, const Value& value) {
  for (const Member& member : schema.members()) {
    if (!accepts_keyword(member.key, member.value, schema, value)) return false;
  }
  return true;
}

}  // namespace deadletter::json::testing
