#include "models/scanner/stored_items.h"

namespace deadletter::scanner {

void StoredItems::add(std::uint64_t size, bool stale) {
  ++items_;
  octets_ += size;
  if (stale) ++stale_;
}

bool StoredItems::open_one() {
  owed_ += stale_;
  if (stale_ == 0 || owed_ < items_) return false;
  owed_ -= items_;
  return true;
}

}  // namespace deadletter::scanner
