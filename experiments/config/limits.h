// What a run can bear: settings under which it would never end, or a time would leave 64 bits, are refused before it
// starts. The limits lie far beyond what any mail server does. Internal to experiments/config.
#pragma once
#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

// `plan` is complete but for this.
void check_limits(const Plan& plan, json::Problems& problems);

}  // namespace deadletter::experiments
