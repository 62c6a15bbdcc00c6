// What a run asks of addresses again and again, side by side: one place in memory for each address, where the plan has
// one in each of its lists.
#pragma once
#include <cstdint>
#include <vector>

#include "experiments/config/plan.h"

namespace deadletter::experiments {

struct AddressFacts {
  NodeId home{};            // Plan::home_of()
  mail::DomainId domain{};  // of its text
  std::uint8_t octets = 0;  // of its text, 255: or more
  bool known_domain : 1 = false;
  bool one_off : 1 = false;    // stands for an address of another type than SMTP
  bool folder : 1 = false;     // a public folder
  bool looked_up : 1 = false;  // a list, or restricted: the categorizer has something to do with it
};
static_assert(sizeof(AddressFacts) <= 12);

class AddressTable {
 public:
  explicit AddressTable(const Plan& plan);

  // Any address but the null reverse-path.
  const AddressFacts& of(mail::AddressId id) const { return facts_[id.value]; }

 private:
  std::vector<AddressFacts> facts_;
};

}  // namespace deadletter::experiments
