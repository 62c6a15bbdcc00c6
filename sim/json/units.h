// Quantities as people write them: "1h30m", "20KB", "10Mbps", "1/10". For the files and for the command line alike.
//
// Promises: exact integer arithmetic, never a rounding: what has no exact value in the result's unit is refused, as is
// what overflows. `parse_x(format_x(v)) == v` for every value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::json {

// Nanoseconds. Units w d h m s ms us ns, each at most once and from the largest to the smallest; only the last number
// may have decimals: "15m", "1.5h", "1h30m", "1m0.25s", "-2d".
std::optional<std::int64_t> parse_duration(std::string_view text);
// The shortest exact form in days and smaller units: "1h30m", "250ms", "7d", "0s".
std::string format_duration(std::int64_t nanoseconds);

// Octets: "20KB", "1.5MB", "512B", "512". K, M and G are powers of 1024.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t octets);

// Bits a second, more than none: "10Mbps", "9600bps". k, M and G are powers of 1000.
std::optional<std::uint64_t> parse_bandwidth(std::string_view text);
std::string format_bandwidth(std::uint64_t bits_per_second);

// A chance from 0 to 1 as an exact quotient in lowest terms.
struct Fraction {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;
  friend bool operator==(const Fraction&, const Fraction&) = default;
};

// "1/10", "0.02", "2e-2". Decimals are exact to parts per billion and refused beyond.
std::optional<Fraction> parse_fraction(std::string_view text);
std::string format_fraction(Fraction fraction);

}  // namespace deadletter::json
