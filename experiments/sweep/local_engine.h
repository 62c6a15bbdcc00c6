// The cells of a sweep on this machine, so many side by side, each in a process of its own.
#pragma once
#include "experiments/sweep/engine.h"

namespace deadletter::experiments {

struct LocalOptions {
  unsigned jobs = 1;
  const std::atomic<bool>* stop = nullptr;  // shared with the processes of the cells
  Tick tick{};
};

class LocalEngine : public Engine {
 public:
  explicit LocalEngine(LocalOptions options) : options_(std::move(options)) {}
  EngineEnd run(const Sweep& sweep, const SweepFolder& folder, const std::vector<const SweepCell*>& missing) override;

 private:
  LocalOptions options_;
};

}  // namespace deadletter::experiments
