// Servers, groups, sites and connectors as routing sees them.
#include <algorithm>
#include <iterator>

#include "models/builds/installation.h"
#include "models/routing/paths.h"
#include "topologies/bind.h"
#include "topologies/names.h"

namespace deadletter::topologies {
namespace {

using routing::RouterKind;

class RoutingBinder {
 public:
  RoutingBinder(Organization& file, json::Problems& problems)
      : file_(file), problems_(problems), network_(file.routing) {}

  void bind() {
    const std::size_t before = problems_.count();
    network_ = {};
    for (const Name& o : file_.organizations) organizations_.add(o);
    for (const RoutingGroup& g : file_.routing_groups) groups_.add(g.name), network_.groups.push_back({g.name.value});
    for (const Site& s : file_.sites) sites_.add(s.name), network_.sites.push_back({s.name.value, s.hub});
    for (std::uint32_t i = 0; i < file_.hosts.size(); ++i) hosts_.add(file_.hosts[i].name), add_server(i);
    for (const SiteLink& l : file_.site_links) add_site_link(l);
    for (const Connector& c : file_.connectors) add_connector(c);
    check_groups();
    check_sites();
    network_.seal();
    if (problems_.count() == before) check_reach();
  }

 private:
  void problem(const json::Place& place, std::string message) {
    topologies::problem(problems_, place, std::move(message));
  }

  RouterKind router_of(const std::string& build) {
    auto [found, fresh] = routers_.try_emplace(build);
    if (fresh) found->second = *builds::profile_of(builds::parse_build(build).build).routing.router;
    return found->second;
  }

  void add_server(std::uint32_t index) {
    const Server& s = file_.hosts[index];
    routing::Server server{.name = s.name.value, .foreign = s.foreign, .hub = s.roles.hub, .edge = s.roles.edge};
    if (!s.foreign) {
      server.organization = s.organization ? organizations_.at(s.organization->value) : 0;
      server.router = router_of(s.build.value);
      bool by_sites = server.router == RouterKind::sites;
      if (!by_sites && !s.role_names.empty())
        problem(s.role_names[0].place, fmt::format("{} ({}) has no roles: only servers that route by AD sites do",
                                                   s.name.value, s.build.value));
      server.group = s.routing_group ? routing::GroupId{groups_.at(s.routing_group->value)} : usual_group(server);
      if (s.site)
        server.site = {sites_.at(s.site->value)};
      else if (by_sites)
        server.site = usual_site(server.organization);
      network_.groups[server.group.value].members.push_back({index});
      if (by_sites && s.roles.hub) network_.sites[server.site.value].hubs.push_back({index});
    }
    network_.servers.push_back(std::move(server));
  }
  routing::GroupId usual_group(const routing::Server& server) {
    auto key = std::pair{server.organization, server.router == RouterKind::sites};
    auto [found, fresh] = usual_groups_.try_emplace(key);
    if (fresh) {
      const char* name = key.second ? kGroupOfSites : kFirstGroup;
      found->second = {static_cast<std::uint32_t>(network_.groups.size())};
      if (groups_.has(name) && server.organization == 0) return found->second = {groups_.at(name)};
      network_.groups.push_back({name});
    }
    return found->second;
  }
  routing::SiteId usual_site(std::uint32_t organization) {
    auto [found, fresh] = usual_sites_.try_emplace(organization);
    if (fresh) {
      found->second = {static_cast<std::uint32_t>(network_.sites.size())};
      network_.sites.push_back({kFirstSite});
    }
    return found->second;
  }

  void add_site_link(const SiteLink& l) {
    site_links_.add(l.name);
    if (l.between.size() != 2)
      problem(l.name.place, fmt::format("site link \"{}\" has {} ends, it has two", l.name.value, l.between.size()));
    bool known = true;
    for (const Name& end : l.between) known &= sites_.check(end);
    if (!known || l.between.size() != 2) return;
    if (l.between[0].value == l.between[1].value)
      problem(l.between[1].place,
              fmt::format("site link \"{}\" joins \"{}\" to itself", l.name.value, l.between[1].value));
    network_.site_links.push_back({.name = l.name.value,
                                   .one = {sites_.at(l.between[0].value)},
                                   .other = {sites_.at(l.between[1].value)},
                                   .cost = static_cast<std::uint32_t>(l.exchange_cost.value_or(l.cost)),
                                   .max_size = l.max_size});
  }

