#include "topologies/draw.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/json/units.h"
#include "topologies/dot_legend.h"
#include "topologies/dot_writer.h"
#include "topologies/mailboxes.h"

namespace deadletter::topologies {
namespace {

using namespace dot;
using routing::ServerId;

constexpr const char* kFonts = "Helvetica,Arial,sans-serif";
constexpr const char* kInternet = "(Internet)";

class Picture {
 public:
  Picture(const Organization& organization, Layer layer)
      : org_(organization), net_(organization.routing), layer_(layer), has_internet_(place("internet") != nullptr) {}

  std::string draw() {
    out_.open("digraph " + quoted(org_.id), page());
    out_.defaults("node", {{"fontname", kFonts},
                           {"fontsize", "11"},
                           {"shape", "box"},
                           {"style", "rounded,filled"},
                           {"fillcolor", "#ffffff"},
                           {"color", "#6b6b6b"},
                           {"margin", "0.14,0.07"}});
    out_.defaults("edge", {{"fontname", kFonts}, {"fontsize", "9"}, {"color", "#404040"}, {"arrowsize", "0.7"}});
    for (std::uint32_t o = 0; o < std::max<std::size_t>(1, org_.organizations.size()); ++o) organization(o);
    for (std::uint32_t i = 0; i < net_.servers.size(); ++i)
      if (net_.servers[i].foreign) host(i);
    if (layer_ != Layer::transport) network();
    if (layer_ != Layer::network) transport();
    out_.close();
    return out_.take();
  }

 private:
  Attributes page() const {
    Attributes page = {{"bgcolor", "white"},         {"pad", "0.3"},    {"fontname", kFonts},
                       {"fontsize", "11"},           {"labelloc", "t"}, {"label", title(org_, layer_)},
                       {"outputorder", "edgesfirst"}};
    if (layer_ == Layer::network) {
      page.insert(page.end(), {
                                  {"layout", "neato"},
                                  {"overlap", "prism"},

                                  {"sep", "+22"},
                                  {"splines", "true"},
                              });
    } else {
      page.insert(page.end(), {{"rankdir", "TB"}, {"compound", "true"}, {"nodesep", "0.35"}, {"ranksep", "0.75"}});
    }
    return page;
  }

  const Name* place(const std::string& name) const {
    auto found = std::ranges::find(org_.places, name, &Name::value);
    return found == org_.places.end() ? nullptr : &*found;
  }

  void organization(std::uint32_t o) {
    std::string name = org_.organizations.empty() ? "" : org_.organizations[o].value;
    for (const Domain& d : org_.domains)
      if (name.empty() && !d.foreign) name = d.name.value;
    if (layer_ == Layer::network) {
      for (std::uint32_t i = 0; i < net_.servers.size(); ++i)
        if (!net_.servers[i].foreign && net_.servers[i].organization == o) host(i);
      return;
    }
    out_.open(fmt::format("subgraph \"cluster organization {}\"", o), {{"label", "<" + bold(name) + ">"},
                                                                       {"fontsize", "14"},
                                                                       {"style", "rounded,filled"},
                                                                       {"fillcolor", "#fbfbfb"},
                                                                       {"color", "#8a8a8a"},
                                                                       {"penwidth", "1.4"},
                                                                       {"margin", "16"},
                                                                       {"labeljust", "l"}});
    for (std::uint32_t g = 0; g < net_.groups.size(); ++g)
      if (net_.server(net_.groups[g].members.front()).organization == o) group(g);
    out_.close();
  }

