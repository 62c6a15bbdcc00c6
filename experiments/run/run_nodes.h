// What runs on each node, as run.json says it: by name, host, build and quirks in force.
#pragma once
#include "experiments/config/plan.h"
#include "sim/json/value.h"

namespace deadletter::experiments {

json::Value run_nodes(const Plan& plan);

}  // namespace deadletter::experiments