  std::vector<routing::ServerId> servers_of(const std::vector<Name>& names, bool own, const char* what) {
    std::vector<routing::ServerId> servers;
    for (const Name& n : names) {
      if (!hosts_.check(n, what)) continue;
      routing::ServerId id{hosts_.at(n.value)};
      if (own && network_.server(id).foreign)
        problem(n.place, fmt::format("{} is no server of the organization", n.value));
      servers.push_back(id);
    }
    return servers;
  }

  void add_connector(const Connector& c) {
    connectors_.add(c.name);
    routing::Connector connector{.name = c.name.value,
                                 .cost = static_cast<std::uint32_t>(c.cost),
                                 .sources = servers_of(c.source_servers, true, "server"),
                                 .targets = servers_of(c.target_servers, true, "server"),
                                 .scope = c.scope,
                                 .max_size = c.max_size,
                                 .enabled = c.enabled,
                                 .x400 = c.type == ConnectorType::x400,
                                 .gateway = c.type == ConnectorType::foreign};
    for (routing::ServerId smart_host : servers_of(c.smart_hosts, false, "host"))
      connector.targets.push_back(smart_host);
    for (const Name& space : c.address_spaces) connector.spaces.push_back(*parse_address_space(space.value));
    if (!groups_.check(c.from) || !groups_.check(c.to)) return;
    if (c.from && c.to) {
      connector.from = {groups_.at(c.from->value)};
      connector.to = {groups_.at(c.to->value)};
      if (connector.targets.empty())
        std::ranges::copy_if(network_.groups[connector.to.value].members, std::back_inserter(connector.targets),
                             [&](routing::ServerId m) { return takes_mail(m); });
    }
    check_shape(c);
    check_ends(c, connector);
    if (c.type != ConnectorType::receive) network_.connectors.push_back(std::move(connector));
  }

  // By SMTP from another routing group.
  bool takes_mail(routing::ServerId id) const {
    const routing::Server& s = network_.server(id);
    return s.router != RouterKind::sites || (s.hub && !s.edge);
  }

  // What each type has and has not.
  void check_shape(const Connector& c) {
    auto wrong = [&](bool is, const char* what) {
      if (is) problem(c.name.place, fmt::format("connector \"{}\" ({}) {}", c.name.value, text(c.type), what));
    };
    using Type = ConnectorType;
    bool joins = c.from && c.to, leads_out = !c.address_spaces.empty();
    wrong(c.from.has_value() != c.to.has_value(), "has one routing group: \"from\" and \"to\" belong together");
    wrong(joins && c.from->value == c.to->value, "leads from a routing group to itself");
    wrong(c.type == Type::routing_group && !joins, "needs \"from\" and \"to\"");
    wrong(c.type == Type::routing_group && leads_out, "has address spaces: it leads to a routing group");
    wrong((c.type == Type::smtp || c.type == Type::x400) && !joins && !leads_out,
          "leads nowhere: it needs \"address_spaces\", or \"from\" and \"to\"");
    wrong(c.type == Type::send && (joins || !leads_out), "needs \"address_spaces\", and no routing groups");
    wrong(c.type == Type::receive && (joins || leads_out || !c.smart_hosts.empty() || !c.target_servers.empty()),
          "takes mail in: it has servers and limits, and leads nowhere");
    wrong(c.type == Type::foreign && (joins || !leads_out || !c.smart_hosts.empty() || !c.target_servers.empty()),
          "hands mail to a gateway beside its servers: it needs \"address_spaces\", and leads nowhere else");
    wrong(c.scope == routing::Scope::site && c.type != Type::send && c.type != Type::foreign,
          "cannot have the scope of a site");
    wrong(c.scope == routing::Scope::group && c.type == Type::send, "cannot have the scope of a routing group");
    wrong(c.max_recipients != 0 && c.type != Type::receive, "has no limit of recipients: a receive connector has");
    bool other_type = std::ranges::any_of(c.address_spaces,
                                          [](const Name& s) { return parse_address_space(s.value)->type != "SMTP"; });
    bool by_smtp = c.type == Type::send || c.type == Type::smtp;
    wrong(by_smtp && other_type && c.smart_hosts.empty(),
          "has an address space that is not SMTP: it needs a smart host");
  }

