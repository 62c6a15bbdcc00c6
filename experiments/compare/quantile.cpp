#include "experiments/compare/quantile.h"

#include <algorithm>
#include <cassert>
#include <ranges>

namespace deadletter::experiments {

double quantile(const std::vector<double>& sorted, double q) {
  assert(!sorted.empty() && std::ranges::is_sorted(sorted));
  assert(q >= 0 && q <= 1);
  auto n = static_cast<double>(sorted.size());
  auto ranks = std::views::iota(std::size_t{1}, sorted.size());  // all but the last, which is what is left
  auto reached = std::ranges::partition_point(ranks, [&](std::size_t k) { return static_cast<double>(k) / n < q; });
  return sorted[*reached - 1];
}

}  // namespace deadletter::experiments
