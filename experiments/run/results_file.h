// results.sqlite: what became of every message, as tables (results_tables.h).
//
// At level `messages` everything is written at the end, out of the ledger: the run itself is not slowed down. At level
// `events` attempts and events are written as they happen. A run that was interrupted leaves results.sqlite.partial.
#pragma once
#include <string>
#include <vector>

#include "experiments/run/depth_series.h"
#include "experiments/run/observer.h"
#include "experiments/run/record_level.h"
#include "experiments/run/result.h"
#include "experiments/run/table_writer.h"

namespace deadletter::experiments {

class Contents;
struct LoggedEvent;

class ResultsFile : private Observer {
 public:
  // `level` is not summary. Throws CannotWrite, as does finish().
  ResultsFile(const std::string& path, const Plan& plan, RecordLevel level);

  // Null when nothing has to be watched.
  Observer* observer() { return level_ == RecordLevel::events ? this : nullptr; }

  void finish(const World& world, const Result& result);

 private:
  struct QueueRow {
    NodeId node{};
    std::string next_hop;
    std::uint64_t entered = 0;
    std::size_t size = 0, peak = 0;
    bool in_retry = false;
    sim::Instant since{}, peak_at{};
    std::int64_t occupied_ns = 0, retry_ns = 0, waited_ns = 0;
    DepthSeries depth;
    void pass(sim::Instant now);
  };

  void event(const sim::Record& record, std::string_view words) override;
  void attempt(sim::Instant now, const Attempt& attempt) override;
  void entered(std::uint32_t queue) override;
  void queue(sim::Instant now, const QueueLook& look) override;

  void write_run(const Result& result);
  void write_message(std::uint32_t id, const World& world);
  void write_recipient(std::uint32_t id, const Ledger& ledger);
  void write_report(std::uint32_t id, const World& world);
  void write_lineage(const Contents& contents);
  void write_logged(const std::vector<LoggedEvent>& logged);
  void write_queues(sim::Instant end);
  void write_queue_depth(sim::Instant end);
  QueueRow& queue_row(std::uint32_t queue);
  Cell node_name(NodeId node) const;

  const Plan& plan_;
  RecordLevel level_;
  TableWriter writer_;
  std::uint64_t events_ = 0, attempts_ = 0;
  std::vector<QueueRow> queues_;
};

}  // namespace deadletter::experiments
