// Things that come and go, by index: a slot that is given back is taken again, the last one first.
#pragma once
#include <cstdint>
#include <vector>

namespace deadletter::sim {

template <class T>
class Slots {
 public:
  std::uint32_t take() {
    if (free_.empty()) {
      slots_.emplace_back();
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  // What is in the slot stays there until it is taken again.
  void give_back(std::uint32_t slot) { free_.push_back(slot); }

  T& operator[](std::uint32_t slot) { return slots_[slot]; }
  const T& operator[](std::uint32_t slot) const { return slots_[slot]; }
  // Those that are in use and those that were.
  std::size_t size() const { return slots_.size(); }
  std::size_t in_use() const { return slots_.size() - free_.size(); }

 private:
  std::vector<T> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace deadletter::sim
