// Real mail to replay: a CSV file with the columns time (seconds since 1970), sender, recipients (";" between them).
//
// People are numbers or words; person 7 becomes p7@domain. A message that a person sends to themselves alone is sent
// all the same. The time of the first message kept is the start of the run.
#pragma once
#include <string>

#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

// Appends the mail of the trace to the plan, and its people to the mailboxes. All problems are reported with file and
// line.
void read_trace(const Traffic& traffic, const std::string& path, Plan& plan, json::Problems& problems);

}  // namespace deadletter::experiments
