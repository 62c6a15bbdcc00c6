// Which messages of a run are shown one by one, with their recipients and the stories of the first of them.
#pragma once
#include "experiments/report/report_data.h"
#include "experiments/report/tables.h"

namespace deadletter::experiments::report {

inline constexpr std::size_t kMostMessages = 400, kMostStories = 60, kMostRecipients = 100;

// Those that the experiment names, then failed ones, lost ones (waiting and discarded ones, too), doubled, delayed, and
// of all others the slowest; within a kind by number. Of more than kMostRecipients recipients those that failed come
// first, and "recipients_total" says how many there are. `result` is that of run.json: what senders see.
std::vector<MessageData> read_messages(const Tables& tables, const json::Value& result);

// Tells the first kMostStories of them, by one pass over the events; the others are marked as cut.
void tell_stories(const Tables& tables, std::vector<MessageData>& messages);

}  // namespace deadletter::experiments::report
