// Chance as an exact quotient. A decimal is taken digit by digit into parts per billion; no floating point is involved.
#include <algorithm>
#include <charconv>
#include <numeric>

#include "sim/json/units.h"

namespace deadletter::json {
namespace {

constexpr std::uint64_t kBillion = 1'000'000'000;

template <class T>
std::optional<T> to_integer(std::string_view digits) {
  T value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<Fraction> reduce(std::uint64_t numerator, std::uint64_t denominator) {
  if (denominator == 0 || numerator > denominator) return std::nullopt;
  const std::uint64_t divisor = std::gcd(numerator, denominator);
  return Fraction{static_cast<std::uint32_t>(numerator / divisor), static_cast<std::uint32_t>(denominator / divisor)};
}

std::optional<Fraction> parse_quotient(std::string_view text, std::size_t slash) {
  const auto numerator = to_integer<std::uint32_t>(text.substr(0, slash));
  const auto denominator = to_integer<std::uint32_t>(text.substr(slash + 1));
  return numerator && denominator ? reduce(*numerator, *denominator) : std::nullopt;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The digits of a decimal without its point, which stands `point` digits from their left.
struct Digits {
  std::string digits;
  std::int64_t point;
};

std::optional<Digits> parse_digits(std::string_view text) {
  std::int64_t exponent = 0;
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  if (e < text.size()) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+') && digits.substr(1, 1) != "-") digits.remove_prefix(1);
    const auto value = to_integer<std::int32_t>(digits);
    if (!value) return std::nullopt;
    exponent = *value;
  }
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t dot = std::min(mantissa.find('.'), mantissa.size());
  const std::string_view whole = mantissa.substr(0, dot);
  const std::string_view decimals = dot < mantissa.size() ? mantissa.substr(dot + 1) : "";
  if (!all_digits(whole) || (dot < mantissa.size() && !all_digits(decimals))) return std::nullopt;
  return Digits{std::string(whole) + std::string(decimals), static_cast<std::int64_t>(whole.size()) + exponent};
}

std::optional<Fraction> parse_decimal(std::string_view text) {
  auto parsed = parse_digits(text);
  if (!parsed) return std::nullopt;
  auto& [digits, point] = *parsed;
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return Fraction{0, 1};
  const std::size_t last = digits.find_last_not_of('0');
  // The significant digits d stand for 0.d times ten to the power `power`.
  const std::int64_t power = point - static_cast<std::int64_t>(first);
  const auto significant = static_cast<std::int64_t>(last - first + 1);
  if (power > 1 || power < -8 || significant - power > 9) return std::nullopt;
  std::uint64_t parts = *to_integer<std::uint64_t>(std::string_view(digits).substr(first, last - first + 1));
  for (std::int64_t i = significant - power; i < 9; ++i) parts *= 10;
  return reduce(parts, kBillion);
}

}  // namespace

std::optional<Fraction> parse_fraction(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash == std::string_view::npos ? parse_decimal(text) : parse_quotient(text, slash);
}

std::string format_fraction(Fraction fraction) {
  if (fraction.denominator == 1) return std::to_string(fraction.numerator);
  return std::to_string(fraction.numerator) + "/" + std::to_string(fraction.denominator);
}

}  // namespace deadletter::json
