// How much a run will write, as far as can be said before it: what a run without any failure writes. Every attempt that
// fails adds to it at level `events`.
#pragma once
#include <cstdint>

#include "experiments/config/plan.h"
#include "experiments/run/record_level.h"

namespace deadletter::experiments {

std::uint64_t octets_at_least(const Plan& plan, RecordLevel level);

}  // namespace deadletter::experiments
