// What a host's network stack decides about the octets it sends.
#pragma once
#include <cstdint>

#include "models/behaviour/point.h"

namespace deadletter::network {

struct NetworkBehaviour {
  NetworkBehaviour();

  Attribute<std::uint64_t> segment_size;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.segment_size);
  }
};

}  // namespace deadletter::network
