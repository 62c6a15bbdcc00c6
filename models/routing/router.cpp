#include "models/routing/router.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::routing {
namespace {

Route settled(Hop hop, std::string rule) { return {.hop = std::move(hop), .rule = std::move(rule)}; }
Hop nowhere(Hop::Why why) { return {.kind = Hop::Kind::none, .why = why}; }

bool contains(const std::vector<ServerId>& servers, ServerId one) {
  return std::ranges::find(servers, one) != servers.end();
}

// The connectors of a way through groups, first one included.
std::vector<ConnectorId> way_of(const Network& network, ConnectorId first, const GroupTree& tree) {
  std::vector<ConnectorId> way{first};
  while (tree.hops(network.connector(way.back()).to) > 0) way.push_back(tree.next(network.connector(way.back()).to));
  return way;
}

std::string names_of(const Network& network, const std::vector<ConnectorId>& way) {
  std::string names;
  for (ConnectorId id : way) names += (names.empty() ? "" : ", ") + network.connector(id).name;
  return names;
}

}  // namespace

Route Router::to_server(ServerId to, std::uint64_t size, const LinkStates* states) const {
  const Server& target = network_->server(to);
  Query query{size, states};
  switch (*behaviour_->router) {
    case RouterKind::dns:
      return settled({.kind = Hop::Kind::server, .id = to.value, .hosts = {to}}, "straight to the mailbox's server");
    case RouterKind::link_state:
      if (target.group == self().group)
        return settled({.kind = Hop::Kind::server, .id = to.value, .hosts = {to}}, "in the same routing group");
      return by_groups(target.group, query);
    case RouterKind::sites:
      if (!sends_on()) return to_own_hubs();
      if (target.router != RouterKind::sites) return by_groups(target.group, query);
      return to_site(target.site, to, query);
  }
  return settled(nowhere(Hop::Why::no_route), "");
}

// Sites first, then groups, the own hubs, and the servers that are sent to one by one.
std::uint32_t Router::way_to(ServerId to) const {
  const Server& target = network_->server(to);
  const auto groups = static_cast<std::uint32_t>(network_->sites.size());
  const auto own_hubs = groups + static_cast<std::uint32_t>(network_->groups.size());
  const std::uint32_t servers = own_hubs + 1;
  // An article may judge each target by itself.
  if (behaviour_->connector_usable.deviates() || behaviour_->choose_route.deviates()) return servers + to.value;
  switch (*behaviour_->router) {
    case RouterKind::dns:
      return servers + to.value;
    case RouterKind::link_state:
      return target.group == self().group ? servers + target.place_in_group : groups + target.group.value;
    case RouterKind::sites: {
      if (!sends_on()) return own_hubs;
      if (target.router != RouterKind::sites) return groups + target.group.value;
      if (target.site == self().site) return servers + target.place_in_site;
      return sites().first_stop(target.site).value;
    }
  }
  return servers + to.value;
}

ConnectorUsable Router::usable(const Connector& connector, const Query& query, bool in_scope, Blame& blame) const {
  auto ruling = behaviour_->connector_usable.rule({connector.enabled, in_scope, query.size, connector.max_size});
  blame = join(blame, ruling.blame);
  return ruling.outcome;
}

const SiteTree& Router::sites() const {
  if (site_tree_ == nullptr) site_tree_ = &trees_->sites(*network_, self().site);
  return *site_tree_;
}

Route Router::to_own_hubs() const {
  const Site& own = network_->sites[self().site.value];
  return settled({.kind = Hop::Kind::site, .id = self().site.value, .hosts = own.hubs}, "by a hub of the own site");
}

ConnectorUsable Router::passes(std::uint64_t limit, const Query& query, Blame& blame) const {
  auto ruling = behaviour_->connector_usable.rule({true, true, query.size, limit});
  blame = join(blame, ruling.blame);
  return ruling.outcome;
}

