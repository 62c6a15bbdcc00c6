// The readers of single values, and the parts of list, map and one_of that do not depend on types.
#include "sim/json/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "sim/json/utf8.h"

namespace deadletter::json {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

Value typed(const char* type) { return Value::object().set("type", type); }

std::string integer_expected(std::int64_t lo, std::int64_t hi) {
  if (lo == kLowest && hi == kHighest) return "a whole number";
  if (hi == kHighest) return fmt::format("a whole number from {}", lo);
  if (lo == kLowest) return fmt::format("a whole number up to {}", hi);
  return fmt::format("a whole number from {} to {}", lo, hi);
}

std::string text_expected(TextLimits limits) {
  if (limits.longest > 0 && limits.shortest == 0) return fmt::format("text of up to {} characters", limits.longest);
  if (limits.longest > 0) return fmt::format("text of {} to {} characters", limits.shortest, limits.longest);
  if (limits.shortest > 1) return fmt::format("text of {} characters or more", limits.shortest);
  return limits.shortest == 1 ? "text that is not empty" : "text";
}

}  // namespace

Reader<bool> boolean() {
  return {{Kind::boolean},
          "true or false",
          [](const Value& v, Context&) { return std::optional(v.as_bool()); },
          typed("boolean")};
}

Reader<std::int64_t> integer(std::int64_t lo, std::int64_t hi) {
  Value schema = typed("integer");
  if (lo != kLowest) schema.set("minimum", lo);
  if (hi != kHighest) schema.set("maximum", hi);
  std::string expected = integer_expected(lo, hi);
  const auto convert = [lo, hi, expected](const Value& value, Context& context) -> std::optional<std::int64_t> {
    const auto number = to_whole(value);
    if (number && *number >= lo && *number <= hi) return number;
    context.report_unexpected(value, expected);
    return std::nullopt;
  };
  return {{Kind::integer, Kind::real}, expected, convert, std::move(schema)};
}

Reader<std::string> text(TextLimits limits) {
  Value schema = typed("string");
  if (limits.shortest > 0) schema.set("minLength", limits.shortest);
  if (limits.longest > 0) schema.set("maxLength", limits.longest);
  std::string expected = text_expected(limits);
  const auto convert = [limits, expected](const Value& value, Context& context) -> std::optional<std::string> {
    const std::size_t length = count_code_points(value.as_string());
    if (length >= limits.shortest && (limits.longest == 0 || length <= limits.longest)) return value.as_string();
    context.report_unexpected(value, expected);
    return std::nullopt;
  };
  return {{Kind::string}, expected, convert, std::move(schema)};
}

Reader<std::string> pattern(std::string name, std::function<bool(std::string_view)> accepts, std::string regex,
                            std::string expected) {
  Value schema = typed("string").set("title", std::move(name)).set("pattern", std::move(regex));
  const auto convert = [accepts = std::move(accepts), expected](const Value& value,
                                                                Context& context) -> std::optional<std::string> {
    if (accepts(value.as_string())) return value.as_string();
    context.report_unexpected(value, expected);
    return std::nullopt;
  };
  return {{Kind::string}, expected, convert, std::move(schema)};
}

Reader<Value> any() {
  return {Kinds::all(), "a value", [](const Value& v, Context&) { return std::optional(v); }, Value::object()};
}

Reader<std::size_t> word(std::vector<std::string> words) {
  Value names = Value::array();
  for (const std::string& name : words) names.push_back(name);
  Value schema = typed("string").set("enum", std::move(names));
  const bool few = words.size() <= 4;
  std::string expected;
  for (std::size_t i = 0; few && i < words.size(); ++i) {
    expected += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + quote(words[i]);
  }
  const auto convert = [words = std::move(words)](const Value& value, Context& context) -> std::optional<std::size_t> {
    const auto found = std::find(words.begin(), words.end(), value.as_string());
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    context.report(problem_at(context.place_of(value), "unknown value " + describe(value), value.as_string(), words));
    return std::nullopt;
  };
  return {{Kind::string}, few ? expected : "one of the valid words as text", convert, std::move(schema)};
}

ReaderCore list_core(const CoreRef& item, ListLimits limits) {
  const auto schema = [item, limits] {
    Value schema = typed("array").set("items", item->schema());
    if (limits.fewest > 0) schema.set("minItems", limits.fewest);
    if (limits.most > 0) schema.set("maxItems", limits.most);
    return schema;
  };
  return {{Kind::array}, "a list", {}, schema};
}

bool check_list(const Value& value, Context& context, ListLimits limits) {
  const bool too_long = limits.most > 0 && value.size() > limits.most;
  if (value.size() >= limits.fewest && !too_long) return true;
  const std::size_t limit = too_long ? limits.most : limits.fewest;
  const auto items = [](std::size_t n) { return fmt::format("{} item{}", n, n == 1 ? "" : "s"); };
  context.report(value, fmt::format("expected a list of at {} {}, found {}", too_long ? "most" : "least", items(limit),
                                    value.size() == 0 ? describe(value) : items(value.size())));
  return false;
}

ReaderCore map_core(const CoreRef& value, const CoreRef& key) {
  return {{Kind::object}, "an object", {}, [value, key] {
            Value schema = typed("object");
            if (key) schema.set("propertyNames", key->schema());
            return schema.set("additionalProperties", value->schema());
          }};
}

bool check_key(const CoreRef& keys, const Member& member, const Value& object, Context& context) {
  if (!keys) return true;
  Value key(member.key);
  key.set_place(object.source(), member.key_position);
  std::string taken;
  return keys->read(key, context, &taken);
}

ReaderCore one_of_core(std::string expected, const std::vector<CoreRef>& alternatives) {
  Kinds kinds;
  for (const CoreRef& alternative : alternatives) {
    assert(!kinds.meets(alternative->kinds) && "two alternatives accept the same kind of value");
    kinds = kinds | alternative->kinds;
  }
  const auto schema = [alternatives] {
    Value any_of = Value::array();
    for (const CoreRef& alternative : alternatives) any_of.push_back(alternative->schema());
    return Value::object().set("anyOf", std::move(any_of));
  };
  return {kinds, std::move(expected), {}, schema};
}

}  // namespace deadletter::json
