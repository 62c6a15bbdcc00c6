// What happened over time in one run, out of its tables: numbers in bins, queues, and the distribution of delays.
#pragma once
#include "experiments/report/report_data.h"
#include "experiments/report/tables.h"

namespace deadletter::experiments::report {

inline constexpr std::int64_t kMostBins = 240;
inline constexpr std::size_t kMostQueues = 12, kMostDelayPoints = 200;

// The narrowest width people count in (1, 2 or 5 of a power of ten below a second, then seconds, minutes, hours, days)
// with which [0, last_ns] takes at most kMostBins bins.
std::int64_t bin_width_ns(std::int64_t last_ns);

// Bins begin at second 0 and end with what happens last. What a table does not hold is empty: attempts and queues of a
// run that was not recorded event by event, depths of one that an older program made.
Series read_series(const Tables& tables);

// Over recipients with a copy, from submission to the first one; null when there is none.
json::Value read_delays(const Tables& tables);

}  // namespace deadletter::experiments::report