// One candidate for each connector that leaves the own group. A way that comes back to the own group is none.
Route Router::by_groups(GroupId to, const Query& query) const {
  Blame blame;
  auto fits = [&](ConnectorId id) {
    const Connector& c = network_->connector(id);
    return c.to != self().group && usable(c, query, true, blame) == ConnectorUsable::usable;
  };
  auto fits_and_up = [&](ConnectorId id) { return fits(id) && is_up(id, query); };
  // Nothing is special about most messages: they fit everywhere, nothing is down, and no article has a say.
  bool fits_all = network_->smallest_limit == 0 || query.size <= network_->smallest_limit;
  bool ordinary = fits_all && behaviour_->connector_usable.deviating().empty();
  bool all_up = query.states == nullptr || query.states->all_up();
  std::optional<GroupTree> own_any, own_up;
  const GroupTree& any =
      ordinary ? trees_->groups(*network_, self().group, to, fits) : own_any.emplace(*network_, to, fits);
  const GroupTree& up = all_up ? any : own_up.emplace(*network_, to, fits_and_up);
  std::vector<Candidate> candidates;
  for (std::uint32_t i = 0; i < network_->connectors.size(); ++i)
    if (network_->connectors[i].joins_groups() && network_->connectors[i].from == self().group) {
      Candidate candidate = through({i}, up, any, query);
      bool leads_there = any.reaches(network_->connectors[i].to) || candidate.usable != ConnectorUsable::usable;
      if (leads_there) candidates.push_back(std::move(candidate));
    }
  Route route = choose(std::move(candidates), by_sites() ? "least legacy cost, then least site cost, state ignored"
                                                         : "least cost over links that are up");
  route.blame = join(route.blame, blame);
  return route;
}

Candidate Router::through(ConnectorId first, const GroupTree& up, const GroupTree& any, const Query& query) const {
  const Connector& c = network_->connector(first);
  Candidate candidate{.name = c.name, .way = c.name, .legacy_cost = c.cost, .hops = 1};
  candidate.usable = usable(c, query, true, candidate.blame);
  candidate.up = is_up(first, query) && up.reaches(c.to);
  // Who routes by sites knows no states: its way is the same whatever is down.
  const GroupTree& tree = candidate.up && !by_sites() ? up : any;
  if (candidate.usable == ConnectorUsable::usable && tree.reaches(c.to)) {
    candidate.legacy_cost += tree.cost(c.to);
    candidate.hops += tree.hops(c.to);
    auto way = way_of(*network_, first, tree);
    candidate.way = names_of(*network_, way);
    candidate.up = std::ranges::all_of(way, [&](ConnectorId id) { return is_up(id, query); });
  }
  price(candidate, first, query);
  return candidate;
}

// What it costs a server that routes by sites to come to the sources of a connector, and the hop towards them.
void Router::price(Candidate& candidate, ConnectorId id, const Query& query) const {
  const Connector& c = network_->connector(id);
  candidate.hop = enter(id, query);
  if (!by_sites() || contains(c.sources, self_)) return;
  const SiteTree& tree = sites();
  ServerId nearest{};
  auto key = [&](ServerId s) {
    SiteId site = network_->server(s).site;
    return std::tuple(tree.cost(site), tree.hops(site), network_->server(s).name);
  };
  for (ServerId s : c.sources)
    if (network_->server(s).site.valid() && tree.reaches(network_->server(s).site) &&
        (!nearest.valid() || key(s) < key(nearest)))
      nearest = s;
  if (!nearest.valid()) return;
  SiteId site = network_->server(nearest).site;
  if (candidate.usable == ConnectorUsable::usable)
    candidate.usable = passes(tree.limit(*network_, site), query, candidate.blame);
  candidate.site_cost = tree.cost(site);
  candidate.hops += tree.hops(site);
  if (site != self().site) candidate.hop = to_hubs_of(tree, site);
}

