// The shapes of what messages hold, of meetings and of what mailboxes are read with.
#pragma once
#include "experiments/config/experiment.h"

namespace deadletter::experiments {

json::Reader<ClientSetup> client_reader();
json::Reader<Holding> holding_reader();
json::Reader<Meeting> meeting_reader();
json::Reader<LineageExpected> lineage_reader();

}  // namespace deadletter::experiments
