#include "experiments/config/bind_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "experiments/config/bind_content.h"
#include "experiments/config/bind_script.h"
#include "models/builds/settings.h"
#include "models/builds/updates.h"
#include "sim/json/excerpt.h"
#include "sim/json/units.h"
#include "topologies/bind.h"

namespace deadletter::experiments {

bool like(std::string_view pattern, std::string_view text) {
  std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  pattern.remove_prefix(star + 1), text.remove_prefix(star);
  for (std::size_t skip = 0; skip <= text.size(); ++skip)
    if (like(pattern, text.substr(skip))) return true;
  return false;
}

namespace {

class NodeBinder {
 public:
  NodeBinder(const Experiment& experiment, Plan& plan, json::Problems& problems)
      : experiment_(experiment), plan_(plan), problems_(problems) {}

  void bind() {
    for (const topologies::Server& host : plan_.organization.hosts) add_node(host);
    for (std::uint32_t i = 0; i < plan_.nodes.size(); ++i) by_name_.emplace(plan_.nodes[i].name, i);
    for (const auto& b : experiment_.builds) bind_build(b);
    if (!experiment_.builds.empty() && unclear_builds_.empty()) bind_routing();
    for (const auto& r : experiment_.registry) bind_registry(r);
    for (PlannedNode& n : plan_.nodes) n.resolved.behaviour = profile(n.build);
    laid_.resize(plan_.nodes.size());
    apply_receive_connectors();
    apply_registry();
    for (const auto& a : experiment_.attributes) bind_attributes(a);
    builds::UnderStudy study = under_study();
    plan_.under_study = study;
    bind_changes(study);
    for (PlannedNode& n : plan_.nodes)
      n.resolved = builds::resolve(n.build, std::move(n.resolved.behaviour), n.registry, study);
    find_equals();
    for (const auto& p : experiment_.peers) bind_peer(p);
  }

 private:
  void problem(const json::Place& place, std::string message) {
    problems_.add(json::problem_at(place, std::move(message)));
  }
  void unknown(const json::Place& place, std::string_view what, const std::string& word,
               std::vector<std::string> choices) {
    problems_.add(
        json::problem_at(place, fmt::format("unknown {} {}", what, json::show(word)), word, std::move(choices)));
  }

  void add_node(const topologies::Server& host) {
    auto [found, fresh] = parsed_.try_emplace(host.build.value);
    if (fresh) found->second = builds::parse_build(host.build.value).build;
    plan_.nodes.push_back({.name = host.name.value,
                           .host = host.host,
                           .foreign = host.foreign,
                           .build = found->second,
                           .registry = {},
                           .resolved = {},
                           .script = {}});
  }
  // On a node something is laid over its profile; `what` names it and nothing else.
  void note_laid(const PlannedNode& n, std::string_view what) {
    (laid_[static_cast<std::size_t>(&n - plan_.nodes.data())] += '\n') += what;
  }
  void find_equals() {
    std::map<std::string, std::uint32_t> first;
    for (std::uint32_t i = 0; i < plan_.nodes.size(); ++i)
      plan_.nodes[i].decides_as = first.try_emplace(plan_.nodes[i].build.text + laid_[i], i).first->second;
  }
  const builds::NodeBehaviour& profile(const builds::Build& build) {
    auto [found, fresh] = profiles_.try_emplace(build.text);
    if (fresh) found->second = builds::profile_of(build);
    return found->second;
  }

  std::vector<std::string> node_names(std::function<bool(const PlannedNode&)> which) const {
    std::vector<std::string> names;
    for (const PlannedNode& n : plan_.nodes)
      if (which(n)) names.push_back(n.name);
    return names;
  }

  // The nodes that a key means; a problem when it means none.
  std::vector<PlannedNode*> select(const std::string& key, const json::Place& place) {
    std::vector<PlannedNode*> selected;
    if (auto found = by_name_.find(key); found != by_name_.end()) return {&plan_.nodes[found->second]};
    bool all = key == "all", product = key.starts_with("all "), pattern = key.find('*') != key.npos;
    for (PlannedNode& n : plan_.nodes) {
      bool of_product = product && !n.build.parts.empty() && n.build.parts[0].product->name == key.substr(4);
      if ((all && !n.foreign) || of_product || (pattern && like(key, n.name))) selected.push_back(&n);
    }
    if (!selected.empty()) return selected;
    auto choices = node_names([](const PlannedNode&) { return true; });
    choices.insert(choices.begin(), "all");
    if (product)
      problem(place, fmt::format("no node has the product {}", json::show(key.substr(4))));
    else if (pattern)
      problem(place, fmt::format("no node's name is like {}", json::show(key)));
    else
      unknown(place, "node", key, std::move(choices));
    return selected;
  }

