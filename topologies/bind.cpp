#include "topologies/bind.h"

#include <algorithm>
#include <set>

#include "models/builds/installation.h"
#include "sim/graph.h"
#include "topologies/bind_directory.h"
#include "topologies/bind_mailboxes.h"
#include "topologies/names.h"

namespace deadletter::topologies {
namespace {

constexpr const char* kExchangerBuild = "reference-mta";

std::string domain_of(const std::string& address) { return lowered(address.substr(address.rfind('@') + 1)); }

class Binder {
 public:
  Binder(File& file, json::Problems& problems) : file_(file), problems_(problems) {}

  void bind() {
    const std::size_t before = problems_.count();
    for (const Name& o : file_.organizations) organizations_.add(o);
    for (const AdDomain& d : file_.ad_domains) ad_domains_.add(d.name);
    for (const AdDomain& d : file_.ad_domains) check_ad_domain(d);
    for (const RoutingGroup& g : file_.routing_groups) groups_.add(g.name);
    for (const Site& s : file_.sites) sites_.add(s.name);
    collect_hosts();
    for (const Name& place : file_.places) unique(place, "place");
    for (const Clients& c : file_.clients) check_clients(c);
    for (Link& l : file_.links) check_link(l);
    check_domains();
    bind_mailboxes(file_, problems_);
    if (problems_.count() == before && !file_.directory.empty()) bind_directory(file_, problems_);
    if (problems_.count() == before) check_paths();
    if (problems_.count() == before) bind_routing(file_, problems_);
  }

 private:
  void problem(const json::Place& place, std::string message) {
    topologies::problem(problems_, place, std::move(message));
  }
  bool unique(const Name& name, const char* what) {
    bool fresh = nodes_.try_emplace(name.value, static_cast<std::uint32_t>(nodes_.size())).second;
    if (!fresh)
      problem(name.place,
              fmt::format("there is a server, exchanger or place \"{}\" already: a {} needs a name of its own",
                          name.value, what));
    return fresh;
  }

  void check_ad_domain(const AdDomain& d) {
    if (!ad_domains_.check(d.parent)) return;
    std::string at = d.name.value;  // upwards: a circle never comes to a root
    for (std::size_t steps = 0; steps <= file_.ad_domains.size(); ++steps) {
      const auto& parent = file_.ad_domains[ad_domains_.at(at)].parent;
      if (!parent || !ad_domains_.has(parent->value)) return;
      at = parent->value;
    }
    problem(d.name.place, fmt::format("domain \"{}\" is its own ancestor", d.name.value));
  }

  void collect_hosts() {
    for (Server& s : file_.servers) {
      if (unique(s.name, "server")) servers_.add(s.name);
      if (!own_hosts_.emplace(lowered(s.host), s.name.value).second)
        problem(s.name.place, fmt::format("there is a server with the host name {} already", s.host));
      check_build(s.build);
      if (!organization_known(s.organization)) continue;
      ad_domains_.check(s.ad_domain);
      sites_.check(s.site);
      groups_.check(s.routing_group);
      read_roles(s);
      file_.hosts.push_back(s);
    }
    for (Domain& d : file_.foreign) {
      d.foreign = true;
      d.any_recipient = d.recipients.empty();
      std::ranges::stable_sort(d.exchangers, {}, &Exchanger::preference);
      for (const Exchanger& e : d.exchangers) add_exchanger(e);
      file_.domains.push_back(d);
    }
  }
  bool organization_known(const std::optional<Name>& name) {
    if (name && file_.organizations.empty()) {
      problem(name->place, "the topology lists no organizations: add \"organizations\": [...]");
      return false;
    }
    return organizations_.check(name);
  }
  void read_roles(Server& s) {
    if (s.role_names.empty()) return;
    s.roles = {false, false, false};
    for (const Name& r : s.role_names) {
      if (r.value == "mailbox") s.roles.mailbox = true;
      if (r.value == "hub") s.roles.hub = true;
      if (r.value == "edge") s.roles.edge = true;
      roles_.check(r);
    }
    if (s.roles.edge && (s.roles.hub || s.roles.mailbox))
      problem(s.role_names[0].place, fmt::format("{} has the role edge: an edge server has no other", s.name.value));
  }
  // One host may be the exchanger of several domains.
  void add_exchanger(const Exchanger& e) {
    if (!exchangers_.insert(e.host.value).second) return;
    unique(e.host, "exchanger");
    if (own_hosts_.contains(lowered(e.host.value)))
      problem(e.host.place, fmt::format("{} is the host name of a server of the organization", e.host.value));
    Server host;
    host.name = e.host;
    host.host = e.host.value;
    host.build = {kExchangerBuild, e.host.place};
    host.foreign = true;
    file_.hosts.push_back(std::move(host));
  }
  // The same text installed on many servers is looked at once.
  void check_build(const Name& build) {
    if (good_builds_.contains(build.value)) return;
    auto parsed = builds::parse_build(build.value);
    for (const auto& error : parsed.errors)
      problems_.add(json::problem_at(json::place_of_part(build.place, build.value, error.word), error.message,
                                     error.word, error.choices));
    for (const auto& refusal : parsed.refused)
      problem(json::place_of_part(build.place, build.value, refusal.update),
              fmt::format("{} cannot be installed: {}", refusal.update, refusal.reason));
    if (parsed.errors.empty() && parsed.refused.empty()) good_builds_.insert(build.value);
  }

