// The cells of a sweep: each is one run, known by a key that says all that the run rests on.
//
// The key is the hash (16 hexadecimal digits) of the resolved experiment document of the variant, the seed, what was
// set, the hashes of all input files, the record level and the build. So a cell is the same cell as long as nothing
// that could change its result has changed, wherever its files lie. The build counts as the octets of the executable:
// what was compiled anew from changed sources runs all cells anew.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/load.h"
#include "experiments/run/runner.h"
#include "experiments/sweep/sweep_plan.h"

namespace deadletter::experiments {

struct FactorValue {
  std::string name, value;  // as --set takes them
  friend bool operator==(const FactorValue&, const FactorValue&) = default;
};

struct SweepCell {
  std::string key;
  std::string experiment;  // its id
  std::string path;        // of its file, absolute
  std::string variant;
  std::uint64_t seed = 0;
  std::vector<FactorValue> factors;  // in the order of the plan
};

// The variant that the others of an experiment are laid beside: its "baseline", or its first one. The sweep need not
// run it.
struct SweptExperiment {
  std::string id, baseline;
};

struct Sweep {
  SweepPlan plan;
  std::string build;          // build_id() of the program that made the keys
  std::vector<Input> inputs;  // every file that some cell rests on, by absolute path, ascending and each once
  std::vector<SweptExperiment> experiments;  // in the order of the plan
  std::vector<SweepCell> cells;              // by experiment, factors, variant, seed; no key twice

  const SweepCell* find(const std::string& key) const;
};

// "deadletter 0.1.0 " and the hash of the octets of this executable.
std::string build_id();

// Is told what is being looked at; may be empty.
using Step = std::function<void(const std::string& step)>;

// Binds every variant with every combination of factors once, so that each mistake is found before the first run.
std::optional<Sweep> make_sweep(const SweepPlan& plan, const Step& step, json::Problems& problems);

// How the command line would ask for the cell's run, and its plan. A problem when the key is no longer right because an
// input has changed since the sweep was made.
Asked asked_for(const SweepPlan& plan, const SweepCell& cell);
std::optional<Plan> plan_of(const Sweep& sweep, const SweepCell& cell, json::Problems& problems);

std::string key_of(const Plan& plan, const SweepCell& cell, RecordLevel record, const std::string& build);

// Whether the cell is one of the share that runs twice: by its key alone, so that it is the same on every machine.
bool runs_twice(const SweepCell& cell, json::Fraction share);

// `deadletter run …` that does the same, to be given in the plan's folder.
std::string command_of(const SweepPlan& plan, const SweepCell& cell);

}  // namespace deadletter::experiments
