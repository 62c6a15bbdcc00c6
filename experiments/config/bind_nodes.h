// What is installed and set on the nodes of a plan: builds, registry, attributes, scripts.
#pragma once
#include "experiments/config/plan.h"

namespace deadletter::experiments {

// Makes plan.nodes from plan.organization and the experiment. Where an experiment names a node it may write its name,
// "all", "all exchange-2003" (a product) or a name with "*" in it.
void bind_nodes(const Experiment& experiment, Plan& plan, json::Problems& problems);

}  // namespace deadletter::experiments