  void check_ends(const Connector& c, const routing::Connector& connector) {
    // With an unknown name among them the lists do not go side by side; that name is reported already.
    auto known = [&](const std::vector<Name>& names) {
      return std::ranges::all_of(names, [&](const Name& n) { return hosts_.has(n.value); });
    };
    if (!known(c.source_servers) || !known(c.target_servers)) return;
    bool by_sites = c.type == ConnectorType::send;
    for (std::size_t i = 0; i < c.source_servers.size(); ++i) {
      const routing::Server& s = network_.server(connector.sources[i]);
      const json::Place& place = c.source_servers[i].place;
      if (connector.joins_groups() && s.group != connector.from)
        problem(place, fmt::format("{} is not in the routing group {} that the connector leads from", s.name,
                                   network_.groups[connector.from.value].name));
      bool any = c.type == ConnectorType::routing_group || c.type == ConnectorType::receive ||
                 c.type == ConnectorType::foreign;
      if (!any && (s.router == RouterKind::sites) != by_sites)
        problem(place,
                fmt::format("{} is not of the products that have connectors of the type {}", s.name, text(c.type)));
      if (s.router == RouterKind::sites && !s.hub && !s.edge)
        problem(place, fmt::format("{} has neither the role hub nor edge: it sends through no connector", s.name));
      if (s.edge && connector.joins_groups())
        problem(place, fmt::format("{} has the role edge: it sends to no routing group", s.name));
      if (s.organization != network_.server(connector.sources[0]).organization)
        problem(place, fmt::format("{} belongs to another organization than {}", s.name, c.source_servers[0].value));
    }
    if (!connector.joins_groups()) return;
    for (std::size_t i = 0; i < c.target_servers.size(); ++i)
      if (!takes_mail(connector.targets[i]))
        problem(c.target_servers[i].place,
                fmt::format("{} has not the role hub: it takes no mail from other groups", c.target_servers[i].value));
      else if (network_.server(connector.targets[i]).group != connector.to)
        problem(c.target_servers[i].place,
                fmt::format("{} is not in the routing group {} that the connector leads to", c.target_servers[i].value,
                            network_.groups[connector.to.value].name));
  }

  void check_groups() {
    for (std::uint32_t g = 0; g < network_.groups.size(); ++g) {
      routing::Group& group = network_.groups[g];
      const Name* name = g < file_.routing_groups.size() ? &file_.routing_groups[g].name : nullptr;
      if (group.members.empty()) {
        problem(name->place, fmt::format("routing group \"{}\" has no server", group.name));
        continue;
      }
      group.master = group.members.front();
      const routing::Server& first = network_.server(group.master);
      for (routing::ServerId m : group.members) {
        const routing::Server& s = network_.server(m);
        const json::Place& place = file_.hosts[m.value].name.place;
        if (s.organization != first.organization)
          problem(place, fmt::format("{} and {} are in one routing group, but in different organizations", first.name,
                                     s.name));
        else if ((s.router == RouterKind::sites) != (first.router == RouterKind::sites))
          problem(place, fmt::format("{} and {} cannot be in one routing group: one of them routes by AD sites",
                                     first.name, s.name));
      }
      if (name != nullptr && file_.routing_groups[g].master) {
        const Name& master = *file_.routing_groups[g].master;
        if (!hosts_.check(master, "server")) continue;
        group.master = {hosts_.at(master.value)};
        if (std::ranges::find(group.members, group.master) == group.members.end())
          problem(master.place, fmt::format("{} is not in the routing group {}", master.value, group.name));
      }
    }
  }

