// Least-cost trees against every path there is, on small random graphs.
#include "sim/least_cost.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/random.h"

namespace deadletter::sim {
namespace {

// A path as what it is judged by: cost, edges, and the ranks of its edges from the target back.
using Judged = std::tuple<std::uint64_t, std::uint32_t, std::vector<std::uint32_t>>;

void walk(const std::vector<CostEdge>& edges, std::uint32_t at, std::vector<std::uint32_t>& path,
          std::vector<bool>& seen, std::map<std::uint32_t, Judged>& best) {
  Judged judged{0, static_cast<std::uint32_t>(path.size()), {}};
  for (auto e = path.rbegin(); e != path.rend(); ++e) {
    std::get<0>(judged) += edges[*e].cost;
    std::get<2>(judged).push_back(edges[*e].rank);
  }
  auto [found, fresh] = best.try_emplace(at, judged);
  if (!fresh) found->second = std::min(found->second, judged);
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    if (edges[i].from != at || seen[edges[i].to]) continue;
    seen[edges[i].to] = true;
    path.push_back(i);
    walk(edges, edges[i].to, path, seen, best);
    path.pop_back();
    seen[edges[i].to] = false;
  }
}

Judged found_by(const std::vector<Reached>& reached, const std::vector<CostEdge>& edges, std::uint32_t to,
                std::uint32_t source) {
  Judged judged{reached[to].cost, reached[to].hops, {}};
  for (std::uint32_t at = to; at != source; at = edges[reached[at].edge].from)
    std::get<2>(judged).push_back(edges[reached[at].edge].rank);
  return judged;
}

TEST(LeastCost, AgreesWithEveryPathOfSmallRandomGraphs) {
  for (std::uint32_t graph = 0; graph < 400; ++graph) {
    std::uint32_t draw = 0;
    auto below = [&](std::uint32_t n) {
      return static_cast<std::uint32_t>(Chance(42).below(n, Purpose("least_cost_test"), graph, draw++));
    };
    std::uint32_t nodes = 2 + below(5);
    std::vector<CostEdge> edges;
    for (std::uint32_t i = 0, n = below(14); i < n; ++i) {
      std::uint32_t from = below(nodes), to = below(nodes);
      // Few different costs, so that ties are common; ranks all different.
      if (from != to) edges.push_back({from, to, 1 + below(3), i});
    }
    auto reached = least_cost(nodes, edges, 0);
    std::map<std::uint32_t, Judged> best;
    std::vector<std::uint32_t> path;
    std::vector<bool> seen(nodes);
    seen[0] = true;
    walk(edges, 0, path, seen, best);
    for (std::uint32_t n = 0; n < nodes; ++n) {
      ASSERT_EQ(reached[n].reached, best.contains(n)) << "graph " << graph << ", node " << n;
      if (!reached[n].reached) continue;
      EXPECT_EQ(found_by(reached, edges, n, 0), best[n]) << "graph " << graph << ", node " << n;
    }
  }
}

TEST(LeastCost, NothingLeadsBackward) {
  auto reached = least_cost(3, std::vector<CostEdge>{{0, 1, 5, 0}, {2, 1, 5, 1}}, 0);
  EXPECT_TRUE(reached[0].reached && reached[0].edge == kNoEdge && reached[0].cost == 0);
  EXPECT_EQ(reached[1].cost, 5U);
  EXPECT_FALSE(reached[2].reached);
}

TEST(LeastCost, LargeCostsDoNotOverflow) {
  std::vector<CostEdge> edges;
  for (std::uint32_t i = 0; i < 1000; ++i) edges.push_back({i, i + 1, 0xffffffff, i});
  EXPECT_EQ(least_cost(1001, edges, 0)[1000].cost, 1000ULL * 0xffffffff);
}

}  // namespace
}  // namespace deadletter::sim
