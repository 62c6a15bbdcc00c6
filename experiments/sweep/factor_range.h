// The values of a factor as a range: {"from": 1, "to": 9, "step": 2}, or with units: {"from": "5s", "to": "1m", "step":
// "5s"}, {"from": "1KB", "to": "16KB", "step": "5KB"}. "to" belongs to it when a step meets it.
#pragma once
#include <vector>

#include "experiments/config/experiment.h"
#include "sim/json/object_reader.h"

namespace deadletter::experiments {

struct FactorRange {
  json::Located<json::Value> from, to, step;
};

inline constexpr std::size_t kMostValues = 10'000;

json::Reader<FactorRange> factor_range_reader();

// As --set takes them; each has the range's place. A problem, and nothing, when the three do not go together.
std::vector<Name> values_of(const FactorRange& range, json::Problems& problems);

}  // namespace deadletter::experiments
