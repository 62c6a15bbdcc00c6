// Organizations by parameters. The same parameters and seed give the same organization, to the octet; what is made has
// been checked as any topology file is.
//
// routing_groups: S servers in round(√S) routing groups of neighbours; the first server of a group is its bridgehead,
// joined to each of its members by a link of 100 Mbit/s and 0.1 ms and to every other bridgehead by one of 10 Mbit/s
// and 20 ms, with a connector each way. Mailboxes s0, s0-1, s0-2, … on server S0.
// hub_sites: the same servers and links, each server in an AD site of its own; the first server of a group is a hub
// site that mail from and to its neighbours must stop at. The layout of the `relay` workload.
//
// The others have sites with several servers S1, S2, … each (generate/shapes.h: their networks; generate/builder.h:
// their servers), and u1.s1, u2.s1, … with a mailbox on S1:
// hub_and_spoke: routing groups around the bridgeheads of a hub group, or in a full mesh.
// sites: AD sites around one or several hub sites.
// company: headquarters, regions and branches, of routing groups or AD sites as the build has it.
// merged: two organizations of different versions, each in its domain, joined by an SMTP connector each way.
// migration: an organization that moves from routing groups to AD sites: all new servers are in the one routing group
// that setup makes for them, which a connector each way joins to the middle's bridgehead.
//
// NOT MODELLED: organizations in several forests, edge servers, clients' places.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sim/json/problem.h"
#include "sim/json/units.h"
#include "topologies/organization.h"
#include "topologies/site_network.h"

namespace deadletter::topologies {

enum class GeneratedKind : std::uint8_t { routing_groups, hub_sites, hub_and_spoke, sites, company, merged, migration };

// What is left out gets the default that is said here. An option that a kind has no use for is a problem.
struct Generate {
  GeneratedKind kind = GeneratedKind::routing_groups;
  std::int64_t servers = 100;                   // from 2 to 10,000
  std::optional<std::int64_t> mailboxes;        // routing_groups, hub_sites: on each server, 1 to 10,000; 1
  std::optional<std::int64_t> mailboxes_total;  // the other kinds, 1 to 1,000,000; ten a server
  std::optional<std::int64_t> groups;           // of servers: routing groups or sites; √servers. merged: in each half
  std::optional<std::int64_t> hubs;             // sites: hub sites; 1
  std::optional<std::int64_t> regions;          // company; √(groups - 1)
  std::optional<bool> mesh;                     // hub_and_spoke: every two groups joined, 200 groups at most
  std::optional<json::Fraction> share;          // migration: of the servers that are new; 2/5
  std::string build;                            // Exchange 2003 SP2 where there are routing groups, else 2007 SP1
  std::optional<std::string> other_build;       // merged, migration: of the second organization, of new servers
  std::optional<std::string> domain;            // not of the first two kinds; contoso.com
  std::optional<std::string> other_domain;      // merged: of the second organization; fabrikam.com
  std::optional<bool> internet;                 // not of the first two kinds: a way out, and foreign domains
  std::optional<std::int64_t> domains;          // with internet: 1 to 10,000; 10
  std::optional<std::int64_t> exchangers;       // that the foreign domains share in turn, 1 to 1,000; 100 at most
  std::optional<std::int64_t> seed;             // not of the first two kinds; 1
  sim::Sharing sharing = sim::Sharing::shared;  // of the links; of those between sites where sites have several servers
};

json::Reader<Generate> generate_reader();

// `place` is where the file asks for it: problems, as of a build that does not exist, are reported there. With a map of
// a network (hub_and_spoke, sites, migration) each of its places is a site, and its links join them.
std::optional<Organization> generate(const Generate& what, const json::Place& place, json::Problems& problems,
                                     const NetworkMap* map = nullptr);

// The topology file that says it, ranges of mailboxes as ranges.
std::string topology_text(Organization organization);

}  // namespace deadletter::topologies
