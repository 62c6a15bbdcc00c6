#include "experiments/sweep/factor_range.h"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <limits>

#include "sim/json/units.h"

namespace deadletter::experiments {
namespace {

// What a range may count in.
struct Unit {
  const char* name;
  std::function<std::optional<std::int64_t>(const json::Value&)> parse;
  std::function<std::string(std::int64_t)> format;
};

std::optional<std::int64_t> plain(const json::Value& value) {
  if (!value.is(json::Kind::integer)) return std::nullopt;
  return value.as_integer();
}
std::optional<std::int64_t> duration(const json::Value& value) {
  return value.is(json::Kind::string) ? json::parse_duration(value.as_string()) : std::nullopt;
}
std::optional<std::int64_t> size(const json::Value& value) {
  auto octets = value.is(json::Kind::string) ? json::parse_size(value.as_string()) : std::nullopt;
  if (!octets || *octets > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return static_cast<std::int64_t>(*octets);
}

const std::array<Unit, 3>& units() {
  static const std::array<Unit, 3> all = {
      {{"integers", plain, [](std::int64_t n) { return fmt::format("{}", n); }},
       {"durations", duration, json::format_duration},
       {"sizes", size, [](std::int64_t n) { return json::format_size(static_cast<std::uint64_t>(n)); }}}};
  return all;
}

}  // namespace

json::Reader<FactorRange> factor_range_reader() {
  auto bound =
      json::located(json::one_of("an integer, or text such as \"5s\" or \"20KB\"",
                                 json::convert(json::integer(), [](std::int64_t n) { return json::Value(n); }),
                                 json::convert(json::text({1, 0}), [](std::string t) { return json::Value(t); })));
  auto value = json::convert(bound, [](json::Located<std::variant<json::Value, json::Value>> located) {
    return json::Located<json::Value>{std::visit([](const json::Value& v) { return v; }, located.value), located.place};
  });
  return json::object<FactorRange>("range", "Values at equal distances")
      .required("from", &FactorRange::from, value, "The first value")
      .required("to", &FactorRange::to, value, "No value is beyond it")
      .required("step", &FactorRange::step, value, "From one value to the next");
}

std::vector<Name> values_of(const FactorRange& range, json::Problems& problems) {
  auto wrong = [&](const json::Place& place, std::string message) {
    problems.add(json::problem_at(place, std::move(message)));
    return std::vector<Name>{};
  };
  for (const Unit& unit : units()) {
    auto from = unit.parse(range.from.value), to = unit.parse(range.to.value), step = unit.parse(range.step.value);
    if (!from || !to || !step) continue;
    if (*step <= 0) return wrong(range.step.place, "expected a step above zero");
    if (*to < *from) return wrong(range.to.place, "the range ends before it begins");
    // Unsigned: from the least to the greatest integer is more than a signed one holds.
    std::uint64_t steps =
        (static_cast<std::uint64_t>(*to) - static_cast<std::uint64_t>(*from)) / static_cast<std::uint64_t>(*step);
    if (steps >= kMostValues)
      return wrong(range.step.place, fmt::format("these are {} values, and {} is the most", steps + 1, kMostValues));
    std::vector<Name> values;
    for (std::uint64_t i = 0; i <= steps; ++i)
      values.push_back({unit.format(*from + static_cast<std::int64_t>(i) * *step), range.from.place});
    return values;
  }
  return wrong(range.from.place,
               "\"from\", \"to\" and \"step\" must all be integers, durations (\"5s\") or sizes (\"20KB\")");
}

}  // namespace deadletter::experiments
