// One organization put into its sites: servers, what mail is routed by, the network, mailboxes.
//
// Each site has a place of the network and at least one server; its servers stand at the place, by 1 Gbit/s in the
// middle and 100 Mbit/s elsewhere, 0.1 ms. The first servers of a site are its bridgeheads (routing groups) or have the
// role hub (AD sites): one, and one more for every 25 connectors or 20 servers, but never more than half. Where a site
// has three servers or more of a generation these hold no mailboxes.
//
// Of a migration the new servers are, site by site from the middle on, all but the first of each site; then, where the
// share asks for more, also these, the farthest (by cost) first: so what is left of the routing groups stays whole, and
// the middle's bridgehead is the last to go.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "topologies/generate/site_graph.h"
#include "topologies/read.h"

namespace deadletter::topologies {

struct OrganizationPlan {
  std::string name;  // empty: the topology lists no organizations
  std::string domain;
  SiteGraph graph;
  std::uint32_t servers = 0;      // of all; at least one a site
  std::uint32_t new_servers = 0;  // of these, that route by AD sites
  std::string old_build, new_build;
  sim::Sharing sharing = sim::Sharing::shared;  // of links between sites
};

struct MadeOrganization {
  // Who speaks to the world: the first bridgehead and the first hub, in the middle where there is one.
  std::optional<Name> old_server, new_server;
  Name middle;                           // the place of the middle
  std::vector<std::uint32_t> mailboxes;  // indices into the file's servers: those that are to have some

  const Name& receiver() const { return new_server ? *new_server : *old_server; }
};

// Appends to the file; servers are numbered on from those that it has. Places get names that no server has.
MadeOrganization add_organization(const OrganizationPlan& plan, const json::Place& place, File& file);

}  // namespace deadletter::topologies
