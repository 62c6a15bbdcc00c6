// Organizations by parameters.
//
// routing_groups: S servers in round(√S) routing groups of neighbours; the first server of a group is its bridgehead,
// joined to each of its members by a link of 100 Mbit/s and 0.1 ms and to every other bridgehead by one of 10 Mbit/s
// and 20 ms, with a connector each way. Mailboxes s0, s0-1, s0-2, … on server S0.
// hub_sites: the same servers and links, each server in an AD site of its own; the first server of a group is a hub
// site that mail from and to its neighbours must stop at. The layout of the `relay` workload.
#pragma once
#include <cstdint>
#include <string>

#include "sim/json/problem.h"
#include "topologies/organization.h"

namespace deadletter::topologies {

enum class GeneratedKind : std::uint8_t { routing_groups, hub_sites };

struct Generate {
  GeneratedKind kind = GeneratedKind::routing_groups;
  std::int64_t servers = 100;                   // from 2 to 10,000
  std::int64_t mailboxes = 1;                   // a server, from 1 to 10,000
  std::string build;                            // empty: Exchange 2003 for routing groups, 2007 for sites
  sim::Sharing sharing = sim::Sharing::shared;  // of the links
};

json::Reader<Generate> generate_reader();

// `place` is where the file asks for it: problems, as of a build that does not exist, are reported there.
std::optional<Organization> generate(const Generate& what, const json::Place& place, json::Problems& problems);

}  // namespace deadletter::topologies
