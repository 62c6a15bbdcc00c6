#include "experiments/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "sim/time.h"

namespace deadletter::cli {

StatusLine::StatusLine(std::function<std::string(double)> text, Shown shown) : text_(std::move(text)) {
  if (shown == Shown::yes) thread_ = std::thread([this] { watch(); });
}

StatusLine::~StatusLine() {
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StatusLine::watch() {
  using clock = std::chrono::steady_clock;
  bool terminal = isatty(STDERR_FILENO) != 0;
  auto start = clock::now();
  auto pause = terminal ? std::chrono::milliseconds(500) : std::chrono::milliseconds(10000);
  auto first = terminal ? std::chrono::milliseconds(1000) : pause;
  bool written = false;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, written ? pause : first, [this] { return over_; })) {
    std::string text = text_(std::chrono::duration<double>(clock::now() - start).count());
    fmt::print(stderr, "{}{}{}", terminal ? "\r\033[K" : "", text, terminal ? "" : "\n");
    std::fflush(stderr);
    written = true;
  }
  if (written && terminal) fmt::print(stderr, "\r\033[K");
}

Preparing::Preparing(Shown shown)
    : line_(
          [this](double seconds) {
            std::lock_guard lock(mutex_);
            return fmt::format("{}, {}", step_, roughly(seconds));
          },
          shown) {}

void Preparing::now(std::string step) {
  std::lock_guard lock(mutex_);
  step_ = std::move(step);
}

Progress::Progress(std::vector<WatchedRun> runs, Shown shown)
    : runs_(std::move(runs)), line_([this](double seconds) { return text(seconds); }, shown) {}

std::string Progress::text(double seconds) {
  double share = 0;
  std::size_t messages = 0;
  sim::Instant first = sim::Instant::never();
  for (const WatchedRun& run : runs_) {
    sim::Instant now{run.now->load(std::memory_order_relaxed)};
    share += share_done(*run.plan, now) / static_cast<double>(runs_.size());
    messages += submitted_until(*run.plan, now);
    first = std::min(first, now);
  }
  pace_.seen(seconds, share);
  double speed = static_cast<double>(messages - last_messages_) / std::max(seconds - last_seconds_, 0.001);
  last_seconds_ = seconds;
  last_messages_ = messages;
  // Whole seconds: what lies behind them changes too fast to be read.
  std::string time = sim::elapsed(sim::Duration::seconds(first.ns / 1'000'000'000));
  std::string who = runs_.size() == 1 ? "" : fmt::format("{} runs, the last one at ", runs_.size());
  auto left = pace_.seconds_left();
  return fmt::format("{}{} simulated, {:.1f} %, {:.0f} messages/s{}", who, time, share * 100, speed,
                     left ? ", about " + roughly(*left) + " left" : "");
}

std::string roughly(double seconds) {
  auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
  if (whole < 100) return fmt::format("{} s", whole);
  std::int64_t minutes = (whole + 30) / 60;
  if (minutes < 100) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace deadletter::cli
