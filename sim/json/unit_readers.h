// Readers of quantities with units: the text forms of units.h and calendar.h, with messages and JSON Schema.
#pragma once

#include <cstdint>
#include <limits>

#include "sim/json/calendar.h"
#include "sim/json/reader.h"
#include "sim/json/units.h"

namespace deadletter::json {

enum class Sign { not_negative, any };

// Nanoseconds, from "15m" and the like.
Reader<std::int64_t> duration(Sign sign = Sign::not_negative);
// From lo to hi nanoseconds, both included.
Reader<std::int64_t> duration(std::int64_t lo, std::int64_t hi);

// Octets, from "20KB" or a plain integer.
Reader<std::uint64_t> size();
// No larger than that.
Reader<std::uint64_t> size(std::uint64_t most);

// Bits a second, from "10Mbps".
Reader<std::uint64_t> bandwidth();
// From lo to hi, both included.
Reader<std::uint64_t> bandwidth(std::uint64_t lo, std::uint64_t hi);

// A chance from 0 to 1, from a number (0.02) or text ("1/50").
Reader<Fraction> fraction();

// Nanoseconds since 1970 UTC, from "2006-03-01T08:00:00Z".
Reader<std::int64_t> instant();

Reader<Date> date();

}  // namespace deadletter::json
