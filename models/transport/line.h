// A list that is mostly taken from the front and put at the back. One that is often empty stays at one place in memory.
#pragma once
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/id.h"

namespace deadletter::transport {

using EntryId = sim::Id<struct EntryTag>;

template <class T>
class LineOf {
 public:
  bool empty() const { return first_ == items_.size(); }
  std::size_t size() const { return items_.size() - first_; }
  const T& front() const { return items_[first_]; }
  const T& back() const { return items_.back(); }
  const T* begin() const { return items_.data() + first_; }
  const T* end() const { return items_.data() + items_.size(); }

  void push_back(T item) { items_.push_back(item); }
  void push_front(T item) {
    if (first_ == 0) return void(items_.insert(items_.begin(), item));
    items_[--first_] = item;
  }
  void pop_front() {
    ++first_;
    if (empty()) return clear();
    if (first_ < kMostGone || 2 * first_ < items_.size()) return;
    items_.erase(items_.begin(), items_.begin() + first_);
    first_ = 0;
  }
  // Before `place`, which lies in the line or at its end.
  void insert(const T* place, T item) { items_.insert(items_.begin() + (place - items_.data()), item); }
  void erase(const T* place) {
    assert(place != end());
    items_.erase(items_.begin() + (place - items_.data()));
    if (empty()) clear();
  }
  void clear() {
    items_.clear();
    first_ = 0;
  }

 private:
  static constexpr std::uint32_t kMostGone = 64;  // places before the front that are kept at least

  std::vector<T> items_;
  std::uint32_t first_ = 0;
};

// Entries in the order in which they are to be sent.
using Line = LineOf<EntryId>;

}  // namespace deadletter::transport
