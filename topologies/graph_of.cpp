// From an organization to its graph: each list of the topology file becomes vertices, each reference an edge.
#include "sim/json/units.h"
#include "topologies/graph.h"

namespace deadletter::topologies {
namespace {

using json::Value;

Value strings(const std::vector<Name>& names) {
  Value list = Value::array();
  for (const Name& n : names) list.push_back(n.value);
  return list;
}

class Builder {
 public:
  explicit Builder(const Organization& organization) : from_(organization) {}

  Graph build() {
    graph_.facts.set("id", from_.id);
    if (!from_.description.empty()) graph_.facts.set("description", from_.description);
    for (const Name& o : from_.organizations) add(VertexKind::organization, o.value);
    if (!from_.directory.empty()) graph_.facts.set("directory", to_json(from_.directory));
    for (const AdDomain& d : from_.ad_domains) add_ad_domain(d);
    for (const Site& s : from_.sites) {
      VertexIndex site = add(VertexKind::site, s.name.value);
      if (s.hub) fact(site, "hub", true);
    }
    for (const RoutingGroup& g : from_.routing_groups) add(VertexKind::routing_group, g.name.value);
    add_hosts();
    for (const Name& p : from_.places) add(VertexKind::place, p.value);
    for (const Domain& d : from_.domains) add_domain(d);
    for (const Connector& c : from_.connectors) add_connector(c);
    for (const Clients& c : from_.clients) add(VertexKind::clients, c.name.value);
    for (auto& v : vertices_) graph_.add(std::move(v));
    refer();
    for (Edge& e : edges_) graph_.add(std::move(e));
    return std::move(graph_);
  }

 private:
  VertexIndex add(VertexKind kind, const std::string& name) {
    vertices_.push_back({kind, name});
    return static_cast<VertexIndex>(vertices_.size() - 1);
  }
  void fact(VertexIndex vertex, const char* key, Value value) { vertices_[vertex].facts.set(key, std::move(value)); }

  void add_ad_domain(const AdDomain& d) {
    const AdDomain usual;
    VertexIndex v = add(VertexKind::ad_domain, d.name.value);
    if (d.level != usual.level) fact(v, "functional_level", directory::text(d.level));
    if (d.windows != usual.windows) fact(v, "windows", directory::text(d.windows));
  }
  void add_hosts() {
    for (const Server& s : from_.hosts) {
      VertexIndex v = add(s.foreign ? VertexKind::exchanger : VertexKind::server, s.name.value);
      if (s.foreign) continue;
      fact(v, "host", s.host);
      fact(v, "build", s.build.value);
      if (!s.role_names.empty()) fact(v, "roles", strings(s.role_names));
      if (!s.mailboxes.empty()) fact(v, "mailboxes", strings(s.mailboxes));
    }
  }
  void add_domain(const Domain& d) {
    VertexIndex v = add(d.foreign ? VertexKind::foreign_domain : VertexKind::domain, d.name.value);
    if (!d.recipients.empty()) fact(v, "recipients", strings(d.recipients));
  }
  void add_connector(const Connector& c) {
    VertexIndex v = add(VertexKind::connector, c.name.value);
    fact(v, "type", text(c.type));
    if (c.cost != 1) fact(v, "cost", c.cost);
    if (!c.address_spaces.empty()) fact(v, "address_spaces", strings(c.address_spaces));
    constexpr const char* scopes[] = {"organization", "routing_group", "site"};
    if (c.scope != routing::Scope::organization) fact(v, "scope", scopes[static_cast<std::size_t>(c.scope)]);
    if (c.max_size != 0) fact(v, "max_size", json::format_size(c.max_size));
    if (c.max_recipients != 0) fact(v, "max_recipients", c.max_recipients);
    if (!c.enabled) fact(v, "enabled", false);
  }

