#include "sim/distributions.h"

#include <algorithm>
#include <cmath>

namespace deadletter::sim {
namespace {

constexpr double kLn2 = 0.693147180559945309417;

// P(x) / Q(x) by Horner's rule, highest power first.
template <std::size_t N>
double polynomial(const double (&c)[N], double x) {
  double sum = c[0];
  for (std::size_t i = 1; i < N; ++i) sum = sum * x + c[i];
  return sum;
}

}  // namespace

// The largest sum would be rounded up to 1.
double unit(std::uint64_t draw) { return std::min((static_cast<double>(draw >> 11) + 0.5) * 0x1p-53, 1 - 0x1p-53); }

// x = m * 2^e with m about 1; ln m = 2 artanh((m - 1) / (m + 1)).
double log_of(double x) {
  int e = 0;
  double m = std::frexp(x, &e);
  if (m < 0.70710678118654752440) m *= 2, --e;
  constexpr double c[] = {1.0 / 27, 1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15,
                          1.0 / 13, 1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1};
  double s = (m - 1) / (m + 1);
  return 2 * s * polynomial(c, s * s) + e * kLn2;
}

// x = r + k ln 2; exp r by its series, whose fifteenth term is below the last digit.
double exp_of(double x) {
  constexpr double c[] = {
      1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
      1.0 / 720,        1.0 / 120,       1.0 / 24,       1.0 / 6,       1.0 / 2,      1,           1};
  double k = std::floor(x / kLn2 + 0.5), r = x - k * kLn2;
  return std::ldexp(polynomial(c, r), static_cast<int>(k));
}

// P. J. Acklam's rational approximation.
double normal_quantile(double p) {
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                          6.680131188771972e+01,  -1.328068155288572e+01, 1};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                          -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00,
                          1};
  constexpr double low = 0.02425;
  if (p < low || p > 1 - low) {
    double q = std::sqrt(-2 * log_of(std::min(p, 1 - p)));
    double z = polynomial(c, q) / polynomial(d, q);
    return p < low ? z : -z;
  }
  double q = p - 0.5, r = q * q;
  return polynomial(a, r) * q / polynomial(b, r);
}

Duration exponential(Duration mean, std::uint64_t draw) {
  double ns = -log_of(unit(draw)) * static_cast<double>(mean.ns);
  return {std::max<std::int64_t>(1, static_cast<std::int64_t>(ns + 0.5))};
}

std::uint64_t log_normal(const LogNormal& shape, std::uint64_t draw) {
  double size = static_cast<double>(shape.median) * exp_of(shape.sigma * normal_quantile(unit(draw)));
  size = std::min(std::max(size, static_cast<double>(shape.smallest)), static_cast<double>(shape.largest));
  return static_cast<std::uint64_t>(size);
}

}  // namespace deadletter::sim
