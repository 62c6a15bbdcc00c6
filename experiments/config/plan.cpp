#include "experiments/config/plan.h"

namespace deadletter::experiments {

Plan::Plan() = default;
Plan::Plan(const Plan&) = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(const Plan&) = default;
Plan& Plan::operator=(Plan&&) noexcept = default;
Plan::~Plan() = default;

const PlannedDomain* Plan::domain_of(mail::AddressId address) const {
  mail::DomainId domain = addresses.domain(address);
  bool known = domain.value < domains.size() && !domains[domain.value].hosts.empty();
  return known ? &domains[domain.value] : nullptr;
}

NodeId Plan::home_of(mail::AddressId address) const {
  return address.value < homes.size() ? homes[address.value] : NodeId{};
}

// The own replica, else the first one in the own routing group or site, else the first one. [assumed]
NodeId Plan::home_from(NodeId node, mail::AddressId address) const {
  NodeId home = home_of(address);
  if (directory == nullptr) return home;
  auto object = directory->id_of(address);
  auto folder = object ? directory->folders.find(*object) : directory->folders.end();
  if (folder == directory->folders.end()) return home;
  const auto& servers = organization.routing.servers;
  const routing::Server& own = servers[node.value];
  for (NodeId replica : folder->second.replicas)
    if (replica == node) return replica;
  for (NodeId replica : folder->second.replicas) {
    const routing::Server& other = servers[replica.value];
    bool by_sites = own.router == routing::RouterKind::sites;
    if (by_sites ? other.site == own.site : other.group == own.group) return replica;
  }
  return home;
}

bool Plan::is_mailbox(mail::AddressId address) const { return home_of(address).valid() && may_have_client(address); }

bool Plan::may_have_client(mail::AddressId address) const {
  const directory::Object* object = directory == nullptr ? nullptr : directory->find(address);
  return object == nullptr || object->kind == directory::Kind::user || object->kind == directory::Kind::contact;
}

void Plan::settle(mail::AddressId address, NodeId home) {
  if (homes.size() <= address.value) homes.resize(address.value + 1);
  homes[address.value] = home;
}

std::optional<NodeId> Plan::find_node(std::string_view name) const {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].name == name) return NodeId{static_cast<std::uint32_t>(i)};
  return std::nullopt;
}

std::string Plan::shown_address(mail::AddressId address) const {
  auto one_off = one_offs.find(address);
  return one_off == one_offs.end() ? addresses.text(address) : mail::text(one_off->second);
}

void keep_first_of_each(std::vector<mail::AddressId>& addresses) {
  std::set<mail::AddressId> seen;
  std::erase_if(addresses, [&](mail::AddressId id) { return !seen.insert(id).second; });
}

}  // namespace deadletter::experiments
