// From GraphML of the own form back to a graph: kinds, facts by their types.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/json/excerpt.h"
#include "sim/json/parse.h"
#include "topologies/graphml.h"

namespace deadletter::topologies {
namespace {

constexpr std::array kLists = {"roles", "mailboxes", "recipients", "address_spaces"};
constexpr std::array kNumbers = {"cost", "exchange_cost", "max_recipients", "preference"};
constexpr std::array kSwitches = {"hub", "enabled"};

template <class Keys>
bool among(const Keys& keys, const std::string& key) {
  return std::ranges::any_of(keys, [&](const char* k) { return key == k; });
}

class Reader {
 public:
  Reader(const Graphml& from, json::Problems& problems) : from_(from), problems_(problems) {}

  Graph read() {
    for (const auto& [key, datum] : from_.data.all) {
      if (key == "id" || key == "description") graph_.facts.set(key, datum.text);
      if (key == "directory") directory(datum);
    }
    for (const GraphmlNode& n : from_.nodes) {
      Vertex vertex{.name = n.data.text("label")};
      if (vertex.name.empty()) problem(n.line, "expected a label, the name of this node");
      auto kind = kind_of(kVertexKinds, n.data, n.line, "node");
      if (kind) vertex.kind = *kind;
      facts(n.data, {"kind", "label"}, vertex.facts);
      graph_.add(std::move(vertex));
    }
    for (const GraphmlEdge& e : from_.edges) {
      auto kind = kind_of(kEdgeKinds, e.data, e.line, "edge");
      if (!kind) continue;
      Edge edge{.kind = *kind, .from = e.from, .to = e.to};
      // Names come first, as they do in a topology file.
      if (const GraphmlDatum* name = e.data.find("name")) edge.facts.set("name", name->text);
      facts(e.data, {"kind", "name"}, edge.facts);
      graph_.add(std::move(edge));
    }
    return std::move(graph_);
  }

 private:
  // A JSON text.
  void directory(const GraphmlDatum& datum) {
    json::Problems unread;
    auto value = json::parse(std::make_shared<json::Source>(json::Source{"directory", datum.text}), unread);
    if (value)
      graph_.facts.set("directory", std::move(*value));
    else
      problem(datum.line, "the directory is no JSON: " + unread.sorted().front().message);
  }

  void problem(int line, std::string message) { problems_.add(graphml_problem(from_, line, std::move(message))); }

  template <class Kind, std::size_t N>
  std::optional<Kind> kind_of(const Kind (&kinds)[N], const GraphmlData& data, int line, const char* what) {
    std::string word = data.text("kind");
    std::vector<std::string> choices;
    for (Kind kind : kinds) {
      if (word == text(kind)) return kind;
      choices.push_back(text(kind));
    }
    json::Problem problem =
        graphml_problem(from_, line,
                        word.empty() ? fmt::format("expected the kind of this {}", what)
                                     : fmt::format("unknown kind {} of a {}", json::show(word), what));
    problem.word = word;
    problem.choices = std::move(choices);
    problems_.add(std::move(problem));
    return std::nullopt;
  }

  void facts(const GraphmlData& data, const std::vector<std::string>& but, json::Value& facts) {
    for (const auto& [key, datum] : data.all)
      if (std::ranges::find(but, key) == but.end()) facts.set(key, fact(key, datum));
  }
  json::Value fact(const std::string& key, const GraphmlDatum& datum) {
    const std::string& text = datum.text;
    if (among(kSwitches, key)) {
      if (text != "true" && text != "false")
        problem(datum.line, fmt::format("expected true or false for {}, found {}", key, json::show(text)));
      return text == "true";
    }
    if (among(kNumbers, key)) {
      std::int64_t number = 0;
      auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size())
        problem(datum.line, fmt::format("expected an integer for {}, found {}", key, json::show(text)));
      return number;
    }
    if (!among(kLists, key)) return text;
    json::Value list = json::Value::array();
    for (std::size_t begin = 0; begin < text.size();) {
      std::size_t end = std::min(text.find(' ', begin), text.size());
      if (end > begin) list.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return list;
  }

  const Graphml& from_;
  json::Problems& problems_;
  Graph graph_;
};

}  // namespace

std::optional<Graph> graph_from(const Graphml& graphml, json::Problems& problems) {
  const std::size_t before = problems.count();
  Graph graph = Reader(graphml, problems).read();
  if (problems.count() > before) return std::nullopt;
  return graph;
}

}  // namespace deadletter::topologies
