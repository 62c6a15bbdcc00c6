// What waits in line and leaves in order: a queue that keeps its memory, for lines that are nearly always short and
// soon empty. std::deque takes and gives back a block each time.
#pragma once
#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace deadletter::sim {

template <class T>
class Lane {
 public:
  bool empty() const { return head_ == items_.size(); }
  T& front() { return items_[head_]; }
  const T& front() const { return items_[head_]; }
  T& back() { return items_.back(); }

  // References to what waits already do not outlive it.
  void push(T&& item) {
    if (head_ >= kMostGone) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    items_.push_back(std::move(item));
  }
  void push(const T& item) { push(T(item)); }
  void pop() {
    assert(!empty());
    if (++head_ == items_.size()) clear();
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }

 private:
  static constexpr std::size_t kMostGone = 256;  // places of a line that is never empty

  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace deadletter::sim
