// Whether counts are what a law says: Pearson's chi-square test.
#pragma once
#include <boost/math/distributions/chi_squared.hpp>

#include <cstdint>
#include <numeric>
#include <vector>

namespace deadletter::testing {

// The probability that counts deviate as much or more when the weights are true. Cells of which fewer than five are
// expected are taken together; a count where nothing is expected has the probability 0.
inline double probability(const std::vector<std::uint64_t>& counts, const std::vector<double>& weights) {
  double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  double chi = 0, rare = 0, rare_expected = 0;
  int cells = 0;
  auto add = [&](double count, double expected) {
    chi += (count - expected) * (count - expected) / expected;
    ++cells;
  };
  for (std::size_t i = 0; i < counts.size(); ++i) {
    double expected = all * weights[i] / sum;
    if (expected == 0 && counts[i] > 0) return 0;
    if (expected >= 5)
      add(static_cast<double>(counts[i]), expected);
    else
      rare += static_cast<double>(counts[i]), rare_expected += expected;
  }
  if (rare_expected > 0.5) add(rare, rare_expected);
  return cells < 2 ? 1 : boost::math::cdf(boost::math::complement(boost::math::chi_squared(cells - 1), chi));
}

// Draws are the same in every run: what holds once holds ever. One wrong alarm in a thousand seeds.
inline constexpr double kUnlikely = 0.001;

}  // namespace deadletter::testing
