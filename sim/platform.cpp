#include "sim/platform.h"

#include <fmt/format.h>
#include <simgrid/kernel/routing/NetPoint.hpp>
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace deadletter::sim {
namespace s4u = simgrid::s4u;
namespace routing = simgrid::kernel::routing;

// SimGrid asks the zone for a route when a communication starts; no path was ruled out before (Engine::path).
class GraphZone : public routing::NetZoneImpl {
 public:
  explicit GraphZone(const Platform& platform) : NetZoneImpl("network"), platform_(platform) {}

  void get_local_route(const routing::NetPoint* from, const routing::NetPoint* to, routing::Route* into,
                       double* latency) override {
    auto path = platform_.graph_.path(static_cast<std::uint32_t>(from->id()), static_cast<std::uint32_t>(to->id()));
    if (!path) throw std::logic_error(fmt::format("no path from {} to {}", from->get_name(), to->get_name()));
    for (std::uint32_t link : *path) {
      into->link_list_.push_back(platform_.links_[link]->get_impl());
      if (latency != nullptr) *latency += platform_.links_[link]->get_latency();
    }
  }

  void get_graph(const s_xbt_graph_t*, std::map<std::string, xbt_node_t, std::less<>>*,
                 std::map<std::string, xbt_edge_t, std::less<>>*) override {}

 private:
  const Platform& platform_;
};

// SimGrid owns the zone and deletes it with its platform.
Platform::Platform() : zone_(new GraphZone(*this)) {}

HostId Platform::add_host(const std::string& name) {
  std::uint32_t node = graph_.add_node();
  hosts_.push_back(zone_->get_iface()->create_host(name, 1e9)->seal());
  host_up_.push_back(true);
  assert(hosts_.back()->get_netpoint()->id() == node);
  return {node};
}

LinkId Platform::add_link(const LinkSpec& spec, HostId one, HostId other) {
  LinkId id{graph_.add_link(one.value, other.value, spec.latency)};
  double bytes_per_second = static_cast<double>(spec.bandwidth_bps) / 8;
  links_.push_back(zone_->get_iface()
                       ->create_link(fmt::format("{}:{}", id.value, spec.name), bytes_per_second)
                       ->set_latency(static_cast<double>(spec.latency.ns) * 1e-9)
                       ->seal());
  specs_.push_back(spec);
  up_.push_back(true);
  return id;
}

void Platform::seal() { zone_->get_iface()->seal(); }

std::unique_ptr<Path> Platform::path(HostId from, HostId to) const {
  auto links = graph_.path(from.value, to.value);
  if (!links) return nullptr;
  auto path = std::make_unique<Path>();
  path->from = from, path->to = to;
  path->bandwidth_bps = std::uint64_t{1} << 60;  // a host talking to itself is not held up
  std::uint64_t narrowest_shared = path->bandwidth_bps;
  for (std::uint32_t l : *links) {
    const LinkSpec& spec = specs_[l];
    path->links.push_back({l});
    path->latency = path->latency + spec.latency;
    path->bandwidth_bps = std::min(path->bandwidth_bps, spec.bandwidth_bps);
    path->sharing = std::max(path->sharing, spec.sharing);
    if (spec.sharing == Sharing::shared && spec.bandwidth_bps < narrowest_shared) {
      narrowest_shared = spec.bandwidth_bps;
      path->bottleneck = {l};
    }
  }
  return path;
}

LinkId Platform::id(const s4u::Link& link) const {
  auto found = std::find_if(links_.begin(), links_.end(), [&](const s4u::Link* l) { return l == &link; });
  assert(found != links_.end());
  return {static_cast<std::uint32_t>(found - links_.begin())};
}

HostId Platform::id(const s4u::Host& host) const { return {static_cast<std::uint32_t>(host.get_netpoint()->id())}; }

void Platform::set_up(HostId id, bool up) {
  assert(host_up_[id.value] != up);
  host_up_[id.value] = up;
  up ? --down_ : ++down_;
  up ? hosts_[id.value]->turn_on() : hosts_[id.value]->turn_off();
}

void Platform::set_up(LinkId id, bool up) {
  assert(up_[id.value] != up);
  up_[id.value] = up;
  up ? --down_ : ++down_;
  up ? links_[id.value]->turn_on() : links_[id.value]->turn_off();
}

Duration Path::one_way(std::uint64_t octets) const {
  __extension__ using Wide = unsigned __int128;
  Wide ns = static_cast<Wide>(octets) * 8 * 1'000'000'000 / bandwidth_bps;
  return latency + Duration{static_cast<std::int64_t>(ns)};
}

}  // namespace deadletter::sim
