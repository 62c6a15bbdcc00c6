#include "topologies/bind_directory.h"

#include <algorithm>
#include <set>

#include "topologies/mailboxes.h"
#include "topologies/names.h"

namespace deadletter::topologies {
namespace {

// The local part as it is written, the domain without case.
std::string canonical(const std::string& address) {
  std::size_t at = address.rfind('@') + 1;
  return address.substr(0, at) + lowered(address.substr(at));
}

class DirectoryBinder {
 public:
  DirectoryBinder(const Organization& from, json::Problems& problems)
      : from_(from), content_(from.directory), problems_(problems) {}

  void bind() {
    for (const AdDomain& d : from_.ad_domains) ad_domains_.add(d.name);
    for (const Site& s : from_.sites) sites_.add(s.name);
    for (const Server& s : from_.servers) check_server(s);
    for (const Domain& d : from_.domains) (d.foreign ? outside_ : inside_).insert(lowered(d.name.value));
    for (const DomainController& c : content_.controllers) {
      controllers_.add(c.name);
      ad_domains_.check(c.ad_domain);
      if (c.site) sites_.check(*c.site);
    }
    for (const Contact& c : content_.contacts) add_contact(c);
    for (const Group& g : content_.groups) add_group(g);
    for (const PublicFolder& f : content_.public_folders) add_folder(f);
    for (const DirectoryUser& u : content_.users) check_user(u);
    for (const Group& g : content_.groups) check_group(g);
    for (const PublicFolder& f : content_.public_folders) check_folder(f);
  }

 private:
  void problem(const json::Place& place, std::string message) {
    topologies::problem(problems_, place, std::move(message));
  }
  void unknown(const Name& name, const char* what, std::vector<std::string> choices) {
    problems_.add(json::problem_at(name.place, fmt::format("unknown {} {}", what, json::show(name.value)), name.value,
                                   std::move(choices)));
  }

  void check_server(const Server& s) {
    servers_.add(s.name);
    if (!s.ad_domain && !s.roles.edge)
      problem(s.name.place, fmt::format("{} needs its \"ad_domain\": the topology has a directory", s.name.value));
    each_mailbox(s.mailboxes, [&](const std::string& m) { mailboxes_.insert(canonical(m)), known_.insert(m); });
  }

  // In a domain of the organizations, and nobody else's.
  void own_address(const Name& address) {
    if (!inside_.contains(lowered(address.value.substr(address.value.rfind('@') + 1))))
      problem(address.place, fmt::format("\"{}\" is in no domain of the organization", address.value));
    if (mailboxes_.contains(canonical(address.value)) || !addresses_.insert(canonical(address.value)).second)
      problem(address.place, fmt::format("the address {} is used already", address.value));
    known_.insert(address.value);
  }

  void add_contact(const Contact& c) {
    ad_domains_.check(c.ad_domain);
    if (!outside_.contains(lowered(c.address.value.substr(c.address.value.rfind('@') + 1))))
      problem(c.address.place,
              fmt::format("\"{}\" is in no foreign domain of the topology: a contact is outside", c.address.value));
    if (!addresses_.insert(canonical(c.address.value)).second)
      problem(c.address.place, fmt::format("the address {} is used already", c.address.value));
    known_.insert(c.address.value);
  }

