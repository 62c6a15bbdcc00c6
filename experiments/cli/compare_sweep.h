// `compare SWEEP`: what the runs of a sweep came to, variant beside variant. Nothing is run.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/cli/common.h"

namespace deadletter::cli {

struct CompareSweepOptions {
  std::string path;  // a sweep's folder, or its sweep.sqlite
  std::optional<std::string> baseline, by;
  std::vector<std::string> variants, metrics;  // empty: all
  Format format = Format::text;
  bool quiet = false;
};

// A folder, an SQLite file, or what is called so: no experiment.
bool is_sweep(const std::string& path);

// The exit status: 1 when an expectation or oracle did not hold in a run of the variants that are compared, 2 when
// there is nothing to compare.
int compare_sweep(const CompareSweepOptions& options);

}  // namespace deadletter::cli
