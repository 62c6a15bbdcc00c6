// From folders of runs to what the report shows of them.
#pragma once
#include <memory>
#include <optional>

#include "experiments/report/report_data.h"
#include "experiments/report/run_folders.h"
#include "sim/json/problem.h"

namespace deadletter::experiments::report {

// run.json and, where the run was recorded, results.sqlite or what an interrupted run left of it. Nothing, and a
// problem, when the tables are missing or cannot be read. Takes seconds, and memory for what is shown (and eight octets
// a delivery), however many messages there were.
std::optional<RunData> read_run(const RunFolder& folder, json::Problems& problems);

// All of them, the first one first. Runs of the same variant go by their folders, too. Runs of several experiments
// stand in one report under a title that says so; its organization is there when all have the same topology.
ReportData read_report(const RunFolders& folders, json::Problems& problems);

// The file of that role among a run's inputs; null when it cannot be read or is no longer what it was.
std::shared_ptr<const json::Source> unchanged_input(const json::Value& run, const std::string& role);

}  // namespace deadletter::experiments::report
