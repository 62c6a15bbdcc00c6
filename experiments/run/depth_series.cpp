#include "experiments/run/depth_series.h"

#include <algorithm>

namespace deadletter::experiments {
namespace {

DepthSeries::Level most(DepthSeries::Level a, DepthSeries::Level b) {
  return {std::max(a.depth, b.depth), a.in_retry || b.in_retry};
}

}  // namespace

void DepthSeries::add(sim::Instant now, Level level) {
  if (!rows_.empty() && level == now_) return;
  put(now, level);
  while (rows_.size() > most_rows_) coarsen();
}

void DepthSeries::close(sim::Instant end) {
  if (rows_.empty() || width_ns_ == 0 || end.ns / width_ns_ <= interval_) return;
  begin(interval_ + 1, now_, now_);
  while (rows_.size() > most_rows_) coarsen();
}

void DepthSeries::put(sim::Instant at, Level level) {
  Level before = now_;
  now_ = level;
  std::int64_t interval = width_ns_ == 0 ? 0 : at.ns / width_ns_;
  if (width_ns_ == 0) {
    rows_.push_back({at, level});
    ends_.push_back(level);
  } else if (rows_.empty()) {
    begin(interval, level, level);
  } else if (interval == interval_) {
    begin(interval, most(most_, level), level);
  } else {
    if (interval > interval_ + 1) begin(interval_ + 1, before, before);
    begin(interval, most(before, level), level);
  }
}

// Also of the interval under way, when it has come to hold more. One that is like the end of the row before needs none.
void DepthSeries::begin(std::int64_t interval, Level level, Level end) {
  bool same = interval == interval_ && !rows_.empty() && rows_.back().at.ns == interval * width_ns_;
  interval_ = interval;
  most_ = level;
  if (same) {
    rows_.back().level = level;
    ends_.back() = end;
  } else if (rows_.empty() || rows_.back().level != level || ends_.back() != level || end != level) {
    rows_.push_back({{interval * width_ns_}, level});
    ends_.push_back(end);
  }
}

// The rows so far are changes like any other, for intervals twice as long.
void DepthSeries::coarsen() {
  std::vector<Row> finer;
  std::vector<Level> ends;
  finer.swap(rows_);
  ends.swap(ends_);
  width_ns_ = width_ns_ == 0 ? 1 : width_ns_ * 2;
  for (std::size_t i = 0; i < finer.size(); ++i) {
    put(finer[i].at, finer[i].level);
    now_ = ends_.back() = ends[i];
  }
}

}  // namespace deadletter::experiments
