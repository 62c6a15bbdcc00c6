#include "experiments/cli/explain_route.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "experiments/cli/commands.h"
#include "models/builds/installation.h"
#include "models/mail/address.h"
#include "models/routing/journey.h"
#include "sim/json/parse.h"
#include "sim/json/units.h"
#include "topologies/load.h"
#include "topologies/mailboxes.h"

namespace deadletter::cli {
namespace {

using json::Value;
using routing::ServerId;

constexpr std::uint64_t kUsualSize = 20 * 1024;

int usage(const std::string& message, const std::vector<std::string>& valid = {}) {
  fmt::print(stderr, "{}\n", message);
  if (!valid.empty()) fmt::print(stderr, "  valid: {}\n", fmt::join(valid, ", "));
  return kUsage;
}

class Explainer {
 public:
  Explainer(const topologies::Organization& organization, const RouteQuestion& question)
      : org_(organization), net_(organization.routing), question_(question), states_(net_.links) {
    for (const topologies::Server& s : org_.hosts) {
      auto [known, fresh] = behaviours_.try_emplace(s.build.value);
      if (fresh) known->second = builds::profile_of(builds::parse_build(s.build.value).build).routing;
    }
  }

  int explain() {
    if (int status = read_size_and_down(); status != kHeld) return status;
    if (question_.all) return table();
    auto from = find_server(question_.from);
    if (!from || org_.hosts[from->value].foreign)
      return usage(fmt::format("{}: the topology has no server of that name", question_.from), names_of_servers());
    auto to = destination(question_.to);
    if (!to) return usage(fmt::format("{}: no server, address or domain of the topology", question_.to), ends());
    routing::Journey journey = travel(*from, *to);
    if (question_.format == Format::json)
      fmt::print("{}\n", to_json(journey).dump(2));
    else
      print(journey);
    return kHeld;
  }

 private:
  int read_size_and_down() {
    if (!question_.size.empty()) {
      auto size = json::parse_size(question_.size);
      if (!size) return usage(fmt::format("--size {}: expected a size such as 10MB", question_.size));
      size_ = *size;
    }
    for (std::size_t begin = 0; begin < question_.down.size();) {
      std::size_t end = std::min(question_.down.find(',', begin), question_.down.size());
      std::string name = question_.down.substr(begin, end - begin);
      auto found = std::ranges::find(net_.connectors, name, &routing::Connector::name);
      if (found == net_.connectors.end()) {
        std::vector<std::string> names;
        for (const auto& c : net_.connectors) names.push_back(c.name);
        return usage(fmt::format("--down {}: there is no such connector", name), names);
      }
      for (std::uint32_t i = 0; i < found->sources.size(); ++i) states_.set(found->first_link + i, false);
      begin = end + 1;
    }
    return kHeld;
  }

  std::optional<ServerId> find_server(const std::string& name) const {
    auto found =
        std::ranges::find_if(org_.hosts, [&](const auto& h) { return h.name.value == name || h.host == name; });
    if (found == org_.hosts.end()) return std::nullopt;
    return ServerId{static_cast<std::uint32_t>(found - org_.hosts.begin())};
  }
  std::vector<std::string> names_of_servers() const {
    std::vector<std::string> names;
    for (const auto& s : org_.servers) names.push_back(s.name.value);
    return names;
  }
  std::vector<std::string> ends() const {
    std::vector<std::string> names = names_of_servers();
    for (const auto& d : org_.domains) names.push_back(d.name.value);
    return names;
  }

  std::optional<routing::Destination> destination(const std::string& to) const {
    if (auto server = find_server(to); server && !org_.hosts[server->value].foreign)
      return routing::Destination{*server};
    std::size_t at = to.rfind('@');
    if (auto one_off = mail::parse_one_off(to))
      return routing::Destination{.domain = one_off->value, .type = one_off->type};
    const topologies::Domain* domain = org_.find_domain(at == to.npos ? to : to.substr(at + 1));
    if (domain == nullptr) return std::nullopt;
    routing::Destination destination{.domain = domain->name.value};
    for (const auto& e : domain->exchangers) destination.exchangers.push_back(*find_server(e.host.value));
    for (std::uint32_t i = 0; i < org_.servers.size() && at != to.npos; ++i)
      topologies::each_mailbox(org_.servers[i].mailboxes, [&](const std::string& mailbox) {
        if (mailbox == to) destination.mailbox = ServerId{i};
      });
    // An own domain without a mailbox in it: as far as whoever receives for it.
    if (!destination.mailbox && !domain->foreign) {
      if (at != to.npos) return std::nullopt;
      destination.mailbox = destination.exchangers.front();
    }
    return destination;
  }

