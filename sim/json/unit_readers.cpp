// Each regex says for editors what the parser in units.cpp or calendar.cpp accepts, as far as a regex can: it knows
// neither ranges nor calendar days nor what has an exact value.
#include "sim/json/unit_readers.h"

#include <fmt/format.h>

namespace deadletter::json {
namespace {

constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max();

// One alternative for each unit that may come last, because only the last part may have decimals. No look-ahead, which
// not every regex engine has.
std::string duration_regex(bool may_be_negative) {
  std::string larger, alternatives;
  for (const char* unit : {"w", "d", "h", "m", "s", "ms", "us", "ns"}) {
    alternatives += fmt::format("{}{}[0-9]+(\\.[0-9]+)?{}", alternatives.empty() ? "" : "|", larger, unit);
    larger += fmt::format("([0-9]+{})?", unit);
  }
  return fmt::format("^{}({})$", may_be_negative ? "-?" : "", alternatives);
}

constexpr const char* kSizeRegex = "^([0-9]+B?|[0-9]+(\\.[0-9]+)?[KMG]B)$";
constexpr const char* kBandwidthRegex = "^[0-9]+(\\.[0-9]+)?[kMG]?bps$";
constexpr const char* kFractionRegex =
    "^([0-9]+/[0-9]+|0*(0(\\.[0-9]+)?|1(\\.0+)?)|[0-9]+(\\.[0-9]+)?[eE][+-]?[0-9]+)$";
constexpr const char* kDateRegex = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
constexpr const char* kInstantRegex =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$";

Value text_schema(std::string regex) { return Value::object().set("type", "string").set("pattern", std::move(regex)); }

// A reader of text by a function that gives nothing for what it does not accept.
template <class T, class Parse>
Reader<T> parsed(std::string expected, Parse parse, Value schema) {
  const auto convert = [expected, parse](const Value& value, Context& context) -> std::optional<T> {
    std::optional<T> result = parse(value.as_string());
    if (!result) context.report_unexpected(value, expected);
    return result;
  };
  return {{Kind::string}, expected, convert, std::move(schema)};
}

Reader<std::int64_t> duration_within(std::int64_t lo, std::int64_t hi, std::string expected) {
  const auto parse = [lo, hi](std::string_view text) {
    const auto result = parse_duration(text);
    return result && *result >= lo && *result <= hi ? result : std::nullopt;
  };
  return parsed<std::int64_t>(std::move(expected), parse, text_schema(duration_regex(lo < 0)));
}

std::optional<std::uint64_t> to_size(const Value& value) {
  if (value.is(Kind::string)) return parse_size(value.as_string());
  const std::int64_t number = to_whole(value).value_or(-1);
  if (number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

std::optional<Fraction> to_fraction(const Value& value) {
  if (value.is(Kind::string)) return parse_fraction(value.as_string());
  if (value.is(Kind::integer)) return parse_fraction(std::to_string(value.as_integer()));
  std::string_view literal = value.as_real_literal();
  if (value.as_real() == 0 && literal.starts_with('-')) literal.remove_prefix(1);
  return parse_fraction(literal);
}

}  // namespace

Reader<std::int64_t> duration(Sign sign) {
  const bool any = sign == Sign::any;
  return duration_within(any ? -kLongest - 1 : 0, kLongest, R"(a duration such as "15m" or "1.5h")");
}

Reader<std::int64_t> duration(std::int64_t lo, std::int64_t hi) {
  std::string expected =
      fmt::format("a duration from {} to {}", quote(format_duration(lo)), quote(format_duration(hi)));
  return duration_within(lo, hi, std::move(expected));
}

Reader<std::uint64_t> size() { return size(std::numeric_limits<std::uint64_t>::max()); }

Reader<std::uint64_t> size(std::uint64_t most) {
  std::string expected = R"(a size such as "20KB" or "1.5MB" (1KB is 1024 octets))";
  Value schema = Value::object().set("type", Value::array({"string", "integer"}));
  schema.set("pattern", kSizeRegex).set("minimum", 0);
  if (most < static_cast<std::uint64_t>(kLongest)) {
    expected = fmt::format("a size up to {} such as \"20KB\" (1KB is 1024 octets)", quote(format_size(most)));
    schema.set("maximum", most);
  }
  const auto convert = [most, expected](const Value& value, Context& context) -> std::optional<std::uint64_t> {
    const auto result = to_size(value);
    if (result && *result <= most) return result;
    context.report_unexpected(value, expected);
    return std::nullopt;
  };
  return {{Kind::string, Kind::integer, Kind::real}, expected, convert, std::move(schema)};
}

Reader<std::uint64_t> bandwidth() {
  return parsed<std::uint64_t>(R"(a bandwidth such as "10Mbps" or "56kbps")", parse_bandwidth,
                               text_schema(kBandwidthRegex));
}

Reader<std::uint64_t> bandwidth(std::uint64_t lo, std::uint64_t hi) {
  const auto parse = [lo, hi](std::string_view text) {
    const auto result = parse_bandwidth(text);
    return result && *result >= lo && *result <= hi ? result : std::nullopt;
  };
  std::string expected =
      fmt::format("a bandwidth from {} to {}", quote(format_bandwidth(lo)), quote(format_bandwidth(hi)));
  return parsed<std::uint64_t>(std::move(expected), parse, text_schema(kBandwidthRegex));
}

Reader<Fraction> fraction() {
  static constexpr const char* kExpected = R"(a chance from 0 to 1 such as 0.02 or "1/50")";
  Value schema = Value::object().set("type", Value::array({"number", "string"}));
  schema.set("pattern", kFractionRegex).set("minimum", 0).set("maximum", 1);
  const auto convert = [](const Value& value, Context& context) {
    std::optional<Fraction> result = to_fraction(value);
    if (!result) context.report_unexpected(value, kExpected);
    return result;
  };
  return {{Kind::string, Kind::integer, Kind::real}, kExpected, convert, std::move(schema)};
}

Reader<std::int64_t> instant() {
  return parsed<std::int64_t>(R"(a date and time such as "2006-03-01T08:00:00Z")", parse_instant,
                              text_schema(kInstantRegex));
}

Reader<Date> date() { return parsed<Date>(R"(a date such as "2003-09-20")", parse_date, text_schema(kDateRegex)); }

}  // namespace deadletter::json
