// One cell, run in this process: an engine lives once a process, so that a process runs no second one.
#pragma once
#include <atomic>

#include "experiments/sweep/folder.h"

namespace deadletter::experiments {

// What the process of a cell says by its exit status; those of the program, and one of its own.
enum CellStatus : int {
  kCellDone = 0,  // whether its expectations held or not: cell.json says
  kCellUsage = 2,
  kCellNotDeterministic = 4,
  kCellResource = 5,
  kCellBug = 70,
  kCellElsewhere = 75,  // another process runs it
  kCellInterrupted = 130
};

// Runs the cell into its draft, a second time in another process when it is one of those, and commits it. What is wrong
// goes to standard error. Throws CannotWrite.
CellStatus run_cell(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder,
                    const std::atomic<bool>* stop);

// Runs the cell into an empty folder and leaves run.json and cell.json there, whole or not at all.
CellStatus run_cell_into(const Sweep& sweep, const SweepCell& cell, const std::string& out, RecordLevel record,
                         const std::atomic<bool>* stop);

}  // namespace deadletter::experiments
