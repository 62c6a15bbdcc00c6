// The networks of generated organizations, level by level. Latencies and the bandwidth of branches are drawn by the
// seed, each link for itself; all else follows from the numbers.
//
//   hub and spoke   Hub in the middle, Spoke1, Spoke2, … around it: 10 Mbit/s, 10 to 40 ms. Full mesh: the same between
//                   every two.
//   hub sites       Hub1, Hub2, … each joined to the next and the last to the first: 100 Mbit/s, 5 to 20 ms; Site1,
//                   Site2, … each at a hub: 10 Mbit/s, 10 to 40 ms.
//   company         HQ; Region1, Region2, … at it: 100 Mbit/s, 5 to 20 ms; Region1-Branch1, … at their region: 2 to
//                   10 Mbit/s, 10 to 40 ms.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sim/random.h"
#include "topologies/generate/site_graph.h"
#include "topologies/site_network.h"

namespace deadletter::topologies {

enum class Mesh : std::uint8_t { star, full };

// Which of several organizations it is for: each has names and luck of its own.
struct Whose {
  std::string before;        // stands before each name: "contoso-"
  std::uint64_t number = 0;  // from 0
};

// `sites` counts all of them; hubs and regions are among them.
SiteGraph hub_and_spoke(std::uint32_t sites, Mesh mesh, const Whose& whose, const sim::Chance& chance);
SiteGraph hub_sites(std::uint32_t sites, std::uint32_t hubs, const sim::Chance& chance);
SiteGraph company(std::uint32_t sites, std::uint32_t regions, const sim::Chance& chance);
// A site a place, an edge a link; the middle is the place with the most links, among equals the first one.
SiteGraph from_map(const NetworkMap& map);

}  // namespace deadletter::topologies
