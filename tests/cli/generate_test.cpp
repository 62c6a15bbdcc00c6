// generate, check, draw and import by the program, as a person does.
#include <gtest/gtest.h>

#include "sim/json/parse.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

constexpr const char* kDot = R"(graph core {
  Rome -- Oslo [bandwidth="10Mbps", latency="31ms"];
  Oslo -- Wien [label="155 Mbps", latency="12ms"];
  Wien -- Rome [label="2 Mbps", latency="9ms"];
}
)";

TEST(GenerateCommand, EachKindIsMadeCheckedAndDrawn) {
  TemporaryFolder folder;
  for (std::string kind : {"hub-and-spoke", "sites", "company", "merged", "migration"}) {
    std::string file = folder / (kind + ".json");
    Said said = deadletter({"generate", kind, "--servers", "9", "--mailboxes", "500", "--internet", "-o", file});
    ASSERT_EQ(said.status, 0) << said.err;
    EXPECT_TRUE(said.out.starts_with("9 servers, 500 mailboxes, ")) << said.out;
    EXPECT_NE(said.out.find(", 10 foreign domains\n"), std::string::npos) << said.out;
    EXPECT_NE(read_file(file).find("deadletter generate " + kind + " --servers 9 --mailboxes 500 --internet"),
              std::string::npos);
    EXPECT_EQ(deadletter({"check", file}).status, 0);
    EXPECT_EQ(deadletter({"draw", file, "-o", folder / "x.dot"}).status, 0);
    EXPECT_GT(read_file(folder / "x.dot").size(), 1'000U);
  }
}

TEST(GenerateCommand, TheSameOptionsGiveTheSameFileAndAnotherSeedAnother) {
  TemporaryFolder folder;
  auto make = [&](const std::string& name, const std::string& seed) {
    EXPECT_EQ(deadletter({"generate", "company", "--servers", "30", "--seed", seed, "-o", folder / name}).status, 0);
    std::string text = read_file(folder / name);
    return text.substr(text.find("\"servers\""));
  };
  std::string first = make("a.json", "1");
  EXPECT_EQ(make("b.json", "1"), first);
  EXPECT_NE(make("c.json", "2"), first);
}

TEST(GenerateCommand, AHundredThousandMailboxesOnAThousandServersAreASmallFile) {
  TemporaryFolder folder;
  std::string file = folder / "large.json";
  Said said = deadletter({"generate", "company", "--servers", "1000", "--mailboxes", "100000", "-o", file});
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_TRUE(said.out.starts_with("1000 servers, 100000 mailboxes, ")) << said.out;
  EXPECT_LT(read_file(file).size(), 1'500'000U);
}

TEST(GenerateCommand, AMapIsTheNetworkOfItsSites) {
  TemporaryFolder folder;
  write_file(folder / "core.dot", kDot);
  std::string file = folder / "core.json";
  Said said = deadletter({"generate", "sites", "--servers", "5", "--network", folder / "core.dot", "-o", file});
  ASSERT_EQ(said.status, 0) << said.err;
  std::string text = read_file(file);
  EXPECT_NE(text.find(R"({"name": "Rome-Oslo", "between": ["Rome", "Oslo"], "cost": 100})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("bandwidth": "155Mbps", "latency": "12ms")"), std::string::npos) << text;
}

TEST(GenerateCommand, MistakesAreSaidWithTheirOptionsAllAtOnce) {
  TemporaryFolder folder;
  Said said = deadletter(
      {"generate", "sites", "--servers", "1", "--mailboxes", "many", "--sharing", "flows", "-o", folder / "x.json"});
  EXPECT_EQ(said.status, 2);
  for (const char* option : {"--servers: ", "--mailboxes: ", "--sharing: "})
    EXPECT_NE(said.err.find(option), std::string::npos) << said.err;
  said = deadletter({"generate", "sites", "--share", "0.5", "--regions", "2", "-o", folder / "x.json"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("\"share\": it is for migration"), std::string::npos) << said.err;
  EXPECT_NE(said.err.find("\"regions\": it is for company"), std::string::npos) << said.err;
  EXPECT_EQ(deadletter({"generate", "star", "-o", folder / "x.json"}).status, 2);
  EXPECT_EQ(deadletter({"generate", "sites", "--network", folder / "none.dot", "-o", folder / "x.json"}).status, 2);
}

TEST(ImportCommand, DotBecomesPlacesAndLinks) {
  TemporaryFolder folder;
  write_file(folder / "core.dot", kDot);
  std::string file = folder / "core.json";
  Said said = deadletter(
      {"import", "dot", folder / "core.dot", "-o", file, "--servers", "exchange-2003-sp2 on windows-2003-sp1"});
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_NE(said.out.find("3 places, 3 servers, 6 links"), std::string::npos) << said.out;
  EXPECT_EQ(deadletter({"check", file}).status, 0);
  write_file(folder / "bad.dot", "graph { a -> b }");
  said = deadletter({"import", "dot", folder / "bad.dot", "-o", file});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("bad.dot:1:11: expected -- in a graph, found ->"), std::string::npos) << said.err;
}

// A range written out is what an experiment runs with.
TEST(GenerateCommand, ARunDeliversToMailboxesOfARange) {
  TemporaryFolder folder;
  ASSERT_EQ(
      deadletter({"generate", "company", "--servers", "6", "--mailboxes", "60", "--internet", "-o", folder / "t.json"})
          .status,
      0);
  write_file(folder / "x.json", R"({"id": "x", "topology": "t.json", "horizon": "1d",
    "mail": [{"id": "in", "from": "u2.s6@contoso.com", "to": ["u1.s2@contoso.com"]},
             {"id": "out", "from": "u1.s2@contoso.com", "to": ["bob@d3.example"]},
             {"id": "back", "from": "bob@d7.example", "to": ["u2.s6@contoso.com"]}],
    "variants": {"base": {"expect": [{"mail": "in", "fate": "delivered"}, {"mail": "out", "fate": "delivered"},
                                     {"mail": "back", "fate": "delivered"}]}}})");
  Said said = deadletter({"run", folder / "x.json", "--out", folder / "out"});
  EXPECT_EQ(said.status, 0) << said.out << said.err;
}

}  // namespace
}  // namespace deadletter::testing
