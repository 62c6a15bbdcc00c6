// Quantiles of what was measured (the median, p95 and p99 of delays), by nearest rank: always one of the values, never
// something between two.
#pragma once
#include <vector>

namespace deadletter::experiments {

// The smallest value such that at least the share `q` of all values is not larger: of n values the k-th, with the
// smallest k for which k / n >= q. That quotient is rounded as the literal is, so 0.07 of 100 is the seventh.
// `sorted`: in ascending order, not empty. q: within [0, 1]; 0 gives the smallest value, 1 the largest.
double quantile(const std::vector<double>& sorted, double q);

}  // namespace deadletter::experiments
