// The variants of a sweep side by side. Cells of one experiment, the same factors and the same seed are a pair: they
// differ by the variant alone, so that a metric's difference is what the variant makes of it.
//
// No cell is left out silently: what has no partner is counted. A pair has both runs done, whether or not their
// expectations held.
//
// NOT MODELLED: that pairs over unlike factors are no draws of one chance. The interval is that of their mean over the
// factors that the sweep has; by one of them, there is a block for each of its values.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/compare/statistics.h"
#include "experiments/sweep/sweep_reader.h"

namespace deadletter::experiments {

struct BesideAsked {
  std::optional<std::string> baseline;  // of every experiment; none: see baseline_of()
  std::vector<std::string> variants;    // only these beside the baseline; empty: all that the sweep has
  std::vector<std::string> metrics;     // only these; empty: all
  std::optional<std::string> by;        // the factor by which blocks are made
};

// The cells of a variant, and how those of a variant that is no baseline meet the baseline's.
struct BesideVariant {
  std::string name;
  std::size_t held = 0, not_held = 0, failed = 0, running = 0, missing = 0;
  std::size_t paired = 0, only_baseline = 0, only_variant = 0, neither = 0;  // by which run is done

  std::size_t unpaired() const { return only_baseline + only_variant + neither; }
};

// Over the pairs: means, the variant minus the baseline, and in how many it is lower, equal, higher.
struct BesideMetric {
  std::string name, variant;
  double baseline = 0, value = 0;
  Interval difference;  // 95 %
  std::size_t lower = 0, equal = 0, higher = 0;

  std::size_t pairs() const { return lower + equal + higher; }
};

// An expectation or oracle, and in how many cells of a variant it did not hold.
struct BesideFailure {
  std::string variant, text;
  std::size_t cells = 0;
};

struct BesideBlock {
  std::string experiment;
  std::optional<std::string> factor_value;  // of the factor `by`
  std::string baseline;
  std::vector<BesideVariant> variants;  // the baseline first; alone: there is nothing to compare
  std::vector<BesideMetric> metrics;    // by variant
  std::vector<BesideFailure> failures;  // by variant, in the order in which they come
};

// In the order of the sweep. Preconditions: the sweep has the factor and the metrics; a baseline that is asked for is a
// variant of each experiment.
std::vector<BesideBlock> side_by_side(const CollectedSweep& sweep, const BesideAsked& asked);

// The variant that the experiment says, if the sweep has it; else the first in the sweep.
std::string baseline_of(const CollectedSweep& sweep, const std::string& experiment);

// What the sweep has, each once and in its order; metrics as expectations and compare order them.
std::vector<std::string> experiments_in(const CollectedSweep& sweep);
std::vector<std::string> variants_in(const CollectedSweep& sweep, const std::string& experiment);
std::vector<std::string> factors_in(const CollectedSweep& sweep);
std::vector<std::string> metrics_in(const CollectedSweep& sweep);

}  // namespace deadletter::experiments
