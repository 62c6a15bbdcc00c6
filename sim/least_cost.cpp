#include "sim/least_cost.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <functional>
#include <limits>

namespace deadletter::sim {
namespace {

struct Distance {
  std::uint64_t cost = 0;
  std::uint32_t hops = 0;
  friend auto operator<=>(const Distance&, const Distance&) = default;
};
constexpr Distance kFar{std::numeric_limits<std::uint64_t>::max(), 0};

struct Weight {
  Distance value;
};
using Network = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Weight>;

struct Sum {
  Distance operator()(const Distance& a, const Distance& b) const {
    return a == kFar || b == kFar ? kFar : Distance{a.cost + b.cost, a.hops + b.hops};
  }
};
constexpr Sum sum;

}  // namespace

std::vector<Reached> least_cost(std::uint32_t nodes, std::span<const CostEdge> edges, std::uint32_t source) {
  Network network(nodes);
  for (const CostEdge& e : edges) boost::add_edge(e.from, e.to, Weight{{e.cost, 1}}, network);
  std::vector<Distance> distance(nodes, kFar);
  boost::dijkstra_shortest_paths(network, source,
                                 boost::weight_map(boost::get(&Weight::value, network))
                                     .distance_map(distance.data())
                                     .distance_combine(sum)
                                     .distance_compare(std::less<>{})
                                     .distance_inf(kFar)
                                     .distance_zero(Distance{}));
  std::vector<Reached> reached(nodes);
  for (std::uint32_t i = 0; i < nodes; ++i)
    reached[i] = {distance[i].cost, distance[i].hops, kNoEdge, distance[i] != kFar};
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    const CostEdge& e = edges[i];
    Reached& to = reached[e.to];
    if (e.to == source || !to.reached || !reached[e.from].reached) continue;
    if (sum(distance[e.from], {e.cost, 1}) != distance[e.to]) continue;
    if (to.edge == kNoEdge || e.rank < edges[to.edge].rank) to.edge = i;
  }
  return reached;
}

}  // namespace deadletter::sim
