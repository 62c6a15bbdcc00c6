#include "experiments/sweep/collect.h"

#include <optional>

#include "experiments/sweep/sweep_file.h"
#include "experiments/sweep/sweep_page.h"

namespace deadletter::experiments {
namespace {

Collected read_all(const Sweep& sweep, const SweepFolder& folder, SweepFile* file) {
  Collected all;
  Failures failures;
  SweepTables tables;
  for (const SweepCell& cell : sweep.cells) {
    CellResult result = read_cell(folder, cell);
    bool twice = runs_twice(cell, sweep.plan.check_share), done = result.state == CellState::done;
    all.done += done ? 1 : 0;
    all.held += done && result.status == 0 ? 1 : 0;
    all.twice += done && twice ? 1 : 0;
    all.failed += result.state == CellState::failed ? 1 : 0;
    all.running += result.state == CellState::running ? 1 : 0;
    all.missing += result.state == CellState::missing ? 1 : 0;
    failures.add(cell, result);
    tables.add(cell, result);
    if (file != nullptr) file->add(cell, twice, result);
  }
  all.status = failures.status();
  all.failures = failures.groups();
  all.tables = tables.tables();
  return all;
}

}  // namespace

Collected look_at(const Sweep& sweep, const SweepFolder& folder) { return read_all(sweep, folder, nullptr); }

Collected collect(const Sweep& sweep, const SweepFolder& folder) {
  SweepFile file(folder.path() + "/sweep.sqlite", sweep);
  Collected all = read_all(sweep, folder, &file);
  file.finish();
  write_whole(folder.path() + "/sweep.md", sweep_markdown(sweep, all));
  write_whole(folder.path() + "/sweep.html", sweep_html(sweep, all));
  return all;
}

}  // namespace deadletter::experiments
