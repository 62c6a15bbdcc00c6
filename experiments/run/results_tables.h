// The tables of results.sqlite and their columns: what is created, and what `list tables` shows.
//
// Times are nanoseconds since the start of the run; its date is in table `run`. Fates, statuses and articles are text.
// Numbers of messages are the same in every table, also where a transcript shows them as #7. Table `events` has no
// index: it is written as fast as can be, and who asks it much makes the index that the questions need.
#pragma once
#include <vector>

#include "experiments/run/record_level.h"

namespace deadletter::experiments {

struct ResultsColumn {
  const char* name;
  const char* type;
  const char* meaning;
};
struct ResultsTable {
  const char* name;
  const char* meaning;
  RecordLevel from;  // the lowest level at which it is written
  std::vector<ResultsColumn> columns;
  std::vector<const char*> indexes;  // columns, "a, b"
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
