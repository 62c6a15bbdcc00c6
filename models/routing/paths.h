// Least-cost paths over routing groups and over AD sites.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
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
  ConnectorId next(GroupId from) const { return connectors_[reached_[from.value].edge]; }

 private:
  std::vector<ConnectorId> connectors_;  // by edge
  std::vector<sim::Reached> reached_;
};

// From one site to every other: least sum of link costs, then fewest links, then, comparing from the target backwards,
// the site of lowest name (technet bb232193).
class SiteTree {
 public:
  SiteTree(const Network& network, SiteId from);

  bool reaches(SiteId to) const { return reached_[to.value].reached; }
  std::uint64_t cost(SiteId to) const { return reached_[to.value].cost; }
  std::uint32_t hops(SiteId to) const { return reached_[to.value].hops; }
  // The sites on the way, both ends included; `to` must be reached.
  std::vector<SiteId> path(SiteId to) const;
  // The least limit of the links on the way, 0 = none.
  std::uint64_t limit(const Network& network, SiteId to) const;

 private:
  SiteId from_;
  std::vector<sim::CostEdge> edges_;
  std::vector<std::uint32_t> links_;  // by edge
  std::vector<sim::Reached> reached_;
};

// Trees that many servers ask for again and again: those over every connector, of messages that fit through all.
class TreeCache {
 public:
  // Towards `to`, for the servers of the group `own`.
  const GroupTree& groups(const Network& network, GroupId own, GroupId to, const MayUse& may_use) {
    return groups_.try_emplace({own, to}, network, to, may_use).first->second;
  }
  const SiteTree& sites(const Network& network, SiteId from) {
    return sites_.try_emplace(from, network, from).first->second;
  }

 private:
  std::map<std::pair<GroupId, GroupId>, GroupTree> groups_;
  std::map<SiteId, SiteTree> sites_;
};

}  // namespace deadletter::routing
