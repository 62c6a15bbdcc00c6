// Binding of the directory: its objects from the topology, its changes from the experiment.
#pragma once
#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

// After domains and mailboxes are known. A topology without a directory leaves the plan as it is.
void bind_directory(const Experiment& experiment, Plan& plan, json::Problems& problems);

}  // namespace deadletter::experiments
