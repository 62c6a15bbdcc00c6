// Shortest paths: links in order, ties by the order of adding, what cannot be reached.
#include "sim/graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace deadletter::sim {
namespace {

using Links = std::vector<std::uint32_t>;

Graph with_nodes(int n) {
  Graph graph;
  for (int i = 0; i < n; ++i) graph.add_node();
  return graph;
}

TEST(Graph, FollowsTheLeastLatencyAndNotTheFewestLinks) {
  Graph graph = with_nodes(4);
  std::uint32_t direct = graph.add_link(0, 3, Duration::milliseconds(50));
  std::uint32_t a = graph.add_link(0, 1, Duration::milliseconds(10));
  std::uint32_t b = graph.add_link(1, 2, Duration::milliseconds(10));
  std::uint32_t c = graph.add_link(2, 3, Duration::milliseconds(10));
  EXPECT_EQ(graph.path(0, 3), (Links{a, b, c}));
  EXPECT_EQ(graph.path(3, 0), (Links{c, b, a}));
  EXPECT_EQ(graph.path(0, 2), (Links{a, b}));
  EXPECT_EQ(graph.path(2, 2), Links{});
  // A link that is added later counts from then on.
  std::uint32_t better = graph.add_link(0, 3, Duration::milliseconds(29));
  EXPECT_EQ(graph.path(0, 3), Links{better});
  EXPECT_NE(better, direct);
}

TEST(Graph, OfParallelLinksTakesTheFasterAndOfEqualOnesTheFirst) {
  Graph graph = with_nodes(2);
  std::uint32_t first = graph.add_link(0, 1, Duration::milliseconds(2));
  graph.add_link(1, 0, Duration::milliseconds(2));
  EXPECT_EQ(graph.path(0, 1), Links{first});
  EXPECT_EQ(graph.path(1, 0), Links{first});
  std::uint32_t faster = graph.add_link(0, 1, Duration::milliseconds(1));
  EXPECT_EQ(graph.path(0, 1), Links{faster});
}

TEST(Graph, TwoEquallyShortPathsGiveTheOneThatWasAddedFirstEveryTime) {
  for (int round = 0; round < 3; ++round) {
    Graph graph = with_nodes(4);
    std::uint32_t a = graph.add_link(0, 1, Duration::milliseconds(1));
    std::uint32_t b = graph.add_link(1, 3, Duration::milliseconds(1));
    graph.add_link(0, 2, Duration::milliseconds(1));
    graph.add_link(2, 3, Duration::milliseconds(1));
    EXPECT_EQ(graph.path(0, 3), (Links{a, b}));
  }
}

TEST(Graph, SaysWhenNoPathJoinsTwoNodes) {
  Graph graph = with_nodes(4);
  graph.add_link(0, 1, {});
  graph.add_link(2, 3, {});
  EXPECT_EQ(graph.path(0, 2), std::nullopt);
  EXPECT_EQ(graph.path(3, 1), std::nullopt);
  EXPECT_TRUE(graph.path(0, 1));
  graph.add_link(1, 2, {});
  EXPECT_EQ(graph.path(0, 3)->size(), 3U);
}

TEST(Graph, ANodeWithOneLinkGoesOverItsNeighbour) {
  Graph graph = with_nodes(5);
  std::uint32_t up = graph.add_link(3, 0, Duration::milliseconds(1));
  std::uint32_t a = graph.add_link(0, 1, Duration::milliseconds(1));
  std::uint32_t b = graph.add_link(1, 2, Duration::milliseconds(1));
  graph.add_link(0, 2, Duration::milliseconds(3));
  std::uint32_t down = graph.add_link(2, 4, Duration::milliseconds(1));
  EXPECT_EQ(graph.path(3, 4), (Links{up, a, b, down}));
  EXPECT_EQ(graph.path(4, 3), (Links{down, b, a, up}));
  EXPECT_EQ(graph.path(3, 0), Links{up});
  EXPECT_EQ(graph.path(3, 3), Links{});
  // With a second link it has a way of its own.
  std::uint32_t direct = graph.add_link(3, 4, Duration::milliseconds(2));
  EXPECT_EQ(graph.path(3, 4), Links{direct});
}

// Sums of latencies against Floyd and Warshall's algorithm; a path's links must really join its ends.
TEST(Graph, PathsOfRandomGraphsAreAsShortAsCanBe) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 40; ++round) {
    const std::uint32_t n = 2 + random() % 12;
    Graph graph = with_nodes(static_cast<int>(n));
    constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max() / 4;
    std::vector<std::vector<std::int64_t>> distance(n, std::vector<std::int64_t>(n, kFar));
    for (std::uint32_t i = 0; i < n; ++i) distance[i][i] = 0;
    struct Link {
      std::uint32_t one, other;
      std::int64_t latency;
    };
    std::vector<Link> links;
    for (std::uint64_t l = random() % 20; l > 0; --l) {
      Link link{static_cast<std::uint32_t>(random() % n), static_cast<std::uint32_t>(random() % n),
                static_cast<std::int64_t>(random() % 5)};
      if (link.one == link.other) continue;
      links.push_back(link);
      graph.add_link(link.one, link.other, {link.latency});
      auto& d = distance[link.one][link.other];
      d = distance[link.other][link.one] = std::min(d, link.latency);
    }
    for (std::uint32_t k = 0; k < n; ++k)
      for (std::uint32_t i = 0; i < n; ++i)
        for (std::uint32_t j = 0; j < n; ++j)
          distance[i][j] = std::min(distance[i][j], distance[i][k] + distance[k][j]);
    for (std::uint32_t from = 0; from < n; ++from)
      for (std::uint32_t to = 0; to < n; ++to) {
        auto path = graph.path(from, to);
        ASSERT_EQ(path.has_value(), distance[from][to] < kFar);
        if (!path) continue;
        std::uint32_t at = from;
        std::int64_t sum = 0;
        for (std::uint32_t l : *path) {
          ASSERT_TRUE(links[l].one == at || links[l].other == at);
          at = links[l].one == at ? links[l].other : links[l].one;
          sum += links[l].latency;
        }
        ASSERT_EQ(at, to);
        ASSERT_EQ(sum, distance[from][to]);
      }
  }
}

}  // namespace
}  // namespace deadletter::sim
