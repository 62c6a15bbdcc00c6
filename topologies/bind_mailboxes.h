// What the mailboxes of a topology file mean: in whose domain they are, and that none is there twice. Ranges stay
// ranges.
#pragma once
#include "sim/json/problem.h"
#include "topologies/read.h"

namespace deadletter::topologies {

// After servers and domains have been checked. Memory: eight octets a mailbox while it looks for addresses that are
// there twice.
void bind_mailboxes(File& file, json::Problems& problems);

}  // namespace deadletter::topologies
