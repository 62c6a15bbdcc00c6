// The transport side of organizations, as every server knows it from the directory: who belongs to which routing group
// or AD site, and the connectors and site links that join them. Values without behaviour.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/routing/behaviour.h"
#include "sim/id.h"

namespace deadletter::routing {

using ServerId = sim::Id<struct ServerTag>;  // any host that mail may be sent to, foreign ones too
using GroupId = sim::Id<struct GroupTag>;
using SiteId = sim::Id<struct SiteTag>;
using ConnectorId = sim::Id<struct ConnectorTag>;

struct Server {
  std::string name;
  std::uint32_t organization = 0;
  GroupId group{};
  SiteId site{};
  RouterKind router = RouterKind::dns;
  bool foreign = false;
  bool hub = true;    // takes mail by SMTP for its site; false: a mailbox server, reached by a hub of its site
  bool edge = false;  // stands outside the directory: hands what is for inside to the hubs of its site
  // Its place among the servers of its group, and of its site.
  std::uint32_t place_in_group = 0, place_in_site = 0;
};

struct Group {
  std::string name;
  ServerId master{};  // collects and tells the state of links
  std::vector<ServerId> members{};
};

struct Site {
  std::string name;
  bool hub_site = false;  // mail whose least-cost path crosses it must stop there
  std::vector<ServerId> hubs{};
};

struct SiteLink {
  std::string name;
  SiteId one{}, other{};
  std::uint32_t cost = 1;
  std::uint64_t max_size = 0;  // octets, 0 = none
};

struct AddressSpace {
  std::string type = "SMTP";
  std::string pattern = "*";  // "*", "*.fabrikam.com", "fabrikam.com"; of other types "*", "+4989*", "+4989123"
  std::uint32_t cost = 1;
};

enum class Scope : std::uint8_t { organization, group, site };

struct Connector {
  std::string name;
  GroupId from{}, to{};  // of one that joins routing groups; invalid for others
  std::uint32_t cost = 1;
  std::vector<ServerId> sources{};  // bridgeheads: the servers that send through it
  std::vector<ServerId> targets{};  // remote bridgeheads, or smart hosts; empty: by DNS
  std::vector<AddressSpace> spaces{};
  Scope scope = Scope::organization;
  std::uint64_t max_size = 0;  // octets, 0 = none
  bool enabled = true;
  bool x400 = false;             // a message transfer agent carries its mail
  bool gateway = false;          // its sources hand mail to a gateway beside them (a drop directory)
  std::uint32_t first_link = 0;  // index of the link of sources[0]; one link a source

  bool joins_groups() const { return from.valid(); }
};

struct Network {
  std::vector<Server> servers;
  std::vector<Group> groups;
  std::vector<Site> sites;
  std::vector<SiteLink> site_links;
  std::vector<Connector> connectors;
  std::uint32_t links = 0;           // of all connectors
  std::uint64_t smallest_limit = 0;  // of connectors and site links; 0 = there is none
  // By connector, by site: the place of its name among all, ascending; of equal names the first one is lower.
  std::vector<std::uint32_t> connector_ranks{}, site_ranks{};

  const Server& server(ServerId id) const { return servers[id.value]; }
  // Of its routing group, or of its AD site; empty when it is in neither.
  std::string site_name(std::uint32_t server) const;
  const Connector& connector(ConnectorId id) const { return connectors[id.value]; }
  // To be called once when all is there: numbers the links and places, finds the smallest limit, ranks names.
  void seal();
};

// Names of the directory are compared without case.
bool name_less(std::string_view a, std::string_view b);

// How particular a space's pattern is: 0 when it does not match. Of SMTP addresses it is about the domain:
// "fabrikam.com" before "*.fabrikam.com" before "*". Of other types it is about the whole address: "+4989123" before
// "+4989*" before "*". Compared without case.
std::uint32_t match(const AddressSpace& space, std::string_view type, std::string_view address);

// What a server knows of the links of connectors: a version each, odd while the link is down. Two servers' knowledge is
// joined link by link by the higher version.
class LinkStates {
 public:
  explicit LinkStates(std::uint32_t links) : versions_(links) {}
  bool up(std::uint32_t link) const { return versions_[link] % 2 == 0; }
  // Any of its links is up.
  bool up(const Connector& connector) const;
  bool all_up() const;
  // False when it was so already.
  bool set(std::uint32_t link, bool up);
  // True when `other` knew something newer.
  bool learn(const LinkStates& other);
  friend bool operator==(const LinkStates&, const LinkStates&) = default;

 private:
  std::vector<std::uint32_t> versions_;
};

}  // namespace deadletter::routing
