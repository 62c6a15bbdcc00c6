#include "models/routing/fan_out.h"

#include <algorithm>

namespace deadletter::routing {
namespace {

bool same(const Hop& a, const Hop& b) { return a.kind == b.kind && a.id == b.id && a.hosts == b.hosts; }

// How many sites two paths share from their beginning.
std::size_t shared(const std::vector<SiteId>& a, const std::vector<SiteId>& b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

bool parts_later(const Hop& a, const Hop& b) {
  return a.kind == Hop::Kind::site && b.kind == Hop::Kind::site && shared(a.path, b.path) >= 2;
}

// The hop of a branch whose members go to different sites: the last site that all of them cross, hubs of nearer sites
// behind it. `share` sites are common; the own one is the first.
Hop fork(const Network& network, const Hop& one, std::size_t share) {
  std::vector<SiteId> path(one.path.begin(), one.path.begin() + static_cast<std::ptrdiff_t>(share));
  while (path.size() > 1 && network.sites[path.back().value].hubs.empty()) path.pop_back();
  Hop hop{.kind = Hop::Kind::site, .id = path.back().value, .path = path};
  for (auto site = path.rbegin(); site + 1 != path.rend(); ++site) {
    const auto& hubs = network.sites[site->value].hubs;
    hop.hosts.insert(hop.hosts.end(), hubs.begin(), hubs.end());
  }
  return hop;
}

}  // namespace

std::vector<Branch> fan_out(const Network& network, const std::vector<Hop>& hops) {
  std::vector<Branch> branches;
  std::vector<std::size_t> share;  // by branch
  for (std::uint32_t i = 0; i < hops.size(); ++i) {
    std::size_t b = 0;
    for (; b < branches.size(); ++b) {
      if (same(branches[b].hop, hops[i])) break;
      if (!parts_later(branches[b].hop, hops[i])) continue;
      // A site without a hub cannot hold the copy: then the paths have parted already.
      Hop common = fork(network, hops[i], std::min(share[b], shared(branches[b].hop.path, hops[i].path)));
      if (common.path.size() < 2) continue;
      share[b] = common.path.size();
      branches[b].hop = std::move(common);
      break;
    }
    if (b == branches.size()) {
      branches.push_back({hops[i], {}});
      auto stop = std::ranges::find(hops[i].path, SiteId{hops[i].id});
      share.push_back(static_cast<std::size_t>(stop - hops[i].path.begin()) + (stop != hops[i].path.end()));
    }
    branches[b].members.push_back(i);
  }
  return branches;
}

}  // namespace deadletter::routing
