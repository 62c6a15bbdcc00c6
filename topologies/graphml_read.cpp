// GraphML by libxml2: nodes, edges and their data, each with its line.
//
// NOT MODELLED: hyperedges, ports, graphs within nodes. They are left out, and said to be.
#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/json/excerpt.h"
#include "topologies/graphml.h"

namespace deadletter::topologies {
namespace {

constexpr std::size_t kMostNodes = 100'000, kMostEdges = 1'000'000;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}
bool is(const xmlNode* node, const char* name) { return node->type == XML_ELEMENT_NODE && view(node->name) == name; }
int line_of(const xmlNode* node) { return static_cast<int>(std::max(0L, xmlGetLineNo(node))); }

std::optional<std::string> attribute(const xmlNode* node, const char* name) {
  for (const xmlAttr* a = node->properties; a != nullptr; a = a->next)
    if (view(a->name) == name) return std::string(a->children == nullptr ? "" : view(a->children->content));
  return std::nullopt;
}

// Only what stands there: nothing is looked up.
std::string content(const xmlNode* node) {
  std::string text;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += view(child->content);
  std::size_t begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
  return begin == text.npos ? "" : text.substr(begin, end - begin + 1);
}

class GraphmlReader {
 public:
  GraphmlReader(Graphml& graphml, json::Problems& problems) : graphml_(graphml), problems_(problems) {}

  void read(const xmlNode* root) {
    if (!is(root, "graphml")) {
      problem(root, fmt::format("expected <graphml>, found <{}>", json::harmless(view(root->name))));
      return;
    }
    const xmlNode* graph = nullptr;
    for (const xmlNode* child = root->children; child != nullptr; child = child->next) {
      if (is(child, "key")) key(child);
      if (is(child, "data")) datum(child, graphml_.data);
      if (!is(child, "graph")) continue;
      if (graph != nullptr) ignored_.insert("further graphs");
      if (graph == nullptr) graph = child;
    }
    if (graph == nullptr) return problem(root, "expected a <graph> in <graphml>");
    // Edges may stand before the nodes that they join.
    each(graph, "node", [this](const xmlNode* n) { node(n); });
    each(graph, "edge", [this](const xmlNode* e) { edge(e); });
    for (const xmlNode* child = graph->children; child != nullptr; child = child->next) {
      if (is(child, "data")) datum(child, graphml_.data);
      if (is(child, "hyperedge")) ignored_.insert("hyperedges");
    }
    graphml_.ignored.assign(ignored_.begin(), ignored_.end());
  }

 private:
  void problem(const xmlNode* at, std::string message) {
    problems_.add(graphml_problem(graphml_, line_of(at), std::move(message)));
  }
  template <class Take>
  void each(const xmlNode* parent, const char* name, Take take) {
    for (const xmlNode* child = parent->children; child != nullptr && !too_many_; child = child->next)
      if (is(child, name)) take(child);
  }

  void key(const xmlNode* node) {
    auto id = attribute(node, "id");
    if (!id) return problem(node, "expected the attribute \"id\" of <key>");
    // Editors give keys of their own no name: their data are of no use here.
    keys_.insert_or_assign(*id, attribute(node, "attr.name").value_or(*id));
  }

  void datum(const xmlNode* node, GraphmlData& data) {
    auto key = attribute(node, "key");
    if (!key) return problem(node, "expected the attribute \"key\" of <data>");
    auto known = keys_.find(*key);
    if (known == keys_.end()) return problem(node, fmt::format("no <key> has the id {}", json::show(*key)));
    data.set(known->second, {content(node), line_of(node)});
  }
  void all_data(const xmlNode* of, GraphmlData& data) {
    for (const xmlNode* child = of->children; child != nullptr; child = child->next) {
      if (is(child, "data")) datum(child, data);
      if (is(child, "graph")) ignored_.insert("graphs within nodes");
      if (is(child, "port")) ignored_.insert("ports");
    }
  }

  void node(const xmlNode* n) {
    if (graphml_.nodes.size() >= kMostNodes) return stop(n, fmt::format("more than {} nodes", kMostNodes));
    auto id = attribute(n, "id");
    if (!id) return problem(n, "expected the attribute \"id\" of <node>");
    auto index = static_cast<std::uint32_t>(graphml_.nodes.size());
    if (!nodes_.try_emplace(*id, index).second)
      return problem(n, fmt::format("there is a node with the id {} already", json::show(*id)));
    GraphmlNode node{*id, line_of(n), {}};
    all_data(n, node.data);
    graphml_.nodes.push_back(std::move(node));
  }

