// What is known of a variant beside the baseline before either runs: what it installs, and what stays in force.
#pragma once
#include "experiments/compare/verdict.h"

namespace deadletter::experiments {

VariantFacts facts_of(const Plan& variant, const Plan& baseline);

}  // namespace deadletter::experiments