  void group(std::uint32_t g) {
    const routing::Group& group = net_.groups[g];
    out_.open("subgraph " + quoted(group_cluster(g)),
              {{"label", fmt::format("<{}  {}>", small("routing group"), bold(group.name))},
               {"fontsize", "11"},
               {"style", "rounded,filled"},
               {"fillcolor", "#f2f2ee"},
               {"color", "#a8a8a0"},
               {"penwidth", "1"},
               {"margin", "12"},
               {"labeljust", "l"}});
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_site;
    for (ServerId s : group.members) {
      if (net_.server(s).router == routing::RouterKind::sites)
        by_site[net_.server(s).site.value].push_back(s.value);
      else
        host(s.value);
    }
    for (const auto& [site, servers] : by_site) {
      std::string what = net_.sites[site].hub_site ? "AD hub site" : "AD site";
      out_.open("subgraph " + quoted(site_cluster(site)),
                {{"label", fmt::format("<{}  {}>", small(what), bold(net_.sites[site].name))},
                 {"style", "rounded,filled,dashed"},
                 {"fillcolor", "#ffffff"},
                 {"color", "#7fa878"},
                 {"penwidth", net_.sites[site].hub_site ? "2" : "1"},
                 {"margin", "10"},
                 {"labeljust", "l"}});
      for (std::uint32_t s : servers) host(s);
      out_.close();
    }
    out_.close();
  }
  std::string group_cluster(std::uint32_t g) const { return fmt::format("cluster group {}", g); }
  std::string site_cluster(std::uint32_t s) const { return fmt::format("cluster site {}", s); }

  void host(std::uint32_t i) {
    const Server& s = org_.hosts[i];
    const Generation& g = generation(s);
    std::string label = bold(s.name.value) + "<BR/>" + small(s.foreign ? served_by(s) : short_build(s.build.value));
    if (!s.foreign) label += "<BR/>" + small(duties(i));
    std::string style = s.foreign ? "rounded,filled,dashed" : "rounded,filled";
    out_.node(s.name.value, {{"label", "<" + label + ">"},
                             {"fillcolor", g.fill},
                             {"color", g.line},
                             {"style", style},
                             {"penwidth", "1.3"}});
  }
  // "hub, mailbox · 3 mailboxes", "group master"
  std::string duties(std::uint32_t i) const {
    const Server& s = org_.hosts[i];
    std::vector<std::string> words;
    std::string roles;
    for (const Name& r : s.role_names) roles += (roles.empty() ? "" : ", ") + r.value;
    if (!roles.empty()) words.push_back(roles);
    if (std::int64_t count = mailbox_count(s.mailboxes); count > 0)
      words.push_back(fmt::format("{} mailbox{}", count, count == 1 ? "" : "es"));
    bool source = std::ranges::any_of(net_.connectors, [&](const routing::Connector& c) {
      return std::ranges::find(c.sources, ServerId{i}) != c.sources.end();
    });
    if (source && s.role_names.empty()) words.push_back("bridgehead");
    return fmt::format("{}", fmt::join(words, " · "));
  }
  std::string served_by(const Server& s) const {
    std::string domains;
    for (const Domain& d : org_.domains)
      if (std::ranges::any_of(d.exchangers, [&](const Exchanger& e) { return e.host.value == s.name.value; }))
        domains += (domains.empty() ? "for " : ", ") + d.name.value;
    return domains;
  }

  void network() {
    for (const Name& p : org_.places)
      out_.node("place " + p.value, {{"label", p.value},
                                     {"shape", "ellipse"},
                                     {"style", "filled"},
                                     {"fillcolor", "#ececec"},
                                     {"color", "#9a9a9a"},
                                     {"fontsize", "10"},
                                     {"margin", "0.05,0.03"}});
    for (const Link& l : org_.links) {
      Attributes look = {{"dir", "none"}, {"color", kWire}, {"penwidth", "0.8"}, {"fontcolor", "#707070"}};
      // What is said of every machine on a LAN is left out where there is more to see.
      bool wide = l.latency_ns >= sim::Duration::milliseconds(1).ns;
      if (layer_ == Layer::network || wide)
        look.push_back({"label", on_ground(fmt::format("{}, {}", json::format_bandwidth(l.bandwidth_bps),
                                                       json::format_duration(l.latency_ns)))});
      if (wide) look.push_back({"style", "solid"}), look[2].second = "1.4";
      if (layer_ == Layer::network) look.push_back({"len", wide ? "2.2" : "1.4"}), look.push_back({"fontsize", "8"});
      out_.edge(end(l.between[0].value), end(l.between[1].value), look);
    }
  }
  std::string end(const std::string& name) const { return place(name) != nullptr ? "place " + name : name; }

