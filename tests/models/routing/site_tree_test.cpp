// A site with one link shares its neighbour's tree: what it says is what a tree of its own would.
#include <gtest/gtest.h>

#include <random>

#include "models/routing/paths.h"

namespace deadletter::routing {
namespace {

Network with(std::uint32_t sites, const std::vector<SiteLink>& links) {
  Network network;
  // Names in another order than the sites.
  for (std::uint32_t i = 0; i < sites; ++i)
    network.sites.push_back({"S" + std::to_string((i * 7 + 3) % sites), i % 3 == 1});
  network.site_links = links;
  network.seal();
  return network;
}

// Of a path, its own first.
SiteId first_hub_site(const Network& network, const std::vector<SiteId>& path) {
  for (std::size_t i = 1; i < path.size(); ++i)
    if (network.sites[path[i].value].hub_site) return path[i];
  return path.back();
}

void expect_own_trees(const Network& network) {
  TreeCache cache;
  for (std::uint32_t from = 0; from < network.sites.size(); ++from) {
    SiteTree own(network, SiteId{from});
    const SiteTree& shared = cache.sites(network, SiteId{from});
    for (std::uint32_t to = 0; to < network.sites.size(); ++to) {
      SCOPED_TRACE(std::to_string(from) + " to " + std::to_string(to));
      ASSERT_EQ(shared.reaches(SiteId{to}), own.reaches(SiteId{to}));
      if (!own.reaches(SiteId{to})) {
        EXPECT_EQ(shared.first_stop(SiteId{to}), SiteId{to});
        continue;
      }
      EXPECT_EQ(shared.cost(SiteId{to}), own.cost(SiteId{to}));
      EXPECT_EQ(shared.hops(SiteId{to}), own.hops(SiteId{to}));
      EXPECT_EQ(shared.path(SiteId{to}), own.path(SiteId{to}));
      EXPECT_EQ(shared.limit(network, SiteId{to}), own.limit(network, SiteId{to}));
      EXPECT_EQ(shared.first_stop(SiteId{to}), first_hub_site(network, own.path(SiteId{to})));
    }
  }
}

SiteLink link(std::uint32_t one, std::uint32_t other, std::uint32_t cost, std::uint64_t max_size = 0) {
  SiteLink link{.one = {one}, .other = {other}};
  link.cost = cost, link.max_size = max_size;
  return link;
}

TEST(SiteTree, OfABranchIsThatOfItsHub) {
  Network network = with(4, {link(0, 1, 10, 500), link(0, 2, 20), link(0, 3, 5, 300)});
  TreeCache cache;
  const SiteTree& branch = cache.sites(network, SiteId{1});
  EXPECT_EQ(branch.path(SiteId{3}), (std::vector<SiteId>{{1}, {0}, {3}}));
  EXPECT_EQ(branch.cost(SiteId{3}), 15U);
  EXPECT_EQ(branch.hops(SiteId{3}), 2U);
  EXPECT_EQ(branch.limit(network, SiteId{3}), 300U);
  EXPECT_EQ(branch.limit(network, SiteId{2}), 500U) << "its own link has the limit";
  EXPECT_EQ(branch.path(SiteId{1}), std::vector<SiteId>{{1}});
  EXPECT_EQ(branch.cost(SiteId{1}), 0U);
  EXPECT_EQ(branch.limit(network, SiteId{1}), 0U);
  expect_own_trees(network);
}

TEST(SiteTree, TwoSitesAloneAndOneWithoutALink) {
  Network network = with(3, {link(0, 1, 1)});
  expect_own_trees(network);
  TreeCache cache;
  EXPECT_FALSE(cache.sites(network, SiteId{0}).reaches(SiteId{2}));
  EXPECT_TRUE(cache.sites(network, SiteId{2}).reaches(SiteId{2}));
}

TEST(SiteTree, TwoLinksToOneNeighbourAreTwoWays) {
  Network network = with(3, {link(0, 1, 7, 100), link(0, 1, 3, 900), link(1, 2, 1)});
  expect_own_trees(network);
  EXPECT_EQ(TreeCache().sites(network, SiteId{0}).limit(network, SiteId{2}), 900U);
}

// Few costs, so that many paths are equally good; links of cost 0, too.
TEST(SiteTree, OfRandomSitesIsWhatEachWouldHaveByItself) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    auto sites = static_cast<std::uint32_t>(2 + random() % 14);
    std::vector<SiteLink> links;
    for (std::uint64_t n = random() % (2 * sites); n > 0; --n) {
      auto one = static_cast<std::uint32_t>(random() % sites), other = static_cast<std::uint32_t>(random() % sites);
      if (one != other) links.push_back(link(one, other, random() % 3, random() % 4 * 1000));
    }
    SCOPED_TRACE("round " + std::to_string(round));
    expect_own_trees(with(sites, links));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace deadletter::routing
