// What `compare SWEEP` prints, for people and as JSON.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/sweep/side_by_side.h"
#include "sim/json/value.h"

namespace deadletter::cli {

struct SweepCompared {
  const experiments::CollectedSweep& sweep;
  std::optional<std::string> by;  // the factor of the blocks
  std::vector<experiments::BesideBlock> blocks;
  bool metrics_asked = false;  // then each is shown, and else those that differ in some pair
};

void print_compared(const SweepCompared& compared);

// All metrics, whether they differ or not. "ci95" is null for fewer than two pairs, "pairing" for the baseline.
json::Value to_json(const SweepCompared& compared);

}  // namespace deadletter::cli
