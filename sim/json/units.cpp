// All units share one number format, digits with an optional decimal part, and one exact multiplication.
#include "sim/json/units.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

namespace deadletter::json {
namespace {

__extension__ typedef unsigned __int128 Wide;

struct Unit {
  std::string_view name;
  std::uint64_t scale;
};

// From the largest to the smallest: that is the order within a duration.
constexpr Unit kTime[] = {{"w", 604'800'000'000'000},
                          {"d", 86'400'000'000'000},
                          {"h", 3'600'000'000'000},
                          {"m", 60'000'000'000},
                          {"s", 1'000'000'000},
                          {"ms", 1'000'000},
                          {"us", 1'000},
                          {"ns", 1}};
constexpr Unit kSize[] = {{"GB", 1ULL << 30}, {"MB", 1ULL << 20}, {"KB", 1ULL << 10}, {"B", 1}};
constexpr Unit kRate[] = {{"Gbps", 1'000'000'000}, {"Mbps", 1'000'000}, {"kbps", 1'000}, {"bps", 1}};

constexpr int kMostDecimals = 18;  // no unit has an exact share smaller than 10^-16

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::uint64_t> to_integer(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// A decimal number as it was written: the digits before and after the point.
struct Decimal {
  std::string_view whole, decimals;
};

// Takes `12` or `12.5` off the front of the text.
std::optional<Decimal> take_decimal(std::string_view& text) {
  const auto take_digits = [&text] {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
  };
  Decimal number{take_digits(), {}};
  if (number.whole.empty()) return std::nullopt;
  if (text.empty() || text.front() != '.') return number;
  text.remove_prefix(1);
  number.decimals = take_digits();
  if (number.decimals.empty()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> multiply(Decimal number, std::uint64_t scale) {
  const auto whole = to_integer(number.whole);
  if (!whole) return std::nullopt;
  Wide total = Wide{*whole} * scale;
  std::string_view decimals = number.decimals;
  while (!decimals.empty() && decimals.back() == '0') decimals.remove_suffix(1);
  if (decimals.size() > kMostDecimals) return std::nullopt;
  if (!decimals.empty()) {
    Wide divisor = 1;
    for (std::size_t i = 0; i < decimals.size(); ++i) divisor *= 10;
    const Wide part = Wide{*to_integer(decimals)} * scale;
    if (part % divisor != 0) return std::nullopt;
    total += part / divisor;
  }
  if (total > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  return static_cast<std::uint64_t>(total);
}

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  const auto found = std::find_if(units.begin(), units.end(), [name](const Unit& unit) { return unit.name == name; });
  return found == units.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const auto number = take_decimal(text);
  const Unit* unit = find_unit(units, text);
  return number && unit != nullptr ? multiply(*number, unit->scale) : std::nullopt;
}

// In the largest unit that leaves no remainder.
std::string format_with_unit(std::uint64_t amount, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (amount % unit.scale == 0 && amount != 0) return std::to_string(amount / unit.scale) + std::string(unit.name);
  }
  return "0" + std::string(units.back().name);
}

// `amount` in units of `scale`, a power of ten, with as many decimals as it needs.
std::string format_decimal(std::uint64_t amount, std::uint64_t scale) {
  std::string out = std::to_string(amount / scale);
  std::uint64_t rest = amount % scale;
  if (rest == 0) return out;
  out += '.';
  for (std::uint64_t place = scale / 10; rest != 0; place /= 10) {
    out += static_cast<char>('0' + rest / place);
    rest %= place;
  }
  return out;
}

// The largest of s, ms, us, ns in which the amount is at least one; decimals say the rest.
std::string format_below_minute(std::uint64_t nanoseconds) {
  const std::span<const Unit> small = std::span(kTime).subspan(4);
  for (const Unit& unit : small) {
    if (nanoseconds >= unit.scale) return format_decimal(nanoseconds, unit.scale) + std::string(unit.name);
  }
  return "0s";
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  Wide total = 0;
  std::span<const Unit> left = kTime;
  while (!text.empty()) {
    const auto number = take_decimal(text);
    const auto end = std::find_if(text.begin(), text.end(), is_digit);
    const std::string_view name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(name.size());
    const Unit* unit = find_unit(left, name);
    if (!number || unit == nullptr || (!number->decimals.empty() && !text.empty())) return std::nullopt;
    const auto part = multiply(*number, unit->scale);
    if (!part) return std::nullopt;
    total += *part;  // at most eight parts of 64 bits
    left = left.subspan(static_cast<std::size_t>(unit - left.data()) + 1);
  }
  const Wide limit = (Wide{1} << 63) - (negative ? 0 : 1);
  if (total > limit) return std::nullopt;
  const auto magnitude = static_cast<std::uint64_t>(total);
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

std::string format_duration(std::int64_t nanoseconds) {
  const bool negative = nanoseconds < 0;
  std::uint64_t left = negative ? 0 - static_cast<std::uint64_t>(nanoseconds) : static_cast<std::uint64_t>(nanoseconds);
  std::string out = negative ? "-" : "";
  const std::size_t sign = out.size();
  for (const Unit& unit : std::span(kTime).subspan(1, 3)) {
    if (left >= unit.scale) out += std::to_string(left / unit.scale) + std::string(unit.name);
    left %= unit.scale;
  }
  if (left == 0 && out.size() > sign) return out;
  // Behind larger units whole seconds read best: "1m0.25s", not "1m250ms".
  if (out.size() > sign) return out + format_decimal(left, kTime[4].scale) + "s";
  return out + format_below_minute(left);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  if (const auto plain = to_integer(text)) return plain;
  return parse_with_unit(text, kSize);
}

std::string format_size(std::uint64_t octets) { return format_with_unit(octets, kSize); }

std::optional<std::uint64_t> parse_bandwidth(std::string_view text) {
  const auto rate = parse_with_unit(text, kRate);
  return rate == 0 ? std::nullopt : rate;
}

std::string format_bandwidth(std::uint64_t bits_per_second) { return format_with_unit(bits_per_second, kRate); }

}  // namespace deadletter::json
