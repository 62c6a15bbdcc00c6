// What `compare` prints, for people and as JSON.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/compare/statistics.h"
#include "experiments/compare/verdict.h"

namespace deadletter::experiments {

struct ComparedVariant {
  std::string name, fingerprint;
  json::Value summary;                    // of the first pair's run
  std::optional<VariantVerdict> verdict;  // none: the baseline
};

struct Compared {
  std::string experiment, baseline;
  std::uint64_t seed = 0;
  std::size_t pairs = 0;
  bool settled = true;
  std::vector<std::string> failures;  // of expectations and oracles
  std::vector<PairedMetric> metrics;
  std::vector<Judgement> judgements;
  std::vector<ComparedVariant> variants;  // the baseline first
};

json::Value to_json(const Compared& compared);

}  // namespace deadletter::experiments

namespace deadletter::cli {

void print_compared(const experiments::Compared& compared);

}  // namespace deadletter::cli
