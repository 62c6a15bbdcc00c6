// Maps in Graphviz' DOT: what is read of them, and what is said of everything that is no such map.
#include "topologies/graphviz_read.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/random.h"
#include "topologies/site_network.h"

namespace deadletter::testing {
namespace {

using namespace topologies;

std::optional<Graphml> read(const std::string& text, json::Problems& problems) {
  return read_graphviz(std::make_shared<json::Source>(json::Source{"map.dot", text}), problems);
}

// "a b c | a-b bandwidth=10Mbps latency=5ms; …"
std::string shown(const std::string& text) {
  json::Problems problems;
  auto graph = read(text, problems);
  EXPECT_EQ(graph.has_value(), problems.empty());
  if (!graph) return json::render(problems);
  std::string all;
  for (const GraphmlNode& n : graph->nodes) {
    all += n.data.text("label");
    for (const char* key : {"Latitude", "Longitude"})
      if (n.data.find(key) != nullptr) all += fmt::format(" {}={}", key, n.data.text(key));
    all += ' ';
  }
  all += '|';
  for (const GraphmlEdge& e : graph->edges) {
    all += fmt::format(" {}-{}", graph->nodes[e.from].id, graph->nodes[e.to].id);
    for (const auto& [key, datum] : e.data.all) all += fmt::format(" {}={}", key, datum.text);
    all += ';';
  }
  return all;
}

TEST(Graphviz, IsRead) {
  const std::pair<const char*, const char*> rows[] = {
      {"graph { a -- b }", "a b | a-b;"},
      {"graph {}", "|"},
      {"digraph \"My net\" { b -> a; a -> b; b -> a }", "b a | b-a; b-a;"},
      {"strict graph { a -- b; a -- b; a -- a }", "a b | a-b;"},
      {"graph { a -- b [bandwidth=\"10Mbps\", latency=\"5ms\", color=red] }",
       "a b | a-b bandwidth=10Mbps latency=5ms;"},
      {"graph { a -- b [label=\"155 Mbps\"] }", "a b | a-b LinkLabel=155 Mbps;"},
      {"graph { z [label=Rome; Latitude=41.9, Longitude=-12.5]; y; z -- y }",
       "Rome Latitude=41.9 Longitude=-12.5 y | z-y;"},
      {"graph { a [label=\"\\N\"]; b [label=\"\"]; c [label=\"New\\nYork\"] }", "a b New York |"},
      {"graph { a [label=<<b>Rome</b> <br/>>] }", "Rome |"},
      {"graph { a -- b -- c -- a }", "a b c | a-b; b-c; c-a;"},
      {"graph { edge [latency=\"7ms\"]; a -- b; edge [latency=\"9ms\"] b -- c [latency=\"1ms\"]; c -- a }",
       "a b c | a-b latency=7ms; b-c latency=1ms; c-a latency=9ms;"},
      {"graph { subgraph cluster_1 { edge [latency=\"7ms\"]; a -- b }; c -- a }", "a b c | a-b latency=7ms; c-a;"},
      {"graph { a -- { b c } -- d }", "a b c d | a-b; a-c; b-d; c-d;"},
      {"digraph { a:n -> b:port:s }", "a b | a-b;"},
      {"// x\n# y\n/* z { */ graph { \"a\" + \"b\" -- 12 -- -.5 }", "ab 12 -.5 | ab-12; 12--.5;"},
      {"GRAPH { rankdir=LR; size=\"7,5\"; graph [label=net] node [shape=box]; Node1 -- edge_2 }",
       "Node1 edge_2 | Node1-edge_2;"},
      {"graph { \"sub\\\"graph {\" -- \"a;}\" }", "sub\"graph { a;} | sub\"graph {-a;};"},
      {"graph { n0000001 -- v0000002 [latency=\"v0000001\"] }",
       "n0000001 v0000002 | n0000001-v0000002 latency=v0000001;"},
      {"graph { Zürich -- Genève }", "Zürich Genève | Zürich-Genève;"},
  };
  for (auto [text, what] : rows) EXPECT_EQ(shown(text), what) << text;
}

std::string many(const char* what, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += fmt::format(fmt::runtime(what), i);
  return all;
}

TEST(Graphviz, WhatIsNoneIsSaidAtItsPlace) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "map.dot:1:1: expected graph or digraph"},
      {"hello", "map.dot:1:1: expected graph or digraph"},
      {"graph { a -- b", "map.dot:1:15: expected Graphviz' DOT: "},
      {"graph", "map.dot:1:6: expected { after"},
      {"graph { \"a\\\\\" b\" }", "map.dot:1:16: this string does not end"},
      {"graph { a -- b } graph { }", "map.dot:1:18: expected Graphviz' DOT: Wanted end of file"},
      {"graph {\n  a -- ;\n b }", "map.dot:2:8: expected Graphviz' DOT: Wanted"},
      {"graph {\n } }", "map.dot:2:4: expected Graphviz' DOT: Wanted end of file"},
      {"graph x y { }", "map.dot:1:9: expected { after"},
      {"graph {\n a -> b }", "map.dot:2:4: expected -- in a graph, found ->"},
      {"digraph { a -- b }", "map.dot:1:13: expected -> in a digraph, found --"},
      {"graph { a [latency= ] }", "expected the value of \"latency\""},
      {"graph { a [latency=\"5ms\"", "expected ] at the end"},
      {"graph { a [[]] }", "expected the name of an attribute, or ]"},
      {"graph { a : }", "expected a port"},
      {"graph { \"a }", "map.dot:1:9: this string does not end"},
      {"graph { /* a }", "this comment does not end"},
      {"graph { <a }", "this HTML string does not end"},
      {"graph { a -- & }", "expected a name, a quoted string or one of"},
      {std::string("graph { \0 }", 11), "expected a name, a quoted string or one of"},
      {"graph { subgraph x { a } -- subgraph x }", "it cannot be named again"},
      {"graph " + std::string(200'000, '{'), "subgraphs are more than 100 deep"},
      {"graph { " + many("a{} ", 10'001) + "}", "more than 10000 nodes"},
      {"graph { " + std::string(700'000, ';') + "}", "more than 300000 words"},
      {std::string((8U << 20) + 1, ' '), "more than 8388608 octets"},
      {"graph { {" + many("a{} ", 600) + "} -- {" + many("b{} ", 600) + "} }", "500 at most can be"},
  };
  for (const auto& [text, what] : rows)
    EXPECT_NE(shown(text).find(what), std::string::npos) << text.substr(0, 60) << "\n" << shown(text);
}

TEST(Graphviz, DefaultsThatAreLongAndManyCostLittle) {
  std::string attributes = many("x{}=y ", 2'000), value(100'000, 'z');
  std::string text =
      fmt::format("graph {{ edge [{} latency=\"{}\"] {} }}", attributes, value, many("a -- b{} ", 2'000));
  json::Problems problems;
  auto graph = read(text, problems);
  ASSERT_TRUE(graph) << json::render(problems);
  ASSERT_EQ(graph->edges.size(), 2'000U);
  EXPECT_EQ(graph->edges[7].data.all.size(), 1U);
  EXPECT_EQ(graph->edges[7].data.text("latency").size(), 200U);
}

// Any order of words: a graph, or a problem with words of its own.
TEST(Graphviz, WordsAtRandomNeverCrash) {
  const char* words[] = {"graph",    "digraph", "strict", "{",     "}",       "[",    "]",  "=",     ",",
                         ";",        ":",       "--",     "->",    "+",       "a",    "b",  "\"c\"", "<d>",
                         "subgraph", "node",    "edge",   "label", "latency", "-1.5", "\n", "//",    "/*"};
  sim::Chance chance(7);
  std::size_t graphs = 0;
  for (std::uint64_t n = 0; n < 1500; ++n) {
    std::string text = "graph {";
    std::uint64_t length = chance.below(14, sim::Purpose{"length"}, n, 0);
    for (std::uint64_t i = 0; i < length; ++i)
      text += std::string(" ") + words[chance.below(std::size(words), sim::Purpose{"word"}, n, i)];
    text += " }";
    json::Problems problems;
    auto graph = read(text, problems);
    EXPECT_EQ(graph.has_value(), problems.empty()) << text;
    EXPECT_EQ(json::render(problems).empty(), problems.empty()) << text;
    graphs += graph ? 1 : 0;
  }
  EXPECT_GT(graphs, 50U);
}

TEST(Graphviz, BecomesPlacesAndLinks) {
  json::Problems problems;
  auto graph = read(
      R"(graph backbone { Rome -- Oslo [bandwidth="10Mbps", latency="31ms"]; Oslo -- Wien [label="155 Mbps"]; Wien -- Rome })",
      problems);
  ASSERT_TRUE(graph);
  auto map = network_map(*graph, {}, problems);
  ASSERT_TRUE(map) << json::render(problems);
  EXPECT_EQ(map->id, "backbone");
  EXPECT_EQ(map->places, (std::vector<std::string>{"Rome", "Oslo", "Wien"}));
  ASSERT_EQ(map->links.size(), 3U);
  EXPECT_EQ(map->links[0].bandwidth_bps, 10'000'000U);
  EXPECT_EQ(map->links[0].latency_ns, 31'000'000);
  EXPECT_EQ(map->links[1].bandwidth_bps, 155'000'000U);
  EXPECT_EQ(map->links[2].latency_ns, 5'000'000);
  EXPECT_EQ(map->notes.back(), "2 links have no length: 5ms is assumed (--latency)");
}

TEST(Graphviz, NamesThatAllNodesAndLinksShareAreToldApartQuickly) {
  json::Problems problems;
  auto graph = read("graph { node [label=x] " + many("n{} ", 5'000) + many("n1 -- n2; ", 20'000) + "}", problems);
  ASSERT_TRUE(graph) << json::render(problems);
  auto map = network_map(*graph, {}, problems);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->places[4'999], "x-5000");
  EXPECT_EQ(map->links[19'999].name, "x-2-x-3-20000");
}

TEST(Graphviz, QuantitiesThatAreNoneAreSaidWithTheirLine) {
  json::Problems problems;
  auto graph = read("graph {\n a -- b\n [bandwidth=\"wide\",\n latency=\"-1ms\"] }", problems);
  ASSERT_TRUE(graph);
  EXPECT_FALSE(network_map(*graph, {}, problems));
  std::string text = json::render(problems);
  EXPECT_NE(text.find("map.dot:3:"), std::string::npos) << text;
  EXPECT_NE(text.find("expected a bandwidth of 1kbps to 1000Gbps such as \"10Mbps\", found \"wide\""),
            std::string::npos);
  EXPECT_NE(text.find("map.dot:4:"), std::string::npos) << text;
}

}  // namespace
}  // namespace deadletter::testing