  void add_group(const Group& g) {
    if (g.address) own_address(*g.address);
    if (builtin_of(g) == nullptr) known_.insert(g.name.value);
    if (!ad_domains_.check(g.ad_domain)) return;
    if (const auto* builtin = builtin_of(g)) return check_builtin(g, *builtin);
    check_kind(g);
    if (g.name.value.find('@') != std::string::npos || g.name.value.front() == '/' || g.name.value == "Default" ||
        g.name.value == "Anonymous")
      problem(g.name.place, fmt::format("a group is called neither as an address nor as a folder, and not {}: {}",
                                        "Default or Anonymous", json::show(g.name.value)));
    groups_.add(g.name);
  }
  // A domain in mixed mode has no universal security groups (MS/274046).
  void check_kind(const Group& g) {
    const AdDomain& domain = from_.ad_domains[ad_domains_.at(g.ad_domain.value)];
    bool universal = g.scope.value_or(directory::GroupScope::universal) == directory::GroupScope::universal;
    bool security = g.type.value_or(directory::GroupType::distribution) == directory::GroupType::security;
    if (universal && security && domain.level == directory::FunctionalLevel::windows_2000_mixed)
      problem(g.name.place, fmt::format("{} is in mixed mode: it has no universal security groups", domain.name.value));
  }
  void check_builtin(const Group& g, const directory::BuiltinGroup& builtin) {
    const AdDomain& domain = from_.ad_domains[ad_domains_.at(g.ad_domain.value)];
    if (domain.windows < builtin.since)
      problem(g.name.place, fmt::format("{} ({}) has no group {}: it comes with {}", domain.name.value,
                                        directory::text(domain.windows), builtin.name, directory::text(builtin.since)));
    if (builtin.root_only && domain.parent)
      problem(g.name.place,
              fmt::format("{} has no group {}: only the root domain of a forest has", domain.name.value, builtin.name));
    bool restricted = g.restriction.authenticated_only || !g.restriction.only_from.empty();
    if (g.address || g.type || g.scope || g.expansion_server || restricted)
      problem(g.name.place, fmt::format("{} is a BUILTIN group: only its members are to be said", builtin.name));
    if (!builtins_.insert({lowered(g.ad_domain.value), builtin.rid}).second)
      problem(g.name.place, fmt::format("the members of {} in {} are given already", builtin.name, domain.name.value));
  }

  void add_folder(const PublicFolder& f) {
    if (f.address) own_address(*f.address);
    if (!paths_.insert(lowered(f.path.value)).second)
      problem(f.path.place, fmt::format("there is a public folder {} already", f.path.value));
  }

  void check_user(const DirectoryUser& u) {
    if (!mailboxes_.contains(canonical(u.address.value)))
      unknown(u.address, "mailbox", {mailboxes_.begin(), mailboxes_.end()});
    else if (!users_.insert(canonical(u.address.value)).second)
      problem(u.address.place, fmt::format("there is a user {} already", u.address.value));
    if (u.ad_domain) ad_domains_.check(*u.ad_domain);
    for (const Name& p : u.proxies) own_address(p);
  }

  void check_group(const Group& g) {
    for (const Name& m : g.members) check_member(m, "member");
    if (g.expansion_server) servers_.check(*g.expansion_server);
    check_restriction(g.restriction);
  }
  void check_member(const Name& name, const char* what) {
    if (!known_.contains(name.value)) unknown(name, what, {known_.begin(), known_.end()});
  }
  void check_restriction(const Restriction& r) {
    for (const Name& n : r.only_from) check_member(n, "sender");
  }

  void check_folder(const PublicFolder& f) {
    std::set<std::string> replicas;
    for (const Name& r : f.replicas) {
      if (!servers_.check(r)) continue;
      if (!replicas.insert(r.value).second) problem(r.place, fmt::format("{} holds it already", r.value));
      if (!from_.servers[servers_.at(r.value)].roles.mailbox)
        problem(r.place, fmt::format("{} has no store: it has not the role mailbox", r.value));
    }
    for (const auto& p : f.permissions)
      if (p.key != "Default" && p.key != "Anonymous" && !p.key.starts_with("/o="))
        check_member({p.key, p.place}, "user");
    check_restriction(f.restriction);
  }

  const Organization& from_;
  const DirectoryContent& content_;
  json::Problems& problems_;
  Names ad_domains_{"domain", problems_}, sites_{"site", problems_}, servers_{"server", problems_},
      controllers_{"domain controller", problems_}, groups_{"group", problems_};
  std::set<std::string> inside_, outside_, mailboxes_, users_, addresses_, paths_;
  std::set<std::string> known_;  // who can be a member
  std::set<std::pair<std::string, std::uint32_t>> builtins_;
};

}  // namespace

const directory::BuiltinGroup* builtin_of(const Group& group) { return directory::find_builtin(group.name.value); }

void bind_directory(const Organization& organization, json::Problems& problems) {
  DirectoryBinder(organization, problems).bind();
}

}  // namespace deadletter::topologies
