// What the mailboxes of a topology file mean: in whose domain they are, that none is there twice, and each range of
// them written out where mail comes to (the hosts; the servers keep the ranges).
#pragma once
#include "sim/json/problem.h"
#include "topologies/read.h"

namespace deadletter::topologies {

// After servers and domains have been checked. Memory: eight octets a mailbox while it looks for addresses that are
// there twice, and what is written out.
void bind_mailboxes(File& file, json::Problems& problems);

}  // namespace deadletter::topologies
