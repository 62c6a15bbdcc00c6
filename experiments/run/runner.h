// Runs a plan and leaves a folder behind: run.json, results.sqlite, transcript.txt, mail/*.eml, tracking/*.
//
// While it runs the folder holds a file INCOMPLETE; an interrupted run keeps it and says "complete": false, so that
// what is there is either whole or marked. One run a process (the engine's rule).
#pragma once
#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "experiments/config/load.h"
#include "experiments/config/plan.h"
#include "experiments/run/observer.h"
#include "experiments/run/record_level.h"
#include "experiments/run/result.h"
#include "experiments/run/results_tables.h"

namespace deadletter::experiments {

// What was asked for on the command line: kept in run.json, so that a replay asks for the same.
struct Asked {
  std::string path;  // of the experiment
  std::vector<Set> sets;
  std::optional<std::uint64_t> seed;
  std::string folder{};  // in which it was asked for; empty: the working folder
};

struct RunOptions {
  RecordLevel record = RecordLevel::events;
  std::string out;  // folder that exists and is empty; none is written when this is empty
  std::function<void(std::string_view line)> line{};  // gets the transcript besides the file
  std::vector<Observer*> watchers{};                  // besides results.sqlite
  std::optional<sim::Instant> until{};                // ends the run before the plan's horizon
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const Plan&, const World&, const Result&)> at_end{};  // before the world is gone
  std::atomic<std::int64_t>* now = nullptr;                                // kept at the simulated time, for progress
  std::uint64_t most_report_files = kMostReportFiles;                      // in mail/; the rest is counted
};

// Throws CannotWrite (cannot_write.h).
Result run_plan(const Plan& plan, const Asked& asked, const RunOptions& options);

// The version of everything that a fingerprint rests on: program, compiler-independent; shown by --version.
std::string program_version();
constexpr int kRunFormat = 1;

}  // namespace deadletter::experiments
