#include "experiments/config/bind_directory.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/mail/address.h"
#include "models/routing/paths.h"
#include "sim/json/excerpt.h"
#include "sim/json/units.h"
#include "topologies/bind_directory.h"
#include "topologies/mailboxes.h"

namespace deadletter::experiments {

namespace dir = directory;

const dir::Object* PlannedDirectory::find(mail::AddressId address) const {
  auto id = id_of(address);
  return id ? &forests.object(*id) : nullptr;
}

std::optional<dir::ObjectId> PlannedDirectory::id_of(mail::AddressId address) const {
  if (address.value >= objects.size() || !objects[address.value].valid()) return std::nullopt;
  return objects[address.value];
}

void PlannedDirectory::name(mail::AddressId address, dir::ObjectId object) {
  if (objects.size() <= address.value) objects.resize(std::max<std::size_t>(address.value + 1, objects.size() * 2));
  objects[address.value] = object;
}

namespace {

// Windows Server 2003 tells the controllers of a site after 15 s. [recalled]
constexpr sim::Duration kWithinSite = sim::Duration::seconds(15);

class Binder {
 public:
  Binder(const Experiment& experiment, Plan& plan, json::Problems& problems)
      : experiment_(experiment), plan_(plan), content_(plan.organization.directory), problems_(problems) {}

  void bind() {
    add_domains();
    add_controllers();
    for (const auto& u : content_.users) users_.emplace(plan_.addresses.intern(u.address.value), &u);
    for (std::uint32_t i = 0; i < plan_.organization.hosts.size(); ++i) add_mailboxes({i});
    for (const auto& c : content_.contacts) add_contact(c);
    for (const auto& g : content_.groups) add_group(g);
    for (const auto& f : content_.public_folders) add_folder(f);
    for (const auto& g : content_.groups)
      for (const auto& m : g.members) made_.forests.add_member(group_of(g), *find(m.value));
    for (const auto& g : content_.groups) add_rule(group_of(g), g.restriction);
    for (const auto& f : content_.public_folders) finish_folder(f);
    for (const auto& c : experiment_.directory_changes) add_change(c);
    plan_.directory = std::make_shared<const PlannedDirectory>(std::move(made_));
  }

 private:
  void problem(const json::Place& place, std::string message) {
    problems_.add(json::problem_at(place, std::move(message)));
  }
  void unknown(const Name& name, std::string_view what, std::vector<std::string> choices) {
    problems_.add(json::problem_at(name.place, fmt::format("unknown {} {}", what, json::show(name.value)), name.value,
                                   std::move(choices)));
  }

  // Parents first.
  void add_domains() {
    const auto& all = plan_.organization.ad_domains;
    while (domains_.size() < all.size())
      for (const auto& d : all) {
        if (domains_.contains(d.name.value) || (d.parent && !domains_.contains(d.parent->value))) continue;
        dir::Domain domain{.name = d.name.value, .level = d.level, .windows = d.windows};
        if (d.parent) domain.parent = domains_.at(d.parent->value);
        domains_.emplace(d.name.value, made_.forests.add(std::move(domain)));
      }
  }

  void add_controllers() {
    for (const auto& c : content_.controllers)
      controllers_.emplace(c.name.value, made_.forests.add(dir::Controller{.name = c.name.value,
                                                                           .domain = domains_.at(c.ad_domain.value),
                                                                           .site = c.site ? c.site->value : "",
                                                                           .global_catalog = c.global_catalog}));
    const auto count = static_cast<std::uint32_t>(made_.forests.controllers().size());
    for (std::uint32_t a = 0; a < count; ++a)
      for (std::uint32_t b = 0; b < count; ++b)
        if (a != b) made_.forests.set_delay({a}, {b}, delay({a}, {b}));
    for (std::uint32_t i = 0; i < plan_.nodes.size(); ++i) made_.controllers.push_back(controller_for(i));
  }

