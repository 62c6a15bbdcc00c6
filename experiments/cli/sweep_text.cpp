#include "experiments/cli/sweep_text.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>

#include "experiments/cli/common.h"
#include "experiments/sweep/sweep_page.h"

namespace deadletter::cli {
using experiments::CellState;
using experiments::FailureGroup;
using experiments::SweepCell;
namespace {

json::Value about(const SweepCell& cell) {
  json::Value factors = json::Value::object();
  for (const auto& f : cell.factors) factors.set(f.name, f.value);
  return json::Value::object()
      .set("key", cell.key)
      .set("experiment", cell.experiment)
      .set("variant", cell.variant)
      .set("seed", cell.seed)
      .set("factors", factors);
}

std::size_t count(const std::vector<CellState>& states, CellState state) {
  return static_cast<std::size_t>(std::ranges::count(states, state));
}

std::size_t count_twice(const experiments::Sweep& sweep) {
  return static_cast<std::size_t>(std::ranges::count_if(
      sweep.cells, [&](const SweepCell& cell) { return experiments::runs_twice(cell, sweep.plan.check_share); }));
}

void print_failures(const experiments::Collected& all) {
  for (const FailureGroup& group : all.failures) {
    std::string head = fmt::format("{} × {}", group.cells, experiments::text_of_status(group.status));
    fmt::print("  {}: {}\n", colour() ? fmt::format(fg(fmt::terminal_color::red), "{}", head) : head, group.signature);
    for (const SweepCell* cell : group.examples) fmt::print("      {}  {}\n", cell->key, experiments::text(*cell));
    if (group.cells > group.examples.size()) fmt::print("      and {} more\n", group.cells - group.examples.size());
  }
}

}  // namespace

void print_cells(const experiments::Sweep& sweep, const std::vector<CellState>& states) {
  for (std::size_t i = 0; i < sweep.cells.size(); ++i)
    fmt::print("{}  {:<7}  {}\n", sweep.cells[i].key, text(states[i]), experiments::text(sweep.cells[i]));
  std::size_t done = count(states, CellState::done), running = count(states, CellState::running);
  fmt::print("{} runs, {} of them twice: {} done, {}{} to run\n", states.size(), count_twice(sweep), done,
             running > 0 ? fmt::format("{} under way, ", running) : "", states.size() - done - running);
}

json::Value cells_json(const experiments::Sweep& sweep, const std::vector<CellState>& states) {
  json::Value cells = json::Value::array();
  for (std::size_t i = 0; i < sweep.cells.size(); ++i)
    cells.push_back(about(sweep.cells[i])
                        .set("state", text(states[i]))
                        .set("twice", experiments::runs_twice(sweep.cells[i], sweep.plan.check_share))
                        .set("alone", experiments::command_of(sweep.plan, sweep.cells[i])));
  return json::Value::object()
      .set("sweep", sweep.plan.id)
      .set("runs", states.size())
      .set("done", count(states, CellState::done))
      .set("cells", cells);
}

void print_sweep(const experiments::Sweep& sweep, const experiments::SweepFolder& folder,
                 const experiments::Collected& all) {
  fmt::print("{:<14}{}\n", "sweep", sweep.plan.id);
  if (!sweep.plan.question.empty()) fmt::print("{:<14}{}\n", "question", sweep.plan.question);
  fmt::print("{:<14}{}: {} done{}{}{}\n", "runs", all.cells(), all.done,
             all.failed > 0 ? fmt::format(", {} failed", all.failed) : "",
             all.running > 0 ? fmt::format(", {} under way", all.running) : "",
             all.missing > 0 ? fmt::format(", {} missing", all.missing) : "");
  fmt::print("{:<14}{} held, {} did not\n", "expectations", all.held, all.done - all.held);
  if (all.twice > 0)
    fmt::print("{:<14}{} ran twice with other memory and came out alike\n", "deterministic", all.twice);
  print_failures(all);
  fmt::print("{:<14}{}\n", "folder", folder.path());
}

json::Value sweep_json(const experiments::Sweep& sweep, const experiments::SweepFolder& folder,
                       const experiments::Collected& all) {
  json::Value failures = json::Value::array();
  for (const FailureGroup& group : all.failures) {
    json::Value examples = json::Value::array();
    for (const SweepCell* cell : group.examples) examples.push_back(about(*cell));
    failures.push_back(json::Value::object()
                           .set("status", group.status)
                           .set("signature", group.signature)
                           .set("runs", group.cells)
                           .set("examples", examples));
  }
  return json::Value::object()
      .set("sweep", sweep.plan.id)
      .set("runs", all.cells())
      .set("done", all.done)
      .set("failed", all.failed)
      .set("running", all.running)
      .set("missing", all.missing)
      .set("held", all.held)
      .set("twice", all.twice)
      .set("failures", failures)
      .set("out", folder.path());
}

}  // namespace deadletter::cli
