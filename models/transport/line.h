// Entries in the order in which they are to be sent. Mostly taken from the front and put at the back, so that a line
// that is often empty stays at one place in memory.
#pragma once
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/id.h"

namespace deadletter::transport {

using EntryId = sim::Id<struct EntryTag>;

class Line {
 public:
  bool empty() const { return first_ == ids_.size(); }
  std::size_t size() const { return ids_.size() - first_; }
  EntryId front() const { return ids_[first_]; }
  const EntryId* begin() const { return ids_.data() + first_; }
  const EntryId* end() const { return ids_.data() + ids_.size(); }

  void push_back(EntryId id) { ids_.push_back(id); }
  void push_front(EntryId id) {
    if (first_ == 0) return void(ids_.insert(ids_.begin(), id));
    ids_[--first_] = id;
  }
  void pop_front() {
    ++first_;
    if (empty()) return clear();
    if (first_ < kMostGone || 2 * first_ < ids_.size()) return;
    ids_.erase(ids_.begin(), ids_.begin() + first_);
    first_ = 0;
  }
  // Before `place`, which lies in the line or at its end.
  void insert(const EntryId* place, EntryId id) { ids_.insert(ids_.begin() + (place - ids_.data()), id); }
  void erase(const EntryId* place) {
    assert(place != end());
    ids_.erase(ids_.begin() + (place - ids_.data()));
    if (empty()) clear();
  }
  void clear() {
    ids_.clear();
    first_ = 0;
  }

 private:
  static constexpr std::uint32_t kMostGone = 64;  // places before the front that are kept at least

  std::vector<EntryId> ids_;
  std::uint32_t first_ = 0;
};

}  // namespace deadletter::transport