  void edge(const xmlNode* e) {
    if (graphml_.edges.size() >= kMostEdges) return stop(e, fmt::format("more than {} edges", kMostEdges));
    GraphmlEdge edge{.line = line_of(e)};
    bool good = true;
    for (auto [name, end] : {std::pair{"source", &edge.from}, {"target", &edge.to}}) {
      auto id = attribute(e, name);
      auto found = id ? nodes_.find(*id) : nodes_.end();
      good &= found != nodes_.end();
      if (!id)
        problem(e, fmt::format("expected the attribute \"{}\" of <edge>", name));
      else if (found == nodes_.end())
        problem(e, fmt::format("no node has the id {}", json::show(*id)));
      else
        *end = found->second;
    }
    all_data(e, edge.data);
    if (good) graphml_.edges.push_back(std::move(edge));
  }
  void stop(const xmlNode* at, std::string why) {
    too_many_ = true;
    problem(at, std::move(why));
  }

  Graphml& graphml_;
  json::Problems& problems_;
  std::map<std::string, std::string> keys_;  // by id
  std::map<std::string, std::uint32_t> nodes_;
  std::set<std::string> ignored_;
  bool too_many_ = false;
};

// No network, no external parts, no entities but the five of XML; the depth is libxml2's own limit of 256.
constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;

// In libxml2's words, but for those that speak to programmers.
std::string words_of(const xmlError* error) {
  if (error == nullptr || error->message == nullptr) return "it cannot be read";
  std::string_view text = error->message;
  if (text.starts_with("Excessive depth")) return "elements are nested more than 256 deep";
  return json::harmless(text.substr(0, text.find('\n')));
}

}  // namespace

json::Problem graphml_problem(const Graphml& graphml, int line, std::string message) {
  json::Problem problem;
  problem.file = graphml.source->name;
  problem.source = graphml.source;
  auto text = json::line_of(graphml.source->text, line);
  std::size_t column = text ? text->find_first_not_of(" \t") : 0;
  problem.position = {line, column == std::string::npos ? 1 : static_cast<int>(column) + 1};
  problem.message = std::move(message);
  return problem;
}

bool Graphml::own() const { return data.text("format").starts_with("deadletter topology "); }

void GraphmlData::set(const std::string& key, GraphmlDatum datum) {
  auto found = std::ranges::find(all, key, &std::pair<std::string, GraphmlDatum>::first);
  if (found == all.end())
    all.emplace_back(key, std::move(datum));
  else
    found->second = std::move(datum);
}

const GraphmlDatum* GraphmlData::find(std::string_view key) const {
  auto found = std::ranges::find(all, key, &std::pair<std::string, GraphmlDatum>::first);
  return found == all.end() ? nullptr : &found->second;
}

std::string GraphmlData::text(std::string_view key) const {
  const GraphmlDatum* found = find(key);
  return found == nullptr ? "" : found->text;
}

std::optional<Graphml> read_graphml(std::shared_ptr<const json::Source> source, json::Problems& problems) {
  Graphml graphml{.source = source};
  const std::size_t before = problems.count();
  const std::string& text = source->text;
  if (std::size_t at = text.find("<!ENTITY"); at != text.npos) {
    auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    problems.add(
        graphml_problem(graphml, static_cast<int>(line), "entities are not read: expected GraphML without them"));
    return std::nullopt;
  }
  xmlParserCtxt* context = xmlNewParserCtxt();
  xmlDoc* document = xmlCtxtReadMemory(context, text.data(), static_cast<int>(text.size()), nullptr, nullptr, kOptions);
  const xmlError* error = xmlCtxtGetLastError(context);
  if (document == nullptr || (error != nullptr && error->level >= XML_ERR_ERROR)) {
    problems.add(
        graphml_problem(graphml, error == nullptr ? 1 : std::max(1, error->line), "expected XML: " + words_of(error)));
  } else if (document->intSubset != nullptr && document->intSubset->entities != nullptr) {
    problems.add(graphml_problem(graphml, 1, "entities are not read: expected GraphML without them"));
  } else if (const xmlNode* root = xmlDocGetRootElement(document)) {
    GraphmlReader(graphml, problems).read(root);
  }
  if (document != nullptr) xmlFreeDoc(document);
  xmlFreeParserCtxt(context);
  if (problems.count() > before) return std::nullopt;
  return graphml;
}

}  // namespace deadletter::topologies
