// GraphML's own form. Ids of vertices are their kind and name; every fact is a key; a list is one text, parted by
// spaces.
#include <fmt/format.h>

#include <map>

#include "topologies/dot_style.h"
#include "topologies/graphml.h"

namespace deadletter::topologies {
namespace {

// Within an attribute: a reader would make blanks of line ends.
std::string escaped(std::string_view text) {
  std::string out;
  for (char c : dot::html(text)) {
    if (c == '\n')
      out += "&#10;";
    else if (c == '\r')
      out += "&#13;";
    else if (c == '\t')
      out += "&#9;";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;  // others cannot stand in XML at all
  }
  return out;
}

const char* type_of(const json::Value& value) {
  if (value.is(json::Kind::boolean)) return "boolean";
  return value.is(json::Kind::integer) ? "long" : "string";
}

std::string text_of(const json::Value& value) {
  if (value.is(json::Kind::string)) return value.as_string();
  if (!value.is(json::Kind::array)) return value.dump(0);
  std::string text;
  for (const json::Value& item : value.items()) text += (text.empty() ? "" : " ") + item.as_string();
  return text;
}

std::string data(char prefix, std::string_view key, std::string_view text) {
  return fmt::format("<data key=\"{}.{}\">{}</data>", prefix, key, escaped(text));
}

std::string id_of(const Vertex& v) { return fmt::format("{}:{}", text(v.kind), v.name); }

}  // namespace

std::string graphml_of(const Graph& graph) {
  std::map<std::string, const char*> node_keys = {{"kind", "string"}, {"label", "string"}},
                                     edge_keys = {{"kind", "string"}}, graph_keys = {{"format", "string"}};
  std::string body = "    " + data('g', "format", "deadletter topology 1") + "\n";
  for (const json::Member& m : graph.facts.members()) {
    graph_keys[m.key] = type_of(m.value);
    body += "    " + data('g', m.key, text_of(m.value)) + "\n";
  }
  for (VertexIndex i = 0; i < graph.size(); ++i) {
    const Vertex& v = graph.vertex(i);
    body += fmt::format("    <node id=\"{}\">{}{}", escaped(id_of(v)), data('n', "kind", text(v.kind)),
                        data('n', "label", v.name));
    for (const json::Member& m : v.facts.members()) {
      node_keys[m.key] = type_of(m.value);
      body += data('n', m.key, text_of(m.value));
    }
    body += "</node>\n";
  }
  for (const Edge& e : graph.edges()) {
    bool both_ways = e.kind == EdgeKind::link || e.kind == EdgeKind::site_link;
    body += fmt::format("    <edge source=\"{}\" target=\"{}\"{}>{}", escaped(id_of(graph.vertex(e.from))),
                        escaped(id_of(graph.vertex(e.to))), both_ways ? " directed=\"false\"" : "",
                        data('e', "kind", text(e.kind)));
    for (const json::Member& m : e.facts.members()) {
      edge_keys[m.key] = type_of(m.value);
      body += data('e', m.key, text_of(m.value));
    }
    body += "</edge>\n";
  }
  std::string keys;
  auto declare = [&](char prefix, const char* what, const std::map<std::string, const char*>& all) {
    for (const auto& [key, type] : all)
      keys += fmt::format("  <key id=\"{}.{}\" for=\"{}\" attr.name=\"{}\" attr.type=\"{}\"/>\n", prefix, key, what,
                          key, type);
  };
  declare('g', "graph", graph_keys);
  declare('n', "node", node_keys);
  declare('e', "edge", edge_keys);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n" +
         keys + "  <graph edgedefault=\"directed\">\n" + body + "  </graph>\n</graphml>\n";
}

}  // namespace deadletter::topologies
