#include "experiments/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "sim/time.h"

namespace deadletter::cli {

Progress::Progress(const experiments::Plan& plan, bool shown) : horizon_ns_(plan.horizon.ns) {
  if (shown) thread_ = std::thread([this] { watch(); });
}

Progress::~Progress() {
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::watch() {
  using clock = std::chrono::steady_clock;
  bool terminal = isatty(STDERR_FILENO) != 0;
  auto start = clock::now();
  auto pause = terminal ? std::chrono::milliseconds(500) : std::chrono::milliseconds(10000);
  bool written = false;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, pause, [this] { return over_; })) {
    double share = static_cast<double>(now_.load()) / static_cast<double>(horizon_ns_);
    double seconds = std::chrono::duration<double>(clock::now() - start).count();
    std::string left = share > 0.001 ? fmt::format("about {:.0f} s left", seconds / share - seconds) : "";
    fmt::print(stderr, "{}simulated {}  {:.1f} %  {}{}", terminal ? "\r\033[K" : "", sim::elapsed({now_.load()}),
               share * 100, left, terminal ? "" : "\n");
    std::fflush(stderr);
    written = true;
  }
  if (written && terminal) fmt::print(stderr, "\r\033[K");
}

}  // namespace deadletter::cli
