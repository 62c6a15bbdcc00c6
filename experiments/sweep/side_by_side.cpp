#include "experiments/sweep/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "experiments/compare/outcome.h"
#include "experiments/config/plan.h"

namespace deadletter::experiments {
namespace {

using Names = std::vector<std::string>;

constexpr double kBesideConfidence = 0.95;
constexpr std::size_t kNoCell = static_cast<std::size_t>(-1);

void add_once(Names& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

std::optional<std::string> factor_of(const CollectedCell& cell, const std::optional<std::string>& by) {
  for (const FactorValue& f : cell.factors)
    if (by && f.name == *by) return f.value;
  return std::nullopt;
}

// All that two cells of a pair share within an experiment.
std::string meeting_of(const CollectedCell& cell) {
  std::string meeting = fmt::format("{}", cell.seed);
  for (const FactorValue& f : cell.factors) meeting += fmt::format("\n{}={}", f.name, f.value);
  return meeting;
}

void count_cell(const CollectedCell& cell, BesideVariant& variant) {
  switch (cell.state) {
    case CellState::done:
      ++(cell.status == 0 ? variant.held : variant.not_held);
      return;
    case CellState::failed:
      ++variant.failed;
      return;
    case CellState::running:
      ++variant.running;
      return;
    case CellState::missing:
      ++variant.missing;
  }
}

// Makes one block out of the cells that belong to it.
class BlockMaker {
 public:
  BlockMaker(const CollectedSweep& sweep, const Names& metrics, BesideBlock& block)
      : sweep_(sweep), metrics_(metrics), block_(block) {}

  void add(std::size_t index) {
    const CollectedCell& cell = sweep_.cells[index];
    auto variant = std::ranges::find(block_.variants, cell.variant, &BesideVariant::name);
    if (variant == block_.variants.end()) return;
    count_cell(cell, *variant);
    for (const std::string& text : cell.failed) count_failure(cell.variant, text);
    auto [found, fresh] = meetings_.try_emplace(meeting_of(cell), order_.size());
    if (fresh) order_.emplace_back(block_.variants.size(), kNoCell);
    order_[found->second][static_cast<std::size_t>(variant - block_.variants.begin())] = index;
  }

  void finish() {
    for (std::size_t v = 1; v < block_.variants.size(); ++v) {
      auto pairs = pair(v);
      for (const std::string& name : metrics_)
        block_.metrics.push_back(beside(name, block_.variants[v].name, pairs, sweep_.metrics.at(name)));
    }
    auto of_variant = [&](const BesideFailure& failure) {
      return std::ranges::find(block_.variants, failure.variant, &BesideVariant::name) - block_.variants.begin();
    };
    std::ranges::stable_sort(block_.failures, {}, of_variant);
  }

 private:
  using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;  // of cells: the baseline's, the variant's

  bool done(std::size_t cell) const { return cell != kNoCell && sweep_.cells[cell].state == CellState::done; }

  Pairs pair(std::size_t v) {
    Pairs pairs;
    BesideVariant& variant = block_.variants[v];
    for (const auto& cells : order_) {
      if (cells[0] == kNoCell && cells[v] == kNoCell) continue;
      bool before = done(cells[0]), here = done(cells[v]);
      ++(before && here ? variant.paired
         : before       ? variant.only_baseline
         : here         ? variant.only_variant
                        : variant.neither);
      if (before && here) pairs.emplace_back(cells[0], cells[v]);
    }
    return pairs;
  }

  static BesideMetric beside(const std::string& name, const std::string& variant, const Pairs& pairs,
                             const std::vector<double>& figures) {
    BesideMetric metric{.name = name, .variant = variant};
    std::vector<double> before, here, differences;
    for (const auto& [baseline, other] : pairs) {
      before.push_back(figures[baseline]), here.push_back(figures[other]);
      differences.push_back(here.back() - before.back());
      ++(differences.back() < 0 ? metric.lower : differences.back() > 0 ? metric.higher : metric.equal);
    }
    metric.baseline = paired_interval(before, kBesideConfidence).mean;
    metric.value = paired_interval(here, kBesideConfidence).mean;
    metric.difference = paired_interval(differences, kBesideConfidence);
    return metric;
  }

  void count_failure(const std::string& variant, const std::string& text) {
    auto same = [&](const BesideFailure& f) { return f.variant == variant && f.text == text; };
    auto found = std::ranges::find_if(block_.failures, same);
    if (found == block_.failures.end()) found = block_.failures.insert(found, {variant, text, 0});
    ++found->cells;
  }

  const CollectedSweep& sweep_;
  const Names& metrics_;
  BesideBlock& block_;
  std::map<std::string, std::size_t> meetings_;
  std::vector<std::vector<std::size_t>> order_;  // of each meeting the cell of each variant
};

// An experiment's blocks without what is in them, one for each value of the factor.
std::vector<BesideBlock> empty_blocks(const CollectedSweep& sweep, const BesideAsked& asked,
                                      const std::string& experiment) {
  const Names all = variants_in(sweep, experiment);
  BesideBlock block{.experiment = experiment,
                    .baseline = asked.baseline ? *asked.baseline : baseline_of(sweep, experiment)};
  Names chosen{block.baseline};
  for (const std::string& name : asked.variants.empty() ? all : asked.variants)
    if (std::ranges::find(all, name) != all.end()) add_once(chosen, name);
  for (const std::string& name : chosen) block.variants.push_back({.name = name});
  std::vector<BesideBlock> blocks;
  for (const CollectedCell& cell : sweep.cells) {
    if (cell.experiment != experiment) continue;
    block.factor_value = factor_of(cell, asked.by);
    if (std::ranges::find(blocks, block.factor_value, &BesideBlock::factor_value) == blocks.end())
      blocks.push_back(block);
  }
  return blocks;
}

}  // namespace

std::vector<BesideBlock> side_by_side(const CollectedSweep& sweep, const BesideAsked& asked) {
  const Names metrics = asked.metrics.empty() ? metrics_in(sweep) : asked.metrics;
  std::vector<BesideBlock> all;
  for (const std::string& experiment : experiments_in(sweep)) {
    std::vector<BesideBlock> blocks = empty_blocks(sweep, asked, experiment);
    std::vector<BlockMaker> makers;
    for (BesideBlock& block : blocks) makers.emplace_back(sweep, metrics, block);
    for (std::size_t i = 0; i < sweep.cells.size(); ++i) {
      if (sweep.cells[i].experiment != experiment) continue;
      auto value = factor_of(sweep.cells[i], asked.by);
      auto block = std::ranges::find(blocks, value, &BesideBlock::factor_value);
      makers[static_cast<std::size_t>(block - blocks.begin())].add(i);
    }
    for (BlockMaker& maker : makers) maker.finish();
    std::ranges::move(blocks, std::back_inserter(all));
  }
  return all;
}

std::string baseline_of(const CollectedSweep& sweep, const std::string& experiment) {
  const Names all = variants_in(sweep, experiment);
  auto said = sweep.baselines.find(experiment);
  bool there = said != sweep.baselines.end() && std::ranges::find(all, said->second) != all.end();
  return there ? said->second : all.front();
}

std::vector<std::string> experiments_in(const CollectedSweep& sweep) {
  Names names;
  for (const CollectedCell& cell : sweep.cells) add_once(names, cell.experiment);
  return names;
}

std::vector<std::string> variants_in(const CollectedSweep& sweep, const std::string& experiment) {
  Names names;
  for (const CollectedCell& cell : sweep.cells)
    if (cell.experiment == experiment) add_once(names, cell.variant);
  return names;
}

std::vector<std::string> factors_in(const CollectedSweep& sweep) {
  Names names;
  for (const CollectedCell& cell : sweep.cells)
    for (const FactorValue& f : cell.factors) add_once(names, f.name);
  return names;
}

std::vector<std::string> metrics_in(const CollectedSweep& sweep) {
  Names names;
  for (const Names* known : {&metric_names(), &compared_metrics()})
    for (const std::string& name : *known)
      if (sweep.metrics.contains(name)) add_once(names, name);
  for (const auto& [name, figures] : sweep.metrics) add_once(names, name);
  return names;
}

}  // namespace deadletter::experiments