  void check_clients(const Clients& c) {
    clients_.add(c.name);
    servers_.check(c.server);
    if (!nodes_.contains(c.place.value)) unknown_end(c.place, "place");
  }

  void check_link(Link& l) {
    if (!links_.insert(l.name.value).second)
      problem(l.name.place, fmt::format("there is a link \"{}\" already", l.name.value));
    if (l.between.size() != 2)
      problem(l.name.place, fmt::format("link \"{}\" has {} ends, a link has two", l.name.value, l.between.size()));
    for (const auto& end : l.between)
      if (!nodes_.contains(end.value)) unknown_end(end, "end of a link");
    if (l.between.size() == 2 && l.between[0].value == l.between[1].value)
      problem(l.between[1].place, fmt::format("link \"{}\" joins \"{}\" to itself", l.name.value, l.between[1].value));
    if (l.between.size() == 2) l.sharing = l.sharing_asked.value_or(usual_sharing(l));
  }
  void unknown_end(const Name& end, const char* what) {
    std::vector<std::string> names;
    for (const auto& [name, index] : nodes_) names.push_back(name);
    problems_.add(json::problem_at(end.place, fmt::format("unknown {} {}", what, json::show(end.value)), end.value,
                                   std::move(names)));
  }
  // Inside a site or group nobody holds up anybody; elsewhere traffic shares the links as flows.
  sim::Sharing usual_sharing(const Link& l) const {
    const Server* ends[2] = {};
    for (int i = 0; i < 2; ++i)
      if (servers_.has(l.between[static_cast<std::size_t>(i)].value))
        ends[i] = &file_.servers[servers_.at(l.between[static_cast<std::size_t>(i)].value)];
    if (ends[0] == nullptr || ends[1] == nullptr) return sim::Sharing::flow;
    auto same = [](const std::optional<Name>& a, const std::optional<Name>& b) {
      return a && b ? a->value == b->value : a.has_value() == b.has_value();
    };
    bool near = same(ends[0]->site, ends[1]->site) && same(ends[0]->routing_group, ends[1]->routing_group);
    return near && same(ends[0]->organization, ends[1]->organization) ? sim::Sharing::latency : sim::Sharing::flow;
  }

  void check_domains() {
    std::set<std::string> seen;
    for (Domain& d : file_.domains) {
      if (!seen.insert(lowered(d.name.value)).second)
        problem(d.name.place, fmt::format("there is a domain \"{}\" already", d.name.value));
      if (!d.foreign) check_receivers(d);
      for (const auto& r : d.recipients)
        if (domain_of(r.value) != lowered(d.name.value))
          problem(r.place, fmt::format("\"{}\" is not in the domain {}", r.value, d.name.value));
    }
  }
  // From here on the receivers of an own domain are its exchangers, by the servers' names.
  void check_receivers(Domain& d) {
    if (!organization_known(d.organization)) return;
    if (d.server) d.exchangers = {{*d.server, 10}};
    std::ranges::stable_sort(d.exchangers, {}, &Exchanger::preference);
    for (Exchanger& e : d.exchangers) {
      auto by_host = own_hosts_.find(lowered(e.host.value));
      if (!servers_.has(e.host.value) && by_host != own_hosts_.end()) e.host.value = by_host->second;
      if (!servers_.check(e.host)) continue;
      const Server& server = file_.servers[servers_.at(e.host.value)];
      if (server.organization && !organizations_.has(server.organization->value)) continue;  // reported there
      if (organization_of(server.organization) != organization_of(d.organization))
        problem(e.host.place,
                fmt::format("{} belongs to another organization than the domain {}", e.host.value, d.name.value));
    }
  }
  std::string organization_of(const std::optional<Name>& name) const {
    if (name) return name->value;
    return file_.organizations.empty() ? "" : file_.organizations.front().value;
  }

  // Everybody must be able to reach everybody: a host that no link leads to is a mistake.
  void check_paths() {
    sim::Graph graph;
    for (std::size_t i = 0; i < nodes_.size(); ++i) graph.add_node();
    for (const Link& l : file_.links)
      graph.add_link(nodes_[l.between[0].value], nodes_[l.between[1].value], {l.latency_ns});
    const Server& first = file_.hosts.front();
    for (const Server& h : file_.hosts)
      if (!graph.path(nodes_[first.name.value], nodes_[h.name.value]))
        problem(h.name.place, fmt::format("no link leads from {} to {}", first.name.value, h.name.value));
  }

  static Names role_names(json::Problems& problems) {
    Names names("role", problems);
    for (const char* role : {"mailbox", "hub", "edge"}) names.add({role, {}});
    return names;
  }

  File& file_;
  json::Problems& problems_;
  std::map<std::string, std::uint32_t> nodes_;
  std::set<std::string> links_, exchangers_, good_builds_;
  std::map<std::string, std::string> own_hosts_;  // host name -> server
  Names organizations_{"organization", problems_}, ad_domains_{"domain", problems_},
      groups_{"routing group", problems_}, sites_{"site", problems_}, servers_{"server", problems_},
      clients_{"group of clients", problems_}, roles_ = role_names(problems_);
};

}  // namespace

void bind(File& file, json::Problems& problems) { Binder(file, problems).bind(); }

}  // namespace deadletter::topologies
