// What long work is doing, on standard error. On a terminal one line that is drawn again and again, from the first
// second on; elsewhere a plain line every ten seconds; nothing about what is over before that.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "experiments/cli/pace.h"
#include "experiments/config/plan.h"

namespace deadletter::cli {

enum class Shown : bool { no, yes };

// Shows what `text` says, which is asked from a thread of its own, until the object is gone.
class StatusLine {
 public:
  StatusLine(std::function<std::string(double seconds)> text, Shown shown);
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

 private:
  void watch();
  std::function<std::string(double)> text_;
  bool over_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
};

// Steps before a run: "reading email-eu.json, 4 s".
class Preparing {
 public:
  explicit Preparing(Shown shown);
  void now(std::string step);

 private:
  std::mutex mutex_;
  std::string step_;
  StatusLine line_;
};

// A run that keeps its simulated time, in nanoseconds, where it can be seen.
struct WatchedRun {
  const experiments::Plan* plan;
  const std::atomic<std::int64_t>* now;
};

// Simulated time, share done, messages a second, time left; of several runs that are under way together, their mean.
class Progress {
 public:
  Progress(std::vector<WatchedRun> runs, Shown shown);

 private:
  std::string text(double seconds);
  std::vector<WatchedRun> runs_;
  Pace pace_;
  double last_seconds_ = 0;
  std::size_t last_messages_ = 0;
  StatusLine line_;  // last: its thread ends before the rest is gone
};

// "45 s", "3 min", "2 h 5 min".
std::string roughly(double seconds);

}  // namespace deadletter::cli
