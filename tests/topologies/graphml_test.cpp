// Organizations out as GraphML and back; maps of networks as places and links.
#include "topologies/graphml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/command.h"
#include "topologies/load.h"
#include "topologies/site_network.h"

namespace deadletter::testing {
namespace {

using namespace topologies;

std::shared_ptr<json::Source> source(std::string name, std::string text) {
  return std::make_shared<json::Source>(json::Source{std::move(name), std::move(text)});
}

Organization organization(const std::string& text) {
  json::Problems problems;
  auto loaded = load(source("topology", text), problems);
  EXPECT_TRUE(loaded) << json::render(problems) << text;
  return loaded ? std::move(*loaded) : Organization{};
}

Graphml graphml(const std::string& text) {
  json::Problems problems;
  auto read = read_graphml(source("map.graphml", text), problems);
  EXPECT_TRUE(read) << json::render(problems);
  return read ? std::move(*read) : Graphml{};
}

class EveryTopology : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryTopology, ComesBackWholeFromGraphml) {
  std::string first = graphml_of(graph_of(organization(read_file(source_path("topologies/" + GetParam())))));
  Graphml read = graphml(first);
  ASSERT_TRUE(read.own());
  json::Problems problems;
  auto graph = graph_from(read, problems);
  ASSERT_TRUE(graph) << json::render(problems);
  std::string topology = topology_text(topology_of(*graph));
  EXPECT_EQ(graphml_of(graph_of(organization(topology))), first);
  // The text says no less than the file: the same routing, server by server.
  Organization before = organization(read_file(source_path("topologies/" + GetParam()))),
               after = organization(topology);
  ASSERT_EQ(before.hosts.size(), after.hosts.size());
  ASSERT_EQ(before.routing.connectors.size(), after.routing.connectors.size());
  EXPECT_EQ(before.routing.smallest_limit, after.routing.smallest_limit);
  for (std::size_t i = 0; i < before.hosts.size(); ++i) {
    EXPECT_EQ(before.hosts[i].build.value, after.hosts[i].build.value);
    EXPECT_EQ(before.hosts[i].mailboxes.size(), after.hosts[i].mailboxes.size());
  }
}

// All but the one of a million mailboxes, which takes minutes under the sanitizers and has nothing that others have
// not.
std::vector<std::string> topologies_here() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("topologies"))) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(".json") && !name.ends_with(".schema.json") && name != "working_day.json") names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Graphml, EveryTopology, ::testing::ValuesIn(topologies_here()),
                         [](const auto& info) { return info.param.substr(0, info.param.find('.')); });

TEST(Graphml, MarkupInTextIsText) {
  Graph graph;
  graph.facts.set("id", "x").set("description", "a < b & \"c\"\nd\tZürich");
  json::Problems problems;
  auto back = graph_from(graphml(graphml_of(graph)), problems);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->facts.find("description")->as_string(), "a < b & \"c\"\nd\tZürich");
}

constexpr const char* kMap = R"(<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d5"/>
  <key attr.name="LinkLabel" attr.type="string" for="edge" id="d6"/>
  <key attr.name="label" attr.type="string" for="node" id="d1"/>
  <key attr.name="Latitude" attr.type="double" for="node" id="d2"/>
  <key attr.name="Longitude" attr.type="double" for="node" id="d3"/>
  <key attr.name="Network" attr.type="string" for="graph" id="d0"/>
  <graph edgedefault="undirected">
    <data key="d0">Testnet</data>
    <edge source="0" target="1"><data key="d5">10000000000.0</data></edge>
    <edge source="1" target="2"><data key="d6">&lt; 2.5 Gbps</data></edge>
    <edge source="1" target="2"><data key="d6">Leased</data></edge>
    <edge source="2" target="2"/>
    <node id="0"><data key="d1">Z&#252;rich</data><data key="d2">47.37</data><data key="d3">8.54</data></node>
    <node id="1"><data key="d1">New York</data><data key="d2">40.71</data><data key="d3">-74.01</data></node>
    <node id="2"><data key="d1">New York</data></node>
    <node id="3"/>
  </graph>
</graphml>
)";

TEST(SiteNetwork, APlaceANodeAndALinkAnEdge) {
  json::Problems problems;
  SiteNetworkOptions options{.server_build = "exchange-2003-sp2 on windows-2003-sp1"};
  auto network = site_network(graphml(kMap), options, problems);
  ASSERT_TRUE(network) << json::render(problems);
  json::Value file = topology_of(network->graph);
  EXPECT_EQ(file.find("id")->as_string(), "Testnet");
  EXPECT_EQ(file.find("places")->dump(), R"(["Z-rich","New-York","New-York-2","node-3"])");
  const auto& links = file.find("links")->items();
  EXPECT_EQ(links[0].dump(),
            R"({"name":"Z-rich-New-York","between":["Z-rich","New-York"],"bandwidth":"10Gbps","latency":"31.62ms"})");
  EXPECT_EQ(
      links[1].dump(),
      R"({"name":"New-York-New-York-2","between":["New-York","New-York-2"],"bandwidth":"2500Mbps","latency":"5ms"})");
  EXPECT_EQ(links[2].find("name")->as_string(), "New-York-New-York-2-2");
  EXPECT_EQ(links[2].find("bandwidth")->as_string(), "10Mbps");
  const std::vector<std::string> notes = {"1 node has no label: named by id",
                                          "2 nodes have no coordinates: how long links there are cannot be told",
                                          "1 link tells no speed: 10Mbps is assumed (--bandwidth)",
                                          "2 links have no length: 5ms is assumed (--latency)",
                                          "1 edge joins a node to itself: left out",
                                          "the network is in 2 parts that no link joins: servers of different parts "
                                          "cannot reach each other, and check will "
                                          "say so"};
  EXPECT_EQ(network->notes, notes);
}

TEST(SiteNetwork, SpeedsInLabels) {
  EXPECT_EQ(speed_in("155 Mbps"), 155'000'000U);
  EXPECT_EQ(speed_in("< 2.5 Gbit/s"), 2'500'000'000U);
  EXPECT_EQ(speed_in("10G"), 10'000'000'000U);
  EXPECT_EQ(speed_in("64kbps"), 64'000U);
  for (const char* nothing : {"", "Leased line", "OC-3", "10", "1e400 G", "0 Mbps", "100000 T"})
    EXPECT_EQ(speed_in(nothing), std::nullopt) << nothing;
}

TEST(SiteNetwork, GreatCircles) {
  EXPECT_NEAR(great_circle_km(47.37, 8.54, 40.71, -74.01), 6325, 5);
  EXPECT_NEAR(great_circle_km(0, 179, 0, -179), 222.4, 0.1);
  EXPECT_NEAR(great_circle_km(0, 0, 0, 180), 20015, 1);
  EXPECT_EQ(great_circle_km(10, 20, 10, 20), 0);
}

}  // namespace
}  // namespace deadletter::testing
