// `sweep --engine slurm`: its options, and what --status says of the tasks.
#pragma once
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "experiments/sweep/slurm_engine.h"
#include "sim/json/value.h"

namespace deadletter::cli {

class SlurmWords {
 public:
  void add_to(CLI::App& command);
  // What is wrong with them, a sentence each: all that can be said before Slurm is asked.
  std::vector<std::string> problems(const std::string& engine) const;

  // Precondition: there are no problems.
  experiments::SlurmOptions options() const;
  experiments::SlurmWait wait() const { return wait_ ? experiments::SlurmWait::yes : experiments::SlurmWait::no; }

 private:
  std::string partition_, time_ = "30m", memory_ = "2GB";
  unsigned cells_ = 20, tasks_ = 1000, at_once_ = 0;
  bool requeue_ = false, wait_ = false;
  std::vector<const CLI::Option*> given_;
};

// Tasks and cells on Slurm, from now. Nothing when the sweep was never given to Slurm.
void print_slurm(const experiments::Sweep& sweep, const experiments::SweepFolder& folder);
// {"tasks", "runs", "reasons", "lost", "jobs"}, or {"why"} when squeue gave no answer; null when it was never there.
json::Value slurm_json(const experiments::Sweep& sweep, const experiments::SweepFolder& folder);

}  // namespace deadletter::cli
