#include "models/routing/paths.h"

#include <algorithm>

namespace deadletter::routing {

GroupTree::GroupTree(const Network& network, GroupId to, const MayUse& may_use) {
  std::vector<sim::CostEdge> edges;  // backwards: from the destination
  std::vector<std::uint32_t> connectors;
  for (std::uint32_t i = 0; i < network.connectors.size(); ++i) {
    const Connector& c = network.connectors[i];
    if (!c.joins_groups() || !may_use({i})) continue;
    edges.push_back({c.to.value, c.from.value, c.cost, network.connector_ranks[i]});
    connectors.push_back(i);
  }
  auto reached = sim::least_cost(static_cast<std::uint32_t>(network.groups.size()), edges, to.value);
  for (const sim::Reached& r : reached)
    reached_.push_back(
        {r.cost, r.hops, r.edge == sim::kNoEdge ? ConnectorId{} : ConnectorId{connectors[r.edge]}, r.reached});
}

SiteEdges::SiteEdges(const Network& network) : only(network.sites.size(), sim::kNoEdge) {
  for (const Site& site : network.sites) hub.push_back(site.hub_site);
  std::vector<std::uint32_t> links(network.sites.size());
  auto add = [&](SiteId from, SiteId to, std::uint32_t cost) {
    only[from.value] = ++links[from.value] == 1 ? static_cast<std::uint32_t>(edges.size()) : sim::kNoEdge;
    edges.push_back({from.value, to.value, cost, network.site_ranks[from.value]});
  };
  for (const SiteLink& l : network.site_links) {
    add(l.one, l.other, l.cost);
    add(l.other, l.one, l.cost);
  }
}

SiteTree::SiteTree(const Network& network, SiteId from) : SiteTree(std::make_shared<const SiteEdges>(network), from) {}

SiteTree::SiteTree(std::shared_ptr<const SiteEdges> edges, SiteId from)
    : from_(from), root_(from), edges_(std::move(edges)) {
  const auto sites = static_cast<std::uint32_t>(edges_->only.size());
  Tree tree{sim::least_cost(sites, edges_->edges, from.value), std::vector<SiteId>(sites)};
  // Each site's is that of the one before it, if that is a stop or lies behind one; else it is its own.
  std::vector<SiteId> open;
  for (std::uint32_t to = 0; to < sites; ++to) {
    auto settled = [&](SiteId s) { return s == from || tree.stops[s.value].valid() || !tree.reached[s.value].reached; };
    for (SiteId s{to}; !settled(s); s = {edges_->edges[tree.reached[s.value].edge].from}) open.push_back(s);
    for (; !open.empty(); open.pop_back()) {
      const SiteId s = open.back(), before{edges_->edges[tree.reached[s.value].edge].from};
      const bool behind = before != from && edges_->hub[tree.stops[before.value].value];
      tree.stops[s.value] = behind ? tree.stops[before.value] : s;
    }
  }
  tree.stops[from.value] = from;
  tree_ = std::make_shared<const Tree>(std::move(tree));
}

SiteTree::SiteTree(const SiteTree& neighbour, SiteId from)
    : from_(from), root_(neighbour.root_), edges_(neighbour.edges_), tree_(neighbour.tree_) {}

std::uint64_t SiteTree::cost(SiteId to) const {
  if (to == from_) return 0;
  return at(to).cost + (from_ == root_ ? 0 : edges_->edges[edges_->only[from_.value]].cost);
}

std::uint32_t SiteTree::hops(SiteId to) const { return to == from_ ? 0 : at(to).hops + (from_ == root_ ? 0 : 1); }

std::vector<SiteId> SiteTree::path(SiteId to) const {
  std::vector<SiteId> path{to};
  while (path.back() != from_) path.push_back(before(path.back()));
  std::ranges::reverse(path);
  return path;
}

std::uint64_t SiteTree::limit(const Network& network, SiteId to) const {
  std::uint64_t least = 0;
  auto pass = [&](std::uint32_t edge) {
    std::uint64_t limit = network.site_links[edge / 2].max_size;
    if (limit != 0 && (least == 0 || limit < least)) least = limit;
  };
  if (to == from_) return least;
  for (SiteId s = to; s != root_; s = {edges_->edges[at(s).edge].from}) pass(at(s).edge);
  if (from_ != root_) pass(edges_->only[from_.value]);
  return least;
}

const SiteTree& TreeCache::sites(const Network& network, SiteId from) {
  if (edges_ == nullptr) {
    edges_ = std::make_shared<const SiteEdges>(network);
    sites_.resize(network.sites.size());
  }
  auto& tree = sites_[from.value];
  if (tree != nullptr) return *tree;
  std::uint32_t only = edges_->only[from.value];
  tree = only == sim::kNoEdge ? std::make_unique<const SiteTree>(root(from))
                              : std::make_unique<const SiteTree>(root({edges_->edges[only].to}), from);
  return *tree;
}

const SiteTree& TreeCache::root(SiteId site) {
  auto found = roots_.find(site);
  if (found == roots_.end()) found = roots_.emplace(site, SiteTree(edges_, site)).first;
  return found->second;
}

}  // namespace deadletter::routing