  void transport() {
    if (layer_ == Layer::transport || !has_internet_) internet();
    for (const routing::SiteLink& l : net_.site_links) site_link(l);
    for (std::uint32_t i = 0; i < org_.connectors.size(); ++i) connector(i);
    for (const Domain& d : org_.domains)
      for (const Exchanger& e : d.exchangers) received(d, e);
  }
  std::string internet_node() const { return layer_ == Layer::all && has_internet_ ? "place internet" : kInternet; }
  void internet() {
    out_.node(kInternet, {{"label", "Internet"},
                          {"shape", "ellipse"},
                          {"style", "filled"},
                          {"fillcolor", "#ececec"},
                          {"color", "#9a9a9a"}});
  }

  void site_link(const routing::SiteLink& l) {
    const auto &one = net_.sites[l.one.value].hubs, &other = net_.sites[l.other.value].hubs;
    if (one.empty() || other.empty()) return;
    std::string label = fmt::format("{}\ncost {}", l.name, l.cost);
    if (l.max_size != 0) label += ", up to " + json::format_size(l.max_size);
    out_.edge(net_.server(one[0]).name, net_.server(other[0]).name,
              {{"label", on_ground(label)},
               {"dir", "none"},
               {"style", "dashed"},
               {"color", kSiteLink},
               {"fontcolor", "#2c6126"},
               {"penwidth", "1.5"},
               {"ltail", site_cluster(l.one.value)},
               {"lhead", site_cluster(l.other.value)}});
  }

  // The other half of a way that leads both ways alike.
  std::uint32_t twin(std::uint32_t i) const {
    const Connector& c = org_.connectors[i];
    if (!c.from || !c.to) return i;
    for (std::uint32_t j = 0; j < org_.connectors.size(); ++j) {
      const Connector& d = org_.connectors[j];
      if (d.from && d.to && d.from->value == c.to->value && d.to->value == c.from->value && d.cost == c.cost &&
          d.max_size == c.max_size && d.enabled == c.enabled)
        return j;
    }
    return i;
  }

  void connector(std::uint32_t i) {
    const Connector& c = org_.connectors[i];
    if (c.type == ConnectorType::receive) return;
    std::uint32_t other = twin(i);
    if (other < i) return;
    std::string label = c.name.value;
    if (other != i) label += "\n" + org_.connectors[other].name.value;
    if (c.from) label += fmt::format("\ncost {}", c.cost);
    for (const Name& s : c.address_spaces) label += "\n" + s.value;
    if (c.max_size != 0) label += "\nup to " + json::format_size(c.max_size);
    if (c.scope != routing::Scope::organization)
      label += c.scope == routing::Scope::site ? "\nscope: site" : "\nscope: routing group";
    if (!c.enabled) label += "\ndisabled";
    bool out = !c.from;
    Attributes look = {{"color", out ? kOutside : kInside},
                       {"fontcolor", out ? "#7f2704" : "#203455"},
                       {"penwidth", "1.6"},
                       {"dir", other != i ? "both" : "forward"}};
    if (!c.enabled) look.push_back({"style", "dotted"});
    for (std::size_t s = 0; s < c.source_servers.size(); ++s) {
      Attributes one = look;
      if (s == 0) one.push_back({"label", on_ground(label)});
      if (out) one.push_back({"minlen", "2"});
      out_.edge(c.source_servers[s].value, far_end(c), one);
    }
  }
  std::string far_end(const Connector& c) const {
    if (!c.target_servers.empty()) return c.target_servers[0].value;
    if (!c.smart_hosts.empty()) return c.smart_hosts[0].value;
    if (c.to)
      for (const routing::Group& g : net_.groups)
        if (g.name == c.to->value) return net_.server(g.members.front()).name;
    return internet_node();
  }

  // Where mail for a domain comes in from outside.
  void received(const Domain& d, const Exchanger& e) {
    if (d.foreign && layer_ == Layer::all && has_internet_) return;
    Attributes look = {{"style", "dashed"}, {"color", kIncoming}, {"fontcolor", "#5a5a5a"}};
    if (!d.foreign) look.push_back({"label", on_ground(fmt::format("MX of {}: {}", d.name.value, e.preference))});
    if (!d.foreign) look.push_back({"constraint", "false"});
    out_.edge(internet_node(), e.host.value, look);
  }

  const Organization& org_;
  const routing::Network& net_;
  Layer layer_;
  bool has_internet_;
  Writer out_;
};

}  // namespace

std::string dot_of(const Organization& organization, Layer layer) { return Picture(organization, layer).draw(); }

}  // namespace deadletter::topologies
