#include "experiments/config/traffic_people.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/config/bind_content.h"
#include "models/builds/product.h"
#include "sim/json/excerpt.h"

namespace deadletter::experiments {

void TrafficPeople::unknown(const Name& name, std::string_view what, std::vector<std::string> choices) const {
  problems_.add(json::problem_at(name.place, fmt::format("unknown {} {}", what, json::show(name.value)), name.value,
                                 std::move(choices)));
}

bool TrafficPeople::is_person(mail::AddressId id) const {
  NodeId home = plan_.home_of(id);
  if (!home.valid() || plan_.nodes[home.value].foreign) return false;
  if (plan_.directory == nullptr) return true;
  auto object = plan_.directory->id_of(id);
  return object && plan_.directory->forests.object(*object).kind == directory::Kind::user &&
         plan_.directory->addresses[object->value] == id;
}

std::vector<mail::AddressId> TrafficPeople::mailboxes() const {
  std::vector<mail::AddressId> people;
  for (std::uint32_t id = 0; id < plan_.homes.size(); ++id)
    if (is_person({id})) people.push_back({id});
  return people;
}

std::vector<std::string> TrafficPeople::names_of_domains(bool own, bool foreign) const {
  std::vector<std::string> names;
  for (const auto& d : plan_.organization.domains)
    if (d.foreign ? foreign : own) names.push_back(d.name.value);
  return names;
}

std::vector<mail::AddressId> TrafficPeople::mailboxes_of(const Name& who) const {
  auto own = names_of_domains(true, false);
  std::vector<mail::AddressId> people = mailboxes();
  bool domain = std::ranges::find(own, who.value) != own.end();
  std::vector<bool> meant(plan_.nodes.size());
  for (std::size_t i = 0; i < plan_.nodes.size() && !domain; ++i) {
    const PlannedNode& n = plan_.nodes[i];
    bool of_product = who.value.starts_with("all ") && !n.build.parts.empty() &&
                      n.build.parts[0].product->name == who.value.substr(4);
    meant[i] = who.value == "all" || of_product || like(who.value, n.name);
  }
  std::erase_if(people, [&](mail::AddressId id) {
    if (domain) return plan_.addresses.text(plan_.addresses.domain(id)) != who.value;
    return !meant[plan_.home_of(id).value];
  });
  if (!people.empty()) return people;
  std::vector<std::string> choices = {"all"};
  choices.insert(choices.end(), own.begin(), own.end());
  for (const PlannedNode& n : plan_.nodes)
    if (!n.foreign) choices.push_back(n.name);
  if (domain || std::ranges::find(choices, who.value) != choices.end())
    problems_.add(json::problem_at(who.place, fmt::format("{} has no mailbox: nobody sends", who.value)));
  else
    unknown(who, "server or domain with mailboxes", std::move(choices));
  return {};
}

bool TrafficPeople::written_to(mail::DomainId id) const {
  const PlannedDomain& domain = plan_.domains[id.value];
  if (domain.any_recipient) return true;
  const topologies::Domain* d = plan_.organization.find_domain(plan_.addresses.text(id));
  return d != nullptr && !d->recipients.empty();
}

std::vector<mail::DomainId> TrafficPeople::foreign_domains(const std::vector<Name>& names) const {
  std::vector<mail::DomainId> found;
  auto all = names_of_domains(false, true);
  auto add = [&](std::string_view pattern) {
    bool any = false;
    for (const std::string& name : all) {
      if (!like(pattern, name)) continue;
      any = true;
      mail::DomainId id = plan_.addresses.intern_domain(name);
      if (written_to(id) && std::ranges::find(found, id) == found.end()) found.push_back(id);
    }
    return any;
  };
  if (names.empty()) add("*");
  for (const Name& n : names)
    if (!add(n.value)) unknown(n, "foreign domain", all);
  return found;
}

std::vector<mail::AddressId> TrafficPeople::correspondents(mail::DomainId id, std::size_t most) {
  std::vector<mail::AddressId> people;
  const std::string name = plan_.addresses.text(id);
  bool any = plan_.domains[id.value].any_recipient;
  const topologies::Domain* domain = any ? nullptr : plan_.organization.find_domain(name);
  for (std::size_t i = 0; i < most; ++i) {
    if (any)
      people.push_back(plan_.addresses.intern(fmt::format("u{}@{}", i + 1, name)));
    else
      people.push_back(plan_.addresses.intern(domain->recipients[i % domain->recipients.size()].value));
  }
  return people;
}

std::vector<mail::AddressId> TrafficPeople::anybody(const Name& who, bool sends) {
  if (who.value.find('@') != std::string::npos) {
    if (!mail::valid_address(who.value)) return unknown(who, "address", {}), std::vector<mail::AddressId>{};
    mail::AddressId id = plan_.addresses.intern(who.value);
    const PlannedDomain* domain = plan_.domain_of(id);
    bool there = domain != nullptr && (domain->any_recipient || plan_.home_of(id).valid());
    if (there && (!sends || plan_.is_mailbox(id) || domain->any_recipient)) return {id};
    std::vector<std::string> choices;
    for (mail::AddressId m : mailboxes()) choices.push_back(plan_.addresses.text(m));
    unknown(who, "mailbox", std::move(choices));
    return {};
  }
  auto foreign = names_of_domains(false, true);
  if (std::ranges::find(foreign, who.value) == foreign.end()) return mailboxes_of(who);
  mail::DomainId domain = plan_.addresses.intern_domain(who.value);
  constexpr std::size_t kPeople = 4;
  if (written_to(domain)) return correspondents(domain, kPeople);
  problems_.add(json::problem_at(who.place, fmt::format("the topology has no recipient in {}", who.value)));
  return {};
}

}  // namespace deadletter::experiments
