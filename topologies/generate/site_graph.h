// The sites of an organization that is being generated, and what joins them: the plan that servers are then put into.
// Each becomes a routing group, an AD site or both, and a place of the network.
//
// What a way costs follows its bandwidth: 10 from 1 Gbit/s on, 50 from 100 Mbit/s, 100 from 10 Mbit/s (the directory's
// own default), 200 from 2 Mbit/s, 500 below. Connectors of routing groups, whose costs end at 100, cost a tenth.
// [assumed: administrators make the narrower way the dearer one]
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace deadletter::topologies {

struct SiteNode {
  std::string name;          // "Region2-Branch7"
  std::uint32_t level = 0;   // how far from the middle: 0, 1, 2
  std::uint32_t weight = 1;  // its share of the servers
  bool hub = false;          // an AD hub site
};

struct SiteEdge {
  std::string name;
  std::uint32_t one = 0, other = 0;  // sites
  std::uint64_t bandwidth_bps = 0;
  std::int64_t latency_ns = 0;
};

// The middle is site 0 unless `root` says otherwise.
struct SiteGraph {
  std::vector<SiteNode> sites;
  std::vector<SiteEdge> edges;
  std::uint32_t root = 0;
};

std::int64_t cost_of(std::uint64_t bandwidth_bps);

// In how many parts it is that no edge joins: 1 when everybody can reach everybody.
std::uint32_t parts(const SiteGraph& graph);

// By site, what the least-cost path from the root costs. Every site but the root has, on that path, a neighbour that
// costs less. Precondition: one part.
std::vector<std::int64_t> costs_from_root(const SiteGraph& graph);

// By site, how many edges it has.
std::vector<std::uint32_t> degrees(const SiteGraph& graph);

// So many things among shares, each at least one, all together exactly `count`. Precondition: count >= weights.size().
std::vector<std::uint32_t> apportion(std::uint32_t count, const std::vector<std::uint32_t>& weights);

}  // namespace deadletter::topologies