  routing::Journey travel(ServerId from, const routing::Destination& to) const {
    auto behaviour = [this](ServerId id) -> const routing::RoutingBehaviour& {
      return behaviours_.at(org_.hosts[id.value].build.value);
    };
    return routing::travel(net_, behaviour, from, to, size_, &states_);
  }

  const std::string& name(ServerId id) const { return net_.server(id).name; }
  std::string path(const routing::Journey& journey) const {
    std::vector<std::string> names;
    for (ServerId s : journey.servers) names.push_back(name(s));
    return fmt::format("{}", fmt::join(names, " > "));
  }
  std::string end(const routing::Journey& journey) const {
    const std::string& last = name(journey.servers.back());
    switch (journey.end) {
      case routing::JourneyEnd::waits:
        return "waits at " + last;
      case routing::JourneyEnd::returned:
        return "returned by " + last;
      case routing::JourneyEnd::loops:
        return "loops";
      default:
        return routing::text(journey.end);
    }
  }

  static std::string state(const routing::Candidate& c, bool chosen) {
    std::string text = c.up ? "up" : "down";
    if (c.usable != routing::ConnectorUsable::usable) text += fmt::format(", not usable: {}", routing::text(c.usable));
    return text + (chosen ? "  <- chosen" : "");
  }
  void print(const routing::Journey& journey) const {
    fmt::print("{} to {}, {}\n", question_.from, question_.to, json::format_size(size_));
    for (std::size_t i = 0; i < journey.steps.size(); ++i) {
      const routing::Step& step = journey.steps[i];
      fmt::print("\n{}. {}  ({})\n   {}\n", i + 1, name(step.at), org_.hosts[step.at.value].build.value,
                 step.route.rule);
      const auto& all = step.route.candidates;
      std::size_t width = 4;
      for (const auto& c : all) width = std::max(width, c.way.size());
      if (!all.empty()) fmt::print("   {:<{}}  legacy cost  site cost  hops  state\n", "way", width);
      for (std::size_t c = 0; c < all.size(); ++c)
        fmt::print("   {:<{}}  {:>11}  {:>9}  {:>4}  {}\n", all[c].way, width, all[c].legacy_cost, all[c].site_cost,
                   all[c].hops, state(all[c], static_cast<std::int32_t>(c) == step.route.chosen));
      fmt::print("   next: {}\n", next(step));
    }
    fmt::print("\n{}: {}\n", path(journey), end(journey));
  }
  std::string next(const routing::Step& step) const {
    std::string text = describe(net_, step.route.hop);
    if (step.route.hop.hosts.empty() && !step.hosts.empty()) {
      std::vector<std::string> names;
      for (ServerId s : step.hosts) names.push_back(name(s));
      text += fmt::format(", the domain's exchangers: {}", fmt::join(names, ", "));
    }
    return text;
  }

