// Comparisons as experiments write them.
#include <charconv>
#include <limits>

#include "experiments/config/experiment.h"

namespace deadletter::experiments {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Comparison> parse_comparison(std::string_view text) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::string all(text);
  if (std::size_t dots = text.find(".."); dots != text.npos) {
    auto lo = number(text.substr(0, dots)), hi = number(text.substr(dots + 2));
    if (!lo || !hi || *lo > *hi) return std::nullopt;
    return Comparison{*lo, *hi, all};
  }
  bool at_least = take(text, ">="), at_most = !at_least && take(text, "<=");
  bool more = !at_least && !at_most && take(text, ">");
  bool less = !at_least && !at_most && !more && take(text, "<");
  auto value = number(text);
  if (!value || (less && *value == 0) || (more && *value == most)) return std::nullopt;
  if (at_least) return Comparison{*value, most, all};
  if (at_most) return Comparison{0, *value, all};
  if (more) return Comparison{*value + 1, most, all};
  if (less) return Comparison{0, *value - 1, all};
  return Comparison{*value, *value, all};
}

}  // namespace deadletter::experiments
