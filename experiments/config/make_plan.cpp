// Binding: every name of an experiment is looked up, every mistake of meaning is reported, and the plan is made.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "experiments/config/bind_content.h"
#include "experiments/config/bind_directory.h"
#include "experiments/config/bind_expectations.h"
#include "experiments/config/bind_nodes.h"
#include "experiments/config/bind_traffic.h"
#include "experiments/config/limits.h"
#include "experiments/config/load.h"
#include "sim/fingerprint.h"
#include "sim/json/excerpt.h"
#include "sim/json/merge.h"
#include "topologies/bind.h"
#include "topologies/load.h"
#include "topologies/mailboxes.h"

namespace deadletter::experiments {
namespace {

// The document of one variant: the experiment with the variant laid over it and the other variants left out.
json::Value document_of(const Loaded& loaded, const std::string& variant) {
  json::Value document = loaded.document;
  const json::Value& all = *loaded.document.find("variants");
  const json::Value& own = *all.find(variant);
  for (const json::Member& m : own.members())
    if (m.key != "expect" && m.key != "description") {
      json::Value* below = document.find(m.key);
      document.set(m.key, below == nullptr ? m.value : json::merged(*below, m.value));
    }
  json::Value only = json::Value::object();
  only.set(variant, own);
  document.set("variants", only);
  return document;
}

class Binder {
 public:
  Binder(const Loaded& loaded, const std::string& variant, json::Problems& problems)
      : loaded_(loaded), problems_(problems) {
    plan_.variant = variant;
    plan_.inputs = loaded.inputs;
  }

