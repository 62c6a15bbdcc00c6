// How many messages a queue held over time, in a bounded number of rows.
//
// While there are fewer changes than rows, every change is a row. After that time is cut into intervals of 2^n ns, all
// alike, and a row says the most that the queue held at any moment of its interval, and whether it was in Retry at
// some; the interval doubles whenever the rows do not suffice. A row holds until the next one. So a peak is never lost
// and never lasts beyond its interval, and the same changes give the same rows.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/time.h"

namespace deadletter::experiments {

class DepthSeries {
 public:
  static constexpr std::size_t kMostRows = 1000;

  struct Level {
    std::size_t depth = 0;  // messages
    bool in_retry = false;
    friend bool operator==(const Level&, const Level&) = default;
  };
  struct Row {
    sim::Instant at;  // of the change; with intervals the begin of one
    Level level;
    friend bool operator==(const Row&, const Row&) = default;
  };

  // `most_rows` is at least 4. Times do not go back.
  explicit DepthSeries(std::size_t most_rows = kMostRows) : most_rows_(most_rows) {}

  void add(sim::Instant now, Level level);
  // Nothing more comes: what the last interval ended with lasts until `end`.
  void close(sim::Instant end);

  const std::vector<Row>& rows() const { return rows_; }
  sim::Duration interval() const { return {width_ns_}; }  // zero: every change is a row

 private:
  void put(sim::Instant at, Level level);
  void begin(std::int64_t interval, Level level, Level end);
  void coarsen();

  std::size_t most_rows_;
  std::vector<Row> rows_;
  std::vector<Level> ends_;                   // what the interval of each row ended with
  std::int64_t width_ns_ = 0, interval_ = 0;  // interval_: the number of the one under way
  Level most_, now_;                          // in the interval under way; at this moment
};

}  // namespace deadletter::experiments
