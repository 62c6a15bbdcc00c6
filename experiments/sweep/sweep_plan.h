// What a sweep asks, as its file says it: experiments × variants × seeds × factors. Shape is checked here; what names
// refer to is looked up when its cells are made (cells.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/experiment.h"
#include "experiments/run/record_level.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

// Something that is set to one value after the other: a parameter of the experiments, or a JSON Pointer into them.
struct Factor {
  Name name;
  std::vector<Name> values;  // each as --set takes it, with its place in the plan
};

// More cells than that are a mistake.
inline constexpr std::size_t kMostCells = 1'000'000;

struct SweepPlan {
  std::string path;  // absolute; what the plan names is looked for from its folder
  std::string hash;  // of the file's octets
  std::string id, question;
  std::vector<Name> experiments;              // files, as they are written
  std::optional<std::vector<Name>> variants;  // none: all that each experiment has
  std::vector<std::uint64_t> seeds;           // each once
  std::vector<Factor> factors;
  bool pairwise = false;  // not every combination of variants and factors, but every pair
  RecordLevel record = RecordLevel::summary;
  json::Fraction check_share{1, 20};  // of the cells that run twice

  std::string folder() const;
};

// Nothing when there was any problem.
std::optional<SweepPlan> read_sweep_plan(const std::string& path, json::Problems& problems);
json::Value sweep_schema();

}  // namespace deadletter::experiments
