// Least-cost trees over a directed graph whose weights are whole costs, by Boost.Graph.
//
// Among paths of equal cost the one of fewest edges wins; among those, at every node the incoming edge of lowest rank,
// so that the result depends on nothing but the graph.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace deadletter::sim {

struct CostEdge {
  std::uint32_t from = 0, to = 0;
  std::uint32_t cost = 0;
  std::uint32_t rank = 0;
};

inline constexpr std::uint32_t kNoEdge = 0xffffffff;

struct Reached {
  std::uint64_t cost = 0;
  std::uint32_t hops = 0;
  std::uint32_t edge = kNoEdge;  // the last one of the path: index into the edges; none for the source
  bool reached = false;
};

// For every node what the path from `source` costs. Ends of edges must be below `nodes`.
std::vector<Reached> least_cost(std::uint32_t nodes, std::span<const CostEdge> edges, std::uint32_t source);

}  // namespace deadletter::sim
