#include "experiments/compare/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace deadletter::experiments {
namespace {

// A server with an update or registry value that it has not in the baseline, on the same release.
bool installs_more(const PlannedNode& variant, const PlannedNode& baseline) {
  bool same = std::ranges::equal(variant.build.parts, baseline.build.parts,
                                 [](const auto& a, const auto& b) { return a.release == b.release; });
  if (!same) return false;
  auto before = builds::updates(baseline.build);
  bool update = std::ranges::any_of(builds::updates(variant.build),
                                    [&](const std::string& u) { return std::ranges::find(before, u) == before.end(); });
  return update || std::ranges::any_of(variant.registry, [&](const auto& value) {
           return std::ranges::find(baseline.registry, value) == baseline.registry.end();
         });
}

}  // namespace

VariantFacts facts_of(const Plan& variant, const Plan& baseline) {
  VariantFacts facts{.name = variant.variant, .refused = variant.refusals, .still_there = {}};
  std::map<std::string, std::string> in_force;  // by article and why: the first server
  for (std::size_t i = 0; i < variant.nodes.size(); ++i) {
    const PlannedNode& node = variant.nodes[i];
    bool more = i < baseline.nodes.size() && installs_more(node, baseline.nodes[i]);
    if (more && !std::exchange(facts.installs_more, true)) in_force.clear();
    if (facts.installs_more && !more) continue;  // what stays in force elsewhere is not its business
    for (const builds::QuirkStanding& standing : node.resolved.quirks)
      if (standing.in_force) in_force.try_emplace(fmt::format("{} {}", standing.quirk->kb, standing.why), node.name);
  }
  for (const auto& [what, node] : in_force) facts.still_there.push_back(fmt::format("{}, {}", what, node));
  return facts;
}

}  // namespace deadletter::experiments
