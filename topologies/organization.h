// An organization and the world around it, as values: servers, domains, mail exchangers, mailboxes and the network.
//
// So far the edge of an organization: its mail servers, foreign domains behind mail exchangers, and the links between
// them. NOT MODELLED yet: sites, routing groups, connectors, forests.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/json/reader.h"
#include "sim/network.h"

namespace deadletter::topologies {

struct Server {
  json::Located<std::string> name;   // "EX1"; an exchanger of a foreign domain has its host name here
  std::string host;                  // "ex1.contoso.com"
  json::Located<std::string> build;  // "exchange-2003-sp2 on windows-2003-sp1"
  bool foreign = false;
  std::vector<json::Located<std::string>> mailboxes;  // "ann@contoso.com"
};

struct Exchanger {
  json::Located<std::string> host;
  std::int64_t preference = 10;  // RFC 5321 5.1: lower first
};

// A domain that receives mail: at a server of the organization, or at mail exchangers outside.
struct Domain {
  json::Located<std::string> name;
  json::Located<std::string> server;  // of the organization; empty for a foreign domain
  std::vector<Exchanger> exchangers;  // of a foreign domain; ascending by preference
  bool any_recipient = false;
  std::vector<json::Located<std::string>> recipients;  // of a foreign domain, unless any
};

struct Link {
  json::Located<std::string> name;
  std::vector<json::Located<std::string>> between;  // two: servers, exchangers or places
  std::uint64_t bandwidth_bps = 0;
  std::int64_t latency_ns = 0;
  sim::Sharing sharing = sim::Sharing::latency;
};

struct Organization {
  std::string id;
  std::string description;
  std::vector<Server> servers;                     // of the organization
  std::vector<Domain> domains;                     // own and foreign
  std::vector<json::Located<std::string>> places;  // where links meet: "internet"
  std::vector<Link> links;

  // Servers of the organization, then the exchangers of foreign domains, each once.
  std::vector<Server> hosts;

  const Server* find_host(std::string_view name) const;
  const Domain* find_domain(std::string_view name) const;
  const Link* find_link(std::string_view name) const;
};

}  // namespace deadletter::topologies
