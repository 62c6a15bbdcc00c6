// What the expectations of a variant refer to. Internal to experiments/config.
#pragma once
#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

// `plan` has its document and its expectations already.
void bind_expectations(const Experiment& experiment, const Plan& plan, json::Problems& problems);

}  // namespace deadletter::experiments