  // Over the site links on the way, each with the interval at which it replicates.
  sim::Duration delay(dir::ControllerId from, dir::ControllerId to) const {
    sim::Duration within{content_.within_site_ns.value_or(kWithinSite.ns)};
    const std::string& a = made_.forests.controllers()[from.value].site;
    const std::string& b = made_.forests.controllers()[to.value].site;
    if (a == b) return within;
    const routing::Network& network = plan_.organization.routing;
    auto site = [&](const std::string& name) {
      auto found = std::ranges::find(network.sites, name, &routing::Site::name);
      return routing::SiteId{static_cast<std::uint32_t>(found - network.sites.begin())};
    };
    sim::Duration usual{topologies::SiteLink{}.replication_ns};
    if (a.empty() || b.empty()) return within + usual;
    routing::SiteTree tree(network, site(a));
    if (!tree.reaches(site(b))) return within + usual;
    sim::Duration sum = within;
    auto path = tree.path(site(b));
    for (std::size_t i = 1; i < path.size(); ++i) sum = sum + interval(path[i - 1], path[i]);
    return sum;
  }
  sim::Duration interval(routing::SiteId a, routing::SiteId b) const {
    const routing::Network& network = plan_.organization.routing;
    std::int64_t least = topologies::SiteLink{}.replication_ns;
    bool any = false;
    for (std::size_t i = 0; i < network.site_links.size(); ++i) {
      const routing::SiteLink& l = network.site_links[i];
      if (!((l.one == a && l.other == b) || (l.one == b && l.other == a))) continue;
      std::int64_t own = plan_.organization.site_links[i].replication_ns;
      least = any ? std::min(least, own) : own;
      any = true;
    }
    return {least};
  }

  // A global catalog of the own site and domain before others of the site, then of the domain, then of the forest.
  dir::ControllerId controller_for(std::uint32_t node) const {
    const topologies::Server& server = plan_.organization.hosts[node];
    if (server.foreign || !server.ad_domain) return {};
    dir::DomainId domain = domains_.at(server.ad_domain->value);
    dir::ControllerId best{};
    int best_score = -1;
    for (std::uint32_t i = 0; i < made_.forests.controllers().size(); ++i) {
      const dir::Controller& c = made_.forests.controllers()[i];
      if (made_.forests.domains()[c.domain.value].forest != made_.forests.domains()[domain.value].forest) continue;
      bool own_site = c.site == (server.site ? server.site->value : "");
      int score = (c.global_catalog ? 4 : 0) + (own_site ? 2 : 0) + (c.domain == domain ? 1 : 0);
      if (score > best_score) best_score = score, best = {i};
    }
    return best;
  }

  dir::ObjectId add(dir::Object object, const std::string& name, std::optional<mail::AddressId> address) {
    dir::ObjectId id = made_.forests.add(std::move(object));
    made_.addresses.resize(made_.forests.size());
    if (address) made_.addresses[id.value] = *address, made_.name(*address, id);
    if (!name.empty()) named_.emplace(name, id);
    return id;
  }
  // A mailbox has no name but its address.
  std::optional<dir::ObjectId> find(const std::string& name) {
    if (auto found = named_.find(name); found != named_.end()) return found->second;
    return mail::valid_address(name) ? made_.id_of(plan_.addresses.intern(name)) : std::nullopt;
  }

  void add_mailboxes(NodeId node) {
    const topologies::Server& server = plan_.organization.hosts[node.value];
    topologies::each_mailbox(server.mailboxes, [&](const std::string& mailbox) {
      mail::AddressId address = plan_.addresses.intern(mailbox);
      auto found = users_.find(address);
      const topologies::DirectoryUser* user = found == users_.end() ? nullptr : found->second;
      const std::string& domain = user != nullptr && user->ad_domain ? user->ad_domain->value : server.ad_domain->value;
      dir::Object object{.kind = dir::Kind::user,
                         .name = user != nullptr && !user->name.empty() ? user->name : mailbox,
                         .domain = domains_.at(domain),
                         .proxies = {"SMTP:" + mailbox}};
      std::vector<mail::AddressId> also;
      for (std::size_t i = 0; user != nullptr && i < user->proxies.size(); ++i) {
        object.proxies.push_back("smtp:" + user->proxies[i].value);
        also.push_back(plan_.addresses.intern(user->proxies[i].value));
      }
      dir::ObjectId id = add(std::move(object), "", address);
      for (mail::AddressId a : also) made_.name(a, id), plan_.settle(a, node);
      for (std::size_t i = 0; user != nullptr && i < user->proxies.size(); ++i)
        named_.emplace(user->proxies[i].value, id);
    });
  }

