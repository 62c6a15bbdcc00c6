// Graphs as GraphML: the own form, which holds everything that a topology says, and what others write.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/json/problem.h"
#include "topologies/graph.h"

namespace deadletter::topologies {

std::string graphml_of(const Graph& graph);

// What stands in a GraphML file, before anybody knows what it means.
struct GraphmlDatum {
  std::string text;
  int line = 0;
};
// By the name of the key, in the order of the file.
struct GraphmlData {
  std::vector<std::pair<std::string, GraphmlDatum>> all;
  void set(const std::string& key, GraphmlDatum datum);  // replaces, or appends
  const GraphmlDatum* find(std::string_view key) const;  // null when there is none
  std::string text(std::string_view key) const;          // empty when there is none
};

struct GraphmlNode {
  std::string id;
  int line = 0;
  GraphmlData data;
};
struct GraphmlEdge {
  std::uint32_t from = 0, to = 0;  // nodes
  int line = 0;
  GraphmlData data;
};
struct Graphml {
  std::shared_ptr<const json::Source> source;
  GraphmlData data;
  std::vector<GraphmlNode> nodes;
  std::vector<GraphmlEdge> edges;
  std::vector<std::string> ignored;  // what was there and means nothing here: "hyperedges", "ports"

  // Written by graphml_of.
  bool own() const;
};

// No input makes it crash or look anywhere else: entities and external parts are refused.
std::optional<Graphml> read_graphml(std::shared_ptr<const json::Source> source, json::Problems& problems);

// From the own form.
std::optional<Graph> graph_from(const Graphml& graphml, json::Problems& problems);

json::Problem graphml_problem(const Graphml& graphml, int line, std::string message);

}  // namespace deadletter::topologies
