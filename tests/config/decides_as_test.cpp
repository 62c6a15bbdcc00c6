// Nodes that came to their behaviour in the same way are said to decide alike: they must, and a difference in anything
// that is laid on a node must keep it apart.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "experiments/config/load.h"
#include "models/builds/settings.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using namespace experiments;

std::optional<Plan> planned(const std::string& text, const std::string& path, const std::string& variant) {
  json::Problems problems;
  auto loaded = load_experiment_text(path, text, {}, problems);
  auto plan = loaded ? make_plan(*loaded, variant, std::nullopt, problems) : std::nullopt;
  EXPECT_TRUE(plan) << json::render(problems);
  return plan;
}

std::optional<Plan> on_edge(const std::string& members) {
  return planned(R"({"id": "e", "topology": "../edge.json")" + members + "}", source_path("tests/config/bad/x.json"),
                 "base");
}

// All that a node decides, and who says so.
std::string all_of(const builds::NodeBehaviour& behaviour) {
  std::string all;
  for (const auto& row : builds::point_rows(behaviour)) {
    all += fmt::format("{} by {} {}:", row.info->name, static_cast<int>(row.laid.layer), row.laid.by);
    for (Blame article : row.deviating) all += fmt::format(" {}", article.set);
    all += '\n';
  }
  for (const auto& row : builds::attribute_rows(behaviour))
    all += fmt::format("{} = {} by {} {} {}\n", row.info->name, row.value, static_cast<int>(row.laid.layer),
                       row.laid.by, row.blame.set);
  return all;
}

std::size_t kinds(const Plan& plan) {
  std::size_t kinds = 0;
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i) kinds += plan.nodes[i].decides_as == i;
  return kinds;
}

std::uint32_t of(const Plan& plan, const std::string& name) {
  return plan.nodes[plan.find_node(name)->value].decides_as;
}

TEST(DecidesAs, NodesOfEveryExperimentThatAreSaidToBeAlikeAre) {
  std::size_t nodes = 0, shared = 0;
  for (const char* folder : {"experiments/articles", "notebooks/experiments"})
    for (const auto& file : std::filesystem::directory_iterator(source_path(folder))) {
      if (file.path().extension() != ".json") continue;
      std::string path = file.path().string();
      json::Problems problems;
      auto loaded = load_experiment(path, {}, problems);
      if (!loaded) continue;  // one that wants a trace
      for (const auto& variant : loaded->document.find("variants")->members()) {
        auto plan = make_plan(*loaded, variant.key, std::nullopt, problems);
        if (!plan) continue;
        for (const PlannedNode& node : plan->nodes) {
          ASSERT_LT(node.decides_as, plan->nodes.size());
          EXPECT_EQ(all_of(node.resolved.behaviour), all_of(plan->nodes[node.decides_as].resolved.behaviour))
              << path << " " << variant.key << " " << node.name;
        }
        nodes += plan->nodes.size(), shared += plan->nodes.size() - kinds(*plan);
      }
    }
  EXPECT_GT(nodes, 200U);
  EXPECT_GT(shared, 20U);
}

TEST(DecidesAs, AnAttributeKeepsANodeApart) {
  auto plain = on_edge("");
  auto set = on_edge(R"(, "attributes": {"EX1": {"queue.ladder": ["1m"]}})");
  auto all = on_edge(R"(, "attributes": {"all": {"queue.ladder": ["1m"]}})");
  ASSERT_TRUE(plain && set && all);
  EXPECT_GT(kinds(*set) + 1, kinds(*plain));
  EXPECT_EQ(of(*set, "EX1"), plain->find_node("EX1")->value);
  EXPECT_EQ(kinds(*all), kinds(*plain)) << "what is set on all sets none apart";
}

// Its limit is that of the servers it is on.
TEST(DecidesAs, AReceiveConnectorKeepsItsServersApart) {
  TemporaryFolder folder;
  auto with = [&](const std::string& from, const std::string& to) {
    std::string topology = read_file(source_path("topologies/two_sites.json"));
    std::size_t at = topology.find(from);
    EXPECT_NE(at, topology.npos);
    write_file(folder / "t.json", topology.replace(at, from.size(), to));
    return planned(R"({"id": "e", "topology": "t.json"})", folder / "e.json", "base");
  };
  const std::string inbound = R"("type": "receive", "source_servers": ["EDGE1"])";
  auto on_edge = with(inbound, inbound);
  auto on_hub = with(inbound, R"("type": "receive", "source_servers": ["RED-HUB1"])");
  ASSERT_TRUE(on_edge && on_hub);
  EXPECT_EQ(of(*on_edge, "RED-HUB1"), of(*on_edge, "RED-MBX1"));
  EXPECT_NE(of(*on_hub, "RED-HUB1"), of(*on_hub, "RED-MBX1"));
}

}  // namespace
}  // namespace deadletter::testing
