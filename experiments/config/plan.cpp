#include "experiments/config/plan.h"

namespace deadletter::experiments {

const PlannedDomain* Plan::domain_of(mail::AddressId address) const {
  auto found = domains.find(addresses.domain(address));
  return found == domains.end() ? nullptr : &found->second;
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
