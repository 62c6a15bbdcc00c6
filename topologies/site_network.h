// A map of a network, as others publish them in GraphML or Graphviz' DOT, as the places and links of a topology: one
// place a node, one link an edge, ready to have servers put in.
//
// Read are plain keys, in the words of a topology file, an edge's bandwidth ("10Mbps") and latency ("5ms"); else the
// keys of the Internet Topology Zoo: a node's label, Latitude and Longitude; an edge's LinkSpeedRaw (bits a second) or
// LinkLabel ("155 Mbps"). A link that does not tell its latency has that of the great circle between its ends at 200 km
// a millisecond, the speed of light in fibre; real cables go round, so it is the least there can be.
//
// NOT MODELLED: directions, nodes that are no places (hyperedges), and what a link's label says beyond a speed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "topologies/graphml.h"

namespace deadletter::topologies {

struct SiteNetworkOptions {
  std::uint64_t bandwidth_bps = 10'000'000;  // of links that do not tell
  std::int64_t latency_ns = 5'000'000;       // of links that do not tell, and cannot be told
  std::string server_build;                  // empty: no servers; else one at each place
  std::string domain = "contoso.com";        // of these
};

struct NetworkMap {
  struct Link {
    std::string name;
    std::uint32_t one = 0, other = 0;  // places
    std::uint64_t bandwidth_bps = 0;
    std::int64_t latency_ns = 0;
  };
  std::string id, description;
  std::vector<std::string> places;  // each a name of its own
  std::vector<Link> links;
  std::vector<std::string> notes;  // what could not be told, in sentences
};

std::optional<NetworkMap> network_map(const Graphml& graphml, const SiteNetworkOptions& options,
                                      json::Problems& problems);

struct SiteNetwork {
  Graph graph;
  std::vector<std::string> notes;  // what could not be told, in sentences
};

std::optional<SiteNetwork> site_network(const Graphml& graphml, const SiteNetworkOptions& options,
                                        json::Problems& problems);

// "155 Mbps", "< 2.5 Gbit/s", "10G", "64 kbps": bits a second; nothing when it says no speed.
std::optional<std::uint64_t> speed_in(std::string_view label);

// Kilometres between two points on a sphere of 6371 km.
double great_circle_km(double latitude_1, double longitude_1, double latitude_2, double longitude_2);

}  // namespace deadletter::topologies
