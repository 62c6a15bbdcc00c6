// What the names of a topology file refer to. Every mistake of meaning is reported; without one the organization is
// whole: its hosts, roles, implicit groups and sites, and the network that routing sees.
#pragma once
#include "sim/json/problem.h"
#include "topologies/read.h"

namespace deadletter::topologies {

void bind(File& file, json::Problems& problems);

// Part of it: `routing` from hosts, groups, sites and connectors. To be called again when what is installed on a host
// changes: what routes by AD sites belongs elsewhere than what routes by groups.
void bind_routing(Organization& organization, json::Problems& problems);

// Where one is not named: the groups and the site that setup makes.
inline constexpr const char* kFirstGroup = "First-Routing-Group";
inline constexpr const char* kGroupOfSites = "DWBGZMFD01QNBJR";  // facts 5.3: all Exchange 2007 servers are in it
inline constexpr const char* kFirstSite = "Default-First-Site-Name";

}  // namespace deadletter::topologies
