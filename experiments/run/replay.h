// Runs again what a run's folder says and compares: inputs, program, every record of the transcript, the fingerprint.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "sim/json/problem.h"

namespace deadletter::experiments {

struct Replayed {
  std::uint64_t records = 0;
  std::string fingerprint;
  std::vector<std::string> differences;  // in sentences; empty: the same
};

// Nothing, and problems, when the folder is no complete run or its experiment cannot be read.
std::optional<Replayed> replay(const std::string& folder, const std::atomic<bool>* stop, json::Problems& problems);

}  // namespace deadletter::experiments
