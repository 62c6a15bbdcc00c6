#include "topologies/graph.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <map>

namespace deadletter::topologies {
namespace {

using Key = std::pair<VertexKind, std::string>;

struct EdgeIndex {
  std::uint32_t index = 0;
};
using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, Vertex, EdgeIndex>;
using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

}  // namespace

const char* text(VertexKind kind) {
  constexpr const char* words[] = {"organization",   "ad_domain", "site",   "routing_group",
                                   "server",         "exchanger", "place",  "domain",
                                   "foreign_domain", "connector", "clients"};
  return words[static_cast<std::size_t>(kind)];
}

const char* text(EdgeKind kind) {
  constexpr const char* words[] = {"link",   "site_link",  "member_of",  "parent",   "master", "receives", "source",
                                   "target", "smart_host", "leads_from", "leads_to", "at",     "uses"};
  return words[static_cast<std::size_t>(kind)];
}

struct Graph::Impl {
  Directed graph;
  std::vector<Edge> edges;
  std::map<Key, VertexIndex> names;
};

Graph::Graph() : impl_(std::make_unique<Impl>()) {}
Graph::~Graph() = default;
Graph::Graph(Graph&&) noexcept = default;
Graph& Graph::operator=(Graph&&) noexcept = default;

VertexIndex Graph::add(Vertex vertex) {
  Key key{vertex.kind, vertex.name};
  auto index = static_cast<VertexIndex>(boost::add_vertex(std::move(vertex), impl_->graph));
  impl_->names.try_emplace(std::move(key), index);
  return index;
}

void Graph::add(Edge edge) {
  boost::add_edge(edge.from, edge.to, {static_cast<std::uint32_t>(impl_->edges.size())}, impl_->graph);
  impl_->edges.push_back(std::move(edge));
}

std::uint32_t Graph::size() const { return static_cast<std::uint32_t>(boost::num_vertices(impl_->graph)); }
const Vertex& Graph::vertex(VertexIndex index) const { return impl_->graph[index]; }
const std::vector<Edge>& Graph::edges() const { return impl_->edges; }

std::vector<VertexIndex> Graph::vertices(VertexKind kind) const {
  std::vector<VertexIndex> all;
  for (VertexIndex v = 0; v < size(); ++v)
    if (vertex(v).kind == kind) all.push_back(v);
  return all;
}

std::optional<VertexIndex> Graph::find(VertexKind kind, std::string_view name) const {
  auto found = impl_->names.find({kind, std::string(name)});
  return found == impl_->names.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::uint32_t> Graph::out(VertexIndex from, EdgeKind kind) const {
  std::vector<std::uint32_t> all;
  for (auto e : boost::make_iterator_range(boost::out_edges(from, impl_->graph)))
    if (std::uint32_t index = impl_->graph[e].index; impl_->edges[index].kind == kind) all.push_back(index);
  return all;
}

std::optional<VertexIndex> Graph::of(VertexIndex member, VertexKind kind) const {
  for (std::uint32_t e : out(member, EdgeKind::member_of))
    if (vertex(edges()[e].to).kind == kind) return edges()[e].to;
  return std::nullopt;
}

std::vector<std::uint32_t> Graph::parts() const {
  Undirected links(size());
  for (const Edge& e : edges())
    if (e.kind == EdgeKind::link) boost::add_edge(e.from, e.to, links);
  std::vector<std::uint32_t> part(size());
  boost::connected_components(links, part.data());
  return part;
}

std::optional<VertexIndex> find_end(const Graph& graph, std::string_view name) {
  for (VertexKind kind : {VertexKind::server, VertexKind::exchanger, VertexKind::place})
    if (auto found = graph.find(kind, name)) return found;
  return std::nullopt;
}

}  // namespace deadletter::topologies