  builds::UnderStudy under_study() {
    builds::UnderStudy study;
    std::vector<std::string> known{"all"};
    for (const auto& quirk : quirks::catalogue()) known.push_back(quirk.kb);
    for (const Name& name : experiment_.under_study.value_or(std::vector<Name>{})) {
      if (std::ranges::find(known, name.value) == known.end()) unknown(name.place, "article", name.value, known);
      if (name.value == "all") study.all = true;
      study.articles.push_back(name.value);
    }
    return study;
  }

  void bind_build(const json::Keyed<Name>& b) {
    auto selected = select(b.key, b.place);
    if (selected.empty()) return;
    builds::ParsedBuild parsed = builds::parse_build(b.value.value);
    auto place = [&](const std::string& word) { return json::place_of_part(b.value.place, b.value.value, word); };
    for (const auto& error : parsed.errors)
      problems_.add(json::problem_at(place(error.word), error.message, error.word, error.choices));
    for (const auto& refusal : parsed.refused) {
      plan_.refusals.push_back(refusal);
      if (!refusal_expected(refusal))
        problem(place(refusal.update),
                fmt::format("{} cannot be installed on {}: {} (an experiment may expect that: "
                            "{{\"install\": \"{}\", \"refused\": \"{}\"}})",
                            refusal.update, b.key, refusal.reason, refusal.update, refusal.reason));
    }
    for (PlannedNode* n : selected) {
      if (!parsed.errors.empty()) unclear_builds_.insert(n->name);
      n->build = parsed.build;
    }
  }
  bool refusal_expected(const builds::Refusal& refusal) const {
    return std::ranges::any_of(plan_.expectations, [&](const Expectation& e) {
      return e.install && e.install->value == refusal.update && e.refused;
    });
  }

  // Another product may route otherwise.
  void bind_routing() {
    for (std::size_t i = 0; i < plan_.nodes.size(); ++i)
      plan_.organization.hosts[i].build.value = plan_.nodes[i].build.text;
    topologies::bind_routing(plan_.organization, problems_);
  }

  void bind_registry(const json::Keyed<Map<std::int64_t>>& r) {
    for (PlannedNode* n : select(r.key, r.place)) {
      if (unclear_builds_.contains(n->name)) continue;
      for (const auto& value : r.value) bind_registry_value(*n, value);
    }
  }
  void bind_registry_value(PlannedNode& n, const json::Keyed<std::int64_t>& value) {
    const builds::RegistryValue* known = builds::find_registry_value(n.build, value.key);
    if (known == nullptr) {
      problems_.add(json::problem_at(
          value.place, fmt::format("unknown registry value {} of {}", json::show(value.key), n.build.text), value.key,
          builds::registry_names(n.build)));
    } else if (static_cast<std::uint64_t>(value.value) < known->lo ||
               static_cast<std::uint64_t>(value.value) > known->hi) {
      problem(value.place, fmt::format("{} is from {} to {}, found {}", value.key, known->lo, known->hi, value.value));
    } else {
      n.registry.emplace_back(value.key, value.value);
    }
  }
  void apply_registry() {
    for (PlannedNode& n : plan_.nodes)
      for (const auto& [name, value] : n.registry) {
        builds::find_registry_value(n.build, name)
            ->apply(n.resolved.behaviour, value, {Layer::configuration, "registry value " + name});
        note_laid(n, fmt::format("{}={}", name, value));
      }
  }

  // Limits of a receive connector are those of its servers' SMTP service.
  void apply_receive_connectors() {
    for (const topologies::Connector& c : plan_.organization.connectors) {
      if (c.type != topologies::ConnectorType::receive || !c.enabled) continue;
      for (const Name& s : c.source_servers) {
        auto& server = plan_.nodes[by_name_.at(s.value)].resolved.behaviour.smtp_server;
        Laid laid{Layer::configuration, "receive connector " + c.name.value};
        if (c.max_size != 0) server.message_limit.set(c.max_size, laid);
        if (c.max_recipients != 0) server.recipient_limit.set(static_cast<std::uint64_t>(c.max_recipients), laid);
        note_laid(plan_.nodes[by_name_.at(s.value)],
                  fmt::format("receive connector {}", &c - plan_.organization.connectors.data()));
      }
    }
  }

  void bind_attributes(const json::Keyed<json::Value>& a) {
    bool first = true;
    for (PlannedNode* n : select(a.key, a.place)) {
      json::Problems again;  // the same settings on other nodes have the same problems
      for (const json::Member& m : a.value.members()) {
        json::Context context(first ? problems_ : again, a.place.pointer + "/" + json::escape_pointer_part(m.key));
        if (!builds::apply_setting(n->resolved.behaviour, m.key, m.value, context) && first)
          unknown({a.value.source(), m.key_position, context.pointer()}, "attribute", m.key, builds::attribute_names());
      }
      note_laid(*n, fmt::format("attributes {}", &a - experiment_.attributes.data()));
      first = false;
    }
  }

