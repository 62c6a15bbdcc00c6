// sweep.sqlite read back: the cells of a sweep with their factors and figures, in the order of the sweep.
//
// The file is only read, and need not be trusted: it is looked through for damage before anything of it counts, and
// what no sweep could have written is refused. So all cells that the sweep had are there, each once. NOT COVERED: a
// figure that was changed into another one, since the file has no checksums.
#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiments/sweep/folder.h"

namespace deadletter::experiments {

// No sweep's file, of a form that this program does not know, or damaged; what() says which, without the path.
struct SweepUnreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CollectedCell {
  std::string key, experiment, variant;
  std::uint64_t seed = 0;  // below 2^63
  CellState state = CellState::missing;
  int status = 0;  // of a done cell 0 or 1; of a failed one 2, 4, 5 or 70
  std::vector<FactorValue> factors;
  std::vector<std::string> failed;  // of a done cell: expectations and oracles that did not hold
};

struct CollectedSweep {
  std::string id, question, build;
  std::map<std::string, std::string> baselines;  // by experiment; empty in a file of before they were kept
  std::vector<CollectedCell> cells;              // no two of one experiment, factors, variant and seed
  // By name, a figure for each cell, finite; delays in seconds. 0 of what is not there: no cell has it before it is
  // done, and a report's status counts where it came.
  std::map<std::string, std::vector<double>> metrics;
};

// Throws SweepUnreadable.
CollectedSweep read_sweep_file(const std::string& path);

}  // namespace deadletter::experiments
