#include "experiments/sweep/slurm_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "experiments/run/cannot_write.h"
#include "sim/fingerprint.h"
#include "sim/json/fields.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr int kJobsFormat = 1;
constexpr const char* kJobs = "deadletter sweep on Slurm";

// N of batch-N.cells; 0 for any other name.
unsigned number_of(const std::string& name) {
  constexpr std::string_view before = "batch-", behind = ".cells";
  if (!name.starts_with(before) || !name.ends_with(behind)) return 0;
  unsigned number = 0;
  const char* last = name.data() + name.size() - behind.size();
  auto [end, error] = std::from_chars(name.data() + before.size(), last, number);
  return error == std::errc() && end == last ? number : 0;
}

std::vector<std::vector<std::string>> tasks_in(const std::string& path) {
  std::vector<std::vector<std::string>> tasks;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    auto& keys = tasks.emplace_back();
    for (std::size_t at = 0, comma; at < line.size(); at = comma + 1) {
      comma = std::min(line.find(',', at), line.size());
      keys.push_back(line.substr(at, comma - at));
    }
  }
  return tasks;
}

std::size_t cells_of(const SlurmBatch& batch) {
  std::size_t cells = 0;
  for (const auto& task : batch.tasks) cells += task.size();
  return cells;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// For a line of #SBATCH, which has quotes and backslashes of its own (sbatch's get_argument).
std::string in_option(const std::string& text) {
  return "\"" + replaced(replaced(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
}

}  // namespace

SlurmFolder::SlurmFolder(const SweepFolder& folder, const std::string& id)
    : folder_(folder.path()), name_(fmt::format("{}-{}", id, sim::hash_octets(folder_).substr(0, 8))) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path(), error))
    if (unsigned number = number_of(entry.path().filename().string()); number > 0)
      batches_.push_back({number, "", tasks_in(entry.path().string())});
  std::ranges::sort(batches_, {}, &SlurmBatch::number);
  read_jobs();
}

std::string SlurmFolder::batch(unsigned number) const { return fmt::format("{}/batch-{}", path(), number); }
std::string SlurmFolder::script(unsigned number) const { return batch(number) + ".sh"; }
std::string SlurmFolder::name(const SlurmBatch& batch) const { return fmt::format("{}-{}", name_, batch.number); }
std::string SlurmFolder::log(const std::string& job, unsigned task) const {
  return fmt::format("{}/logs/{}_{}.log", path(), job, task);
}

const SlurmBatch* SlurmFolder::find(unsigned number) const {
  auto found = std::ranges::find(batches_, number, &SlurmBatch::number);
  return found == batches_.end() ? nullptr : &*found;
}

unsigned SlurmFolder::add(const SweepPlan& plan, const SlurmOptions& options, const std::string& program,
                          std::vector<std::vector<std::string>> tasks) {
  std::error_code error;
  fs::create_directories(path() + "/logs", error);
  if (error) throw CannotWrite(path() + "/logs", error.message());
  SlurmBatch next{batches_.empty() ? 1 : batches_.back().number + 1, "", std::move(tasks)};
  std::string lines;
  for (const auto& keys : next.tasks) lines += fmt::format("{}\n", fmt::join(keys, ","));
  // The name that is kept is the name that is submitted, even if the folder is later reached by another path.
  write_jobs();
  write_whole(batch(next.number) + ".cells", lines);
  write_whole(script(next.number), slurm_script(plan, options, program, folder_, name(next), next));
  batches_.push_back(std::move(next));
  return batches_.back().number;
}

void SlurmFolder::submitted(unsigned number, const std::string& job) {
  std::ranges::find(batches_, number, &SlurmBatch::number)->job = job;
  write_jobs();
}

void SlurmFolder::withdraw(unsigned number) {
  std::error_code error;
  fs::remove(script(number), error);
  fs::remove(batch(number) + ".cells", error);
  std::erase_if(batches_, [&](const SlurmBatch& b) { return b.number == number; });
}

void SlurmFolder::read_jobs() {
  json::Problems none;
  auto source = read_source(path() + "/jobs.json", "the jobs", none);
  auto value = source == nullptr ? std::nullopt : json::parse(source, none);
  if (!value || json::text_at(*value, "/what") != kJobs || json::number_at(*value, "/format") != kJobsFormat) return;
  if (std::string name = json::text_at(*value, "/name"); !name.empty()) name_ = name;
  for (const json::Value& array : json::items_at(*value, "/arrays"))
    for (SlurmBatch& batch : batches_)
      if (batch.number == json::number_at(array, "/batch")) batch.job = json::text_at(array, "/job");
}

void SlurmFolder::write_jobs() const {
  json::Value arrays = json::Value::array();
  for (const SlurmBatch& batch : batches_)
    arrays.push_back(json::Value::object()
                         .set("batch", batch.number)
                         .set("name", name(batch))
                         .set("job", batch.job)
                         .set("tasks", batch.tasks.size())
                         .set("runs", cells_of(batch)));
  json::Value all = json::Value::object();
  all.set("what", kJobs).set("format", kJobsFormat).set("name", name_).set("arrays", arrays);
  write_whole(path() + "/jobs.json", all.dump(1) + "\n");
}

std::string slurm_script(const SweepPlan& plan, const SlurmOptions& options, const std::string& program,
                         const std::string& folder, const std::string& name, const SlurmBatch& batch) {
  std::string text = fmt::format(
      "#!/bin/sh\n# Runs of the sweep {}: {} in {} tasks. To submit this again does no harm: what is done is passed "
      "over.\n",
      plan.id, cells_of(batch), batch.tasks.size());
  auto option = [&text](const std::string& word) { text += "#SBATCH --" + word + "\n"; };
  option("job-name=" + name);
  option(
      fmt::format("array=1-{}{}", batch.tasks.size(), options.at_once > 0 ? fmt::format("%{}", options.at_once) : ""));
  option("ntasks=1");
  option("cpus-per-task=1");
  option("time=" + slurm_time(options.time_s));
  option(fmt::format("mem={}M", options.memory_MiB));
  if (!options.partition.empty()) option("partition=" + options.partition);
  if (options.requeue) option("requeue");
  option("open-mode=append");
  option("chdir=" + in_option(folder));
  // In the name of a file, % begins what sbatch puts in.
  option("output=" + in_option(replaced(folder, "%", "%%") + "/slurm/logs/%A_%a.log"));
  std::string cells = in_shell(fmt::format("{}/slurm/batch-{}.cells", folder, batch.number));
  text += "echo \"attempt $((${SLURM_RESTART_COUNT:-0} + 1)) on $(hostname)\"\n";
  text += fmt::format("cells=$(sed -n \"${{SLURM_ARRAY_TASK_ID}}p\" {})\n", cells);
  text += fmt::format("[ -n \"$cells\" ] || {{ echo \"no line $SLURM_ARRAY_TASK_ID in \"{} >&2; exit 5; }}\n", cells);
  return text + fmt::format("exec {} sweep {} --out {} --cells \"$cells\"\n", in_shell(program), in_shell(plan.path),
                            in_shell(folder));
}

std::string in_shell(const std::string& text) {
  bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./,:+@%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  return plain ? text : "'" + replaced(text, "'", "'\\''") + "'";
}

std::string why_not_a_slurm_path(const std::string& path) {
  bool control = std::ranges::any_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return control ? fmt::format("--engine slurm: {}: a script for Slurm cannot name a path with control characters",
                               json::quote(path))
                 : "";
}

std::string slurm_time(std::int64_t seconds) {
  return fmt::format("{}-{:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

}  // namespace deadletter::experiments
