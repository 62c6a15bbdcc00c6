// What `run` has to run: one variant in this process, several each in a process of its own (an engine lives once a
// process).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/cli/progress.h"
#include "experiments/compare/outcome.h"
#include "experiments/config/plan.h"
#include "experiments/run/runner.h"
#include "sim/json/value.h"

namespace deadletter::cli {

// One thing to run.
struct Job {
  std::string file, id, variant, out;
  experiments::Asked asked;
  experiments::Plan plan;
  experiments::RecordLevel record;
  bool compared = false;  // its end has its outcome, too
  std::string trace{};    // a file for a trace of it; empty: none
};

// How it ended.
struct JobEnd {
  int status;
  std::optional<json::Value> result;  // as `run --format json` prints it
  std::string suite;                  // as JUnit
  std::optional<experiments::RunOutcome> outcome{};
};

int status_of(const experiments::Result& result);

// Throws CannotWrite.
experiments::Result run_here(const Job& job, Shown progress);

// As many ends as jobs, in their order; an end without a result has said why on standard error.
std::vector<JobEnd> run_apart(const std::vector<Job>& jobs, unsigned side_by_side, Shown progress);

}  // namespace deadletter::cli
