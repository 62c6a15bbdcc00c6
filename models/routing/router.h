// Where a server sends a message next: the search for candidates, and the points that choose among them.
//
// Every server searches for itself, over the directory's configuration and, where it routes by link state, over what it
// has heard of the state of links. An answer is good until that knowledge changes.
//
// NOT MODELLED: schedules of connectors, restriction to senders, X.400 addresses of groups, cost of a smart host.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/behaviour/blame.h"
#include "models/routing/network.h"
#include "models/routing/paths.h"

namespace deadletter::routing {

struct Hop {
  enum class Kind : std::uint8_t {
    server,       // `id` is a ServerId
    mailbox,      // delivery into the store of server `id`, in the own site
    site,         // hubs of SiteId `id`, those of nearer sites behind them
    connector,    // through ConnectorId `id`, or to its bridgeheads in the own group
    gateway,      // into the gateway of ConnectorId `id`, beside this server
    domain,       // the exchangers of the recipient's domain, by DNS
    local,        // mailboxes of server `id` itself, where something has to be done before mail is in them
    unreachable,  // there is a route, but none that is up: wait
    none          // there is none: return, see `why`
  };
  enum class Why : std::uint8_t { nothing, no_route, too_large };

  Kind kind = Kind::none;
  Why why = Why::nothing;
  std::uint32_t id = 0;
  std::vector<ServerId> hosts{};  // in order of preference; empty for domain, unreachable, none
  std::vector<SiteId> path{};     // sites on the way to the target, own first; by sites only
};

// A way that was looked at. For explanations.
struct Candidate {
  std::string name, way;  // "Branch-HQ", "Branch-HQ, HQ-Asia"
  std::uint64_t legacy_cost = 0, site_cost = 0;
  std::uint32_t hops = 0;
  bool up = true;
  ConnectorUsable usable = ConnectorUsable::usable;
  Hop hop{};
  Blame blame{};  // of `usable`
};

struct Route {
  Hop hop;
  std::string rule;  // in words
  std::vector<Candidate> candidates{};
  std::int32_t chosen = kNoRoute;
  Blame blame{};
};

class Router {
 public:
  // `trees` may be shared among servers of one network.
  Router(const Network& network, const RoutingBehaviour& behaviour, ServerId self,
         std::shared_ptr<TreeCache> trees = std::make_shared<TreeCache>())
      : network_(&network), behaviour_(&behaviour), self_(self), trees_(std::move(trees)) {}

  // `states` is what this server knows; null: nothing is down.
  Route to_server(ServerId to, std::uint64_t size, const LinkStates* states) const;
  // Servers for which mail within every limit goes the same way have one number: those of another group, or of all
  // sites behind the next hub site.
  std::uint32_t way_to(ServerId to) const;
  // `address`: of an SMTP address its domain.
  Route to_address(std::string_view type, std::string_view address, std::uint64_t size, const LinkStates* states) const;

 private:
  struct Query {
    std::uint64_t size;
    const LinkStates* states;
  };
  const Server& self() const { return network_->server(self_); }
  bool by_sites() const { return *behaviour_->router == RouterKind::sites; }
  // Among sites only hubs send to others; a mailbox server and an edge server hand to the hubs of their site.
  bool sends_on() const { return self().hub && !self().edge; }
  bool is_up(ConnectorId id, const Query& query) const {
    return query.states == nullptr || query.states->up(network_->connector(id));
  }

  const SiteTree& sites() const;
  ConnectorUsable usable(const Connector& connector, const Query& query, bool in_scope, Blame& blame) const;
  // Whether a site link's limit lets the message pass.
  ConnectorUsable passes(std::uint64_t limit, const Query& query, Blame& blame) const;
  Route to_own_hubs() const;
  Route by_groups(GroupId to, const Query& query) const;
  Candidate through(ConnectorId first, const GroupTree& up, const GroupTree& any, const Query& query) const;
  Route to_site(SiteId to, ServerId server, const Query& query) const;
  Route choose(std::vector<Candidate> candidates, std::string rule) const;
  Hop enter(ConnectorId id, const Query& query) const;
  Hop to_hubs_of(const SiteTree& tree, SiteId to) const;
  bool in_scope(const Connector& connector) const;
  Candidate out_through(ConnectorId id, std::uint32_t cost, const Query& query) const;
  std::vector<Candidate> matching(std::string_view type, std::string_view domain, const Query& query) const;
  void price(Candidate& candidate, ConnectorId id, const Query& query) const;

  const Network* network_;
  const RoutingBehaviour* behaviour_;
  ServerId self_;
  std::shared_ptr<TreeCache> trees_;
  mutable const SiteTree* site_tree_ = nullptr;  // of the own site, in trees_
};

}  // namespace deadletter::routing
