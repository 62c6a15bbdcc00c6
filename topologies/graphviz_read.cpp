#include "topologies/graphviz_read.h"

#include <fmt/format.h>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <exception>
#include <set>

#include "topologies/graphviz_reduce.h"

namespace deadletter::topologies {
namespace {

using Tokens = std::vector<GraphvizToken>;

constexpr std::size_t kMostOctets = 8U << 20;
constexpr std::size_t kLongestValue = 200, kMostToSearch = 20'000;

struct Node {
  std::string id, label, latitude, longitude;
};
struct Way {
  std::string label, link_label, bandwidth, latency, speed;
};
using Read = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, Node, Way>;

// What is wrong with the first `count` words; empty when nothing is.
std::string read_words(const ReducedGraphviz& reduced, std::size_t count, Read& graph) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += reduced.words[i] + ' ';
  boost::dynamic_properties all(boost::ignore_other_properties);
  all.property("node_id", boost::get(&Node::id, graph));
  all.property("label", boost::get(&Node::label, graph));
  all.property("Latitude", boost::get(&Node::latitude, graph));
  all.property("Longitude", boost::get(&Node::longitude, graph));
  all.property("label", boost::get(&Way::label, graph));
  all.property("LinkLabel", boost::get(&Way::link_label, graph));
  all.property("bandwidth", boost::get(&Way::bandwidth, graph));
  all.property("latency", boost::get(&Way::latency, graph));
  all.property("LinkSpeedRaw", boost::get(&Way::speed, graph));
  try {
    boost::read_graphviz(text, graph, all, "node_id");
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

// The token at which Boost stopped. It says what it wanted, not where: at the first word with which its complaint is no
// longer that the text ends.
std::size_t wrong_token(const ReducedGraphviz& reduced, const std::string& complaint, std::size_t end) {
  std::size_t good = 0, bad = reduced.words.size();
  if (complaint.find("<eof>") != complaint.npos) return end;
  if (bad > kMostToSearch) return 0;
  while (good + 1 < bad) {
    std::size_t middle = (good + bad) / 2;
    Read ignored;
    (read_words(reduced, middle, ignored) == complaint ? bad : good) = middle;
  }
  return reduced.origins[bad - 1];
}

class Taker {
 public:
  Taker(const ReducedGraphviz& reduced, const Tokens& tokens, Graphml& graphml)
      : reduced_(reduced), tokens_(tokens), graphml_(graphml) {}

  void take(const Read& graph) {
    graphml_.data.set("Network", {reduced_.name, 1});
    for (auto v : boost::make_iterator_range(boost::vertices(graph))) {
      const Node& n = graph[v];
      const GraphvizToken& token = tokens_[reduced_.nodes[*number_in(n.id, 'n')]];
      GraphmlNode node{token.text, token.position.line, {}};
      set(node.data, "label", n.label);
      if (node.data.text("label").empty() || node.data.text("label") == "\\N")
        node.data.set("label", {token.text.substr(0, kLongestValue), node.line});
      set(node.data, "Latitude", n.latitude);
      set(node.data, "Longitude", n.longitude);
      graphml_.nodes.push_back(std::move(node));
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (auto e : boost::make_iterator_range(boost::edges(graph))) {
      const Way& w = graph[e];
      GraphmlEdge edge{static_cast<std::uint32_t>(boost::source(e, graph)),
                       static_cast<std::uint32_t>(boost::target(e, graph)),
                       1,
                       {}};
      if (reduced_.directed && edge.from != edge.to && seen.contains({edge.to, edge.from})) continue;
      seen.insert({edge.from, edge.to});
      edge.line = graphml_.nodes[edge.from].line;
      set(edge.data, "LinkLabel", w.link_label.empty() ? w.label : w.link_label);
      set(edge.data, "bandwidth", w.bandwidth);
      set(edge.data, "latency", w.latency);
      set(edge.data, "LinkSpeedRaw", w.speed);
      graphml_.edges.push_back(std::move(edge));
    }
  }

 private:
  void set(GraphmlData& data, const char* key, const std::string& value) {
    auto number = number_in(value, 'v');
    if (!number) return;
    const GraphvizToken& token = tokens_[reduced_.values[*number]];
    data.set(key, {token.text.substr(0, kLongestValue), token.position.line});
  }

  const ReducedGraphviz& reduced_;
  const Tokens& tokens_;
  Graphml& graphml_;
};

}  // namespace

std::optional<Graphml> read_graphviz(std::shared_ptr<const json::Source> source, json::Problems& problems) {
  Graphml graphml{.source = source};
  if (source->text.size() > kMostOctets) {
    problems.add(graphml_problem(graphml, 1, fmt::format("more than {} octets", kMostOctets)));
    return std::nullopt;
  }
  auto tokens = graphviz_tokens(source, problems);
  if (!tokens) return std::nullopt;
  auto reduced = reduce(source, *tokens, problems);
  if (!reduced) return std::nullopt;
  Read graph;
  if (std::string complaint = read_words(*reduced, reduced->words.size(), graph); !complaint.empty()) {
    const GraphvizToken& token = (*tokens)[wrong_token(*reduced, complaint, tokens->size() - 1)];
    complaint = complaint.substr(0, complaint.find(" (token is"));
    problems.add(json::problem_at({source, token.position, ""}, fmt::format("expected Graphviz' DOT: {}", complaint)));
    return std::nullopt;
  }
  Taker(*reduced, *tokens, graphml).take(graph);
  return graphml;
}

}  // namespace deadletter::topologies
