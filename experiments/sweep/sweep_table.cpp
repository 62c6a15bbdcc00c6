#include "experiments/sweep/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace deadletter::experiments {
namespace {

std::string as_count(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
}

std::string as_time(double seconds) {
  if (seconds == 0) return "0";
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.1f} min", seconds / 60);
  if (seconds < 172'800) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} d", seconds / 86'400);
}

}  // namespace

void Spread::add(double value) {
  least = n == 0 ? value : std::min(least, value);
  most = n == 0 ? value : std::max(most, value);
  sum += value;
  ++n;
}

void SweepTables::add(const SweepCell& cell, const CellResult& result) {
  if (tables_.empty() || tables_.back().path != cell.path) tables_.push_back({cell.experiment, cell.path, {}});
  auto& rows = tables_.back().rows;
  if (rows.empty() || rows.back().variant != cell.variant || rows.back().factors != cell.factors)
    rows.push_back({.factors = cell.factors, .variant = cell.variant, .metrics = {}});
  SweepRow& row = rows.back();
  if (result.state == CellState::failed) ++row.failed;
  if (result.state == CellState::running || result.state == CellState::missing) ++row.absent;
  if (result.state != CellState::done) return;
  ++row.done;
  if (result.status != 0) ++row.not_held;
  for (const auto& [name, value] : result.metrics) row.metrics[name].add(value);
}

const std::vector<ShownMetric>& shown_metrics() {
  static const std::vector<ShownMetric> all = {{"recipients", "recipients", false},
                                               {"fates.delivered", "delivered", false},
                                               {"fates.returned", "returned", false},
                                               {"fates.waiting", "waiting", false},
                                               {"fates.lost", "lost", false},
                                               {"copies.extra", "extra copies", false},
                                               {"attempts", "attempts", false},
                                               {"reports.ndr", "NDRs", false},
                                               {"reports.delay", "delay notices", false},
                                               {"delay.p50", "median delay", true},
                                               {"delay.p95", "95 % within", true}};
  return all;
}

std::string text(const Spread& spread, bool seconds) {
  auto word = [seconds](double value) { return seconds ? as_time(value) : as_count(value); };
  if (spread.n == 0) return "–";
  if (spread.least == spread.most) return word(spread.least);
  return fmt::format("{} ({}{}{})", word(spread.mean()), word(spread.least), seconds ? " – " : "–", word(spread.most));
}

}  // namespace deadletter::experiments
