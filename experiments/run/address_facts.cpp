#include "experiments/run/address_facts.h"

namespace deadletter::experiments {

AddressTable::AddressTable(const Plan& plan) : facts_(plan.addresses.size()) {
  const PlannedDirectory* directory = plan.directory.get();
  for (std::uint32_t i = 0; i < facts_.size(); ++i) {
    mail::AddressId id{i};
    facts_[i].home = plan.home_of(id);
    facts_[i].domain = plan.addresses.domain(id);
    facts_[i].octets = static_cast<std::uint8_t>(plan.addresses.octets(id));
    facts_[i].known_domain = plan.domain_of(id) != nullptr;
    auto object = directory == nullptr ? std::nullopt : directory->id_of(id);
    if (!object) continue;
    facts_[i].folder = directory->folders.contains(*object);
    facts_[i].looked_up =
        directory->forests.object(*object).kind == directory::Kind::group || directory->rules.contains(*object);
  }
  for (const auto& [address, other] : plan.one_offs) facts_[address.value].one_off = true;
}

}  // namespace deadletter::experiments
