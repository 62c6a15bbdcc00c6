// A run one event at a time, on a terminal: prints each, and asks on standard input how to go on.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "experiments/run/queue_board.h"

namespace deadletter::cli {

class Stepper : public experiments::QueueBoard {
 public:
  explicit Stepper(const experiments::Plan& plan) : plan_(plan) {}

  void event(const sim::Record& record, std::string_view words) override;

  // Whoever runs looks here whether to go on.
  const std::atomic<bool>& stop() const { return stop_; }

 private:
  // What has to come before it asks again.
  struct Until {
    enum class What { count, message, kind, time, end } what = What::count;
    std::uint64_t count = 1;
    std::string word;
    sim::Instant time{};
  };
  bool reached(const sim::Record& record, std::string_view words);
  void ask(sim::Instant now);
  bool understand(const std::string& line);

  const experiments::Plan& plan_;
  Until until_;
  std::atomic<bool> stop_{false};
};

// The queues that hold mail, a line each.
void print_queues(const experiments::Plan& plan, const experiments::QueueBoard& board);

}  // namespace deadletter::cli
