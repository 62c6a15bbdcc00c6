// Slurm as its users' commands show it: sbatch submits, squeue says what there is, sinfo names the partitions.
//
// Of squeue only -h -r -o is asked, which every version has; --json is not in all builds, and without an accounting
// database sacct knows nothing. Source: sbatch(1), squeue(1), sinfo(1) of Slurm 22.05 (documented); what they print
// after a task or a node was killed: tests/slurm (observed, 22.05.8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deadletter::experiments {

// One task of a job array, as long as the cluster remembers it (MinJobAge, 5 minutes unless it is set, after its end).
struct SlurmTask {
  enum class State : std::uint8_t { pending, running, ended };
  std::string name;  // of its job
  std::string job;   // number of the array
  unsigned task = 0;
  State state = State::ended;
  std::string word;    // Slurm's for the state: TIMEOUT, NODE_FAIL …
  std::string reason;  // why it waits: Resources, Priority …; "None" when nothing is said

  bool live() const { return state != State::ended; }
};

// What a command answered, or why it gave no answer: a sentence for the person.
template <class T>
struct SlurmAnswer {
  std::optional<T> answer{};
  std::string why{};
};

// Why this machine cannot submit, and what to install; empty when it can.
std::string why_no_slurm();

// sbatch --parsable. The job's number.
SlurmAnswer<std::string> submit_to_slurm(const std::string& script);

// The tasks of the jobs that have one of these names. No names: none.
SlurmAnswer<std::vector<SlurmTask>> slurm_tasks(const std::vector<std::string>& names);

// Names of all partitions.
SlurmAnswer<std::vector<std::string>> slurm_partitions();

// One line of `squeue -h -r -o %j|%F|%K|%T|%r`; nothing when it is none, or of a job that is no array.
std::optional<SlurmTask> parse_slurm_task(const std::string& line);

}  // namespace deadletter::experiments
