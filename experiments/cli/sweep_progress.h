// How far a sweep is, on standard error: on a terminal one line that is drawn again and again, elsewhere a plain line
// every ten seconds. Without a thread, since a sweep forks.
#pragma once
#include "experiments/cli/progress.h"
#include "experiments/sweep/engine.h"

namespace deadletter::cli {

class SweepProgress {
 public:
  explicit SweepProgress(Shown shown);
  ~SweepProgress();
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;

  // For an engine's tick.
  void show(const experiments::EngineState& state);
  // A step before the first run.
  void show(const std::string& step);
  // Before anything else is printed: the line goes.
  void clear();

 private:
  bool due();
  void draw(const std::string& text);
  double seconds() const;

  Shown shown_;
  bool terminal_, written_ = false;
  double begun_, last_;
  Pace pace_;
};

}  // namespace deadletter::cli
