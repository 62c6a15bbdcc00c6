// Any text as a topology: read and bound, or refused with problems that can be printed. What is good goes through
// GraphML and back.
#include <cstdint>

#include "sim/json/parse.h"
#include "tests/fuzz/require.h"
#include "topologies/graphml.h"
#include "topologies/load.h"

using namespace deadletter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto source =
      std::make_shared<json::Source>(json::Source{"fuzz.json", std::string(reinterpret_cast<const char*>(data), size)});
  json::Problems problems;
  auto organization = topologies::load(source, problems);
  REQUIRE(organization.has_value() == problems.empty());
  REQUIRE(json::render(problems).empty() == problems.empty());
  json::Problems none;
  REQUIRE(json::parse(std::make_shared<json::Source>(json::Source{"", json::to_json(problems).dump()}), none));
  if (!organization) return 0;
  REQUIRE(!organization->servers.empty() && !organization->hosts.empty());
  for (const topologies::Link& l : organization->links) {
    REQUIRE(l.bandwidth_bps > 0 && l.latency_ns >= 0 && l.between.size() == 2);
    REQUIRE(organization->find_link(l.name.value) != nullptr);
  }
  for (const topologies::Domain& d : organization->domains) {
    REQUIRE(!d.exchangers.empty());
    for (const topologies::Exchanger& e : d.exchangers) REQUIRE(organization->find_host(e.host.value) != nullptr);
  }
  // A good topology survives the way through GraphML.
  std::string graphml = topologies::graphml_of(topologies::graph_of(*organization));
  auto read = topologies::read_graphml(std::make_shared<json::Source>(json::Source{"x", graphml}), none);
  REQUIRE(read && read->own());
  auto graph = topologies::graph_from(*read, none);
  REQUIRE(graph && topologies::graphml_of(*graph) == graphml);
  return 0;
}
