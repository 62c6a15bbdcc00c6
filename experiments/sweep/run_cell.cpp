#include "experiments/sweep/run_cell.h"

#include <fmt/format.h>

#include <filesystem>

#include "experiments/run/cannot_write.h"
#include "experiments/sweep/cell_result.h"
#include "experiments/sweep/second_run.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

void make_empty(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) fs::create_directories(path, error);
  if (error) throw CannotWrite(path, error.message());
}

}  // namespace

CellStatus run_cell_into(const Sweep& sweep, const SweepCell& cell, const std::string& out, RecordLevel record,
                         const std::atomic<bool>* stop) {
  json::Problems problems;
  auto plan = plan_of(sweep, cell, problems);
  if (!plan) {
    fmt::print(stderr, "{}", json::render(problems));
    return kCellUsage;
  }
  plan->seed ^= injected_difference();
  std::map<std::string, double> metrics;
  RunOptions options{.record = record, .out = out, .stop = stop};
  options.at_end = [&metrics](const Plan& p, const World& world, const Result& r) {
    metrics = cell_metrics(p, world, r);
  };
  Result result = run_plan(*plan, asked_for(sweep.plan, cell), options);
  if (!result.complete) return kCellInterrupted;
  bool twice = runs_twice(cell, sweep.plan.check_share);
  write_whole(out + "/cell.json", cell_file(cell, twice, result, metrics).dump(1) + "\n");
  return kCellDone;
}

CellStatus run_cell(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder,
                    const std::atomic<bool>* stop) {
  auto lock = CellLock::take(folder, cell.key);
  if (!lock) return kCellElsewhere;
  if (folder.is_done(cell.key)) return kCellDone;
  const std::string draft = folder.draft(cell.key);
  make_empty(draft);
  CellStatus status = run_cell_into(sweep, cell, draft, sweep.plan.record, stop);
  if (status == kCellDone && runs_twice(cell, sweep.plan.check_share)) status = run_again(sweep, cell, folder);
  if (status == kCellDone)
    folder.commit(cell.key);
  else
    fs::remove_all(draft);
  return status;
}

}  // namespace deadletter::experiments
