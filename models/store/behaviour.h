// What a mailbox store decides about mail that it is to take, each with its as-designed answer.
#pragma once
#include <cstdint>

#include "models/behaviour/point.h"
#include "models/transport/behaviour.h"

namespace deadletter::store {

// ---- store.delivery_done: whether the queue is told that the store is done with a message
enum class Verdict : std::uint8_t { not_scanned, clean, cleaned, deleted, blocked };
struct DeliveryDoneFacts {
  Verdict verdict;
  bool stored;
  bool filter_installed;  // store.filter: a message filter beside the scanner
};
enum class DeliveryDone : std::uint8_t { confirm, no_confirmation };

struct StoreBehaviour {
  StoreBehaviour();

  DecisionPoint<DeliveryDoneFacts, DeliveryDone> delivery_done;

  Attribute<transport::Ladder> delivery_ladder;
  Attribute<sim::Duration> delivery_lifetime;
  Attribute<smtp::Switch> filter;
  Attribute<smtp::Switch> diagnostics;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.delivery_done);
    visit(self.delivery_ladder), visit(self.delivery_lifetime), visit(self.filter), visit(self.diagnostics);
  }
};

}  // namespace deadletter::store