  Value to_json(const routing::Journey& journey) const {
    Value steps = Value::array(), servers = Value::array();
    for (const routing::Step& step : journey.steps) {
      Value candidates = Value::array(), hosts = Value::array();
      for (std::size_t c = 0; c < step.route.candidates.size(); ++c) {
        const routing::Candidate& one = step.route.candidates[c];
        candidates.push_back(Value::object()
                                 .set("way", one.way)
                                 .set("legacy_cost", one.legacy_cost)
                                 .set("site_cost", one.site_cost)
                                 .set("hops", one.hops)
                                 .set("up", one.up)
                                 .set("usable", routing::text(one.usable))
                                 .set("chosen", static_cast<std::int32_t>(c) == step.route.chosen));
      }
      for (ServerId h : step.hosts) hosts.push_back(name(h));
      steps.push_back(Value::object()
                          .set("at", name(step.at))
                          .set("rule", step.route.rule)
                          .set("candidates", std::move(candidates))
                          .set("next", describe(net_, step.route.hop))
                          .set("hosts", std::move(hosts)));
    }
    for (ServerId s : journey.servers) servers.push_back(name(s));
    return Value::object()
        .set("from", question_.from)
        .set("to", question_.to)
        .set("size", size_)
        .set("steps", std::move(steps))
        .set("path", std::move(servers))
        .set("end", routing::text(journey.end));
  }

  // Costs are the first server's: what it compares.
  struct Costs {
    std::uint64_t legacy = 0, site = 0;
  };
  static Costs costs(const routing::Journey& journey) {
    for (const routing::Step& step : journey.steps)
      if (step.route.chosen != routing::kNoRoute) {
        const auto& c = step.route.candidates[static_cast<std::size_t>(step.route.chosen)];
        return {c.legacy_cost, c.site_cost};
      }
    return {};
  }
  int table() const {
    Value rows = Value::array();
    std::size_t width = 4;
    for (const auto& s : org_.servers) width = std::max(width, s.name.value.size());
    if (question_.format == Format::text)
      fmt::print("{:<{}}  {:<{}}  legacy cost  site cost  path\n", "from", width, "to", width);
    for (std::uint32_t from = 0; from < org_.servers.size(); ++from)
      for (std::uint32_t to = 0; to < org_.servers.size(); ++to) {
        // An edge server has no mailbox; between organizations mail has an address.
        if (from == to || net_.servers[to].edge || net_.servers[from].organization != net_.servers[to].organization)
          continue;
        routing::Journey journey = travel({from}, {ServerId{to}});
        Costs c = costs(journey);
        std::string way = path(journey);
        if (journey.end != routing::JourneyEnd::delivered) way += ": " + end(journey);
        if (question_.format == Format::text)
          fmt::print("{:<{}}  {:<{}}  {:>11}  {:>9}  {}\n", name({from}), width, name({to}), width, c.legacy, c.site,
                     way);
        rows.push_back(Value::object()
                           .set("from", name({from}))
                           .set("to", name({to}))
                           .set("path", way)
                           .set("legacy_cost", c.legacy)
                           .set("site_cost", c.site)
                           .set("end", routing::text(journey.end)));
      }
    if (question_.format == Format::json) fmt::print("{}\n", Value::object().set("routes", rows).dump(2));
    return kHeld;
  }

  const topologies::Organization& org_;
  const routing::Network& net_;
  const RouteQuestion& question_;
  routing::LinkStates states_;
  std::uint64_t size_ = kUsualSize;
  std::map<std::string, routing::RoutingBehaviour> behaviours_;
};

}  // namespace

bool is_topology(const std::shared_ptr<const json::Source>& source) {
  static const std::vector<std::string> kTopology = {"servers", "domains", "foreign", "connectors", "places", "links"};
  static const std::vector<std::string> kExperiment = {"topology", "mail",  "traffic", "variants", "builds",
                                                       "peers",    "start", "horizon", "question", "seed"};
  json::Problems none;
  auto value = json::parse_tolerantly(source, none);
  if (!value || !value->is(json::Kind::object)) return false;
  auto count = [&](const std::vector<std::string>& keys) {
    return std::ranges::count_if(keys, [&](const std::string& key) { return value->find(key) != nullptr; });
  };
  return count(kTopology) > count(kExperiment);
}

int explain_route(const std::shared_ptr<const json::Source>& source, const RouteQuestion& question) {
  json::Problems problems;
  auto organization = topologies::load(source, problems);
  if (!organization) return report_problems(problems, question.format);
  if (!question.all && (question.from.empty() || question.to.empty()))
    return usage("explain TOPOLOGY FROM TO: expected two servers, or a server and an address or domain (or --all)");
  return Explainer(*organization, question).explain();
}

}  // namespace deadletter::cli