// Into a connector: through it from one of its sources, else to those of its sources that are up. A source whose own
// link is down hands over to another one, as long as there is one that is up.
Hop Router::enter(ConnectorId id, const Query& query) const {
  const Connector& c = network_->connector(id);
  bool source = contains(c.sources, self_), own_up = false;
  std::vector<ServerId> sources;
  for (std::uint32_t i = 0; i < c.sources.size(); ++i) {
    bool up = by_sites() || query.states == nullptr || query.states->up(c.first_link + i);
    bool near = by_sites() ? network_->server(c.sources[i]).site == self().site
                           : network_->server(c.sources[i]).group == self().group;
    if (up && c.sources[i] == self_) own_up = true;
    if (up && near) sources.push_back(c.sources[i]);
  }
  if (source && c.gateway) return {.kind = Hop::Kind::gateway, .id = id.value};
  if (source && (own_up || sources.empty())) return {.kind = Hop::Kind::connector, .id = id.value, .hosts = c.targets};
  if (sources.size() == 1) return {.kind = Hop::Kind::server, .id = sources[0].value, .hosts = sources};
  return {.kind = Hop::Kind::connector, .id = id.value, .hosts = sources};
}

Route Router::choose(std::vector<Candidate> candidates, std::string rule) const {
  Route route{.hop = nowhere(Hop::Why::no_route), .rule = std::move(rule)};
  std::vector<RouteCandidate> usable;
  std::vector<std::int32_t> index;
  bool too_large = false;
  Blame looked_at;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& c = candidates[i];
    looked_at = join(looked_at, c.blame);
    too_large |= c.usable == ConnectorUsable::too_large;
    if (c.usable != ConnectorUsable::usable) continue;
    usable.push_back({c.legacy_cost, c.site_cost, c.hops, c.name, c.up});
    index.push_back(static_cast<std::int32_t>(i));
  }
  if (!usable.empty()) {
    auto ruling = behaviour_->choose_route.rule({usable});
    route.blame = ruling.blame;
    route.hop = {.kind = Hop::Kind::unreachable};
    if (ruling.outcome != kNoRoute) {
      route.chosen = index[static_cast<std::size_t>(ruling.outcome)];
      route.hop = candidates[static_cast<std::size_t>(route.chosen)].hop;
    }
  } else if (too_large) {
    route.hop = nowhere(Hop::Why::too_large);
  } else if (!candidates.empty()) {
    route.hop = {.kind = Hop::Kind::unreachable};  // out of scope or disabled: that may change
  }
  route.blame = join(route.blame, looked_at);
  route.candidates = std::move(candidates);
  return route;
}

Route Router::to_site(SiteId to, ServerId server, const Query& query) const {
  const Server& target = network_->server(server);
  if (to == self().site)
    return settled({.kind = Hop::Kind::mailbox, .id = server.value, .hosts = {server}},
                   fmt::format("delivery into the store of {}, in the own site", target.name));
  const SiteTree& tree = sites();
  if (!tree.reaches(to)) return settled(nowhere(Hop::Why::no_route), "no site link leads there");
  Candidate candidate{.name = network_->sites[to.value].name, .site_cost = tree.cost(to), .hops = tree.hops(to)};
  for (SiteId s : tree.path(to)) candidate.way += (candidate.way.empty() ? "" : ", ") + network_->sites[s.value].name;
  candidate.usable = passes(tree.limit(*network_, to), query, candidate.blame);
  candidate.hop = to_hubs_of(tree, to);
  return choose({std::move(candidate)}, "least site cost, fewest sites, lowest name");
}

// Straight to the target's site, or to the first hub site on the way; hubs of nearer sites behind them, so that mail
// that cannot get through waits as near to its target as it comes.
Hop Router::to_hubs_of(const SiteTree& tree, SiteId to) const {
  Hop hop{.kind = Hop::Kind::site, .path = tree.path(to)};
  auto stop = std::ranges::find(hop.path, tree.first_stop(to));
  hop.id = stop->value;
  for (auto site = stop; site != hop.path.begin(); --site) {
    const auto& hubs = network_->sites[site->value].hubs;
    hop.hosts.insert(hop.hosts.end(), hubs.begin(), hubs.end());
  }
  return hop;
}

bool Router::in_scope(const Connector& connector) const {
  if (connector.scope == Scope::organization || contains(connector.sources, self_)) return true;
  if (connector.scope == Scope::site && !by_sites()) return false;
  return std::ranges::any_of(connector.sources, [&](ServerId s) {
    const Server& source = network_->server(s);
    return connector.scope == Scope::site ? source.site == self().site : source.group == self().group;
  });
}

