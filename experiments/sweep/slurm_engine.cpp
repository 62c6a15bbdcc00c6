#include "experiments/sweep/slurm_engine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr int kSlurmTickMs = 250;
constexpr int kTicksOfFolder = 4;
// Between looks at Slurm: from one second to ten, since a cluster has other users to answer to.
constexpr int kFewestTicks = 4, kMostTicks = 40;
constexpr int kMostUnanswered = 30;  // looks at Slurm: five minutes, in which a controller is back

std::string this_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).string();
}

// "a partition" and "a,b" are the same to sbatch: one of some.
std::string why_no_partition(const std::string& asked, const std::vector<std::string>& there) {
  for (std::size_t at = 0, comma; at <= asked.size(); at = comma + 1) {
    comma = std::min(asked.find(',', at), asked.size());
    std::string name = asked.substr(at, comma - at);
    if (std::ranges::find(there, name) == there.end())
      return fmt::format("--partition {}: the cluster has no partition \"{}\"\n  valid: {}", asked, name,
                         fmt::join(there, ", "));
  }
  return "";
}

// sbatch may have given up while the controller took the job: then its tasks are there. What the controller refused is
// there, too, for a while, but as ended.
std::string live_job_named(const std::string& name, bool& known) {
  auto tasks = slurm_tasks({name});
  known = tasks.answer.has_value();
  if (!known) return "";
  auto live = std::ranges::find_if(*tasks.answer, &SlurmTask::live);
  return live == tasks.answer->end() ? "" : live->job;
}

std::vector<std::vector<std::string>> in_tasks(const std::vector<std::string>& keys, std::size_t cells) {
  std::vector<std::vector<std::string>> tasks;
  for (std::size_t i = 0; i < keys.size(); i += cells)
    tasks.emplace_back(keys.begin() + static_cast<std::ptrdiff_t>(i),
                       keys.begin() + static_cast<std::ptrdiff_t>(std::min(i + cells, keys.size())));
  return tasks;
}

// Without a look at the locks: a lock that is looked at is not free for a task that begins.
void count(const SweepFolder& folder, const std::vector<SweepCell>& cells, EngineState& state) {
  state.done = state.failed = 0;
  std::error_code error;
  for (const SweepCell& cell : cells)
    if (folder.is_done(cell.key))
      ++state.done;
    else if (fs::exists(folder.failed(cell.key), error))
      ++state.failed;
  std::size_t ended = state.done + state.failed;
  state.running = std::min(state.running, state.cells - ended);
  state.waiting = state.cells - ended - state.running;
}

std::string plural(std::size_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

}  // namespace

struct SlurmEngine::Submission {
  std::size_t runs = 0, tasks = 0, under_way = 0;  // the last: tasks of before
  std::vector<std::string> jobs;
  std::string refused;  // by whom and why; what was submitted before that stays

  std::string text(const Sweep& sweep, const SweepFolder& folder) const {
    std::string lines;
    if (runs > 0)
      lines += fmt::format("submitted {} in {}: {} {}\n", plural(runs, "run"), plural(tasks, "task"),
                           jobs.size() == 1 ? "job" : "jobs", fmt::join(jobs, ", "));
    if (under_way > 0) lines += fmt::format("{} of earlier jobs under way\n", plural(under_way, "task"));
    if (!refused.empty())
      lines += fmt::format("not all were submitted: {}\nThe same command later submits the others.\n", refused);
    return lines + fmt::format("to watch  deadletter sweep {} --out {} --status", in_shell(sweep.plan.path),
                               in_shell(folder.path()));
  }
};

EngineEnd SlurmEngine::run(const Sweep& sweep, const SweepFolder& folder,
                           const std::vector<const SweepCell*>& missing) {
  if (std::string why = why_refused(sweep, folder); !why.empty()) return {EngineEnd::How::refused, why};
  Submission submission = submit(sweep, folder, missing);
  if (submission.jobs.empty() && !submission.refused.empty()) return {EngineEnd::How::refused, submission.refused};
  if (submission.jobs.empty() && submission.under_way == 0) return {};
  std::string text = submission.text(sweep, folder);
  if (wait_ == SlurmWait::no) return {EngineEnd::How::under_way, text};
  fmt::print(stderr, "{}\n", text);
  return wait_for_tasks(sweep, folder);
}

