// Organizations by parameters: each kind over sizes and seeds is one that the loader takes, with exactly what was
// asked.
#include "topologies/generate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/routing/paths.h"
#include "sim/graph.h"
#include "topologies/bind.h"
#include "topologies/generate/shapes.h"
#include "topologies/load.h"
#include "topologies/mailboxes.h"

namespace deadletter::testing {
namespace {

using namespace topologies;
using Kind = GeneratedKind;

constexpr const char* kOld = "exchange-2003-sp2 on windows-2003-sp1";
constexpr const char* kNew = "exchange-2007-sp1 on windows-2003-sp2";

std::string text_of(const Generate& what, const NetworkMap* map = nullptr) {
  json::Problems problems;
  auto made = generate(what, {}, problems, map);
  EXPECT_TRUE(made) << json::render(problems);
  return made ? topology_text(*made) : "";
}
Organization loaded(const std::string& text) {
  json::Problems problems;
  auto organization = load(std::make_shared<json::Source>(json::Source{"topology", text}), problems);
  EXPECT_TRUE(organization) << json::render(problems) << text;
  return organization ? std::move(*organization) : Organization{};
}
Organization made(const Generate& what, const NetworkMap* map = nullptr) { return loaded(text_of(what, map)); }

std::string refusal(const Generate& what, const NetworkMap* map = nullptr) {
  json::Problems problems;
  EXPECT_FALSE(generate(what, {}, problems, map));
  return json::render(problems);
}

std::size_t mailboxes(const Organization& organization) {
  std::size_t count = 0;
  for (const Server& s : organization.hosts) count += static_cast<std::size_t>(mailbox_count(s.mailboxes));
  return count;
}
std::size_t of_build(const Organization& organization, const std::string& build) {
  return static_cast<std::size_t>(
      std::ranges::count_if(organization.servers, [&](const Server& s) { return s.build.value == build; }));
}

struct Case {
  Kind kind;
  std::int64_t servers, mailboxes;
};
class EveryKind : public ::testing::TestWithParam<Case> {};

TEST_P(EveryKind, IsWholeAndHasExactlyWhatWasAskedFor) {
  const Case& c = GetParam();
  std::set<std::string> texts;
  for (std::int64_t seed : {1, 2, 77}) {
    Generate what{.kind = c.kind,
                  .servers = c.servers,
                  .mailboxes_total = c.mailboxes,
                  .internet = seed != 2,
                  .domains = seed != 2 ? std::optional<std::int64_t>(30) : std::nullopt,
                  .seed = seed};
    std::string text = text_of(what);
    EXPECT_EQ(text_of(what), text);
    texts.insert(text);
    Organization organization = loaded(text);  // the loader demands that everybody can reach everybody
    EXPECT_EQ(organization.servers.size(), static_cast<std::size_t>(c.servers));
    EXPECT_EQ(mailboxes(organization), static_cast<std::size_t>(c.mailboxes));
    EXPECT_EQ(std::ranges::count(organization.domains, true, &Domain::foreign), seed != 2 ? 30 : 0);
  }
  EXPECT_EQ(texts.size(), 3U);
}

std::vector<Case> grid() {
  std::vector<Case> all;
  for (Kind kind : {Kind::hub_and_spoke, Kind::sites, Kind::company, Kind::merged, Kind::migration})
    for (auto [servers, mailboxes] :
         {std::pair<std::int64_t, std::int64_t>{2, 3}, {3, 1}, {7, 7}, {50, 1000}, {173, 5000}})
      all.push_back({kind, servers, mailboxes});
  return all;
}
std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  constexpr const char* words[] = {"", "", "HubAndSpoke", "Sites", "Company", "Merged", "Migration"};
  return fmt::format("{}Of{}", words[static_cast<int>(info.param.kind)], info.param.servers);
}
INSTANTIATE_TEST_SUITE_P(Generate, EveryKind, ::testing::ValuesIn(grid()), name_of);

TEST(Generate, MailOfSpokesGoesByTheHub) {
  Organization o = made({.kind = Kind::hub_and_spoke, .servers = 40, .groups = 8});
  ASSERT_EQ(o.routing.groups.size(), 8U);
  EXPECT_EQ(o.routing.connectors.size(), 14U);
  routing::GroupTree tree(o.routing, {7}, [](routing::ConnectorId) { return true; });
  EXPECT_EQ(tree.hops({1}), 2U);
  EXPECT_EQ(tree.hops({0}), 1U);
}

TEST(Generate, InAMeshEveryTwoGroupsAreNeighbours) {
  Organization o = made({.kind = Kind::hub_and_spoke, .servers = 40, .groups = 8, .mesh = true});
  EXPECT_EQ(o.routing.connectors.size(), 8U * 7U);
  routing::GroupTree tree(o.routing, {7}, [](routing::ConnectorId) { return true; });
  EXPECT_EQ(tree.hops({1}), 1U);
}

TEST(Generate, BranchesOfTwoRegionsMeetAtHeadquarters) {
  Organization o = made({.kind = Kind::company, .servers = 60, .groups = 12, .regions = 3});
  auto site = [&](const std::string& name) {
    auto found = std::ranges::find(o.routing.sites, name, &routing::Site::name);
    return routing::SiteId{static_cast<std::uint32_t>(found - o.routing.sites.begin())};
  };
  routing::SiteTree tree(o.routing, site("Region1-Branch1"));
  std::vector<routing::SiteId> path = tree.path(site("Region2-Branch1"));
  ASSERT_EQ(path.size(), 5U);
  EXPECT_EQ(path[2], site("HQ"));
  EXPECT_TRUE(o.routing.sites[path[2].value].hub_site);
  // The wider way is the cheaper one, level by level.
  for (const Link& l : o.links) {
    if (l.name.value.ends_with("-lan")) continue;
    bool trunk = l.name.value.starts_with("HQ-");
    EXPECT_TRUE(trunk ? l.bandwidth_bps == 100'000'000 : l.bandwidth_bps >= 2'000'000 && l.bandwidth_bps <= 10'000'000);
    EXPECT_GE(l.latency_ns, (trunk ? 5 : 10) * 1'000'000) << l.name.value;
    EXPECT_LE(l.latency_ns, (trunk ? 20 : 40) * 1'000'000) << l.name.value;
  }
}

TEST(Generate, ACompanyOfAnOlderBuildHasRoutingGroups) {
  Organization o = made({.kind = Kind::company, .servers = 60, .groups = 12, .build = kOld});
  EXPECT_EQ(o.routing_groups.size(), 12U);
  EXPECT_TRUE(o.sites.empty());
}

TEST(Generate, SeveralHubSitesAreARing) {
  Organization o = made({.kind = Kind::sites, .servers = 40, .groups = 13, .hubs = 4});
  EXPECT_EQ(std::ranges::count(o.sites, true, &Site::hub), 4);
  EXPECT_EQ(o.site_links.size(), 4U + 9U);
}

class Migration : public ::testing::TestWithParam<int> {};

TEST_P(Migration, HasItsShareOfNewServersAndStaysWhole) {
  int percent = GetParam();
  json::Fraction share{static_cast<std::uint32_t>(percent), 100};
  for (auto [servers, groups] : {std::pair{2, 1}, {2, 2}, {30, 30}, {30, 4}, {41, 7}}) {
    Organization o = made({.kind = Kind::migration, .servers = servers, .groups = groups, .share = share});
    auto wanted = static_cast<std::size_t>((servers * percent + 50) / 100);
    EXPECT_EQ(of_build(o, kNew), wanted) << servers;
    EXPECT_EQ(of_build(o, kOld), static_cast<std::size_t>(servers) - wanted);
    bool both = of_build(o, kNew) > 0 && of_build(o, kOld) > 0;
    auto joins = std::ranges::count_if(o.connectors, [](const Connector& c) {
      return c.from && c.to && (c.from->value == kGroupOfSites || c.to->value == kGroupOfSites);
    });
    EXPECT_EQ(joins, both ? 2 : 0);
  }
}
INSTANTIATE_TEST_SUITE_P(Generate, Migration, ::testing::Values(0, 10, 40, 90, 99, 100));

TEST(Generate, AMergedPairIsTwoOrganizationsOfTheirOwnVersion) {
  Organization o = made({.kind = Kind::merged, .servers = 21, .groups = 3});
  ASSERT_EQ(o.organizations.size(), 2U);
  EXPECT_EQ(o.organizations[0].value, "contoso");
  EXPECT_EQ(of_build(o, kOld), 11U);
  EXPECT_EQ(of_build(o, kNew), 10U);
  EXPECT_EQ(o.routing_groups.size(), 3U);
  EXPECT_EQ(o.sites.size(), 3U);
  EXPECT_EQ(std::ranges::count(o.connectors, ConnectorType::smtp, &Connector::type), 1);
  EXPECT_EQ(std::ranges::count(o.connectors, ConnectorType::send, &Connector::type), 1);
}

TEST(Generate, TenThousandForeignDomainsShareAHundredExchangers) {
  Organization o = made({.kind = Kind::sites, .servers = 4, .internet = true, .domains = 10'000});
  EXPECT_EQ(o.hosts.size(), 4U + 100U);
  EXPECT_EQ(o.find_domain("d101.example")->exchangers[0].host.value, "mx1.example");
  EXPECT_NE(o.find_link("internet"), nullptr);
}

TEST(Generate, AMapIsTheNetworkOfTheSites) {
  NetworkMap map{.id = "ring", .places = {"Rome", "S1", "mx1.example", "Oslo"}};
  for (std::uint32_t i = 0; i < 4; ++i)
    map.links.push_back({fmt::format("l{}", i), i, (i + 1) % 4, i == 3 ? 2'000'000U : 155'000'000U, 7'000'000});
  Organization sites = made({.kind = Kind::sites, .servers = 9}, &map);
  EXPECT_EQ(sites.sites.size(), 4U);
  EXPECT_EQ(sites.site_links.size(), 4U);
  EXPECT_EQ(sites.site_links[3].cost, 200);
  EXPECT_EQ(sites.find_link("l3")->bandwidth_bps, 2'000'000U);
  EXPECT_EQ(made({.kind = Kind::hub_and_spoke, .servers = 9, .internet = true}, &map).connectors.size(), 8U + 1U);
  made({.kind = Kind::migration, .servers = 4}, &map);
  EXPECT_NE(refusal({.kind = Kind::sites, .servers = 3}, &map).find("4 groups of servers need"), std::string::npos);
  EXPECT_NE(refusal({.kind = Kind::company, .servers = 9}, &map).find("company has a network of its own"),
            std::string::npos);
  map.links.resize(1);
  EXPECT_NE(refusal({.kind = Kind::sites, .servers = 9}, &map).find("the network ring is in 3 parts"),
            std::string::npos);
}

TEST(Generate, EachLimitIsSaid) {
  struct Row {
    Generate what;
    const char* said;
  };
  const Row rows[] = {
      {{.kind = Kind::sites, .servers = 10, .mailboxes = 5}, "sites has no use for \"mailboxes\""},
      {{.kind = Kind::hub_sites, .mailboxes_total = 5}, "hub_sites has no use for \"mailboxes_total\""},
      {{.kind = Kind::hub_sites, .seed = 5}, "hub_sites has no use for \"seed\""},
      {{.kind = Kind::sites, .share = json::Fraction{1, 2}}, "sites has no use for \"share\": it is for migration"},
      {{.kind = Kind::routing_groups, .servers = 1000, .mailboxes = 1001}, "more than 1000000 mailboxes"},
      {{.kind = Kind::hub_and_spoke, .servers = 5, .groups = 6}, "6 groups of servers need as many servers"},
      {{.kind = Kind::merged, .servers = 5, .groups = 3}, "in each organization, and there are 2"},
      {{.kind = Kind::sites, .servers = 9, .groups = 3, .hubs = 4}, "4 hub sites are more than the 3 sites"},
      {{.kind = Kind::company, .servers = 9, .groups = 3, .regions = 3}, "3 regions and the headquarters are more"},
      {{.kind = Kind::hub_and_spoke, .servers = 900, .groups = 201, .mesh = true}, "a full mesh is of 200 groups"},
      {{.kind = Kind::sites, .build = kOld}, "needs a build that routes by AD sites"},
      {{.kind = Kind::hub_and_spoke, .build = kNew}, "needs a build that has routing groups"},
      {{.kind = Kind::migration, .other_build = kOld}, "must route by AD sites"},
      {{.kind = Kind::company, .build = "reference-mta"}, "it is no server of an organization"},
      {{.kind = Kind::company, .build = "exchange-1999"}, "exchange-1999"},
      {{.kind = Kind::sites, .domains = 5}, "it is to be asked for, too"},
      {{.kind = Kind::sites, .internet = true, .domains = 5, .exchangers = 6}, "6 exchangers are more than the 5"},
      {{.kind = Kind::sites, .domain = "d1.example", .internet = true}, "there is a domain \"d1.example\" already"},
  };
  for (const Row& row : rows) EXPECT_NE(refusal(row.what).find(row.said), std::string::npos) << refusal(row.what);
}

TEST(Generate, TheSmallestAndTheLargestOfEachNumberAreRead) {
  auto read = [](const std::string& text) {
    json::Problems problems;
    auto what = json::read_text(generate_reader(), std::make_shared<json::Source>(json::Source{"x", text}), problems);
    return what ? std::string() : json::render(problems);
  };
  EXPECT_EQ(read(R"({"kind": "sites", "servers": 10000, "mailboxes_total": 1000000, "domains": 10000})"), "");
  for (const char* wrong :
       {R"("servers": 1)", R"("servers": 10001)", R"("mailboxes_total": 1000001)", R"("mailboxes_total": 0)",
        R"("domains": 10001)", R"("groups": 0)", R"("share": 1.5)", R"("domain": "a..b")", R"("colour": "red")"})
    EXPECT_NE(read(fmt::format(R"({{"kind": "sites", {}}})", wrong)), "") << wrong;
}

TEST(SiteGraph, ApportionsExactlyAndLeavesNobodyWithoutAServer) {
  for (std::uint32_t count : {3U, 4U, 10U, 999U}) {
    auto parts = apportion(count, {1, 8, 3});
    EXPECT_EQ(parts[0] + parts[1] + parts[2], count);
    EXPECT_GE(*std::ranges::min_element(parts), 1U);
  }
  EXPECT_EQ(apportion(15, {1, 2, 1}), (std::vector<std::uint32_t>{4, 7, 4}));
}

TEST(SiteGraph, FindsPartsAndLeastCosts) {
  SiteGraph graph{.sites = std::vector<SiteNode>(4), .edges = {{"a", 0, 1, 2'000'000, 0}, {"b", 1, 2, 100'000'000, 0}}};
  EXPECT_EQ(parts(graph), 2U);
  graph.edges.push_back({"c", 0, 3, 1'000'000'000, 0});
  graph.edges.push_back({"d", 3, 2, 1'000'000'000, 0});
  EXPECT_EQ(parts(graph), 1U);
  EXPECT_EQ(costs_from_root(graph), (std::vector<std::int64_t>{0, 70, 20, 10}));
}

}  // namespace
}  // namespace deadletter::testing
