// The directory of a topology: read as it is written, and out as GraphML and back with nothing lost.
#include "topologies/directory.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/json/parse.h"
#include "tests/support/command.h"
#include "topologies/graphml.h"
#include "topologies/load.h"

namespace deadletter::testing {
namespace {

using namespace topologies;
using directory::FunctionalLevel, directory::WindowsVersion;

constexpr const char* kFull = "tests/topologies/full_directory.json";

std::shared_ptr<json::Source> source(std::string text) {
  return std::make_shared<json::Source>(json::Source{"topology", std::move(text)});
}

json::Value value_of(const std::string& text) {
  json::Problems problems;
  auto value = json::parse(source(text), problems);
  EXPECT_TRUE(value) << json::render(problems);
  return value.value_or(json::Value::object());
}

Organization organization(const std::string& text) {
  json::Problems problems;
  auto loaded = load(source(text), problems);
  EXPECT_TRUE(loaded) << json::render(problems);
  return loaded ? std::move(*loaded) : Organization{};
}

// Out as GraphML, in again, and out as a topology.
json::Value there_and_back(const Organization& from) {
  json::Problems problems;
  auto read = read_graphml(source(graphml_of(graph_of(from))), problems);
  auto graph = read ? graph_from(*read, problems) : std::nullopt;
  EXPECT_TRUE(graph) << json::render(problems);
  return graph ? topology_of(*graph) : json::Value::object();
}

// In which order the members of an object stand does not matter.
json::Value sorted(const json::Value& value) {
  if (value.is(json::Kind::array)) {
    std::vector<json::Value> items;
    for (const json::Value& item : value.items()) items.push_back(sorted(item));
    return json::Value::array(std::move(items));
  }
  if (!value.is(json::Kind::object)) return value;
  std::vector<json::Member> members = value.members();
  std::ranges::sort(members, {}, &json::Member::key);
  json::Value object = json::Value::object();
  for (const json::Member& m : members) object.set(m.key, sorted(m.value));
  return object;
}

class WithADirectory : public ::testing::TestWithParam<const char*> {};

TEST_P(WithADirectory, ComesBackWholeFromGraphml) {
  std::string text = read_file(source_path(GetParam()));
  Organization before = organization(text);
  json::Value first = value_of(text), back = there_and_back(before);
  auto directory_of = [](const json::Value& topology) {
    const json::Value* found = topology.find("directory");
    return found == nullptr ? "none" : sorted(*found).dump(1);
  };
  EXPECT_EQ(directory_of(back), directory_of(first));
  Organization after = organization(topology_text(back));
  EXPECT_EQ(sorted(to_json(after.directory)).dump(1), sorted(to_json(before.directory)).dump(1));
  ASSERT_EQ(after.ad_domains.size(), before.ad_domains.size());
  for (std::size_t i = 0; i < before.ad_domains.size(); ++i) {
    EXPECT_EQ(after.ad_domains[i].level, before.ad_domains[i].level) << before.ad_domains[i].name.value;
    EXPECT_EQ(after.ad_domains[i].windows, before.ad_domains[i].windows) << before.ad_domains[i].name.value;
  }
  for (std::size_t i = 0; i < before.site_links.size(); ++i)
    EXPECT_EQ(after.site_links[i].replication_ns, before.site_links[i].replication_ns);
  for (std::size_t i = 0; i < before.routing.connectors.size(); ++i)
    EXPECT_EQ(after.routing.connectors[i].gateway, before.routing.connectors[i].gateway);
}

INSTANTIATE_TEST_SUITE_P(Topologies, WithADirectory,
                         ::testing::Values("topologies/forests.json", "topologies/fax_gateway.json", kFull),
                         [](const auto& info) {
                           std::string name = info.param;
                           name = name.substr(name.rfind('/') + 1);
                           return name.substr(0, name.find('.'));
                         });

TEST(Directory, ATopologyThatSaysEverythingComesBackToTheLetter) {
  std::string text = read_file(source_path(kFull));
  json::Value first = value_of(text), back = there_and_back(organization(text));
  first.set("$schema", "topology.schema.json");
  ASSERT_EQ(back.size(), first.size());
  for (const json::Member& m : first.members()) {
    ASSERT_NE(back.find(m.key), nullptr) << m.key;
    EXPECT_EQ(sorted(*back.find(m.key)).dump(1), sorted(m.value).dump(1)) << m.key;
  }
}

TEST(Directory, OneThatHoldsNothingButATimeComesBackToo) {
  json::Value file = value_of(read_file(source_path("topologies/forests.json")));
  file.set("directory", json::Value::object().set("within_site", "30s"));
  const json::Value back = there_and_back(organization(topology_text(file)));
  ASSERT_NE(back.find("directory"), nullptr);
  EXPECT_EQ(back.find("directory")->dump(), R"({"within_site":"30s"})");
}

TEST(Directory, AnEmptyOneAsksNoDomainOfAServer) {
  json::Value file = value_of(read_file(source_path("topologies/two_sites.json")));
  file.set("directory", json::Value::object());
  EXPECT_TRUE(organization(topology_text(file)).directory.empty());
}

TEST(Directory, AnEdgeServerStandsOutsideIt) {
  json::Value file = value_of(read_file(source_path(kFull)));
  file.set_pointer("/servers/-", value_of(R"({"name": "EDGE1", "host": "edge1.contoso.com", "site": "Munich",
                                              "roles": ["edge"], "build": "exchange-2007-sp1 on windows-2003-sp2"})"));
  file.set_pointer("/links/-", value_of(R"({"name": "l3", "between": ["EDGE1", "EX1"], "bandwidth": "1Gbps",
                                            "latency": "1ms"})"));
  EXPECT_EQ(organization(topology_text(file)).servers.size(), 3U);
}

// The other side of what directory_mistakes_test.cpp refuses.
TEST(Directory, GroupsThatADomainCanHave) {
  for (const char* group : {R"({"name": "A", "ad_domain": "contoso.com", "type": "security"})",
                            R"({"name": "A", "ad_domain": "old.example", "type": "security", "scope": "global"})",
                            R"({"name": "A", "ad_domain": "old.example", "type": "distribution"})",
                            R"({"name": "A", "ad_domain": "old.example"})",
                            R"({"name": "Remote Desktop Users", "ad_domain": "contoso.com"})",
                            R"({"name": "Incoming Forest Trust Builders", "ad_domain": "contoso.com"})",
                            R"({"name": "Backup Operators", "ad_domain": "old.example"})"}) {
    json::Value file = value_of(read_file(source_path(kFull)));
    file.set_pointer("/directory/groups/-", value_of(group));
    EXPECT_EQ(organization(topology_text(file)).directory.groups.size(), 4U) << group;
  }
}

TEST(Directory, IsReadAsItIsWritten) {
  DirectoryContent d = organization(read_file(source_path(kFull))).directory;
  EXPECT_EQ(d.within_site_ns, 30'000'000'000);
  ASSERT_EQ(d.controllers.size(), 2U);
  EXPECT_TRUE(d.controllers[0].global_catalog);
  EXPECT_EQ(d.controllers[0].site->value, "Munich");
  EXPECT_FALSE(d.controllers[1].global_catalog);
  EXPECT_FALSE(d.controllers[1].site);
  ASSERT_EQ(d.users.size(), 1U);
  EXPECT_EQ(d.users[0].name, "Kim & <Zoë>");
  EXPECT_EQ(d.users[0].proxies[0].value, "k@contoso.com");
  ASSERT_EQ(d.contacts.size(), 1U);
  ASSERT_EQ(d.groups.size(), 3U);
  EXPECT_EQ(d.groups[0].type, directory::GroupType::security);
  EXPECT_EQ(d.groups[0].scope, directory::GroupScope::global);
  EXPECT_EQ(d.groups[0].members.size(), 4U);
  EXPECT_EQ(d.groups[0].expansion_server->value, "HUB1");
  EXPECT_TRUE(d.groups[0].restriction.authenticated_only);
  EXPECT_EQ(d.groups[0].restriction.only_from.size(), 2U);
  EXPECT_FALSE(d.groups[1].type || d.groups[1].scope || d.groups[1].address || d.groups[1].expansion_server);
  EXPECT_FALSE(d.groups[1].restriction.authenticated_only);
  ASSERT_EQ(d.public_folders.size(), 2U);
  EXPECT_EQ(d.public_folders[0].path.value, "/Sales/\"Offers\"");
  EXPECT_EQ(d.public_folders[0].permissions.size(), 5U);
  EXPECT_EQ(d.public_folders[0].permissions[1].key, "Team");
  EXPECT_EQ(d.public_folders[0].permissions[1].value.value, "create+visible");
  EXPECT_EQ(d.public_folders[0].restriction.only_from[0].value, "Team");
}

TEST(Directory, DomainsSiteLinksAndGatewaysAroundItAreReadToo) {
  Organization o = organization(read_file(source_path(kFull)));
  ASSERT_EQ(o.ad_domains.size(), 3U);
  EXPECT_EQ(o.ad_domains[0].level, FunctionalLevel::windows_2000_native);
  EXPECT_EQ(o.ad_domains[0].windows, WindowsVersion::windows_2008);
  EXPECT_EQ(o.ad_domains[1].level, FunctionalLevel::windows_2003);
  EXPECT_EQ(o.ad_domains[1].windows, WindowsVersion::windows_2003);
  EXPECT_EQ(o.ad_domains[2].level, FunctionalLevel::windows_2000_mixed);
  EXPECT_EQ(o.ad_domains[2].windows, WindowsVersion::windows_2000);
  EXPECT_EQ(o.site_links[0].replication_ns, 900'000'000'000);
  ASSERT_EQ(o.routing.connectors.size(), 1U);
  EXPECT_TRUE(o.routing.connectors[0].gateway);
  EXPECT_EQ(o.routing.connectors[0].scope, routing::Scope::site);
  EXPECT_EQ(o.routing.connectors[0].spaces[0].pattern, "+4989*");
  EXPECT_EQ(SiteLink{}.replication_ns, 3 * 3'600'000'000'000);
}

TEST(Directory, ThatIsNoJsonInGraphmlIsRefusedAtItsLine) {
  std::string text = graphml_of(graph_of(organization(read_file(source_path(kFull)))));
  std::size_t at = text.find("\"g.directory\">{");
  at = text.find("\"g.directory\">{", at + 1) == text.npos ? at + 14 : text.npos;
  ASSERT_NE(at, text.npos);
  auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  json::Problems problems;
  auto read = read_graphml(source(text.replace(at, 1, "[")), problems);
  ASSERT_TRUE(read);
  EXPECT_FALSE(graph_from(*read, problems));
  ASSERT_EQ(problems.count(), 1U);
  EXPECT_EQ(problems.sorted()[0].position.line, line);
  EXPECT_TRUE(problems.sorted()[0].message.starts_with("the directory is no JSON: ")) << json::render(problems);
}

}  // namespace
}  // namespace deadletter::testing
