// Any octets as GraphML: a graph, a map of a network, or problems that can be printed. Never a crash.
#include <cstdint>

#include "tests/fuzz/require.h"
#include "topologies/load.h"
#include "topologies/site_network.h"

using namespace deadletter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto source = std::make_shared<json::Source>(
      json::Source{"fuzz.graphml", std::string(reinterpret_cast<const char*>(data), size)});
  json::Problems problems;
  auto graphml = topologies::read_graphml(source, problems);
  REQUIRE(graphml.has_value() == problems.empty());
  REQUIRE(json::render(problems).empty() == problems.empty());
  if (!graphml) return 0;
  if (auto graph = topologies::graph_from(*graphml, problems)) {
    json::Problems more;
    std::string text = topologies::topology_text(topologies::topology_of(*graph));
    topologies::load(std::make_shared<json::Source>(json::Source{"topology", text}), more);
  }
  json::Problems none;
  topologies::SiteNetworkOptions options{.server_build = "exchange-2003-sp2 on windows-2003-sp1"};
  auto network = topologies::site_network(*graphml, options, none);
  REQUIRE(network.has_value() == none.empty());
  if (!network) return 0;
  std::string text = topologies::topology_text(topologies::topology_of(network->graph));
  json::Problems wrong;
  auto organization = topologies::load(std::make_shared<json::Source>(json::Source{"topology", text}), wrong);
  // Only a network in parts is no good topology.
  auto part = network->graph.parts();
  bool whole = true;
  for (topologies::VertexIndex v : network->graph.vertices(topologies::VertexKind::place)) whole &= part[v] == part[0];
  REQUIRE(organization.has_value() || !whole || part.size() == 0);
  return 0;
}
