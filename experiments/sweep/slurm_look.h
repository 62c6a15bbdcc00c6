// How far a sweep is on Slurm: what squeue says of its tasks, together with what the folder says of its cells.
//
// squeue is asked first and the folder after it, so that a cell of a task that has ended is not taken for lost while it
// is being committed. On a network file system what is new may be seen late (NFS: a minute): such a cell is lost for
// that time, and to submit it again does no harm.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/sweep/slurm_commands.h"
#include "experiments/sweep/slurm_folder.h"

namespace deadletter::experiments {

enum class SlurmCellState : std::uint8_t {
  done,     // cells/KEY/ is there
  running,  // a process holds its lock
  pending,  // of a task that waits, or that has not come to it yet
  failed,   // failed/KEY/ is there
  lost,     // it was in a task that no job has any more, and left nothing: killed, out of time or memory
  missing   // no task ever had it
};
inline constexpr std::size_t kSlurmCellStates = 6;
const char* text(SlurmCellState state);

// A task that ended without having brought all its cells to an end.
struct LostTask {
  std::string job, word;  // the job is empty when its number is not known, the word when Slurm has forgotten the task
  unsigned batch = 0, task = 0;
  std::size_t cells = 0;
};

struct SlurmLook {
  std::vector<SlurmCellState> states;          // of each cell, in the sweep's order
  std::vector<char> live;                      // of each: whether a task that has not ended has it
  std::size_t running = 0, pending = 0;        // tasks
  std::map<std::string, std::size_t> reasons;  // why tasks wait
  std::vector<std::string> jobs;               // numbers of those whose tasks wait or run, ascending
  std::vector<LostTask> lost;                  // the latest task of each lost cell

  std::size_t count(SlurmCellState state) const;
  std::size_t tasks() const { return running + pending; }
};

// "20 runs lost with task 3 of job 17 (TIMEOUT); it said: DIR/slurm/logs/17_3.log"; a line for each of the first ones.
std::string text_of_lost(const SlurmLook& look, const SlurmFolder& slurm);

SlurmAnswer<SlurmLook> look_at_slurm(const Sweep& sweep, const SweepFolder& folder, const SlurmFolder& slurm);

}  // namespace deadletter::experiments
