// From a file and the command line to a plan that can run.
//
// Parsing checks shape, binding checks meaning; both report every problem at its place. A variant is laid over its
// experiment as a merge patch (RFC 7386): objects merge, everything else replaces.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/plan.h"
#include "sim/json/problem.h"
#include "sim/json/value.h"

namespace deadletter::experiments {

// "PATH=value": a JSON Pointer or the name of a parameter; the value is JSON, or else text.
struct Set {
  std::string path;
  std::string value;
};
std::optional<Set> parse_set(std::string_view text);

struct Loaded {
  std::string path;
  json::Value document;  // with all --set applied
  Experiment experiment;
  std::vector<Input> inputs;
  std::string folder{};  // from which relative paths of the command line start; empty: the working folder
};

inline constexpr std::size_t kLargestInput = 64 << 20;
// A source with the file's text; nothing, and a problem, when it cannot be read. `what` names it in the message.
std::shared_ptr<const json::Source> read_source(const std::string& path, const std::string& what,
                                                json::Problems& problems);

std::optional<Loaded> load_experiment(const std::string& path, const std::vector<Set>& sets, json::Problems& problems);
// The same from a text that is not in a file; relative paths resolve from `path`.
std::optional<Loaded> load_experiment_text(const std::string& path, std::string text, const std::vector<Set>& sets,
                                           json::Problems& problems);

// `seed` takes the place of the experiment's when given.
std::optional<Plan> make_plan(const Loaded& loaded, const std::string& variant, std::optional<std::uint64_t> seed,
                              json::Problems& problems);

}  // namespace deadletter::experiments
