// sweep.json: which cells a sweep has. Who has it need not make the keys again, which means binding every variant with
// every combination of factors; and what was found can be counted and collected where the inputs are not at hand.
#pragma once
#include <optional>
#include <string>

#include "experiments/sweep/folder.h"

namespace deadletter::experiments {

// Throws CannotWrite.
void write_manifest(const Sweep& sweep, const SweepFolder& folder);

// Nothing when there is none; a problem when it is none of this program's.
std::optional<Sweep> read_manifest(const SweepPlan& plan, const SweepFolder& folder, json::Problems& problems);

// The plan, the program and every input are what they were: the keys still hold.
bool still_right(const Sweep& made, const SweepPlan& plan);

// The manifest's when it is still right, else made anew.
std::optional<Sweep> sweep_of(const SweepPlan& plan, const SweepFolder& folder, const Step& step,
                              json::Problems& problems);

}  // namespace deadletter::experiments
