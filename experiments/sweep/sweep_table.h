// The figures of a sweep over its seeds: of each experiment a table, a row for each combination of factors and variant.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/sweep/cell_result.h"

namespace deadletter::experiments {

// Of one metric over the seeds.
struct Spread {
  std::size_t n = 0;
  double least = 0, most = 0, sum = 0;

  void add(double value);
  double mean() const { return n == 0 ? 0 : sum / static_cast<double>(n); }
};

struct SweepRow {
  std::vector<FactorValue> factors;
  std::string variant;
  std::size_t done = 0, not_held = 0, failed = 0, absent = 0;  // cells
  std::map<std::string, Spread> metrics;                       // by name
};

struct SweepTable {
  std::string experiment, path;
  std::vector<SweepRow> rows;  // in the order of the sweep
};

// Takes the cells in the order of the sweep, in which those of a row follow each other.
class SweepTables {
 public:
  void add(const SweepCell& cell, const CellResult& result);
  const std::vector<SweepTable>& tables() const { return tables_; }

 private:
  std::vector<SweepTable> tables_;
};

// The columns that people are shown: of metric_names() and compared_metrics(), those that say most.
struct ShownMetric {
  const char* name;
  const char* head;
  bool seconds;
};
const std::vector<ShownMetric>& shown_metrics();

// "12", "12.5 (9–14)", "3.2 min"; a dash when there is none.
std::string text(const Spread& spread, bool seconds);

}  // namespace deadletter::experiments
