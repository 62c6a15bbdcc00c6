// A network from a few words, for tables of routing. Statements end with ';':
//
//   group A a1 a2            a routing group of Exchange 2003 servers
//   site S h1 m1:mailbox e1:edge    an AD site of Exchange 2007 servers, hubs unless they say otherwise
//   hub S …                  the same, a hub site
//   link S T 10 [max 5]      a site link: cost, limit
//   rgc A B 10 [from a1 a2] [to b1] [max 5] [off]    one way, named A-B; "7" is the group of all sites
//   out NAME *.x.com!10 from a1 [to b1] [scope group] [max 5] [off]    a connector with an address space
//   foreign x1               a host outside
//   other                    what follows belongs to a second organization
#pragma once
#include <map>
#include <string>

#include "models/routing/journey.h"

namespace deadletter::testing {

class Sketch {
 public:
  explicit Sketch(const std::string& text);
  const routing::Network& network() const { return network_; }
  routing::ServerId server(const std::string& name) const { return servers_.at(name); }
  // All up but these: "A-B", or "A-B/a1" for the link of one bridgehead.
  routing::LinkStates states(const std::string& down) const;
  const routing::RoutingBehaviour& behaviour(routing::ServerId id) const;

 private:
  void statement(const std::vector<std::string>& words);
  void add_server(const std::string& word, routing::RouterKind router, routing::GroupId group, routing::SiteId site);
  void read_options(routing::Connector& connector, const std::vector<std::string>& words, std::size_t from);
  routing::GroupId group(const std::string& name);

  routing::Network network_;
  std::uint32_t organization_ = 0;
  std::map<std::string, routing::ServerId> servers_;
  std::map<std::string, routing::GroupId> groups_;
  std::map<std::string, routing::SiteId> sites_;
};

// The words of a text.
std::vector<std::string> words_of(const std::string& text);

}  // namespace deadletter::testing
