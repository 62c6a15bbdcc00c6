// The graph as SimGrid's platform: a zone whose routes are looked up in cached Boost shortest-path trees, so that there
// is one truth for the topology and no table of n² routes. Internal to sim/.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sim/graph.h"
#include "sim/network.h"

namespace simgrid::s4u {
class Host;
class Link;
}  // namespace simgrid::s4u

namespace deadletter::sim {

class GraphZone;

class Platform {
 public:
  Platform();

  HostId add_host(const std::string& name);
  LinkId add_link(const LinkSpec& spec, HostId one, HostId other);
  void seal();

  std::unique_ptr<Path> path(HostId from, HostId to) const;
  simgrid::s4u::Host* host(HostId id) const { return hosts_[id.value]; }
  LinkId id(const simgrid::s4u::Link& link) const;
  HostId id(const simgrid::s4u::Host& host) const;
  const LinkSpec& spec(LinkId id) const { return specs_[id.value]; }
  bool up(LinkId id) const { return up_[id.value]; }
  bool up(HostId id) const { return host_up_[id.value]; }
  bool all_up() const { return down_ == 0; }
  void set_up(LinkId id, bool up);
  void set_up(HostId id, bool up);

 private:
  friend class GraphZone;
  Graph graph_;
  GraphZone* zone_;  // SimGrid's
  std::vector<simgrid::s4u::Host*> hosts_;
  std::vector<simgrid::s4u::Link*> links_;
  std::vector<LinkSpec> specs_;
  std::vector<bool> up_, host_up_;  // as SimGrid has them; asked for each time something is sent
  std::size_t down_ = 0;
};

}  // namespace deadletter::sim