// The way out of the organization through a connector, wherever its sources are.
Candidate Router::out_through(ConnectorId id, std::uint32_t cost, const Query& query) const {
  const Connector& c = network_->connector(id);
  Candidate candidate{.name = c.name, .way = c.name, .legacy_cost = cost};
  candidate.usable = usable(c, query, in_scope(c), candidate.blame);
  candidate.up = is_up(id, query);
  if (contains(c.sources, self_) || network_->server(c.sources[0]).group == self().group) {
    price(candidate, id, query);
    return candidate;
  }
  Route there = to_server(c.sources[0], query.size, query.states);
  candidate.hop = there.hop;
  if (there.chosen != kNoRoute) {
    const Candidate& way = there.candidates[static_cast<std::size_t>(there.chosen)];
    candidate.legacy_cost += way.legacy_cost;
    candidate.site_cost = way.site_cost;
    candidate.hops += way.hops;
    candidate.way = way.way + ", " + c.name;
    candidate.up = candidate.up && way.up;
  } else {
    candidate.up = false;
    // Larger than every way there takes: no other answer may hide that, least of all the name service.
    if (candidate.usable == ConnectorUsable::usable && there.hop.why == Hop::Why::too_large)
      candidate.usable = ConnectorUsable::too_large;
  }
  return candidate;
}

// Connectors with an address space for the domain, only the most particular ones among those that may be used.
std::vector<Candidate> Router::matching(std::string_view type, std::string_view domain, const Query& query) const {
  struct Match {
    std::uint32_t particular;
    Candidate candidate;
  };
  std::vector<Match> matches;
  std::uint32_t best = 0;
  for (std::uint32_t i = 0; i < network_->connectors.size(); ++i) {
    const Connector& c = network_->connectors[i];
    if (c.sources.empty() || network_->server(c.sources[0]).organization != self().organization) continue;
    if (self().edge && !contains(c.sources, self_)) continue;  // it knows of its own only
    const AddressSpace* space = nullptr;
    for (const AddressSpace& s : c.spaces)
      if (match(s, type, domain) > (space == nullptr ? 0 : match(*space, type, domain))) space = &s;
    if (space == nullptr) continue;
    Candidate candidate = out_through({i}, space->cost, query);
    if (candidate.usable == ConnectorUsable::usable && candidate.hop.kind == Hop::Kind::none) continue;
    std::uint32_t particular = match(*space, type, domain);
    if (candidate.usable == ConnectorUsable::usable) best = std::max(best, particular);
    matches.push_back({particular, std::move(candidate)});
  }
  std::vector<Candidate> candidates;
  for (Match& m : matches)
    if (m.particular >= best) candidates.push_back(std::move(m.candidate));
  return candidates;
}

Route Router::to_address(std::string_view type, std::string_view domain, std::uint64_t size,
                         const LinkStates* states) const {
  if (self().foreign) return settled({.kind = Hop::Kind::domain}, "outside the organizations: by DNS");
  if (by_sites() && !sends_on() && !self().edge) return to_own_hubs();
  auto candidates = matching(type, domain, {size, states});
  if (!candidates.empty())
    return choose(std::move(candidates), by_sites() ? "most particular address space, then least cost"
                                                    : "most particular address space, then least cost over links up");
  // Setup makes none; a topology that says nothing of connectors means the ordinary way out.
  bool none_leads_out = std::ranges::none_of(network_->connectors, [&](const Connector& c) {
    return !c.spaces.empty() && network_->server(c.sources[0]).organization == self().organization;
  });
  bool smtp = type == "SMTP";
  if (smtp && (!by_sites() || none_leads_out))
    return settled({.kind = Hop::Kind::domain}, "no connector has the address space: by DNS");
  if (by_sites())
    return settled({.kind = Hop::Kind::unreachable}, "no connector has the address space: unreachable queue");
  return settled(nowhere(Hop::Why::no_route), "no connector has the address space");
}

}  // namespace deadletter::routing