  void add_contact(const topologies::Contact& c) {
    add({.kind = dir::Kind::contact,
         .name = c.name.empty() ? c.address.value : c.name,
         .domain = domains_.at(c.ad_domain.value),
         .proxies = {"SMTP:" + c.address.value}},
        c.address.value, plan_.addresses.intern(c.address.value));
  }

  void add_group(const topologies::Group& g) {
    if (topologies::builtin_of(g) != nullptr) return;
    std::optional<mail::AddressId> address;
    dir::Object object{.kind = dir::Kind::group,
                       .name = g.name.value,
                       .domain = domains_.at(g.ad_domain.value),
                       .type = g.type.value_or(dir::GroupType::distribution),
                       .scope = g.scope.value_or(dir::GroupScope::universal)};
    if (g.address) object.proxies = {"SMTP:" + g.address->value}, address = plan_.addresses.intern(g.address->value);
    dir::ObjectId id = add(std::move(object), g.name.value, address);
    if (!g.address) return;
    named_.emplace(g.address->value, id);
    NodeId home = plan_.domain_of(*address)->hosts.front();
    if (g.expansion_server) {
      home = *plan_.find_node(g.expansion_server->value);
      made_.expansion_servers.emplace(id, home);
    }
    plan_.settle(*address, home);
  }
  dir::ObjectId group_of(const topologies::Group& g) const {
    const auto* builtin = topologies::builtin_of(g);
    return builtin == nullptr ? named_.at(g.name.value)
                              : *made_.forests.builtin(domains_.at(g.ad_domain.value), builtin->rid);
  }

  void add_folder(const topologies::PublicFolder& f) {
    PlannedFolder folder{.path = f.path.value};
    for (const Name& r : f.replicas) folder.replicas.push_back(*plan_.find_node(r.value));
    const topologies::Server& first = plan_.organization.hosts[folder.replicas.front().value];
    dir::Object object{
        .kind = dir::Kind::public_folder, .name = f.path.value, .domain = domains_.at(first.ad_domain->value)};
    std::optional<mail::AddressId> address;
    if (f.address) object.proxies = {"SMTP:" + f.address->value}, address = plan_.addresses.intern(f.address->value);
    dir::ObjectId id = add(std::move(object), f.path.value, address);
    if (address) named_.emplace(f.address->value, id), plan_.settle(*address, folder.replicas.front());
    made_.folders.emplace(id, std::move(folder));
  }
  void finish_folder(const topologies::PublicFolder& f) {
    using Who = store::AclEntry::Who;
    dir::ObjectId id = named_.at(f.path.value);
    auto& acl = made_.folders.at(id).acl;
    for (const auto& p : f.permissions) {
      store::AclEntry entry{.rights = *store::parse_rights(p.value.value)};
      if (p.key == "Default")
        entry.who = Who::by_default;
      else if (p.key == "Anonymous")
        entry.who = Who::anonymous;
      else
        entry.legacy_dn = p.key.starts_with("/o=") ? p.key : made_.forests.legacy_dn(*find(p.key));
      acl.push_back(std::move(entry));
    }
    // What a folder has from the beginning (KB243595).
    auto there = [&](Who who) { return std::ranges::find(acl, who, &store::AclEntry::who) != acl.end(); };
    if (!there(Who::by_default)) acl.push_back({.who = Who::by_default, .rights = *store::parse_rights("author")});
    if (!there(Who::anonymous)) acl.push_back({.who = Who::anonymous});
    add_rule(id, f.restriction);
  }

  void add_rule(dir::ObjectId id, const topologies::Restriction& r) {
    if (!r.authenticated_only && r.only_from.empty()) return;
    PlannedRule rule{.authenticated_only = r.authenticated_only};
    for (const Name& n : r.only_from) rule.only_from.push_back(*find(n.value));
    made_.rules.emplace(id, std::move(rule));
  }

  std::vector<std::string> names(bool groups_only) const {
    std::vector<std::string> all;
    for (const auto& [name, id] : named_)
      if (!groups_only || made_.forests.object(id).kind == dir::Kind::group) all.push_back(name);
    if (!groups_only)
      for (const auto& host : plan_.organization.hosts)
        topologies::each_mailbox(host.mailboxes, [&](const std::string& mailbox) { all.push_back(mailbox); });
    std::ranges::sort(all);
    return all;
  }

