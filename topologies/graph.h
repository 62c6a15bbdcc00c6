// Organizations and the world around them as one typed graph: what is drawn, written as GraphML and read back.
//
// Everything that a topology file says is in it, as vertices, edges and their facts; facts go by the names and in the
// words of the file ("bandwidth": "10Mbps"). A connector is a vertex: it has several sources, targets and smart hosts.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/value.h"
#include "topologies/organization.h"

namespace deadletter::topologies {

enum class VertexKind : std::uint8_t {
  organization,
  ad_domain,
  site,
  routing_group,
  server,
  exchanger,
  place,
  domain,
  foreign_domain,
  connector,
  clients
};
inline constexpr VertexKind kVertexKinds[] = {
    VertexKind::organization,   VertexKind::ad_domain, VertexKind::site,   VertexKind::routing_group,
    VertexKind::server,         VertexKind::exchanger, VertexKind::place,  VertexKind::domain,
    VertexKind::foreign_domain, VertexKind::connector, VertexKind::clients};
const char* text(VertexKind kind);

enum class EdgeKind : std::uint8_t {
  link,        // network link between servers, exchangers and places; no direction
  site_link,   // between AD sites; no direction
  member_of,   // server or domain: of its organization, AD domain, site, routing group
  parent,      // AD domain: the one above it
  master,      // routing group: its master
  receives,    // domain: a server or exchanger that receives for it
  source,      // connector: a server that sends through it
  target,      // connector: a remote bridgehead
  smart_host,  // connector
  leads_from,  // connector: a routing group
  leads_to,    // connector: a routing group
  at,          // clients: their place
  uses         // clients: their server
};
inline constexpr EdgeKind kEdgeKinds[] = {
    EdgeKind::link,     EdgeKind::site_link, EdgeKind::member_of, EdgeKind::parent,     EdgeKind::master,
    EdgeKind::receives, EdgeKind::source,    EdgeKind::target,    EdgeKind::smart_host, EdgeKind::leads_from,
    EdgeKind::leads_to, EdgeKind::at,        EdgeKind::uses};
const char* text(EdgeKind kind);

using VertexIndex = std::uint32_t;

struct Vertex {
  VertexKind kind = VertexKind::server;
  std::string name;
  json::Value facts = json::Value::object();
};

struct Edge {
  EdgeKind kind = EdgeKind::link;
  VertexIndex from = 0, to = 0;
  json::Value facts = json::Value::object();
};

class Graph {
 public:
  Graph();
  ~Graph();
  Graph(Graph&&) noexcept;
  Graph& operator=(Graph&&) noexcept;

  json::Value facts = json::Value::object();  // id, description, directory

  VertexIndex add(Vertex vertex);
  void add(Edge edge);

  std::uint32_t size() const;
  const Vertex& vertex(VertexIndex index) const;
  // In the order in which they were added.
  const std::vector<Edge>& edges() const;
  std::vector<VertexIndex> vertices(VertexKind kind) const;
  // The first vertex of that kind and name.
  std::optional<VertexIndex> find(VertexKind kind, std::string_view name) const;
  // Edges of that kind that leave the vertex, in order; indices into edges().
  std::vector<std::uint32_t> out(VertexIndex from, EdgeKind kind) const;
  // The vertex of that kind that it is a member of.
  std::optional<VertexIndex> of(VertexIndex member, VertexKind kind) const;
  // By vertex, which part of the network it is in, joined by links alone; parts in order of their first vertex.
  std::vector<std::uint32_t> parts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A server, exchanger or place: what a link can end at.
std::optional<VertexIndex> find_end(const Graph& graph, std::string_view name);

Graph graph_of(const Organization& organization);

// The topology file that says the same. Whether it is a good one is for load() to say.
json::Value topology_of(const Graph& graph);
// As text, one server, connector or link a line.
std::string topology_text(const json::Value& topology);

}  // namespace deadletter::topologies
