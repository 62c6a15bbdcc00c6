// What `run` says before it runs: what the runs will cost, whether there is room for them, and what to do when not.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/cli/jobs.h"
#include "experiments/run/forecast.h"
#include "experiments/run/room.h"
#include "sim/json/value.h"

namespace deadletter::cli {

// What the machine has.
struct Room {
  experiments::MemoryRoom memory;
  std::optional<std::uint64_t> disk;  // octets where the results go; nothing: not known
};
// `out`: the folder of the results, which need not be there yet.
Room room_for(const std::string& out);

// Runs that are to come, so many of them side by side.
struct ExpectedRuns {
  struct Run {
    std::string experiment, variant;
    experiments::RecordLevel record;
    experiments::Forecast cost, at_summary;  // the second: what it would cost at level `summary`
  };
  std::vector<Run> runs;
  unsigned side_by_side = 1;

  std::uint64_t memory() const { return memory(&Run::cost, side_by_side); }
  std::uint64_t disk() const { return disk(&Run::cost); }
  double seconds() const;  // until the last one ends, with a core for each that runs

  // Of those that need the most: so many may be under way at once.
  std::uint64_t memory(experiments::Forecast Run::*cost, unsigned at_once) const;
  std::uint64_t disk(experiments::Forecast Run::*cost) const;
};
ExpectedRuns expect(const std::vector<Job>& jobs, unsigned side_by_side);

// A twentieth of the disk stays free: other programs write, too.
bool memory_suffices(std::uint64_t needed, const Room& room);
bool disk_suffices(std::uint64_t needed, const Room& room);
bool fits(const ExpectedRuns& runs, const Room& room);

// Why they do not fit, and what can be done: a few lines.
std::string refusal(const ExpectedRuns& runs, const Room& room);
// A line about what takes long or much; empty for what is over at once.
std::string announcement(const ExpectedRuns& runs, const std::string& out);

// For `run --forecast`.
std::string to_text(const ExpectedRuns& runs, const Room& room);
json::Value to_json(const ExpectedRuns& runs, const Room& room);

// "310 octets", "58 KiB", "1.2 GiB".
std::string octets_text(std::uint64_t octets);

}  // namespace deadletter::cli
