#include "experiments/sweep/slurm_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace deadletter::experiments {
namespace {

using BatchTask = std::pair<unsigned, unsigned>;

bool later(const std::string& job, const std::string& than) {
  return std::pair(job.size(), job) > std::pair(than.size(), than);
}

class Looking {
 public:
  Looking(const Sweep& sweep, const SweepFolder& folder, const SlurmFolder& slurm)
      : sweep_(sweep), folder_(folder), slurm_(slurm) {
    for (std::size_t i = 0; i < sweep.cells.size(); ++i)
      if (!folder.is_done(sweep.cells[i].key)) open_[sweep.cells[i].key] = i;
  }

  SlurmAnswer<SlurmLook> look() {
    look_.states.assign(sweep_.cells.size(), SlurmCellState::done);
    look_.live.assign(sweep_.cells.size(), 0);
    auto tasks = slurm_tasks(names());
    if (!tasks.answer) return {{}, tasks.why};
    for (const SlurmTask& task : *tasks.answer) count(task);
    std::ranges::sort(look_.jobs, [](const auto& a, const auto& b) { return later(b, a); });
    for (const SlurmBatch& batch : slurm_.batches())
      for (unsigned t = 1; t <= batch.tasks.size(); ++t)
        for (const std::string& key : batch.tasks[t - 1]) see(key, {batch.number, t});
    for (const auto& [key, cell] : open_) settle(key, cell);
    name_lost();
    return {look_};
  }

 private:
  // Of the arrays that have a cell which is not done: the others say nothing that is not known.
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const SlurmBatch& batch : slurm_.batches()) {
      bool open = std::ranges::any_of(batch.tasks, [&](const auto& keys) {
        return std::ranges::any_of(keys, [&](const std::string& key) { return open_.contains(key); });
      });
      if (!open) continue;
      names.push_back(slurm_.name(batch));
      number_of_[names.back()] = batch.number;
    }
    return names;
  }

  void count(const SlurmTask& task) {
    auto batch = number_of_.find(task.name);
    if (batch == number_of_.end()) return;
    if (task.live() && std::ranges::find(look_.jobs, task.job) == look_.jobs.end()) look_.jobs.push_back(task.job);
    if (task.state == SlurmTask::State::running) ++look_.running;
    if (task.state == SlurmTask::State::pending) {
      ++look_.pending;
      ++look_.reasons[task.reason];
    }
    // An array that was submitted by hand as well is there twice, as is one that was refused at first: what lives
    // counts, or else what came later.
    SlurmTask& known = tasks_[{batch->second, task.task}];
    if (known.job.empty() || task.live() || (!known.live() && later(task.job, known.job))) known = task;
  }

  void see(const std::string& key, BatchTask in) {
    auto cell = open_.find(key);
    if (cell == open_.end()) return;
    auto task = tasks_.find(in);
    if (task != tasks_.end() && task->second.live()) look_.live[cell->second] = 1;
    latest_[key] = in;
  }

  void settle(const std::string& key, std::size_t cell) {
    CellState state = folder_.state(key);
    SlurmCellState& now = look_.states[cell];
    if (state == CellState::done)
      now = SlurmCellState::done;
    else if (state == CellState::running)
      now = SlurmCellState::running;
    else if (state == CellState::failed)
      now = SlurmCellState::failed;
    else if (look_.live[cell])
      now = SlurmCellState::pending;
    else
      now = latest_.contains(key) ? SlurmCellState::lost : SlurmCellState::missing;
    if (now == SlurmCellState::lost) ++lost_[latest_[key]];
  }

  void name_lost() {
    for (const auto& [in, cells] : lost_) {
      auto task = tasks_.find(in);
      bool known = task != tasks_.end();
      look_.lost.push_back({known ? task->second.job : slurm_.find(in.first)->job, known ? task->second.word : "",
                            in.first, in.second, cells});
    }
  }

  const Sweep& sweep_;
  const SweepFolder& folder_;
  const SlurmFolder& slurm_;
  SlurmLook look_;
  std::map<std::string, std::size_t> open_;  // cells that were not done at first, by key
  std::map<std::string, unsigned> number_of_;
  std::map<BatchTask, SlurmTask> tasks_;
  std::map<std::string, BatchTask> latest_;
  std::map<BatchTask, std::size_t> lost_;
};

}  // namespace

const char* text(SlurmCellState state) {
  constexpr const char* kWords[kSlurmCellStates] = {"done", "running", "pending", "failed", "lost", "missing"};
  return kWords[static_cast<std::size_t>(state)];
}

std::size_t SlurmLook::count(SlurmCellState state) const {
  return static_cast<std::size_t>(std::ranges::count(states, state));
}

std::string text_of_lost(const SlurmLook& look, const SlurmFolder& slurm) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, look.lost.size()); ++i) {
    const LostTask& task = look.lost[i];
    text += fmt::format("{} run{} lost with task {} of {}{}", task.cells, task.cells == 1 ? "" : "s", task.task,
                        task.job.empty() ? fmt::format("batch {}", task.batch) : "job " + task.job,
                        task.word.empty() ? "" : " (" + task.word + ")");
    text += task.job.empty() ? "\n" : fmt::format("; it said: {}\n", slurm.log(task.job, task.task));
  }
  if (look.lost.size() > kMost) text += fmt::format("and with {} more tasks\n", look.lost.size() - kMost);
  return text;
}

SlurmAnswer<SlurmLook> look_at_slurm(const Sweep& sweep, const SweepFolder& folder, const SlurmFolder& slurm) {
  return Looking(sweep, folder, slurm).look();
}

}  // namespace deadletter::experiments
