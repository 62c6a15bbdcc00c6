// From a graph back to the topology file that says the same.
#include <fmt/format.h>

#include "topologies/graph.h"

namespace deadletter::topologies {
namespace {

using json::Value;

class Writer {
 public:
  explicit Writer(const Graph& graph) : graph_(graph) {}

  Value write() {
    Value file = Value::object().set("$schema", "topology.schema.json");
    for (const json::Member& m : graph_.facts.members())
      if (m.key != "directory") file.set(m.key, m.value);
    names(file, "organizations", VertexKind::organization);
    list(file, "servers", VertexKind::server, true, [this](Value& s, VertexIndex v) { server(s, v); });
    list(file, "domains", VertexKind::domain, true, [this](Value& d, VertexIndex v) { domain(d, v); });
    list(file, "foreign", VertexKind::foreign_domain, false, [this](Value& d, VertexIndex v) { domain(d, v); });
    list(file, "ad_domains", VertexKind::ad_domain, false,
         [this](Value& d, VertexIndex v) { refer(d, "parent", v, EdgeKind::parent); });
    list(file, "routing_groups", VertexKind::routing_group, false,
         [this](Value& g, VertexIndex v) { refer(g, "master", v, EdgeKind::master); });
    list(file, "sites", VertexKind::site, false, [](Value&, VertexIndex) {});
    joined(file, "site_links", EdgeKind::site_link, false);
    list(file, "connectors", VertexKind::connector, false, [this](Value& c, VertexIndex v) { connector(c, v); });
    list(file, "clients", VertexKind::clients, false, [this](Value& c, VertexIndex v) {
      refer(c, "place", v, EdgeKind::at);
      refer(c, "server", v, EdgeKind::uses);
    });
    names(file, "places", VertexKind::place);
    if (const Value* directory = graph_.facts.find("directory")) file.set("directory", *directory);
    joined(file, "links", EdgeKind::link, true);
    return file;
  }

 private:
  const std::string& name(VertexIndex v) const { return graph_.vertex(v).name; }

  void names(Value& file, const char* key, VertexKind kind) {
    Value all = Value::array();
    for (VertexIndex v : graph_.vertices(kind)) all.push_back(name(v));
    if (all.size() > 0) file.set(key, std::move(all));
  }
  template <class Fill>
  void list(Value& file, const char* key, VertexKind kind, bool always, Fill fill) {
    Value all = Value::array();
    for (VertexIndex v : graph_.vertices(kind)) {
      Value item = Value::object().set(kind == VertexKind::foreign_domain ? "domain" : "name", name(v));
      for (const json::Member& m : graph_.vertex(v).facts.members()) item.set(m.key, m.value);
      fill(item, v);
      all.push_back(std::move(item));
    }
    if (always || all.size() > 0) file.set(key, std::move(all));
  }
  void joined(Value& file, const char* key, EdgeKind kind, bool always) {
    Value all = Value::array();
    for (const Edge& e : graph_.edges()) {
      if (e.kind != kind) continue;
      Value item = Value::object();
      if (const Value* own = e.facts.find("name")) item.set("name", *own);
      item.set("between", Value::array({name(e.from), name(e.to)}));
      for (const json::Member& m : e.facts.members()) item.set(m.key, m.value);
      all.push_back(std::move(item));
    }
    if (always || all.size() > 0) file.set(key, std::move(all));
  }

  void server(Value& s, VertexIndex v) {
    member(s, "organization", v, VertexKind::organization);
    member(s, "ad_domain", v, VertexKind::ad_domain);
    member(s, "site", v, VertexKind::site);
    member(s, "routing_group", v, VertexKind::routing_group);
  }
  void member(Value& of, const char* key, VertexIndex v, VertexKind kind) {
    if (auto found = graph_.of(v, kind)) of.set(key, name(*found));
  }
  void refer(Value& of, const char* key, VertexIndex v, EdgeKind kind) {
    for (std::uint32_t e : graph_.out(v, kind)) of.set(key, name(graph_.edges()[e].to));
  }
  void refer_all(Value& of, const char* key, VertexIndex v, EdgeKind kind) {
    Value all = Value::array();
    for (std::uint32_t e : graph_.out(v, kind)) all.push_back(name(graph_.edges()[e].to));
    if (all.size() > 0) of.set(key, std::move(all));
  }

  void domain(Value& d, VertexIndex v) {
    member(d, "organization", v, VertexKind::organization);
    auto receivers = graph_.out(v, EdgeKind::receives);
    bool own = graph_.vertex(v).kind == VertexKind::domain;
    if (own && receivers.size() == 1 && graph_.edges()[receivers[0]].facts.size() == 0) {
      d.set("server", name(graph_.edges()[receivers[0]].to));
      return;
    }
    Value all = Value::array();
    for (std::uint32_t e : receivers) {
      Value one = Value::object().set("host", name(graph_.edges()[e].to));
      for (const json::Member& m : graph_.edges()[e].facts.members()) one.set(m.key, m.value);
      all.push_back(std::move(one));
    }
    d.set("exchangers", std::move(all));
  }
  void connector(Value& c, VertexIndex v) {
    refer(c, "from", v, EdgeKind::leads_from);
    refer(c, "to", v, EdgeKind::leads_to);
    refer_all(c, "source_servers", v, EdgeKind::source);
    refer_all(c, "target_servers", v, EdgeKind::target);
    refer_all(c, "smart_hosts", v, EdgeKind::smart_host);
  }

  const Graph& graph_;
};

// With a space after each separator, as people write it on one line.
std::string one_line(const Value& value) {
  std::string line, dump = value.dump(0);
  bool quoted = false, escaped = false;
  for (char c : dump) {
    if (c == '"' && !escaped) quoted = !quoted;
    escaped = c == '\\' && !escaped;
    line += c;
    if (!quoted && (c == ',' || c == ':')) line += ' ';
  }
  return line;
}

}  // namespace

json::Value topology_of(const Graph& graph) { return Writer(graph).write(); }

std::string topology_text(const json::Value& topology) {
  std::string text = "{";
  for (const json::Member& m : topology.members()) {
    text += fmt::format("{}\n  {}: ", text.size() > 1 ? "," : "", json::quote(m.key));
    bool rows = m.value.is(json::Kind::array) && m.value.size() > 0 && !m.value.items()[0].is(json::Kind::string);
    if (!rows) {
      text += one_line(m.value);
      continue;
    }
    text += "[";
    const char* between = "\n    ";
    for (const Value& item : m.value.items()) text += between + one_line(item), between = ",\n    ";
    text += "\n  ]";
  }
  return text + "\n}\n";
}

}  // namespace deadletter::topologies