  // Mail of a site goes through its hubs.
  void check_sites() {
    for (std::uint32_t i = 0; i < network_.servers.size(); ++i) {
      const routing::Server& s = network_.servers[i];
      if (s.router != RouterKind::sites || s.foreign || s.hub) continue;
      if (network_.sites[s.site.value].hubs.empty())
        problem(file_.hosts[i].name.place, fmt::format("the site {} of {} has no server with the role hub",
                                                       network_.sites[s.site.value].name, s.name));
    }
  }

  // Within an organization connectors must lead from every group to every other.
  void check_reach() {
    if (!all_meet_first()) check_each_way();
    for (std::uint32_t i = 0; i < network_.servers.size(); ++i) check_site_reach({i});
  }
  // Whether every group reaches the first one of its organization and is reached from there, so that each reaches each:
  // two trees, where every way by itself takes as many as there are groups.
  bool all_meet_first() const {
    routing::Network backwards = network_;
    for (routing::Connector& c : backwards.connectors)
      if (c.joins_groups()) std::swap(c.from, c.to);
    auto any = [](routing::ConnectorId) { return true; };
    std::map<std::uint32_t, std::pair<routing::GroupTree, routing::GroupTree>> trees;  // by organization
    for (std::uint32_t g = 0; g < network_.groups.size(); ++g) {
      std::uint32_t organization = network_.server(network_.groups[g].master).organization;
      auto found = trees.find(organization);
      if (found == trees.end())
        trees.emplace(organization,
                      std::pair(routing::GroupTree(network_, {g}, any), routing::GroupTree(backwards, {g}, any)));
      else if (!found->second.first.reaches({g}) || !found->second.second.reaches({g}))
        return false;
    }
    return true;
  }
  void check_each_way() {
    for (std::uint32_t to = 0; to < network_.groups.size(); ++to) {
      routing::GroupTree tree(network_, {to}, [](routing::ConnectorId) { return true; });
      const routing::Server& target = network_.server(network_.groups[to].master);
      for (std::uint32_t from = 0; from < network_.groups.size(); ++from) {
        const routing::Server& source = network_.server(network_.groups[from].master);
        if (source.organization != target.organization || tree.reaches({from})) continue;
        problem(file_.hosts[network_.groups[from].master.value].name.place,
                fmt::format("no connector leads from routing group {} to {}", network_.groups[from].name,
                            network_.groups[to].name));
      }
    }
  }
  void check_site_reach(routing::ServerId id) {
    const routing::Server& s = network_.server(id);
    if (s.router != RouterKind::sites || s.foreign) return;
    auto [first, fresh] = first_site_.try_emplace(s.organization, s.site);
    auto tree = site_trees_.try_emplace(first->second, network_, first->second).first;
    if (!tree->second.reaches(s.site))
      problem(file_.hosts[id.value].name.place,
              fmt::format("no site link leads from {} to {}, the site of {}", network_.sites[first->second.value].name,
                          network_.sites[s.site.value].name, s.name));
  }

  Organization& file_;
  json::Problems& problems_;
  routing::Network& network_;
  Names organizations_{"organization", problems_}, groups_{"routing group", problems_}, sites_{"site", problems_},
      hosts_{"host", problems_}, site_links_{"site link", problems_}, connectors_{"connector", problems_};
  std::map<std::string, RouterKind> routers_;
  std::map<std::pair<std::uint32_t, bool>, routing::GroupId> usual_groups_;
  std::map<std::uint32_t, routing::SiteId> usual_sites_, first_site_;
  std::map<routing::SiteId, routing::SiteTree> site_trees_;
};

}  // namespace

void bind_routing(Organization& organization, json::Problems& problems) {
  RoutingBinder(organization, problems).bind();
}

}  // namespace deadletter::topologies
