#include "models/routing/paths.h"

#include <algorithm>
#include <numeric>

namespace deadletter::routing {
namespace {

// The place of each name among all of them, ascending; equal names by index.
template <class Named>
std::vector<std::uint32_t> ranks(const std::vector<Named>& all) {
  std::vector<std::uint32_t> order(all.size()), rank(all.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, name_less, [&](std::uint32_t i) -> const std::string& { return all[i].name; });
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  return rank;
}

}  // namespace

GroupTree::GroupTree(const Network& network, GroupId to, const MayUse& may_use) {
  auto rank = ranks(network.connectors);
  std::vector<sim::CostEdge> edges;  // backwards: from the destination
  for (std::uint32_t i = 0; i < network.connectors.size(); ++i) {
    const Connector& c = network.connectors[i];
    if (!c.joins_groups() || !may_use({i})) continue;
    edges.push_back({c.to.value, c.from.value, c.cost, rank[i]});
    connectors_.push_back({i});
  }
  reached_ = sim::least_cost(static_cast<std::uint32_t>(network.groups.size()), edges, to.value);
}

SiteTree::SiteTree(const Network& network, SiteId from) : from_(from) {
  auto rank = ranks(network.sites);
  for (std::uint32_t i = 0; i < network.site_links.size(); ++i) {
    const SiteLink& l = network.site_links[i];
    edges_.push_back({l.one.value, l.other.value, l.cost, rank[l.one.value]});
    edges_.push_back({l.other.value, l.one.value, l.cost, rank[l.other.value]});
    links_.insert(links_.end(), 2, i);
  }
  reached_ = sim::least_cost(static_cast<std::uint32_t>(network.sites.size()), edges_, from.value);
}

std::vector<SiteId> SiteTree::path(SiteId to) const {
  std::vector<SiteId> path{to};
  while (path.back() != from_) path.push_back({edges_[reached_[path.back().value].edge].from});
  std::ranges::reverse(path);
  return path;
}

std::uint64_t SiteTree::limit(const Network& network, SiteId to) const {
  std::uint64_t least = 0;
  for (SiteId at = to; at != from_; at = {edges_[reached_[at.value].edge].from}) {
    std::uint64_t limit = network.site_links[links_[reached_[at.value].edge]].max_size;
    if (limit != 0 && (least == 0 || limit < least)) least = limit;
  }
  return least;
}

}  // namespace deadletter::routing
