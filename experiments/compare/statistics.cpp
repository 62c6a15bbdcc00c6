#include "experiments/compare/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace deadletter::experiments {
namespace {

namespace math = boost::math;

constexpr double kConfidence = 0.95, kFamilyWise = 0.05;

// In double throughout: a long double is not the same on every processor.
using StudentsT = math::students_t_distribution<double, math::policies::policy<math::policies::promote_double<false>>>;

// The exponent of the power of two that makes the largest magnitude less than 1, but not less than 1/2: then neither
// sums nor squares overflow, and nothing is lost that a sum with the largest would keep.
int exponent_of(const std::vector<double>& values) {
  double largest = 0;
  for (double value : values) largest = std::max(largest, std::abs(value));
  int exponent = 0;
  std::frexp(largest, &exponent);
  return exponent;
}

double unscaled(double value, int exponent) {
  constexpr double largest = std::numeric_limits<double>::max();
  return std::clamp(std::ldexp(value, exponent), -largest, largest);
}

// Both divided by 2^exponent. The standard error is 0 without variance, and for one value.
struct Estimate {
  double mean = 0, standard_error = 0;
  int exponent = 0;
};

// The deviations are summed, too: their sum tells by how much the mean was rounded.
Estimate estimate(const std::vector<double>& values) {
  Estimate found{.exponent = exponent_of(values)};
  if (values.empty()) return found;
  double first = std::ldexp(values.front(), -found.exponent);
  if (std::ranges::all_of(values, [&](double value) { return value == values.front(); })) {
    found.mean = first;
    return found;
  }
  auto n = static_cast<double>(values.size());
  double sum = 0, rest = 0, squares = 0;
  for (double value : values) sum += std::ldexp(value, -found.exponent);
  double centre = sum / n;
  for (double value : values) {
    double deviation = std::ldexp(value, -found.exponent) - centre;
    rest += deviation;
    squares += deviation * deviation;
  }
  found.mean = centre + rest / n;
  found.standard_error = std::sqrt(std::max(0.0, squares - rest * rest / n) / (n - 1) / n);
  return found;
}

StudentsT distribution(std::size_t pairs) { return StudentsT(static_cast<double>(pairs - 1)); }

double p_value(const std::vector<double>& differences) {
  if (differences.size() < 2) return 1;
  Estimate found = estimate(differences);
  if (found.standard_error == 0) return found.mean == 0 ? 1 : 0;
  double t = std::abs(found.mean) / found.standard_error;
  return std::min(1.0, 2 * math::cdf(math::complement(distribution(differences.size()), t)));
}

// From the smallest p on, each against a limit that grows, until one is beyond it.
void step_down(std::vector<Judgement>& judgements) {
  std::vector<Judgement*> by_p;
  for (Judgement& judgement : judgements) by_p.push_back(&judgement);
  std::ranges::sort(by_p, {}, [](const Judgement* judgement) { return judgement->p; });
  std::size_t left = by_p.size();
  for (Judgement* judgement : by_p) {
    if (judgement->p > kFamilyWise / static_cast<double>(left--)) return;
    judgement->significant = true;
  }
}

double mean_magnitude(const std::vector<double>& values) {
  if (values.empty()) return 0;
  int exponent = exponent_of(values);
  double sum = 0;
  for (double value : values) sum += std::ldexp(std::abs(value), -exponent);
  return unscaled(sum / static_cast<double>(values.size()), exponent);
}

}  // namespace

Interval paired_interval(const std::vector<double>& differences, double confidence) {
  assert(confidence > 0 && confidence < 1);
  Estimate found = estimate(differences);
  double half = 0;
  if (found.standard_error > 0)
    half =
        found.standard_error * math::quantile(math::complement(distribution(differences.size()), (1 - confidence) / 2));
  return {.mean = unscaled(found.mean, found.exponent),
          .lo = unscaled(found.mean - half, found.exponent),
          .hi = unscaled(found.mean + half, found.exponent),
          .known = differences.size() >= 2};
}

std::vector<Judgement> judge_metrics(const std::vector<PairedMetric>& metrics) {
  std::vector<Judgement> judgements;
  for (const PairedMetric& metric : metrics)
    judgements.push_back({paired_interval(metric.differences, kConfidence), p_value(metric.differences)});
  step_down(judgements);
  return judgements;
}

bool narrow_enough(const std::vector<PairedMetric>& metrics, const std::vector<Judgement>& judgements, double share) {
  assert(metrics.size() == judgements.size());
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const Interval& interval = judgements[i].interval;
    if (!interval.known) continue;
    double half = interval.hi / 2 - interval.lo / 2, mean = mean_magnitude(metrics[i].baseline);
    if (half > share * (mean == 0 ? 1 : mean)) return false;
  }
  return true;
}

}  // namespace deadletter::experiments
