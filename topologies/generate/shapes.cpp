#include "topologies/generate/shapes.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/time.h"

namespace deadletter::topologies {
namespace {

constexpr sim::Purpose kLatency{"generate.latency"}, kBandwidth{"generate.bandwidth"};
constexpr std::uint64_t kMega = 1'000'000;

struct Speed {
  std::uint64_t least_mbps, most_mbps;
  std::int64_t least_ms, most_ms;
};
constexpr Speed kTrunk{100, 100, 5, 20}, kSpoke{10, 10, 10, 40}, kBranch{2, 10, 10, 40};

class Shape {
 public:
  explicit Shape(const sim::Chance& chance, std::uint64_t whose = 0) : chance_(&chance), whose_(whose) {}

  std::uint32_t site(std::string name, std::uint32_t level, std::uint32_t weight, bool hub = false) {
    graph_.sites.push_back({std::move(name), level, weight, hub});
    return static_cast<std::uint32_t>(graph_.sites.size() - 1);
  }
  void join(std::uint32_t one, std::uint32_t other, const Speed& speed) {
    std::uint64_t n = graph_.edges.size();
    std::uint64_t mbps =
        speed.least_mbps + chance_->below(speed.most_mbps - speed.least_mbps + 1, kBandwidth, n, whose_);
    // In tenths of a millisecond.
    auto span = static_cast<std::uint64_t>(speed.most_ms - speed.least_ms) * 10 + 1;
    auto tenths = speed.least_ms * 10 + static_cast<std::int64_t>(chance_->below(span, kLatency, n, whose_));
    graph_.edges.push_back({fmt::format("{}-{}", graph_.sites[one].name, graph_.sites[other].name), one, other,
                            mbps * kMega, sim::Duration::milliseconds(1).ns / 10 * tenths});
  }
  SiteGraph take() { return std::move(graph_); }

 private:
  const sim::Chance* chance_;
  std::uint64_t whose_;
  SiteGraph graph_;
};

}  // namespace

SiteGraph hub_and_spoke(std::uint32_t sites, Mesh mesh, const Whose& whose, const sim::Chance& chance) {
  Shape shape(chance, whose.number);
  shape.site(whose.before + "Hub", 0, 2, true);
  for (std::uint32_t i = 1; i < sites; ++i) shape.site(fmt::format("{}Spoke{}", whose.before, i), 1, 1);
  for (std::uint32_t from = 0; from < (mesh == Mesh::full ? sites : 1); ++from)
    for (std::uint32_t to = from + 1; to < sites; ++to) shape.join(from, to, kSpoke);
  return shape.take();
}

SiteGraph hub_sites(std::uint32_t sites, std::uint32_t hubs, const sim::Chance& chance) {
  Shape shape(chance);
  for (std::uint32_t i = 0; i < hubs; ++i) shape.site(fmt::format("Hub{}", i + 1), 0, 2, true);
  for (std::uint32_t i = hubs; i < sites; ++i) shape.site(fmt::format("Site{}", i - hubs + 1), 1, 1);
  for (std::uint32_t i = 0; i + 1 < hubs; ++i) shape.join(i, i + 1, kTrunk);
  if (hubs > 2) shape.join(hubs - 1, 0, kTrunk);
  for (std::uint32_t i = hubs; i < sites; ++i) shape.join((i - hubs) % hubs, i, kSpoke);
  return shape.take();
}

SiteGraph company(std::uint32_t sites, std::uint32_t regions, const sim::Chance& chance) {
  Shape shape(chance);
  std::uint32_t headquarters = shape.site("HQ", 0, 8, true);
  for (std::uint32_t r = 1; r <= regions; ++r)
    shape.join(headquarters, shape.site(fmt::format("Region{}", r), 1, 3), kTrunk);
  for (std::uint32_t i = 0; i + regions + 1 < sites; ++i) {
    std::uint32_t region = 1 + i % regions;
    shape.join(region, shape.site(fmt::format("Region{}-Branch{}", region, i / regions + 1), 2, 1), kBranch);
  }
  return shape.take();
}

SiteGraph from_map(const NetworkMap& map) {
  SiteGraph graph;
  for (const std::string& place : map.places) graph.sites.push_back({.name = place, .level = 1});
  for (const NetworkMap::Link& l : map.links)
    graph.edges.push_back({l.name, l.one, l.other, l.bandwidth_bps, l.latency_ns});
  std::vector<std::uint32_t> degree = degrees(graph);
  graph.root = static_cast<std::uint32_t>(std::ranges::max_element(degree) - degree.begin());
  graph.sites[graph.root] = {graph.sites[graph.root].name, 0, 2, true};
  return graph;
}

}  // namespace deadletter::topologies
