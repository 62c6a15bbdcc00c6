// The queues of a run as they stand at a moment: for who looks while it goes on.
#pragma once
#include <string>
#include <vector>

#include "experiments/run/observer.h"

namespace deadletter::experiments {

class QueueBoard : public Observer {
 public:
  struct Row {
    NodeId node{};
    std::string next_hop;
    std::size_t size = 0;
    bool in_retry = false;
  };
  // By the queue's number, in the order in which they came to be; those that hold nothing are there, too.
  const std::vector<Row>& rows() const { return rows_; }

  void event(const sim::Record&, std::string_view) override {}
  void attempt(sim::Instant, const Attempt&) override {}
  void entered(std::uint32_t) override {}
  void queue(sim::Instant, const QueueLook& look) override {
    if (rows_.size() <= look.index) rows_.resize(look.index + 1);
    Row& row = rows_[look.index];
    if (row.next_hop.empty()) row = {.node = look.node, .next_hop = std::string(look.next_hop)};
    row.size = look.size;
    row.in_retry = look.in_retry;
  }

 private:
  std::vector<Row> rows_;
};

}  // namespace deadletter::experiments
