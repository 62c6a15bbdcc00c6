// Delayed fan-out: a message for several sites stays one copy until the paths part (book4u num_451).
#pragma once
#include <cstdint>
#include <vector>

#include "models/routing/router.h"

namespace deadletter::routing {

struct Branch {
  Hop hop;
  std::vector<std::uint32_t> members;  // indices into the hops asked about, ascending
};

// One branch for each next hop. Hops to sites whose paths begin alike become one, to the last site that they share and
// that has a hub. In the order in which each branch's first member came.
std::vector<Branch> fan_out(const Network& network, const std::vector<Hop>& hops);

}  // namespace deadletter::routing
