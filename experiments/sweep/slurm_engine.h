// The cells of a sweep on a Slurm cluster: job arrays, some cells a task, each task one call of
// `deadletter sweep PLAN --out DIR --cells KEY,KEY…` (engine.h).
//
// What is submitted are the cells that are missing or failed and that no live task has; so the same command, given
// again, submits what was lost with a task that was killed or ran out of time, and only that. Of two that submit at
// once one is told to wait (a lock in the folder). Assumes that the plan, its inputs, the program and the folder lie on
// a file system that all nodes and this machine see under the same paths, with rename and flock (folder.h). NOT
// COVERED: dependencies among jobs, several clusters, a node of its own for a cell; what else sbatch can do is set by
// its own variables (SBATCH_ACCOUNT, SBATCH_QOS …).
#pragma once
#include <atomic>
#include <string>

#include "experiments/sweep/engine.h"
#include "experiments/sweep/slurm_look.h"

namespace deadletter::experiments {

// Whether run() stays until the tasks have ended.
enum class SlurmWait : bool { no, yes };

class SlurmEngine : public Engine {
 public:
  SlurmEngine(SlurmOptions options, SlurmWait wait, const std::atomic<bool>* stop, Tick tick)
      : options_(std::move(options)), wait_(wait), stop_(stop), tick_(std::move(tick)) {}

  // under_way: tasks go on, or cells were lost; `why` has some lines on what was submitted and how to watch it.
  // refused: this machine has no Slurm, the cluster does not answer, or it took none of the arrays.
  EngineEnd run(const Sweep& sweep, const SweepFolder& folder, const std::vector<const SweepCell*>& missing) override;

 private:
  struct Submission;
  std::string why_refused(const Sweep& sweep, const SweepFolder& folder) const;
  Submission submit(const Sweep& sweep, const SweepFolder& folder, const std::vector<const SweepCell*>& missing) const;
  void submit_arrays(const Sweep& sweep, SlurmFolder& slurm, const std::vector<std::string>& keys,
                     Submission& submission) const;
  EngineEnd wait_for_tasks(const Sweep& sweep, const SweepFolder& folder);
  bool stopped() const { return stop_ != nullptr && *stop_; }

  SlurmOptions options_;
  SlurmWait wait_;
  const std::atomic<bool>* stop_;
  Tick tick_;
};

}  // namespace deadletter::experiments
