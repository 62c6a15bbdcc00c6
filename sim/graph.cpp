#include "sim/graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <limits>
#include <map>

namespace deadletter::sim {
namespace {

struct LinkProperty {
  std::uint32_t index = 0;
  std::int64_t latency = 0;
};
using Network = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, LinkProperty>;

struct Tree {
  std::vector<Network::vertex_descriptor> parent;
  std::vector<std::uint32_t> parent_link;
};

class RecordLinks : public boost::dijkstra_visitor<> {
 public:
  explicit RecordLinks(std::vector<std::uint32_t>& links) : links_(&links) {}
  void edge_relaxed(const Network::edge_descriptor& e, const Network& g) {
    (*links_)[boost::target(e, g)] = g[e].index;
  }

 private:
  std::vector<std::uint32_t>* links_;
};

}  // namespace

struct Graph::Impl {
  Network network;
  std::uint32_t links = 0;
  std::map<std::uint32_t, Tree> trees;  // by source

  const Tree& tree(std::uint32_t source) {
    auto [found, fresh] = trees.try_emplace(source);
    if (!fresh) return found->second;
    Tree& tree = found->second;
    tree.parent.resize(boost::num_vertices(network));
    tree.parent_link.resize(boost::num_vertices(network));
    // Half of the range, so that a sum of two distances cannot overflow.
    boost::dijkstra_shortest_paths(network, source,
                                   boost::weight_map(boost::get(&LinkProperty::latency, network))
                                       .predecessor_map(tree.parent.data())
                                       .distance_inf(std::numeric_limits<std::int64_t>::max() / 2)
                                       .visitor(RecordLinks(tree.parent_link)));
    return tree;
  }
};

Graph::Graph() : impl_(std::make_unique<Impl>()) {}
Graph::~Graph() = default;
Graph::Graph(Graph&&) noexcept = default;
Graph& Graph::operator=(Graph&&) noexcept = default;

std::uint32_t Graph::add_node() {
  impl_->trees.clear();
  return static_cast<std::uint32_t>(boost::add_vertex(impl_->network));
}

std::uint32_t Graph::add_link(std::uint32_t one, std::uint32_t other, Duration latency) {
  impl_->trees.clear();
  boost::add_edge(one, other, LinkProperty{impl_->links, latency.ns}, impl_->network);
  return impl_->links++;
}

std::uint32_t Graph::nodes() const { return static_cast<std::uint32_t>(boost::num_vertices(impl_->network)); }

std::optional<std::vector<std::uint32_t>> Graph::path(std::uint32_t from, std::uint32_t to) const {
  if (from == to) return std::vector<std::uint32_t>{};
  const Network& network = impl_->network;
  auto source = static_cast<Network::vertex_descriptor>(from);
  std::vector<std::uint32_t> links;  // backwards
  std::optional<std::uint32_t> first;
  if (boost::out_degree(source, network) == 1) {
    auto only = *boost::out_edges(source, network).first;
    first = network[only].index;
    source = boost::target(only, network);
  }
  const Tree& tree = impl_->tree(static_cast<std::uint32_t>(source));
  for (auto at = static_cast<Network::vertex_descriptor>(to); at != source; at = tree.parent[at]) {
    if (tree.parent[at] == at) return std::nullopt;
    links.push_back(tree.parent_link[at]);
  }
  if (first) links.push_back(*first);
  std::reverse(links.begin(), links.end());
  return links;
}

}  // namespace deadletter::sim
