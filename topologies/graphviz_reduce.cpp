#include "topologies/graphviz_reduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "sim/json/excerpt.h"

namespace deadletter::topologies {
namespace {

using Kind = GraphvizToken::Kind;
using Tokens = std::vector<GraphvizToken>;

constexpr std::size_t kMostReducedNodes = 10'000, kDeepest = 100, kMostInJoinedSubgraphs = 500;

constexpr const char* kKeys[] = {"label", "Latitude", "Longitude", "bandwidth", "latency", "LinkSpeedRaw", "LinkLabel"};

std::string numbered(char letter, std::size_t number) { return fmt::format("{}{:07}", letter, number); }
class Reducer {
 public:
  Reducer(const std::shared_ptr<const json::Source>& source, const Tokens& tokens, json::Problems& problems)
      : source_(source), tokens_(tokens), problems_(problems) {}

  std::optional<ReducedGraphviz> reduce() {
    const std::size_t before = problems_.count();
    head();
    while (problems_.count() == before && now().kind != Kind::end) statement_part();
    if (problems_.count() == before && joins_subgraphs_ && in_subgraphs_ > kMostInJoinedSubgraphs)
      problem(tokens_[0], fmt::format("edges join subgraphs, and there are {} names in subgraphs: {} at most can be",
                                      in_subgraphs_, kMostInJoinedSubgraphs));
    if (problems_.count() > before) return std::nullopt;
    return std::move(made_);
  }

 private:
  const GraphvizToken& now(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  void problem(const GraphvizToken& token, std::string message) {
    problems_.add(json::problem_at({source_, token.position, ""}, std::move(message)));
  }
  void say(std::string word) {
    made_.words.push_back(std::move(word));
    made_.origins.push_back(std::min(at_, tokens_.size() - 1));
  }

  void head() {
    bool strict = now().keyword("strict");
    if (strict) say("strict"), ++at_;
    made_.directed = now().keyword("digraph");
    if (!made_.directed && !now().keyword("graph"))
      return problem(now(), fmt::format("expected graph or digraph, found {}", json::show(now().text)));
    say("graph");
    ++at_;
    if (now().kind == Kind::name) made_.name = now().text, ++at_;
    if (!now().is("{")) problem(now(), "expected { after graph or digraph and its name");
  }

  void statement_part() {
    const GraphvizToken& t = now();
    if (t.is("--") || t.is("->"))
      edge_mark();
    else if (t.is("["))
      attributes();
    else if (t.is(":"))
      port();
    else if (t.is("{"))
      open();
    else if (t.is("}"))
      close();
    else if (t.keyword("subgraph"))
      subgraph();
    else if (t.keyword("graph") && now(1).is("["))
      ++at_, keep_none_ = true;
    else if ((t.keyword("node") || t.keyword("edge")) && now(1).is("["))
      say(t.keyword("node") ? "node" : "edge"), ++at_;
    else if (t.kind == Kind::name && now(1).is("="))
      at_ += now(2).kind == Kind::name ? 3 : 2;  // of the graph
    else if (t.kind == Kind::name)
      node();
    else if (t.is(";"))
      semicolon();
    else
      say(t.text), ++at_;
  }
  // Not after a statement that has been left out.
  void semicolon() {
    if (made_.words.back() != "{" && made_.words.back() != ";") say(";");
    ++at_;
  }
  void edge_mark() {
    if (now().is("->") != made_.directed)
      return problem(now(), made_.directed ? "expected -> in a digraph, found --" : "expected -- in a graph, found ->");
    if (made_.words.back() == "}") joins_subgraphs_ = true;
    say("--");
    ++at_;
  }
  void open() {
    if (++depth_ > kDeepest) return problem(now(), fmt::format("subgraphs are more than {} deep", kDeepest));
    if (made_.words.back() == "--") joins_subgraphs_ = true;
    if (depth_ > 1) say("subgraph");  // Boost wants the word
    say("{");
    ++at_;
  }
  void close() {
    if (depth_ > 0) --depth_;
    say("}");
    ++at_;
  }
  // Its name says nothing, but a name alone would stand for what is elsewhere.
  void subgraph() {
    ++at_;
    if (now().kind == Kind::name) ++at_;
    if (!now().is("{")) problem(now(), "expected { after a subgraph's name: it cannot be named again");
  }
  void port() {
    ++at_;
    if (now().kind != Kind::name) return problem(now(), "expected a port after :");
    ++at_;
  }
  void node() {
    if (depth_ > 1) ++in_subgraphs_;
    auto [found, fresh] = numbers_.try_emplace(now().text, made_.nodes.size());
    if (fresh) made_.nodes.push_back(at_);
    if (made_.nodes.size() > kMostReducedNodes)
      return problem(now(), fmt::format("more than {} nodes", kMostReducedNodes));
    say(numbered('n', found->second));
    ++at_;
  }
  // Of its attributes those that mean something here.
  void attributes() {
    if (!keep_none_) say("[");
    ++at_;
    while (!now().is("]") && now().kind != Kind::end) {
      if (now().is(",") || now().is(";")) {
        ++at_;
        continue;
      }
      if (now().kind != Kind::name) return problem(now(), "expected the name of an attribute, or ]");
      const std::string& key = now().text;
      bool known = std::ranges::find(kKeys, key) != std::end(kKeys) && !keep_none_;
      if (!now(1).is("=")) {
        ++at_;
        continue;
      }
      if (now(2).kind != Kind::name) return problem(now(2), fmt::format("expected the value of {}", json::show(key)));
      at_ += 2;
      if (known) {
        for (const char* word : {key.c_str(), "="}) say(word);
        say(numbered('v', made_.values.size()));
        made_.values.push_back(at_);
      }
      ++at_;
    }
    if (now().kind == Kind::end) return problem(now(), "expected ] at the end of the attributes");
    if (!keep_none_) say("]");
    if (!now(1).is("[")) keep_none_ = false;
    ++at_;
  }

  const std::shared_ptr<const json::Source>& source_;
  const Tokens& tokens_;
  json::Problems& problems_;
  ReducedGraphviz made_;
  std::size_t at_ = 0, depth_ = 0, in_subgraphs_ = 0;
  bool joins_subgraphs_ = false, keep_none_ = false;
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace

std::optional<std::size_t> number_in(std::string_view word, char letter) {
  if (word.size() != 8 || word[0] != letter) return std::nullopt;
  std::size_t number = 0;
  std::from_chars(word.data() + 1, word.data() + 8, number);
  return number;
}

std::optional<ReducedGraphviz> reduce(const std::shared_ptr<const json::Source>& source, const Tokens& tokens,
                                      json::Problems& problems) {
  return Reducer(source, tokens, problems).reduce();
}

}  // namespace deadletter::topologies
