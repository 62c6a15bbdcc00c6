#include "experiments/config/plan.h"

namespace deadletter::experiments {

const PlannedDomain* Plan::domain_of(mail::AddressId address) const {
  mail::DomainId domain = addresses.domain(address);
  bool known = domain.value < domains.size() && !domains[domain.value].hosts.empty();
  return known ? &domains[domain.value] : nullptr;
}

NodeId Plan::home_of(mail::AddressId address) const {
  return address.value < homes.size() ? homes[address.value] : NodeId{};
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

void keep_first_of_each(std::vector<mail::AddressId>& addresses) {
  std::set<mail::AddressId> seen;
  std::erase_if(addresses, [&](mail::AddressId id) { return !seen.insert(id).second; });
}

}  // namespace deadletter::experiments
