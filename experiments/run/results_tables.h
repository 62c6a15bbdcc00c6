// The tables of results.sqlite and their columns: what is created, and what `list tables` shows.
//
// Times are nanoseconds since the start of the run; its date is in table `run`. Fates, statuses and articles are text.
// Numbers of messages are the same in every table, also where a transcript shows them as #7. Table `events` has no
// index, nor have addresses: they are written as fast as can be, and who asks for them much makes the index that the
// questions need. Sorting ten million addresses would take as long as writing their messages.
#pragma once
#include <cstdint>
#include <vector>

#include "experiments/run/record_level.h"

namespace deadletter::experiments {

// So many reports are also files in mail/, the first ones: a file costs a hundred times what a row costs, and a folder
// gets slow with many more.
inline constexpr std::uint64_t kMostReportFiles = 10'000;

struct ResultsColumn {
  const char* name;
  const char* type;
  const char* meaning;
};
struct ResultsIndex {
  const char* columns;     // "a, b"
  const char* where = "";  // the rows that are in it; empty: all
};
struct ResultsTable {
  const char* name;
  const char* meaning;
  RecordLevel from;  // the lowest level at which it is written
  std::vector<ResultsColumn> columns;
  std::vector<ResultsIndex> indexes;
};

// In this order; the enumeration below counts them.
const std::vector<ResultsTable>& results_tables();

enum class ResultsTableId : std::size_t {
  run,
  messages,
  recipients,
  reports,
  lineage,
  logged,
  attempts,
  events,
  queues,
  queue_depth
};

}  // namespace deadletter::experiments
