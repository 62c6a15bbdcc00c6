#include "topologies/generate/site_graph.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

namespace deadletter::topologies {
namespace {

struct Way {
  std::int64_t cost = 0;
};
using Ways = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, Way>;

Ways ways_of(const SiteGraph& graph) {
  Ways ways(graph.sites.size());
  for (const SiteEdge& e : graph.edges) boost::add_edge(e.one, e.other, Way{cost_of(e.bandwidth_bps)}, ways);
  return ways;
}

}  // namespace

std::int64_t cost_of(std::uint64_t bandwidth_bps) {
  struct Class {
    std::uint64_t from_bps;
    std::int64_t cost;
  };
  constexpr Class classes[] = {{1'000'000'000, 10}, {100'000'000, 50}, {10'000'000, 100}, {2'000'000, 200}};
  for (const Class& c : classes)
    if (bandwidth_bps >= c.from_bps) return c.cost;
  return 500;
}

std::uint32_t parts(const SiteGraph& graph) {
  Ways ways = ways_of(graph);
  std::vector<std::uint32_t> part(graph.sites.size());
  return boost::connected_components(ways, part.data());
}

std::vector<std::int64_t> costs_from_root(const SiteGraph& graph) {
  Ways ways = ways_of(graph);
  std::vector<std::int64_t> costs(graph.sites.size());
  boost::dijkstra_shortest_paths(ways, graph.root,
                                 boost::weight_map(boost::get(&Way::cost, ways)).distance_map(costs.data()));
  return costs;
}

std::vector<std::uint32_t> degrees(const SiteGraph& graph) {
  std::vector<std::uint32_t> all(graph.sites.size());
  for (const SiteEdge& e : graph.edges) ++all[e.one], ++all[e.other];
  return all;
}

std::vector<std::uint32_t> apportion(std::uint32_t count, const std::vector<std::uint32_t>& weights) {
  std::uint64_t rest = count - weights.size(), total = 0, sum = 0;
  for (std::uint32_t w : weights) total += w;
  std::vector<std::uint32_t> all;
  std::uint64_t given = 0;
  for (std::uint32_t w : weights) {
    sum += w;
    std::uint64_t up_to_here = rest * sum / total;
    all.push_back(static_cast<std::uint32_t>(1 + up_to_here - given));
    given = up_to_here;
  }
  return all;
}

}  // namespace deadletter::topologies
