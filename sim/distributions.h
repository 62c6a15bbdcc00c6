// Distributions of named draws, the same to the bit everywhere: only IEEE 754 additions, multiplications, divisions and
// square roots, which every processor rounds alike, and no function of a C library, which do not.
#pragma once
#include <cstdint>

#include "sim/time.h"

namespace deadletter::sim {

// `draw`: uniform over all 64-bit values (Chance::draw).

// Of mean `mean`; at least 1 ns.
Duration exponential(Duration mean, std::uint64_t draw);

// median * exp(sigma * z) with z normal, kept within [smallest, largest].
struct LogNormal {
  std::uint64_t median = 1;
  double sigma = 0;
  std::uint64_t smallest = 0, largest = 0;
};
std::uint64_t log_normal(const LogNormal& shape, std::uint64_t draw);

// In the open interval (0, 1).
double unit(std::uint64_t draw);
// Natural logarithm of x > 0; exponential function; the normal distribution's quantile of p in (0, 1). Relative error
// below 1e-12 (quantile: 2e-9 absolute).
double log_of(double x);
double exp_of(double x);
double normal_quantile(double p);

}  // namespace deadletter::sim