  std::optional<Plan> bind(std::optional<std::uint64_t> seed) {
    std::size_t before = problems_.count();
    plan_.resolved = document_of(loaded_, plan_.variant);
    auto read = json::read(experiment_reader(), plan_.resolved, problems_);
    if (!read) return std::nullopt;
    experiment_ = std::move(*read);
    const Variant& variant = experiment_.variants.front().value;
    plan_.experiment = experiment_.id;
    plan_.question = experiment_.question;
    for (const auto& v : loaded_.experiment.variants) plan_.variants.push_back(v.key);
    plan_.seed = seed.value_or(static_cast<std::uint64_t>(experiment_.seed));
    plan_.start_unix_ns = experiment_.start_unix_ns;
    plan_.horizon = {experiment_.horizon_ns};
    plan_.record = experiment_.record;
    plan_.fidelity = experiment_.fidelity;
    if (experiment_.chance) {
      auto probability = [](const json::Fraction& f) { return sim::Probability{f.numerator, f.denominator}; };
      plan_.session_failure = probability(experiment_.chance->session_failure);
      plan_.message_failure = probability(experiment_.chance->message_failure);
    }
    plan_.expectations = variant.expect;
    bind_parameters();
    bind_baseline();
    if (!bind_topology()) return std::nullopt;
    bind_connectors();
    bind_nodes(experiment_, plan_, problems_);
    bind_domains();
    bind_directory(experiment_, plan_, problems_);
    auto resolve = [this](const Name& name) { return resolve_path(name); };
    ContentBinder content(experiment_, plan_, problems_, resolve);
    bind_mail(content);
    bind_traffic(experiment_, plan_, content, problems_, resolve);
    content.bind_clients(plan_.under_study);
    content.bind_fetches();
    std::ranges::stable_sort(plan_.mail, {}, &PlannedMail::at);
    bind_faults();
    bind_expectations(experiment_, plan_, problems_);
    if (problems_.count() == before) check_limits(plan_, problems_);
    if (problems_.count() > before) return std::nullopt;
    return std::move(plan_);
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
  void unknown(const Name& name, std::string_view what, std::vector<std::string> choices) {
    unknown(name.place, what, name.value, std::move(choices));
  }

  // Relative to the file that names it; to the folder in which the command was given when the command line does.
  std::string resolve_path(const Name& name) const {
    std::filesystem::path path(name.value);
    bool from_command_line = name.place.source != nullptr && name.place.source->name.starts_with("--set");
    if (path.is_absolute()) return path.lexically_normal().string();
    if (from_command_line) return (std::filesystem::path(loaded_.folder) / path).lexically_normal().string();
    return (std::filesystem::path(loaded_.path).parent_path() / path).lexically_normal().string();
  }

  void bind_parameters() {
    for (const auto& p : experiment_.parameters)
      if (loaded_.document.find_pointer(p.value.value) == nullptr)
        problem(p.value.place,
                fmt::format("parameter \"{}\" leads nowhere: there is no {}", p.key, json::show(p.value.value)));
  }

  void bind_baseline() {
    if (!experiment_.baseline || std::ranges::find(plan_.variants, experiment_.baseline->value) != plan_.variants.end())
      return;
    unknown(*experiment_.baseline, "variant", plan_.variants);
  }

  bool bind_topology() {
    if (experiment_.generate) {
      auto made = topologies::generate(experiment_.generate->value, experiment_.generate->place, problems_);
      if (made) plan_.organization = std::move(*made);
      return made.has_value();
    }
    std::string path = resolve_path(*experiment_.topology);
    json::Problems unread;
    auto source = read_source(path, "the topology", unread);
    if (source == nullptr) {
      problem(experiment_.topology->place, fmt::format("{} ({})", unread.sorted().front().message, path));
      return false;
    }
    plan_.inputs.push_back({"topology", path, sim::hash_octets(source->text)});
    auto organization = topologies::load(source, problems_);
    if (!organization) return false;
    plan_.organization = std::move(*organization);
    return true;
  }

  void bind_connectors() {
    if (experiment_.connectors.empty()) return;
    auto& all = plan_.organization.connectors;
    for (const auto& c : experiment_.connectors) {
      auto found = std::ranges::find_if(all, [&](const auto& other) { return other.name.value == c.key; });
      if (found == all.end()) {
        std::vector<std::string> names;
        for (const auto& other : all) names.push_back(other.name.value);
        unknown(Name{c.key, c.place}, "connector", std::move(names));
        continue;
      }
      if (!scope_fits(*found, c)) continue;
      found->scope = c.value.scope.value_or(found->scope);
      found->enabled = c.value.enabled.value_or(found->enabled);
    }
    topologies::bind_routing(plan_.organization, problems_);
  }

  // Said where the experiment says it: the topology is right as it is.
  bool scope_fits(const topologies::Connector& connector, const json::Keyed<ConnectorSetup>& c) {
    using Type = topologies::ConnectorType;
    bool of_sites = connector.type == Type::send || connector.type == Type::foreign;
    bool wrong_site = c.value.scope == routing::Scope::site && !of_sites;
    bool wrong_group = c.value.scope == routing::Scope::group && connector.type == Type::send;
    if (wrong_site || wrong_group)
      problem(c.place, fmt::format("connector {} ({}) cannot have the scope of a {}", json::show(c.key),
                                   topologies::text(connector.type), wrong_site ? "site" : "routing group"));
    return !wrong_site && !wrong_group;
  }

  void bind_domains() {
    for (const topologies::Domain& d : plan_.organization.domains) {
      mail::DomainId id = plan_.addresses.intern_domain(d.name.value);
      if (plan_.domains.size() <= id.value) plan_.domains.resize(id.value + 1);
      PlannedDomain& planned = plan_.domains[id.value];
      planned.foreign = d.foreign;
      planned.any_recipient = d.any_recipient;
      for (const auto& e : d.exchangers) {
        planned.hosts.push_back(*plan_.find_node(e.host.value));
        planned.preferences.push_back(static_cast<std::uint32_t>(e.preference));
      }
      planned.organization = plan_.organization.routing.servers[planned.hosts.front().value].organization;
      for (const auto& r : d.recipients) plan_.settle(plan_.addresses.intern(r.value), planned.hosts.front());
    }
    for (std::uint32_t i = 0; i < plan_.organization.hosts.size(); ++i)
      topologies::each_mailbox(plan_.organization.hosts[i].mailboxes,
                               [&](const std::string& mailbox) { plan_.settle(plan_.addresses.intern(mailbox), {i}); });
  }

  std::vector<std::string> mailbox_names() const {
    std::vector<std::string> names;
    for (std::uint32_t id = 0; id < plan_.homes.size(); ++id)
      if (plan_.is_mailbox({id})) names.push_back(plan_.addresses.text(mail::AddressId{id}));
    return names;
  }
  std::vector<std::string> domain_names(bool foreign) const {
    std::vector<std::string> names;
    for (const auto& d : plan_.organization.domains)
      if (foreign || !d.foreign) names.push_back(d.name.value);
    return names;
  }

  void bind_mail(ContentBinder& content) {
    std::set<std::string> ids;
    for (const Mail& m : experiment_.mail) {
      if (!ids.insert(m.id.value).second)
        problem(m.id.place, fmt::format("there is a mail \"{}\" already", m.id.value));
      if (sim::Instant{m.at_ns} > plan_.horizon)
        problem(m.id.place, fmt::format("mail \"{}\" is sent after {}, and the horizon is {}", m.id.value,
                                        json::format_duration(m.at_ns), json::format_duration(plan_.horizon.ns)));
      PlannedMail planned{.name = m.id.value,
                          .at = {m.at_ns},
                          .to = {},
                          .subject = m.subject,
                          .size = m.size,
                          .eight_bit = m.eight_bit,
                          .priority = m.priority};
      if (m.from.value != "<>") planned.from = bind_sender(m.from);
      content.bind(m, planned);
      keep_first_of_each(planned.to);
      plan_.mail.push_back(std::move(planned));
    }
  }
  mail::AddressId bind_sender(const Name& from) {
    mail::AddressId id = plan_.addresses.intern(from.value);
    const PlannedDomain* domain = plan_.domain_of(id);
    if (domain == nullptr)
      problem(from.place, fmt::format("the topology has no domain of {}: who sends must live somewhere", from.value));
    else if (!domain->any_recipient && !plan_.is_mailbox(id))
      unknown(from, "mailbox", mailbox_names());
    return id;
  }

  void bind_faults() {
    std::map<std::string, std::map<std::int64_t, std::int64_t>> faulty;
    for (const Fault& f : experiment_.faults) {
      const Name& what = f.link ? *f.link : f.host ? *f.host : *f.dns;
      const char* kind = f.link ? "link" : f.host ? "host" : "domain";
      bool known = fault_known(f);
      if (!f.down) problem(what.place, fmt::format("a fault takes its {} down: expected \"down\": true", kind));
      if (sim::Instant{f.at_ns} > plan_.horizon)
        problem(what.place, fmt::format("{} {} fails after {}, and the horizon is {}", kind, json::show(what.value),
                                        json::format_duration(f.at_ns), json::format_duration(plan_.horizon.ns)));
      auto& others = faulty[fmt::format("{} {}", kind, what.value)];  // begin to end
      auto next = others.lower_bound(f.at_ns);
      bool meets_next = next != others.end() && next->first <= f.at_ns + f.for_ns;
      bool meets_last = next != others.begin() && std::prev(next)->second >= f.at_ns;
      if (known && (meets_next || meets_last))
        problem(what.place, fmt::format("two faults of {} \"{}\" overlap or touch: make them one", kind, what.value));
      others.emplace(f.at_ns, f.at_ns + f.for_ns);
      plan_.faults.push_back(f);
    }
  }
  bool fault_known(const Fault& f) {
    std::vector<std::string> names;
    if (f.link)
      for (const auto& l : plan_.organization.links) names.push_back(l.name.value);
    else if (f.host)
      for (const auto& n : plan_.nodes) names.push_back(n.name);
    else
      names = domain_names(true);
    const Name& what = f.link ? *f.link : f.host ? *f.host : *f.dns;
    bool known = std::ranges::find(names, what.value) != names.end();
    if (!known) unknown(what, f.link ? "link" : f.host ? "host" : "domain", names);
    return known;
  }

  const Loaded& loaded_;
  json::Problems& problems_;
  Experiment experiment_;
  Plan plan_;
};

}  // namespace

const std::vector<std::string>& logged_event_names() {
  static const std::vector<std::string> names = {"MSExchangeTransport 327", "MSExchangeIS 9551", "MSExchangeIS 9552",
                                                 "MSExchangeIS 9556"};
  return names;
}

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = {"messages",        "recipients",
                                                 "fates.delivered", "fates.returned",
                                                 "fates.waiting",   "fates.discarded",
                                                 "fates.lost",      "fates.expanded",
                                                 "copies.extra",    "attempts",
                                                 "retries",         "reports.ndr",
                                                 "reports.delay",   "hops"};
  return names;
}

std::optional<Plan> make_plan(const Loaded& loaded, const std::string& variant, std::optional<std::uint64_t> seed,
                              json::Problems& problems) {
  return Binder(loaded, variant, problems).bind(seed);
}

}  // namespace deadletter::experiments
