// What a sweep has given to Slurm, in DIR/slurm/:
//
//   batch-N.sh     a job array, as sbatch takes it; submitted again by hand, it does no harm
//   batch-N.cells  line T: the keys of the cells of task T (1 …), commas between them
//   logs/J_T.log   what task T of job J said, of all its attempts
//   jobs.json      {"what", "format", "name", "arrays": [{"batch", "name", "job", "tasks", "runs"}]}
//
// An array is known to Slurm by its name, which is no other sweep's and no other array's: a process that is killed
// between sbatch and the writing of the number has lost nothing. All files come whole or not at all.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/sweep/folder.h"

namespace deadletter::experiments {

// What is asked of Slurm for each task. What is left empty or 0 is as the cluster has it.
struct SlurmOptions {
  static constexpr std::int64_t kShortest_s = 60, kLongest_s = std::int64_t{365} * 24 * 3600;
  static constexpr std::uint64_t kLeast_MiB = 16, kMost_MiB = std::uint64_t{65536} << 10;
  static constexpr unsigned kMostCells = 5000;  // of a task: their keys are one argument
  static constexpr unsigned kMostTasks = 4'000'000;

  std::string partition{};
  std::int64_t time_s = 1800;  // on the wall
  std::uint64_t memory_MiB = 2048;
  unsigned cells_per_task = 20;
  unsigned tasks_per_array = 1000;  // slurm.conf's MaxArraySize is 1001 unless it is set
  unsigned at_once = 0;             // tasks of an array under way at one time
  bool requeue = false;             // after its node has failed
};

// An array: element T-1 has the keys of task T.
struct SlurmBatch {
  unsigned number = 0;
  std::string job{};  // empty when it is not known
  std::vector<std::vector<std::string>> tasks{};
};

class SlurmFolder {
 public:
  // Reads what is there. `id` is the sweep's.
  SlurmFolder(const SweepFolder& folder, const std::string& id);

  std::string path() const { return folder_ + "/slurm"; }
  std::string log(const std::string& job, unsigned task) const;
  const std::vector<SlurmBatch>& batches() const { return batches_; }  // by number
  const SlurmBatch* find(unsigned number) const;
  std::string name(const SlurmBatch& batch) const;
  bool empty() const { return batches_.empty(); }

  // The next array, with its two files; `program` is the absolute path of deadletter. Throws CannotWrite.
  unsigned add(const SweepPlan& plan, const SlurmOptions& options, const std::string& program,
               std::vector<std::vector<std::string>> tasks);
  std::string script(unsigned number) const;
  // It has become this job. Throws CannotWrite.
  void submitted(unsigned number, const std::string& job);
  // Slurm did not take it: its files go.
  void withdraw(unsigned number);

 private:
  std::string batch(unsigned number) const;
  void read_jobs();
  void write_jobs() const;

  std::string folder_, name_;
  std::vector<SlurmBatch> batches_;
};

// The words of a script. A path with a line feed cannot be written there: see why_not_a_slurm_path.
std::string slurm_script(const SweepPlan& plan, const SlurmOptions& options, const std::string& program,
                         const std::string& folder, const std::string& name, const SlurmBatch& batch);

// A word for a shell, in quotes where it has to be.
std::string in_shell(const std::string& text);

// A sentence, or empty when the path can stand in a script.
std::string why_not_a_slurm_path(const std::string& path);

// Days-hours:minutes:seconds.
std::string slurm_time(std::int64_t seconds);

}  // namespace deadletter::experiments
