// explain TOPOLOGY FROM TO, as a person meets it.
#include <gtest/gtest.h>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

const std::string kMixed = source_path("topologies/mixed_org.json");

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST(ExplainRoute, SaysWhyThisWayServerByServer) {
  Said said = deadletter({"explain", kMixed, "MUC-MBX1", "hana@contoso.com"});
  EXPECT_EQ(said.status, 0);
  EXPECT_TRUE(says(said.out, "least cost over links that are up")) << said.out;
  EXPECT_TRUE(says(said.out, "MUC-MBX1 > MUC-BH1 > SEA-BH1 > SEA-BH2 > TYO-EX1 > TYO-EX2: delivered")) << said.out;
}

TEST(ExplainRoute, AConnectorThatIsDownMakesOldServersGoRound) {
  Said said = deadletter({"explain", kMixed, "MUC-MBX1", "hana@contoso.com", "--down", "Seattle-to-Tokyo"});
  EXPECT_TRUE(says(said.out, "MUC-MBX1 > MUC-BH1 > TYO-EX1 > TYO-EX2: delivered")) << said.out;
  said = deadletter({"explain", kMixed, "MUC-MBX1", "hana@contoso.com", "--down", "Seattle-to-Tokyo,Munich-to-Tokyo"});
  EXPECT_TRUE(says(said.out, "MUC-MBX1: waits at MUC-MBX1")) << said.out;
}

TEST(ExplainRoute, SizeRulesAWayOut) {
  Said said =
      deadletter({"explain", kMixed, "MUC-MBX1", "hana@contoso.com", "--down", "Seattle-to-Tokyo", "--size", "6MB"});
  EXPECT_TRUE(says(said.out, "not usable: too large for it")) << said.out;
  EXPECT_TRUE(says(said.out, "waits at MUC-MBX1")) << said.out;
}

TEST(ExplainRoute, AcrossTwoOrganizations) {
  Said said = deadletter({"explain", source_path("topologies/two_organizations.json"), "FAB-MBX1", "ann@contoso.com"});
  EXPECT_TRUE(says(said.out, "FAB-MBX1 > FAB-HUB1 > CON-BH1 > CON-MBX1: delivered")) << said.out;
}

TEST(ExplainRoute, OnlyMunichMayUseTheLeasedLine) {
  Said munich = deadletter({"explain", kMixed, "MUC-EX7", "x@branch.fabrikam.com"});
  EXPECT_TRUE(says(munich.out, "MUC-EX7 > mx.branch.fabrikam.com: handed over")) << munich.out;
  Said tokyo = deadletter({"explain", kMixed, "TYO-EX7", "x@branch.fabrikam.com"});
  EXPECT_TRUE(says(tokyo.out, "not usable: out of scope")) << tokyo.out;
  EXPECT_TRUE(says(tokyo.out, "TYO-EX7 > SEA-HUB1 > SEA-EDGE1 > mx.branch.fabrikam.com: handed over")) << tokyo.out;
}

TEST(ExplainRoute, AllPairsAsATableAndAsJson) {
  Said text = deadletter({"explain", kMixed, "--all"});
  EXPECT_TRUE(says(text.out, "TYO-EX7 > SEA-HUB1 > MUC-EX7 > MUC-BH1")) << text.out;
  EXPECT_FALSE(says(text.out, "waits")) << text.out;
  Said json = deadletter({"explain", kMixed, "--all", "--format", "json"});
  EXPECT_TRUE(says(json.out, R"("legacy_cost": 10)")) << json.out;
}

TEST(ImportAndDraw, GraphmlThereAndBack) {
  TemporaryFolder folder;
  EXPECT_EQ(deadletter({"draw", kMixed, "-o", folder / "a.graphml"}).status, 0);
  EXPECT_EQ(deadletter({"import", "graphml", folder / "a.graphml", "-o", folder / "b.json"}).status, 0);
  EXPECT_EQ(deadletter({"check", folder / "b.json"}).status, 0);
  EXPECT_EQ(deadletter({"draw", folder / "b.json", "-o", folder / "b.graphml"}).status, 0);
  EXPECT_EQ(read_file(folder / "a.graphml"), read_file(folder / "b.graphml"));
}

}  // namespace
}  // namespace deadletter::testing