std::string SlurmEngine::why_refused(const Sweep& sweep, const SweepFolder& folder) const {
  if (std::string why = why_no_slurm(); !why.empty()) return why;
  for (const std::string& path : {folder.path(), sweep.plan.path, this_program()})
    if (std::string why = why_not_a_slurm_path(path); !why.empty()) return why;
  // Asked in any case: a cluster that does not answer is found out before anything is written.
  auto partitions = slurm_partitions();
  if (!partitions.answer) return partitions.why;
  return options_.partition.empty() ? "" : why_no_partition(options_.partition, *partitions.answer);
}

SlurmEngine::Submission SlurmEngine::submit(const Sweep& sweep, const SweepFolder& folder,
                                            const std::vector<const SweepCell*>& missing) const {
  Submission submission;
  auto lock = CellLock::take(folder, "slurm");
  if (!lock) {
    submission.refused = "another process is submitting this sweep; nothing was submitted";
    return submission;
  }
  SlurmFolder slurm(folder, sweep.plan.id);
  auto look = look_at_slurm(sweep, folder, slurm);
  if (!look.answer) {
    submission.refused = look.why + "\nWhich runs are under way is not known; nothing was submitted.";
    return submission;
  }
  submission.under_way = look.answer->tasks();
  std::set<const SweepCell*> asked(missing.begin(), missing.end());
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < sweep.cells.size(); ++i) {
    SlurmCellState state = look.answer->states[i];
    bool idle = state != SlurmCellState::done && state != SlurmCellState::running && !look.answer->live[i];
    if (idle && asked.contains(&sweep.cells[i])) keys.push_back(sweep.cells[i].key);
  }
  submit_arrays(sweep, slurm, keys, submission);
  return submission;
}

void SlurmEngine::submit_arrays(const Sweep& sweep, SlurmFolder& slurm, const std::vector<std::string>& keys,
                                Submission& submission) const {
  std::size_t runs = std::size_t{options_.cells_per_task} * options_.tasks_per_array;
  for (std::size_t i = 0; i < keys.size() && !stopped(); i += runs) {
    auto end = keys.begin() + static_cast<std::ptrdiff_t>(std::min(i + runs, keys.size()));
    std::vector<std::string> those(keys.begin() + static_cast<std::ptrdiff_t>(i), end);
    unsigned number = slurm.add(sweep.plan, options_, this_program(), in_tasks(those, options_.cells_per_task));
    auto job = submit_to_slurm(slurm.script(number));
    if (!job.answer) {
      bool known = false;
      std::string name = slurm.name(*slurm.find(number)), found = live_job_named(name, known);
      if (found.empty()) {
        if (known) slurm.withdraw(number);
        submission.refused = job.why;
        return;
      }
      job.answer = found;
    }
    slurm.submitted(number, *job.answer);
    submission.jobs.push_back(*job.answer);
    submission.runs += those.size();
    submission.tasks += slurm.find(number)->tasks.size();
  }
}

EngineEnd SlurmEngine::wait_for_tasks(const Sweep& sweep, const SweepFolder& folder) {
  SlurmFolder slurm(folder, sweep.plan.id);
  std::vector<SweepCell> open;
  std::ranges::copy_if(sweep.cells, std::back_inserter(open), [&](const auto& c) { return !folder.is_done(c.key); });
  EngineState state{.cells = open.size(), .waiting = open.size()};
  for (int tick = 0, next = kFewestTicks, pause = kFewestTicks, unanswered = 0;; ++tick) {
    if (stopped()) return {EngineEnd::How::interrupted, "the tasks go on; the same command looks after them again"};
    if (tick % kTicksOfFolder == 0) count(folder, open, state);
    if (state.done == state.cells) return {};
    if (tick_) tick_(state);
    poll(nullptr, 0, kSlurmTickMs);
    if (tick < next) continue;
    pause = std::min(2 * pause, kMostTicks);
    next = tick + pause;
    auto look = look_at_slurm(sweep, folder, slurm);
    unanswered = look.answer ? 0 : unanswered + 1;
    if (unanswered == kMostUnanswered) return {EngineEnd::How::under_way, look.why};
    if (!look.answer) continue;
    state.running = look.answer->running;
    if (look.answer->tasks() > 0) continue;
    if (look.answer->count(SlurmCellState::lost) == 0) return {};
    return {EngineEnd::How::under_way, text_of_lost(*look.answer, slurm) + "The same command submits them again."};
  }
}

}  // namespace deadletter::experiments