  // Edges, once all vertices have their numbers.
  void refer() {
    for (const AdDomain& d : from_.ad_domains)
      refer(EdgeKind::parent, {VertexKind::ad_domain, d.name.value}, VertexKind::ad_domain, d.parent);
    for (const RoutingGroup& g : from_.routing_groups)
      refer(EdgeKind::master, {VertexKind::routing_group, g.name.value}, VertexKind::server, g.master);
    for (const Server& s : from_.servers) refer_server(s);
    for (const Domain& d : from_.domains) refer_domain(d);
    for (const SiteLink& l : from_.site_links) refer_site_link(l);
    for (const Connector& c : from_.connectors) refer_connector(c);
    for (const Clients& c : from_.clients) {
      VertexIndex v = *graph_.find(VertexKind::clients, c.name.value);
      edges_.push_back({EdgeKind::at, v, *find_end(graph_, c.place.value)});
      edges_.push_back({EdgeKind::uses, v, *graph_.find(VertexKind::server, c.server.value)});
    }
    for (const Link& l : from_.links) refer_link(l);
  }
  struct Key {
    VertexKind kind;
    const std::string& name;
  };
  void refer(EdgeKind kind, Key from, VertexKind to, const std::optional<Name>& name) {
    if (name) edges_.push_back({kind, *graph_.find(from.kind, from.name), *graph_.find(to, name->value)});
  }
  void refer_server(const Server& s) {
    Key from{VertexKind::server, s.name.value};
    refer(EdgeKind::member_of, from, VertexKind::organization, s.organization);
    refer(EdgeKind::member_of, from, VertexKind::ad_domain, s.ad_domain);
    refer(EdgeKind::member_of, from, VertexKind::site, s.site);
    refer(EdgeKind::member_of, from, VertexKind::routing_group, s.routing_group);
  }
  void refer_domain(const Domain& d) {
    VertexKind kind = d.foreign ? VertexKind::foreign_domain : VertexKind::domain;
    refer(EdgeKind::member_of, {kind, d.name.value}, VertexKind::organization, d.organization);
    for (const Exchanger& e : d.exchangers) {
      Edge edge{EdgeKind::receives, *graph_.find(kind, d.name.value), *find_end(graph_, e.host.value)};
      if (!d.server) edge.facts.set("preference", e.preference);
      edges_.push_back(std::move(edge));
    }
  }
  void refer_site_link(const SiteLink& l) {
    Edge edge{EdgeKind::site_link, *graph_.find(VertexKind::site, l.between[0].value),
              *graph_.find(VertexKind::site, l.between[1].value)};
    edge.facts.set("name", l.name.value).set("cost", l.cost);
    if (l.exchange_cost) edge.facts.set("exchange_cost", *l.exchange_cost);
    if (l.max_size != 0) edge.facts.set("max_size", json::format_size(l.max_size));
    if (l.replication_ns != SiteLink{}.replication_ns)
      edge.facts.set("replication_interval", json::format_duration(l.replication_ns));
    edges_.push_back(std::move(edge));
  }
  void refer_connector(const Connector& c) {
    Key from{VertexKind::connector, c.name.value};
    refer(EdgeKind::leads_from, from, VertexKind::routing_group, c.from);
    refer(EdgeKind::leads_to, from, VertexKind::routing_group, c.to);
    VertexIndex v = *graph_.find(from.kind, from.name);
    auto all = [&](EdgeKind kind, const std::vector<Name>& names) {
      for (const Name& n : names) edges_.push_back({kind, v, *find_end(graph_, n.value)});
    };
    all(EdgeKind::source, c.source_servers);
    all(EdgeKind::target, c.target_servers);
    all(EdgeKind::smart_host, c.smart_hosts);
  }
  void refer_link(const Link& l) {
    Edge edge{EdgeKind::link, *find_end(graph_, l.between[0].value), *find_end(graph_, l.between[1].value)};
    edge.facts.set("name", l.name.value)
        .set("bandwidth", json::format_bandwidth(l.bandwidth_bps))
        .set("latency", json::format_duration(l.latency_ns));
    constexpr const char* words[] = {"latency", "shared", "flow"};
    if (l.sharing_asked) edge.facts.set("sharing", words[static_cast<std::size_t>(*l.sharing_asked)]);
    edges_.push_back(std::move(edge));
  }

  const Organization& from_;
  std::vector<Vertex> vertices_;
  std::vector<Edge> edges_;
  Graph graph_;
};

}  // namespace

Graph graph_of(const Organization& organization) { return Builder(organization).build(); }

}  // namespace deadletter::topologies