  // What is on a node at some time of the run.
  struct State {
    builds::Build build;
    builds::Registry registry;
    builds::NodeBehaviour base;  // profile and configuration
    sim::Instant up;
  };

  // In the order of their times; each is laid on what those before it left.
  void bind_changes(const builds::UnderStudy& study) {
    std::vector<const Change*> order;
    for (const Change& c : experiment_.changes) order.push_back(&c);
    std::ranges::stable_sort(order, {}, [](const Change* c) { return c->at_ns; });
    std::map<std::uint32_t, State> states;
    for (const Change* c : order) {
      std::int64_t wave = 0;
      for (PlannedNode* n : select(c->on.value, c->on.place)) {
        if (n->foreign) problem(c->on.place, fmt::format("{} is no server of the organization", n->name));
        if (n->foreign || unclear_builds_.contains(n->name)) continue;
        auto index = static_cast<std::uint32_t>(n - plan_.nodes.data());
        State& state = states.try_emplace(index, State{n->build, n->registry, n->resolved.behaviour, {}}).first->second;
        PlannedChange change{.at = {c->at_ns + wave}, .node = {index}, .pointer = c->place.pointer};
        wave += c->wave_ns;
        if (!apply(*c, state, change)) continue;
        change.up = {change.at.ns + (change.stops == Restart::none ? 0 : c->takes_ns)};
        check_time(*c, change, state.up);
        state.up = std::max(state.up, change.up);
        change.after =
            std::make_shared<const builds::Resolved>(builds::resolve(state.build, state.base, state.registry, study));
        plan_.changes.push_back(std::move(change));
      }
    }
    std::ranges::stable_sort(plan_.changes, {}, &PlannedChange::at);
  }

  // What a change makes of a node, and which services it stops; false, and a problem, when it cannot be.
  bool apply(const Change& c, State& state, PlannedChange& change) {
    if (c.restart) {
      change.what = *c.restart == Restart::all ? "services restart" : "the information store restarts";
      change.stops = *c.restart;
      return true;
    }
    if (c.install) {
      change.what = c.install->value + " is installed";
      if (!install(*c.install, state.build)) return false;
      change.stops = restarts_of(state.build, c.install->value);
      return true;
    }
    if (c.build) return replace(*c.build, state, change);
    if (c.signatures) return update_signatures(c, state, change);
    if (c.registry) {
      change.what = "registry values are set";
      return std::ranges::all_of(*c.registry, [&](const auto& value) { return set_registry(value, state); });
    }
    change.what = "attributes are set";
    for (const json::Member& m : c.attributes->members()) {
      json::Context context(problems_, c.place.pointer + "/attributes/" + json::escape_pointer_part(m.key));
      if (!builds::apply_setting(state.base, m.key, m.value, context))
        unknown({c.attributes->source(), m.key_position, context.pointer()}, "attribute", m.key,
                builds::attribute_names());
    }
    return true;
  }

  bool update_signatures(const Change& c, State& state, PlannedChange& change) {
    scanner::ScannerBehaviour& scanner = state.base.scanner;
    const std::string& name = plan_.nodes[change.node.value].name;
    auto version = static_cast<std::uint64_t>(*c.signatures);
    change.what = fmt::format("virus signatures {} come", version);
    if (*scanner.enabled == smtp::Switch::off)
      problem(c.place, fmt::format("{} has no scanner: its attribute scanner.enabled is off", name));
    else if (version <= *scanner.signatures)
      problem(c.place,
              fmt::format("{} has virus signatures {} already: {} is not later", name, *scanner.signatures, version));
    scanner.signatures.set(version, {Layer::configuration, "the experiment"});
    return true;
  }

  bool set_registry(const json::Keyed<std::int64_t>& value, State& state) {
    PlannedNode scratch{.build = state.build};
    bind_registry_value(scratch, value);
    if (scratch.registry.empty()) return false;
    std::erase_if(state.registry, [&](const auto& known) { return known.first == value.key; });
    state.registry.push_back(scratch.registry.front());
    builds::find_registry_value(state.build, value.key)
        ->apply(state.base, scratch.registry.front().second, {Layer::configuration, "registry value " + value.key});
    return true;
  }

