// A network as a graph: nodes joined by undirected links with a latency each. Boost.Graph does the shortest paths.
//
// Paths are least in summed latency; among equals the one Dijkstra's algorithm settles first, which depends only on
// the order in which nodes and links were added. Trees are computed once for each source asked about; a node with one
// link, as most of an organization's are, has none of its own: it reaches everything over its neighbour. So n servers
// cost as many trees as there are nodes with several links, and no table of n² routes.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/time.h"

namespace deadletter::sim {

class Graph {
 public:
  Graph();
  ~Graph();
  Graph(Graph&&) noexcept;
  Graph& operator=(Graph&&) noexcept;

  std::uint32_t add_node();
  // Both ends must exist. Latency >= 0.
  std::uint32_t add_link(std::uint32_t one, std::uint32_t other, Duration latency);
  std::uint32_t nodes() const;

  // The links from `from` to `to`, in order; empty when they are the same node; nothing when no path joins them.
  std::optional<std::vector<std::uint32_t>> path(std::uint32_t from, std::uint32_t to) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace deadletter::sim
