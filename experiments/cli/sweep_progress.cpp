#include "experiments/cli/sweep_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

namespace deadletter::cli {

SweepProgress::SweepProgress(Shown shown)
    : shown_(shown), terminal_(isatty(STDERR_FILENO) != 0), begun_(seconds()), last_(begun_) {}

SweepProgress::~SweepProgress() { clear(); }

void SweepProgress::clear() {
  if (written_ && terminal_) fmt::print(stderr, "\r\033[K");
  written_ = false;
}

double SweepProgress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool SweepProgress::due() {
  double now = seconds(), pause = !terminal_ ? 10 : written_ ? 0.5 : 1;
  if (shown_ == Shown::no || now - last_ < pause) return false;
  last_ = now;
  return true;
}

void SweepProgress::draw(const std::string& text) {
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", text, terminal_ ? "" : "\n");
  std::fflush(stderr);
  written_ = true;
}

void SweepProgress::show(const experiments::EngineState& state) {
  if (!due()) return;
  std::size_t ended = state.done + state.failed;
  pace_.seen(last_ - begun_, static_cast<double>(ended) / static_cast<double>(std::max<std::size_t>(state.cells, 1)));
  auto left = pace_.seconds_left();
  draw(fmt::format("{} of {} runs ended{}, {} under way{}", ended, state.cells,
                   state.failed > 0 ? fmt::format(" ({} failed)", state.failed) : "", state.running,
                   left ? ", about " + roughly(*left) + " left" : ""));
}

void SweepProgress::show(const std::string& step) {
  if (due()) draw(step);
}

}  // namespace deadletter::cli
