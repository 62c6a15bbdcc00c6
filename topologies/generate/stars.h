// The kinds routing_groups and hub_sites: groups of neighbours around their first server.
#pragma once
#include "topologies/generate.h"
#include "topologies/read.h"

namespace deadletter::topologies {

File make_stars(const Generate& what, const json::Place& place);

}  // namespace deadletter::topologies
