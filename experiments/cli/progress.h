// A progress line on standard error: simulated time, share done, time left. On a terminal it stays on one line, else a
// plain line every ten seconds.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "experiments/config/plan.h"

namespace deadletter::cli {

class Progress {
 public:
  Progress(const experiments::Plan& plan, bool shown);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // The run keeps its simulated time here, in nanoseconds.
  std::atomic<std::int64_t>* now() { return &now_; }

 private:
  void watch();
  std::int64_t horizon_ns_;
  std::atomic<std::int64_t> now_{0};
  bool over_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace deadletter::cli
