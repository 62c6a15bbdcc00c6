// Which options go with which kind, and what they are when nobody says.
#pragma once
#include "topologies/generate.h"

namespace deadletter::topologies {

const char* text(GeneratedKind kind);
bool takes_map(GeneratedKind kind);

struct Settled {
  std::uint32_t servers = 0, groups = 0, hubs = 1, regions = 1;
  std::uint32_t new_servers = 0;  // migration
  std::int64_t mailboxes = 0;
  std::string build, other_build;
  bool by_sites = false, other_by_sites = false;  // what the builds route by
  std::string domain, other_domain;
  bool internet = false;
  std::uint32_t domains = 0, exchangers = 0;
  std::uint64_t seed = 1;
};

// Nothing, and all problems, when the options do not go together. Not of routing_groups and hub_sites.
std::optional<Settled> settle(const Generate& what, const json::Place& place, json::Problems& problems,
                              const NetworkMap* map);

// Options that the kind has no use for are problems.
void check_belonging(const Generate& what, const json::Place& place, json::Problems& problems);

}  // namespace deadletter::topologies
