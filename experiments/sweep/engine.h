// An engine brings the missing cells of a sweep to an end: on this machine (local_engine.h), or as jobs of a cluster.
//
// What came of a cell is told by the folder and by nothing else: done when cells/KEY/ is there, failed when failed/KEY/
// is. So engines may be changed between two calls, and what one left the other goes on with. An engine that starts
// cells elsewhere has there
//     deadletter sweep PLAN --out DIR --cells KEY,KEY…
// run, with the plan's and the folder's absolute path (SweepPlan::path, SweepFolder::path). It runs these one after the
// other, each in a process of its own, passes over what is done or is run by another process, prints nothing but
// failures, collects nothing, and ends with the status of a sweep: 0 when all are done and held, 1 when an expectation
// failed, else that of the worst cell, 130 when it was interrupted (SIGINT, SIGTERM). Doing so twice does no harm.
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "experiments/sweep/folder.h"

namespace deadletter::experiments {

// How far an engine is with the cells that it was given.
struct EngineState {
  std::size_t cells = 0, done = 0, failed = 0, running = 0, waiting = 0;
};
// Asked for to show; called from the engine's own thread, several times a second.
using Tick = std::function<void(const EngineState&)>;

struct EngineEnd {
  enum class How {
    finished,     // each cell is done or failed
    under_way,    // others go on with them; the same command later looks again
    interrupted,  // the stop flag was set
    refused       // nothing was begun, because of `why`: a mistake of the user (exit status 2)
  };
  How how = How::finished;
  std::string why{};  // a sentence for the person, also for under_way (how to watch); may be empty
};

class Engine {
 public:
  virtual ~Engine() = default;
  // `missing` are cells of the sweep that are neither done nor running, in its order. The folder is made and holds the
  // manifest. Throws CannotWrite.
  virtual EngineEnd run(const Sweep& sweep, const SweepFolder& folder,
                        const std::vector<const SweepCell*>& missing) = 0;
};

}  // namespace deadletter::experiments
