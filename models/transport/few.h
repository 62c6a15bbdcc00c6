// A list that is nearly always one or two long and then needs no memory of its own.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

namespace deadletter::transport {

template <class T>
class Few {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Few() = default;
  explicit Few(std::span<const T> items) {
    for (const T& item : items) push_back(item);
  }
  Few(const Few& o) : Few(std::span<const T>(o)) {}
  Few(Few&& o) noexcept
      : size_(std::exchange(o.size_, 0)), capacity_(std::exchange(o.capacity_, kInside)), place_(o.place_) {}
  Few& operator=(Few&& o) noexcept {
    if (this == &o) return *this;
    give_up();
    size_ = std::exchange(o.size_, 0), capacity_ = std::exchange(o.capacity_, kInside), place_ = o.place_;
    return *this;
  }
  Few& operator=(const Few& o) { return *this = Few(o); }
  ~Few() { give_up(); }

  void push_back(T item) {
    if (size_ == capacity_) grow();
    data()[size_++] = item;
  }
  void clear() { size_ = 0; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return capacity_ > kInside ? place_.outside : place_.inside; }
  const T* end() const { return begin() + size_; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  operator std::span<const T>() const { return {begin(), size_}; }

 private:
  static constexpr std::uint32_t kInside = 2;
  union Place {
    Place() : outside(nullptr) {}
    T inside[kInside];
    T* outside;
  };

  void give_up() {
    if (capacity_ > kInside) delete[] place_.outside;
  }
  T* data() { return capacity_ > kInside ? place_.outside : place_.inside; }
  void grow() {
    T* more = new T[std::size_t{capacity_} * 2];
    std::copy(begin(), end(), more);
    give_up();
    place_.outside = more;
    capacity_ *= 2;
  }

  std::uint32_t size_ = 0, capacity_ = kInside;
  Place place_;
};

}  // namespace deadletter::transport
