// Executes a recorded run again and compares: inputs, program, what is installed where, every record of the transcript,
// the fingerprint.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "experiments/run/recording.h"

namespace deadletter::experiments {

// The first record that is not what it was, and on each side the last one before it about the same message, session or
// node: what led to it.
struct Divergence {
  std::uint64_t record = 0;   // counted from 1
  std::string recorded, now;  // lines of the transcript; empty: nothing more
  std::string recorded_after, now_after;
};

struct Replayed {
  std::uint64_t records = 0;             // compared; of what was not recorded event by event: events
  std::vector<std::string> differences;  // in sentences, but for the first divergence; empty: the same
  std::optional<Divergence> first;
  Result result;

  bool same() const { return differences.empty() && !first; }
};

struct ReplayOptions {
  const std::atomic<bool>* stop = nullptr;
  std::optional<sim::Instant> until{};  // compares what lies before it
  std::vector<Observer*> watchers{};
  std::function<void(const Plan&, const World&, const Result&)> at_end{};
  std::atomic<std::int64_t>* now = nullptr;  // kept at the simulated time, for progress
};

// `plan` is the recording's (plan_of). Reads the recording's transcript to its end. Without a recording there is
// nothing to compare with: the plan just runs.
Replayed replay(const Recording* recording, const Plan& plan, const ReplayOptions& options);

}  // namespace deadletter::experiments
