// Least-cost paths over routing groups and over AD sites.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "models/routing/network.h"
#include "sim/least_cost.h"

namespace deadletter::routing {

// Which connectors a search may use.
using MayUse = std::function<bool(ConnectorId)>;

// From every group the cost to `to`, over connectors that join groups. Paths of equal cost: fewest connectors, then
// the lower name of the next connector.
class GroupTree {
 public:
  GroupTree(const Network& network, GroupId to, const MayUse& may_use);

  bool reaches(GroupId from) const { return reached_[from.value].reached; }
  std::uint64_t cost(GroupId from) const { return reached_[from.value].cost; }
  std::uint32_t hops(GroupId from) const { return reached_[from.value].hops; }
  // The next connector of a group that reaches the destination and is not it.
  ConnectorId next(GroupId from) const { return reached_[from.value].next; }

 private:
  struct Reached {
    std::uint64_t cost;
    std::uint32_t hops;
    ConnectorId next;
    bool reached;
  };
  std::vector<Reached> reached_;
};

// The site links of a network, both ways of each: edges 2i and 2i + 1 are those of link i.
struct SiteEdges {
  explicit SiteEdges(const Network& network);
  std::vector<sim::CostEdge> edges;
  std::vector<std::uint32_t> only;  // by site: the edge that leaves it, if it has one link; else kNoEdge
  std::vector<bool> hub;            // by site: mail must stop there
};

// From one site to every other: least sum of link costs, then fewest links, then, comparing from the target backwards,
// the site of lowest name (technet bb232193). A site with one link shares its neighbour's tree: all its ways go there
// first, and are the neighbour's from there on.
class SiteTree {
 public:
  SiteTree(const Network& network, SiteId from);
  SiteTree(std::shared_ptr<const SiteEdges> edges, SiteId from);
  // Of a site with one link, from the tree of the site at its other end.
  SiteTree(const SiteTree& neighbour, SiteId from);

  bool reaches(SiteId to) const { return at(to).reached; }
  std::uint64_t cost(SiteId to) const;
  std::uint32_t hops(SiteId to) const;
  // The sites on the way, both ends included; `to` must be reached.
  std::vector<SiteId> path(SiteId to) const;
  // The first hub site on the way, where mail must stop; `to` itself if there is none, or no way.
  SiteId first_stop(SiteId to) const {
    const SiteId stop = tree_->stops[to.value];
    if (to == from_ || !stop.valid()) return to;
    return from_ != root_ && edges_->hub[root_.value] ? root_ : stop;
  }
  // The least limit of the links on the way, 0 = none.
  std::uint64_t limit(const Network& network, SiteId to) const;

 private:
  struct Tree {
    std::vector<sim::Reached> reached;
    std::vector<SiteId> stops;  // by site: the first one from the root on; none if there is no way
  };

  const sim::Reached& at(SiteId to) const { return tree_->reached[to.value]; }
  // The site before one that is not `from_`.
  SiteId before(SiteId s) const { return s == root_ ? from_ : SiteId{edges_->edges[at(s).edge].from}; }

  SiteId from_, root_;  // root_: of the tree
  std::shared_ptr<const SiteEdges> edges_;
  std::shared_ptr<const Tree> tree_;
};

// Trees that many servers ask for again and again: those over every connector, of messages that fit through all.
class TreeCache {
 public:
  // Towards `to`, for the servers of the group `own`.
  const GroupTree& groups(const Network& network, GroupId own, GroupId to, const MayUse& may_use) {
    return groups_.try_emplace({own, to}, network, to, may_use).first->second;
  }
  // All calls are about one network.
  const SiteTree& sites(const Network& network, SiteId from);

 private:
  const SiteTree& root(SiteId site);

  std::map<std::pair<GroupId, GroupId>, GroupTree> groups_;
  std::vector<std::unique_ptr<const SiteTree>> sites_;  // by site
  std::map<SiteId, SiteTree> roots_;
  std::shared_ptr<const SiteEdges> edges_;
};

}  // namespace deadletter::routing
