// What a sweep came to: reads every cell once, counts, groups what did not hold, and writes sweep.sqlite, sweep.md and
// sweep.html. They hold nothing of times or of who ran what: equal cells give equal files.
#pragma once
#include "experiments/sweep/failures.h"
#include "experiments/sweep/sweep_table.h"

namespace deadletter::experiments {

struct Collected {
  std::size_t done = 0, failed = 0, running = 0, missing = 0;
  std::size_t held = 0, twice = 0;  // of those that are done
  int status = 0;                   // the gravest of the cells that ended
  std::vector<FailureGroup> failures;
  std::vector<SweepTable> tables;

  std::size_t cells() const { return done + failed + running + missing; }
};

// Writes nothing. Failure groups point into the sweep.
Collected look_at(const Sweep& sweep, const SweepFolder& folder);

// The same, and writes the three files. Throws CannotWrite.
Collected collect(const Sweep& sweep, const SweepFolder& folder);

}  // namespace deadletter::experiments
