// What the pairs of two runs say: each seed runs once as the baseline and once as a variant, every metric gives one
// difference a seed (variant minus baseline), and these are judged together.
//
// Promises: all numbers given are finite, and so is all that comes out, however large or small; a bound beyond the
// largest double is that double. Sums are made in the order of the pairs, in IEEE double arithmetic; the last digits of
// Student's distribution are those of Boost and of the C library.
//
// As exact as the differences are normal: few pairs of a skewed metric (a maximum, a rare count) make the interval too
// narrow. NOT MODELLED: intervals without that assumption (bootstrap, signed ranks); intervals that hold for all
// metrics at once.
#pragma once
#include <string>
#include <vector>

namespace deadletter::experiments {

// One entry a pair in both, in the same order.
struct PairedMetric {
  std::string name;
  std::string variant;
  std::vector<double> baseline, differences;
};

// lo <= mean <= hi. `known`: there are two pairs or more. Of one pair all three are its difference, of none 0.
struct Interval {
  double mean = 0, lo = 0, hi = 0;
  bool known = false;
};

// Where the true mean difference is with `confidence` (within (0, 1), such as 0.95): Student's t, two-sided.
// All differences the same, d: [d, d].
Interval paired_interval(const std::vector<double>& differences, double confidence);

// p: of the paired t test, two-sided. Without variance 0 if there is a difference, 1 if not; 1 for fewer than two
// pairs. significant: after correction; never for fewer than two pairs.
struct Judgement {
  Interval interval;
  double p = 1;
  bool significant = false;
};

// All metrics of all variants together, in their order. Each interval is one of 95 % by itself. Significance is by
// Holm's step-down procedure (Scandinavian Journal of Statistics 6, 1979): the chance that anything is called
// significant which has no effect is at most 5 %. A metric that is not known counts as one more that was asked.
std::vector<Judgement> judge_metrics(const std::vector<PairedMetric>& metrics);

// Whether each interval that is known is as narrow as asked: half its width at most `share` of the mean of |baseline|,
// of 1 where that mean is 0. True when none is known.
bool narrow_enough(const std::vector<PairedMetric>& metrics, const std::vector<Judgement>& judgements, double share);

}  // namespace deadletter::experiments
