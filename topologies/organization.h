// Organizations and the world around them, as values: servers, domains, routing groups, AD sites, connectors, mail
// exchangers, mailboxes, clients' places and the network.
//
// NOT MODELLED: trusts between forests, schedules of connectors, restrictions to senders.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/routing/network.h"
#include "sim/json/reader.h"
#include "sim/network.h"
#include "topologies/directory.h"

namespace deadletter::topologies {

struct Roles {
  bool mailbox = true, hub = true, edge = false;
};

struct Server {
  Name name;         // "EX1"; an exchanger of a foreign domain has its host name here
  std::string host;  // "ex1.contoso.com"
  Name build;        // "exchange-2003-sp2 on windows-2003-sp1"
  bool foreign = false;
  std::optional<Name> organization, ad_domain, site, routing_group;
  std::vector<Name> role_names;  // empty: all but edge
  Roles roles;
  std::vector<Name> mailboxes;  // "ann@contoso.com"
};

struct Exchanger {
  Name host;
  std::int64_t preference = 10;  // RFC 5321 5.1: lower first
};

// A domain that receives mail: at servers of an organization, or at mail exchangers outside.
struct Domain {
  Name name;
  std::optional<Name> server;         // of the organization, that receives for it; else its exchangers
  std::vector<Exchanger> exchangers;  // ascending by preference
  std::optional<Name> organization;
  bool foreign = false;
  bool any_recipient = false;
  std::vector<Name> recipients;  // of a foreign domain, unless any
};

// A domain of the forest.
struct AdDomain {
  Name name;
  std::optional<Name> parent;
  directory::FunctionalLevel level = directory::FunctionalLevel::windows_2000_native;
  directory::WindowsVersion windows = directory::WindowsVersion::windows_2003;  // of its newest domain controller
};

struct RoutingGroup {
  Name name;
  std::optional<Name> master;  // else the first server that names the group
};

struct Site {
  Name name;
  bool hub = false;
};

struct SiteLink {
  Name name;
  std::vector<Name> between;
  std::int64_t cost = 1;
  std::optional<std::int64_t> exchange_cost;  // overrides the cost
  std::uint64_t max_size = 0;
  std::int64_t replication_ns = 3 * 3'600'000'000'000;  // between two replications of the directory over it
};

enum class ConnectorType : std::uint8_t { routing_group, smtp, x400, send, receive, foreign };
const char* text(ConnectorType type);

struct Connector {
  Name name;
  ConnectorType type = ConnectorType::smtp;
  std::optional<Name> from, to;  // routing groups that it joins, one way
  std::int64_t cost = 1;
  std::vector<Name> source_servers, target_servers, smart_hosts;
  std::vector<Name> address_spaces;  // "SMTP:*.fabrikam.com;10"
  routing::Scope scope = routing::Scope::organization;
  std::uint64_t max_size = 0;       // octets, 0 = none
  std::int64_t max_recipients = 0;  // of a receive connector, 0 = the server's own
  bool enabled = true;
};

struct Clients {
  Name name, place, server;
};

struct Link {
  Name name;
  std::vector<Name> between;  // two: servers, exchangers or places
  std::uint64_t bandwidth_bps = 0;
  std::int64_t latency_ns = 0;
  std::optional<sim::Sharing> sharing_asked;
  sim::Sharing sharing = sim::Sharing::latency;
};

struct Organization {
  std::string id;
  std::string description;
  std::vector<Name> organizations;  // empty: there is one
  std::vector<Server> servers;      // of the organizations
  std::vector<Domain> domains;      // own and foreign
  std::vector<AdDomain> ad_domains;
  std::vector<RoutingGroup> routing_groups;
  std::vector<Site> sites;
  std::vector<SiteLink> site_links;
  std::vector<Connector> connectors;
  std::vector<Clients> clients;
  std::vector<Name> places;  // where links meet: "internet"
  std::vector<Link> links;
  DirectoryContent directory;

  // Servers of the organizations, then the exchangers of foreign domains, each once.
  std::vector<Server> hosts;
  // What routing sees: its servers are `hosts`, in the same order.
  routing::Network routing;

  const Server* find_host(std::string_view name) const;
  const Domain* find_domain(std::string_view name) const;
  const Link* find_link(std::string_view name) const;
};

// "SMTP:*.fabrikam.com;10" as type, pattern and cost; nothing when it is none.
std::optional<routing::AddressSpace> parse_address_space(std::string_view text);

}  // namespace deadletter::topologies
