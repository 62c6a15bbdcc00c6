// cell.json: what a sweep wants to know of a cell, beside run.json, which is as `deadletter run` leaves it.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/run/result.h"
#include "experiments/sweep/folder.h"

namespace deadletter::experiments {

// What came of a cell.
struct CellResult {
  CellState state = CellState::missing;
  int status = 0;  // as `deadletter run` would end: of a done cell 0 or 1; of a failed one 2, 4, 5 or 70
  std::string fingerprint;
  std::vector<std::string> failed;        // of a done cell: expectations and oracles that did not hold
  std::string why;                        // of a failed cell: the first line that it said
  std::map<std::string, double> metrics;  // of a done cell: metric_names(), and what compare adds (delay.p50 …)
};

// The figures of a run that cell.json keeps; called before the world is gone.
std::map<std::string, double> cell_metrics(const Plan& plan, const World& world, const Result& result);

json::Value cell_file(const SweepCell& cell, bool twice, const Result& result,
                      const std::map<std::string, double>& metrics);

// failure.json of a cell whose process ended so; `said` is what it wrote to standard error.
json::Value failure_file(const SweepPlan& plan, const SweepCell& cell, int status, const std::string& said);

// Reads what the folder has of the cell now. A file that cannot be read counts as a cell that failed: status 70.
CellResult read_cell(const SweepFolder& folder, const SweepCell& cell);

}  // namespace deadletter::experiments
