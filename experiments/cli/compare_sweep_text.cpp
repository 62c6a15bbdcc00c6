#include "experiments/cli/compare_sweep_text.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>

#include "experiments/cli/common.h"
#include "experiments/cli/table.h"
#include "experiments/sweep/sweep_page.h"
#include "sim/json/excerpt.h"

namespace deadletter::cli {
using experiments::BesideBlock;
using experiments::BesideFailure;
using experiments::BesideMetric;
using experiments::BesideVariant;
namespace {

using Lines = std::vector<std::vector<std::string>>;

std::size_t cells(const BesideVariant& v) { return v.held + v.not_held + v.failed + v.running + v.missing; }
bool differs(const BesideMetric& metric) { return metric.lower + metric.higher > 0; }

std::string number(double value) { return fmt::format("{:.6g}", value); }
std::string number(std::size_t count) { return fmt::format("{}", count); }

// "lifetime=1d" before a block; empty when there is no factor.
std::string value_text(const SweepCompared& c, const BesideBlock& block) {
  if (!c.by) return "";
  return fmt::format("{}={}", experiments::short_name(*c.by), block.factor_value.value_or("(not set)"));
}

std::string baseline_text(const SweepCompared& c, const BesideBlock& block) {
  auto said = c.sweep.baselines.find(block.experiment);
  const auto all = experiments::variants_in(c.sweep, block.experiment);
  if (said == c.sweep.baselines.end() || std::ranges::find(all, said->second) != all.end()) return block.baseline;
  return fmt::format("{} (the experiment's own, {}, is not in the sweep)", block.baseline, said->second);
}

void print_variants(const BesideBlock& block) {
  Lines lines{{"variant", "runs", "held", "not held", "failed", "under way", "missing", "pairs", "unpaired"}};
  for (const BesideVariant& v : block.variants) {
    bool first = &v == &block.variants.front();
    lines.push_back({json::harmless(v.name), number(cells(v)), number(v.held), number(v.not_held), number(v.failed),
                     number(v.running), number(v.missing), first ? "" : number(v.paired),
                     first ? "" : number(v.unpaired())});
  }
  fmt::print("{}", in_columns(lines, "<>>>>>>>>"));
  for (const BesideVariant& v : block.variants)
    if (v.unpaired() > 0)
      fmt::print(
          "  {}, {} without a partner: only the baseline's run is done in {}, only its own in {}, neither in {}\n",
          json::harmless(v.name), v.unpaired(), v.only_baseline, v.only_variant, v.neither);
}

void print_metrics(const SweepCompared& c, const BesideBlock& block) {
  Lines lines{{"variant", "metric", "pairs", "baseline mean", "variant mean", "difference", "95 % interval", "lower",
               "equal", "higher"}};
  std::vector<std::string> differing, equal;
  for (const BesideMetric& m : block.metrics) {
    auto& names = differs(m) ? differing : equal;
    if (std::ranges::find(names, m.name) == names.end()) names.push_back(m.name);
    if (m.pairs() == 0 || (!differs(m) && !c.metrics_asked)) continue;
    const experiments::Interval& i = m.difference;
    lines.push_back({json::harmless(m.variant), json::harmless(m.name), number(m.pairs()), number(m.baseline),
                     number(m.value), number(i.mean),
                     i.known ? fmt::format("{:.6g} to {:.6g}", i.lo, i.hi) : "one pair", number(m.lower),
                     number(m.equal), number(m.higher)});
  }
  if (lines.size() > 1) fmt::print("\n{}", in_columns(lines, "<<>>>>>>>>"));
  if (c.metrics_asked) return;
  auto same = std::ranges::count_if(
      equal, [&](const auto& name) { return std::ranges::find(differing, name) == differing.end(); });
  fmt::print("\n{} of {} metrics are the same in every pair\n", same, same + static_cast<long>(differing.size()));
}

void print_block(const SweepCompared& c, const BesideBlock& block) {
  std::string value = value_text(c, block);
  fmt::print("\n{}{}{}", json::harmless(block.experiment), value.empty() ? "" : ", ", json::harmless(value));
  if (block.variants.size() == 1) {
    fmt::print(": nothing to compare, only {}\n", json::harmless(block.baseline));
    return;
  }
  fmt::print(": baseline {}\n\n", json::harmless(baseline_text(c, block)));
  print_variants(block);
  bool paired = std::ranges::any_of(block.variants, [](const BesideVariant& v) { return v.paired > 0; });
  if (paired)
    print_metrics(c, block);
  else
    fmt::print("\nno pair\n");
  if (block.failures.empty()) return;
  fmt::print("\n{}:\n", colour() ? fmt::format(fg(fmt::terminal_color::red), "not held") : "not held");
  for (const BesideFailure& f : block.failures)
    fmt::print("  {} × {}: {}\n", f.cells, json::harmless(f.variant), json::harmless(f.text));
}

json::Value to_json(const BesideVariant& v, bool is_baseline) {
  json::Value pairing = json::Value::object();
  pairing.set("paired", v.paired).set("only_baseline", v.only_baseline);
  pairing.set("only_variant", v.only_variant).set("neither", v.neither);
  return json::Value::object()
      .set("name", v.name)
      .set("runs", cells(v))
      .set("held", v.held)
      .set("not_held", v.not_held)
      .set("failed", v.failed)
      .set("running", v.running)
      .set("missing", v.missing)
      .set("pairing", is_baseline ? json::Value() : pairing);
}

json::Value to_json(const BesideMetric& m) {
  json::Value ci = json::Value::array();
  ci.push_back(m.difference.lo), ci.push_back(m.difference.hi);
  bool any = m.pairs() > 0;
  return json::Value::object()
      .set("name", m.name)
      .set("variant", m.variant)
      .set("pairs", m.pairs())
      .set("baseline", any ? json::Value(m.baseline) : json::Value())
      .set("value", any ? json::Value(m.value) : json::Value())
      .set("difference", any ? json::Value(m.difference.mean) : json::Value())
      .set("ci95", m.difference.known ? ci : json::Value())
      .set("lower", m.lower)
      .set("equal", m.equal)
      .set("higher", m.higher);
}

json::Value to_json(const SweepCompared& c, const BesideBlock& block) {
  json::Value variants = json::Value::array(), metrics = json::Value::array(), failed = json::Value::array();
  for (const BesideVariant& v : block.variants) variants.push_back(to_json(v, &v == &block.variants.front()));
  for (const BesideMetric& m : block.metrics) metrics.push_back(to_json(m));
  for (const BesideFailure& f : block.failures)
    failed.push_back(json::Value::object().set("variant", f.variant).set("text", f.text).set("runs", f.cells));
  json::Value value = block.factor_value ? json::Value(*block.factor_value) : json::Value();
  return json::Value::object()
      .set("experiment", block.experiment)
      .set("factor", c.by ? json::Value::object().set("name", *c.by).set("value", value) : json::Value())
      .set("baseline", block.baseline)
      .set("variants", variants)
      .set("metrics", metrics)
      .set("failed", failed);
}

}  // namespace

void print_compared(const SweepCompared& c) {
  auto count = [&](experiments::CellState state) {
    return std::ranges::count(c.sweep.cells, state, &experiments::CollectedCell::state);
  };
  using experiments::CellState;
  fmt::print("{}: {} runs, {} done, {} failed, {} under way, {} missing\n", json::harmless(c.sweep.id),
             c.sweep.cells.size(), count(CellState::done), count(CellState::failed), count(CellState::running),
             count(CellState::missing));
  if (!c.sweep.question.empty()) fmt::print("{}\n", json::harmless(c.sweep.question));
  for (const BesideBlock& block : c.blocks) print_block(c, block);
}

json::Value to_json(const SweepCompared& c) {
  json::Value blocks = json::Value::array();
  for (const BesideBlock& block : c.blocks) blocks.push_back(to_json(c, block));
  return json::Value::object()
      .set("sweep", c.sweep.id)
      .set("question", c.sweep.question)
      .set("build", c.sweep.build)
      .set("by", c.by ? json::Value(*c.by) : json::Value())
      .set("blocks", blocks);
}

}  // namespace deadletter::cli