  // Another product would route otherwise, and all the others would have to know.
  bool replace(const Name& text, State& state, PlannedChange& change) {
    builds::ParsedBuild parsed = builds::parse_build(text.value);
    auto place = [&](const std::string& word) { return json::place_of_part(text.place, text.value, word); };
    for (const auto& error : parsed.errors)
      problems_.add(json::problem_at(place(error.word), error.message, error.word, error.choices));
    for (const auto& refusal : parsed.refused)
      problem(place(refusal.update), fmt::format("{} cannot be installed: {}", refusal.update, refusal.reason));
    if (!parsed.errors.empty() || !parsed.refused.empty()) return false;
    bool same = std::ranges::equal(parsed.build.parts, state.build.parts,
                                   [](const auto& a, const auto& b) { return a.product == b.product; });
    if (!same) {
      problem(text.place,
              fmt::format("{} cannot become {} during a run: only releases and updates of what is there change",
                          state.build.text, parsed.build.text));
      return false;
    }
    change.what = parsed.build.text + " is installed";
    change.stops = Restart::all;
    state.build = std::move(parsed.build);
    return true;
  }

  // The store alone, when the article names nothing else that mail goes through.
  static Restart restarts_of(const builds::Build& build, const std::string& update) {
    for (const builds::Installed& part : build.parts) {
      const builds::Package* package = builds::find_package(update, part.release->name);
      if (package == nullptr || package->restarts.empty()) continue;
      bool store_only = std::ranges::all_of(package->restarts, [](const std::string& s) {
        return s == "information-store" || s == "event-service" || s == "system-attendant";
      });
      return store_only ? Restart::information_store : Restart::all;
    }
    return Restart::all;
  }

  void check_time(const Change& c, const PlannedChange& change, sim::Instant free) {
    if (change.at < free)
      problem(c.place, fmt::format("{} is not up yet from the change before", plan_.nodes[change.node.value].name));
    if (change.at > plan_.horizon)
      problem(c.place, fmt::format("{} changes after {}, and the horizon is {}", plan_.nodes[change.node.value].name,
                                   json::format_duration(change.at.ns), json::format_duration(plan_.horizon.ns)));
    if (change.stops == Restart::all && change.up == change.at)
      problem(c.place, "services that stop take some time: \"takes\" is 0");
    if (change.stops == Restart::information_store && !plan_.organization.hosts[change.node.value].roles.mailbox)
      problem(c.place,
              fmt::format("{} has no store: it has not the role mailbox", plan_.nodes[change.node.value].name));
    for (const Fault& f : experiment_.faults)
      if (f.host && change.stops == Restart::all && f.host->value == plan_.nodes[change.node.value].name &&
          f.at_ns <= change.up.ns && change.at.ns <= f.at_ns + f.for_ns)
        problem(c.place, fmt::format("{} fails while its services restart", f.host->value));
  }
  // On the part of the build that takes it; else why the part that it is made for does not.
  bool install(const Name& update, builds::Build& build) {
    std::vector<builds::ParsedBuild> tried;
    for (std::size_t part = 0; part < build.parts.size(); ++part) {
      builds::ParsedBuild parsed = builds::parse_build(builds::text_with(build, part, update.value));
      if (parsed.errors.empty() && parsed.refused.empty()) {
        build = std::move(parsed.build);
        return true;
      }
      bool made_for_it = std::ranges::any_of(builds::packages_of(update.value), [&](const builds::Package* package) {
        return builds::find_release(package->branch).product == build.parts[part].product;
      });
      tried.insert(made_for_it ? tried.begin() : tried.end(), std::move(parsed));
    }
    for (const auto& error : tried.front().errors)
      problems_.add(json::problem_at(update.place, error.message, error.word, error.choices));
    for (const auto& refusal : tried.front().refused)
      problem(update.place, fmt::format("{} cannot be installed: {}", refusal.update, refusal.reason));
    return false;
  }

  void bind_peer(const json::Keyed<Peer>& p) {
    auto found = by_name_.find(p.key);
    PlannedNode* n = found == by_name_.end() ? nullptr : &plan_.nodes[found->second];
    if (n != nullptr && !n->foreign)
      return problem(p.place,
                     fmt::format("{} is a server of the organization: only a foreign server is scripted", n->name));
    if (n == nullptr)
      return unknown(p.place, "foreign server", p.key, node_names([](const PlannedNode& x) { return x.foreign; }));
    n->listen = p.value.listen;
    n->script = bind_script(p.value.smtp_script, plan_.addresses, problems_);
  }

  const Experiment& experiment_;
  Plan& plan_;
  json::Problems& problems_;
  std::map<std::string, std::uint32_t> by_name_;
  std::map<std::string, builds::Build> parsed_;
  std::map<std::string, builds::NodeBehaviour> profiles_;
  std::vector<std::string> laid_;         // by node: what note_laid() was told
  std::set<std::string> unclear_builds_;  // nodes whose build has a problem: what rests on it is not judged
};

}  // namespace

void bind_nodes(const Experiment& experiment, Plan& plan, json::Problems& problems) {
  NodeBinder(experiment, plan, problems).bind();
}

}  // namespace deadletter::experiments
