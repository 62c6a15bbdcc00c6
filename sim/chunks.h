// A list that only grows at its end: what is in it stays where it is, and nothing is copied when it grows.
#pragma once
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace deadletter::sim {

template <class T>
class Chunks {
 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }

  T& push_back(T item) {
    if (size_ % kChunk == 0) chunks_.push_back(std::make_unique<T[]>(kChunk));
    T& place = (*this)[size_++];
    place = std::move(item);
    return place;
  }

 private:
  static constexpr std::size_t kChunk = 1024;

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace deadletter::sim
