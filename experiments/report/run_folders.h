// Which runs the folders hold that a person names for a report.
#pragma once
#include <string>
#include <vector>

#include "sim/json/problem.h"
#include "sim/json/value.h"

namespace deadletter::experiments::report {

struct RunFolder {
  std::string path;
  json::Value run;  // run.json
};

struct RunFolders {
  std::vector<RunFolder> runs;  // each folder once
  json::Value compare;          // compare.json of the one folder that has it; null when none or several have
};

// Each of `folders` is one that a run left, or holds such folders: by variant, by experiment and variant, or what
// compare left. A comparison keeps its order, the baseline first; variants of an experiment whose file is still what it
// was stand as there, others by name. Problems: no folder, no run in it, a run.json that is none or of another format.
RunFolders find_runs(const std::vector<std::string>& folders, json::Problems& problems);

}  // namespace deadletter::experiments::report
