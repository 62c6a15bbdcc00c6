// Whether what an experiment expects came true, and whether what must always hold did.
#pragma once
#include "experiments/config/plan.h"
#include "experiments/run/result.h"

namespace deadletter::experiments {

// Each expectation of the plan against the result; a failed one says what was found.
Judged judge_expectations(const Plan& plan, const Result& result);

// The oracles: conservation of mail and of reports. They hold for every run, whatever is simulated.
Judged judge_oracles(const Plan& plan, const Ledger& ledger, const Result& result);

}  // namespace deadletter::experiments
