#include "experiments/cli/sweep_slurm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/json/units.h"

namespace deadletter::cli {
using experiments::SlurmCellState;
using experiments::SlurmFolder;
using experiments::SlurmLook;
using experiments::SlurmOptions;
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::uint64_t kMiB = 1 << 20;

std::optional<std::int64_t> seconds_of(const std::string& text) {
  auto ns = json::parse_duration(text);
  if (!ns || *ns < SlurmOptions::kShortest_s * kSecond_ns || *ns > SlurmOptions::kLongest_s * kSecond_ns)
    return std::nullopt;
  return (*ns + kSecond_ns - 1) / kSecond_ns;
}

// Whole mebioctets: what is not is asked for rounded up.
std::optional<std::uint64_t> mebioctets_of(const std::string& text) {
  auto octets = json::parse_size(text);
  if (!octets || *octets < SlurmOptions::kLeast_MiB * kMiB || *octets > SlurmOptions::kMost_MiB * kMiB)
    return std::nullopt;
  return (*octets + kMiB - 1) / kMiB;
}

// As slurm.conf writes them, with commas between several.
bool is_partition(const std::string& text) {
  return !text.empty() && text.front() != '-' &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyz"
             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,-") == text.npos;
}

// "40 done, 3 running", without what there is none of.
std::string counts(const SlurmLook& look) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < experiments::kSlurmCellStates; ++i)
    if (auto state = static_cast<SlurmCellState>(i); look.count(state) > 0)
      words.push_back(fmt::format("{} {}", look.count(state), text(state)));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string reasons(const SlurmLook& look) {
  std::vector<std::string> words;
  for (const auto& [reason, tasks] : look.reasons) words.push_back(fmt::format("{} {}", tasks, reason));
  return words.empty() ? "" : fmt::format(" ({})", fmt::join(words, ", "));
}

std::vector<std::string> jobs_of(const SlurmFolder& slurm) {
  std::vector<std::string> jobs;
  for (const auto& batch : slurm.batches())
    if (!batch.job.empty()) jobs.push_back(batch.job);
  return jobs;
}

}  // namespace

void SlurmWords::add_to(CLI::App& command) {
  auto add = [this](CLI::Option* option) { given_.push_back(option->group("With --engine slurm")); };
  add(command.add_option("--partition", partition_, "The cluster's own choice unless it is given"));
  add(command.add_option("--time", time_, "Limit for a task on the wall, such as 30m (unless it is given) or 2h"));
  add(command.add_option("--memory", memory_, "Limit for a task, such as 2GB (unless it is given)"));
  add(command.add_option("--cells-per-task", cells_, "Runs of a task, one after the other; 20 unless it is given")
          ->check(CLI::Range(1u, SlurmOptions::kMostCells)));
  add(command
          .add_option("--max-tasks", tasks_,
                      "Tasks of one job array; 1000 unless it is given. What is more becomes further arrays")
          ->check(CLI::Range(1u, SlurmOptions::kMostTasks)));
  add(command
          .add_option("--at-once", at_once_,
                      "Tasks of an array under way at one time; as many as there is room for unless it is given")
          ->check(CLI::Range(1u, SlurmOptions::kMostTasks)));
  add(command.add_flag("--requeue", requeue_, "Slurm begins a task anew when its node has failed"));
  add(command.add_flag("--wait", wait_, "Stays until the tasks have ended, and makes the tables"));
}

std::vector<std::string> SlurmWords::problems(const std::string& engine) const {
  std::vector<std::string> wrong;
  for (const CLI::Option* option : given_)
    if (engine != "slurm" && option->count() > 0)
      wrong.push_back(fmt::format("{}: it is for --engine slurm", option->get_name()));
  if (!seconds_of(time_))
    wrong.push_back(fmt::format("--time {}: expected a duration from 1m to 365d, such as 30m, 2h or 1d12h", time_));
  if (!mebioctets_of(memory_))
    wrong.push_back(fmt::format("--memory {}: expected a size from {}MB to {}GB, such as 500MB or 2GB", memory_,
                                SlurmOptions::kLeast_MiB, SlurmOptions::kMost_MiB >> 10));
  for (const CLI::Option* option : given_)
    if (option->get_name() == "--partition" && option->count() > 0 && !is_partition(partition_))
      wrong.push_back(
          fmt::format("--partition {}: expected a name of letters, digits, \"_\", \".\" and \"-\", or some "
                      "with commas; sinfo -o %R lists them",
                      partition_));
  return wrong;
}

SlurmOptions SlurmWords::options() const {
  return {.partition = partition_,
          .time_s = *seconds_of(time_),
          .memory_MiB = *mebioctets_of(memory_),
          .cells_per_task = cells_,
          .tasks_per_array = tasks_,
          .at_once = at_once_,
          .requeue = requeue_};
}

void print_slurm(const experiments::Sweep& sweep, const experiments::SweepFolder& folder) {
  SlurmFolder slurm(folder, sweep.plan.id);
  if (slurm.empty()) return;
  auto look = look_at_slurm(sweep, folder, slurm);
  if (!look.answer) {
    fmt::print("{:<14}not known: {}\n", "slurm", look.why);
    return;
  }
  if (look.answer->tasks() == 0 && look.answer->count(SlurmCellState::lost) == 0) {
    fmt::print("{:<14}no task is left\n", "slurm");
    return;
  }
  fmt::print("{:<14}{} tasks running, {} waiting{}\n", "slurm", look.answer->running, look.answer->pending,
             reasons(*look.answer));
  fmt::print("{:<14}{}\n", "", counts(*look.answer));
  std::string lost = text_of_lost(*look.answer, slurm);
  for (std::size_t at = 0, end; at < lost.size(); at = end + 1) {
    end = lost.find('\n', at);
    fmt::print("{:<14}{}\n", "", lost.substr(at, end - at));
  }
  if (look.answer->tasks() > 0) fmt::print("{:<14}scancel {}\n", "to end them", fmt::join(look.answer->jobs, " "));
}

json::Value slurm_json(const experiments::Sweep& sweep, const experiments::SweepFolder& folder) {
  SlurmFolder slurm(folder, sweep.plan.id);
  if (slurm.empty()) return {};
  json::Value jobs = json::Value::array(), all = json::Value::object();
  for (const std::string& job : jobs_of(slurm)) jobs.push_back(job);
  auto look = look_at_slurm(sweep, folder, slurm);
  if (!look.answer) return all.set("why", look.why).set("jobs", jobs);
  json::Value runs = json::Value::object(), reasons = json::Value::object(), lost = json::Value::array();
  for (std::size_t i = 0; i < experiments::kSlurmCellStates; ++i)
    runs.set(text(static_cast<SlurmCellState>(i)), look.answer->count(static_cast<SlurmCellState>(i)));
  for (const auto& [reason, tasks] : look.answer->reasons) reasons.set(reason, tasks);
  for (const auto& task : look.answer->lost)
    lost.push_back(json::Value::object()
                       .set("job", task.job)
                       .set("task", task.task)
                       .set("state", task.word)
                       .set("runs", task.cells)
                       .set("log", task.job.empty() ? "" : slurm.log(task.job, task.task)));
  json::Value tasks = json::Value::object().set("running", look.answer->running).set("pending", look.answer->pending);
  return all.set("tasks", tasks).set("runs", runs).set("reasons", reasons).set("lost", lost).set("jobs", jobs);
}

}  // namespace deadletter::cli
