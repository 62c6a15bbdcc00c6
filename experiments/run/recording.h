// A run that can be executed again: how it was asked for and what it came to. It comes from the folder that a run left
// behind or from a capsule, which holds all of it in one file.
#pragma once
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/packed_files.h"
#include "experiments/run/runner.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

struct Recording {
  std::string variant;
  Asked asked;
  std::string program;        // that made it
  std::vector<Input> inputs;  // by absolute path
  json::Value nodes;          // as in run.json: by name, build and quirks in force
  sim::Fingerprint::Digest fingerprint;
  std::vector<sim::Fingerprint::Mark> marks;
  std::unique_ptr<std::istream> transcript;  // null when it was not recorded event by event
  std::unique_ptr<PackedFiles> files;        // of a capsule; one recording with files at a time
};

// `path` is a folder of a run, or a capsule. Nothing, and problems, when it is neither, or no complete run.
std::optional<Recording> read_recording(const std::string& path, json::Problems& problems);

// What it asked for, from the inputs as they are now, or as the capsule holds them.
std::optional<Plan> plan_of(const Recording& recording, json::Problems& problems);

// One file with all inputs, the fingerprint that is expected and, up to kMostTranscript octets of it, the transcript.
// Paths in it start at the folder that all inputs share. Nothing, and problems, when an input is no longer what it was.
inline constexpr std::size_t kMostTranscript = 8 << 20;
std::optional<std::string> make_capsule(const std::string& run_folder, json::Problems& problems);

}  // namespace deadletter::experiments
