#include "experiments/traffic/choice.h"

#include <numeric>

namespace deadletter::traffic {
namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

// Every cell holds the mean weight: what a light one lacks comes from a heavy one. In units of weight times their
// number, so that nothing is rounded before the end.
Alias::Alias(const std::vector<std::uint64_t>& weights) : cells_(weights.size()) {
  std::uint64_t mean = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<std::uint64_t> rest;
  std::vector<std::uint32_t> light, heavy;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    rest.push_back(weights[i] * weights.size());
    cells_[i] = {0, i};
    (rest[i] < mean ? light : heavy).push_back(i);
  }
  while (!light.empty() && !heavy.empty()) {
    std::uint32_t small = light.back(), large = heavy.back();
    light.pop_back();
    cells_[small] = {static_cast<std::uint32_t>((Wide{rest[small]} << 32) / mean), large};
    rest[large] -= mean - rest[small];
    if (rest[large] >= mean) continue;
    heavy.pop_back();
    light.push_back(large);
  }
}

RankLaw::RankLaw(const std::vector<Band>& bands) {
  std::uint64_t people = 0, before = 0;
  for (const Band& b : bands) people += b.people;
  std::vector<std::uint64_t> mail;
  auto part = [&](std::uint64_t of) { return static_cast<std::uint64_t>((Wide{of} << 32) / people); };
  for (const Band& b : bands) {
    std::uint64_t from = part(before);
    before += b.people;
    parts_.push_back({from, part(before) - from});
    mail.push_back(b.people == 0 ? 0 : b.mail);
  }
  bands_ = Alias(mail);
}

}  // namespace deadletter::traffic