  void add_change(const DirectoryChange& c) {
    bool add = c.add.has_value();
    if (add != c.to.has_value() || add == c.from.has_value())
      return problem(c.place, R"(a change adds somebody "to" a group, or removes somebody "from" one)");
    const Name& member = add ? *c.add : *c.remove;
    auto who = find(member.value);
    if (!who) unknown(member, "member", names(false));
    auto group = find_group(add ? *c.to : *c.from, c);
    if (c.controller && !controllers_.contains(c.controller->value)) {
      std::vector<std::string> all;
      for (const auto& [name, id] : controllers_) all.push_back(name);
      unknown(*c.controller, "domain controller", std::move(all));
      return;
    }
    if (sim::Instant{c.at_ns} > plan_.horizon)
      problem(c.place, fmt::format("the directory changes after {}, and the horizon is {}",
                                   json::format_duration(c.at_ns), json::format_duration(plan_.horizon.ns)));
    if (!who || !group) return;
    if (c.controller) check_holder(*c.controller, *group);
    dir::ControllerId where = c.controller ? controllers_.at(c.controller->value) : controller_of(*group);
    // What is so at the start is so everywhere, unless it is said where it begins.
    sim::Instant at{c.at_ns == 0 && !c.controller ? INT64_MIN / 2 : c.at_ns};
    made_.forests.change({.at = at, .where = where, .group = *group, .member = *who, .add = add});
  }
  // A group changes at controllers of its own domain.
  void check_holder(const Name& controller, dir::ObjectId group) {
    const dir::Controller& c = made_.forests.controllers()[controllers_.at(controller.value).value];
    const dir::Object& object = made_.forests.object(group);
    if (c.domain != object.domain)
      problem(controller.place, fmt::format("{} is a controller of {}, and {} is a group of {}", controller.value,
                                            made_.forests.domains()[c.domain.value].name, object.name,
                                            made_.forests.domains()[object.domain.value].name));
  }
  // The first controller of the group's domain.
  dir::ControllerId controller_of(dir::ObjectId group) const {
    const auto& all = made_.forests.controllers();
    for (std::uint32_t i = 0; i < all.size(); ++i)
      if (all[i].domain == made_.forests.object(group).domain) return {i};
    return {};
  }
  std::optional<dir::ObjectId> find_group(const Name& name, const DirectoryChange& c) {
    if (const auto* builtin = dir::find_builtin(name.value)) {
      if (!c.in) {
        problem(name.place, fmt::format("{} is in every domain: say which one is meant with \"in\"", name.value));
        return std::nullopt;
      }
      auto domain = domains_.find(c.in->value);
      if (domain == domains_.end()) {
        std::vector<std::string> all;
        for (const auto& [n, id] : domains_) all.push_back(n);
        unknown(*c.in, "domain", std::move(all));
        return std::nullopt;
      }
      auto id = made_.forests.builtin(domain->second, builtin->rid);
      if (!id) problem(name.place, fmt::format("{} has no group {}", c.in->value, builtin->name));
      return id;
    }
    auto found = named_.find(name.value);
    bool group = found != named_.end() && made_.forests.object(found->second).kind == dir::Kind::group;
    if (!group) {
      unknown(name, "group", names(true));
      return std::nullopt;
    }
    const std::string& domain = made_.forests.domains()[made_.forests.object(found->second).domain.value].name;
    if (c.in && c.in->value != domain) problem(c.in->place, fmt::format("{} is a group of {}", name.value, domain));
    return found->second;
  }

  const Experiment& experiment_;
  Plan& plan_;
  const topologies::DirectoryContent& content_;
  json::Problems& problems_;
  PlannedDirectory made_;
  std::map<std::string, dir::DomainId> domains_;
  std::map<std::string, dir::ControllerId> controllers_;
  std::map<mail::AddressId, const topologies::DirectoryUser*> users_;
  std::map<std::string, dir::ObjectId> named_;
};

}  // namespace

void bind_directory(const Experiment& experiment, Plan& plan, json::Problems& problems) {
  if (!plan.organization.directory.empty()) return Binder(experiment, plan, problems).bind();
  for (const DirectoryChange& c : experiment.directory_changes)
    problems.add(json::problem_at(c.place, "the topology has no \"directory\" that could change"));
}

}  // namespace deadletter::experiments
