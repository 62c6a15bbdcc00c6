// Which objects have a value, by the value's hash alone: eight octets an object at half load. Whoever asks compares the
// values, which the objects have themselves.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/id.h"

namespace deadletter::directory {

class ObjectIndex {
 public:
  using ObjectId = sim::Id<struct ObjectTag>;

  void add(std::uint32_t hash, ObjectId id) {
    if (2 * (size_ + 1) > places_.size()) grow();
    put({hash, id});
    ++size_;
  }
  // Ascending, each once, of those with this hash the ones for which `has` holds.
  template <class Has>
  std::vector<ObjectId> find(std::uint32_t hash, Has has) const {
    std::vector<ObjectId> found;
    if (places_.empty()) return found;
    for (std::size_t at = hash & mask(); places_[at].id.valid(); at = (at + 1) & mask())
      if (places_[at].hash == hash && has(places_[at].id)) found.push_back(places_[at].id);
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

 private:
  struct Place {
    std::uint32_t hash = 0;
    ObjectId id{};
  };
  std::size_t mask() const { return places_.size() - 1; }
  void put(Place place) {
    std::size_t at = place.hash & mask();
    while (places_[at].id.valid()) at = (at + 1) & mask();
    places_[at] = place;
  }
  void grow() {
    std::vector<Place> before(std::max<std::size_t>(16, 2 * places_.size()));
    before.swap(places_);
    for (const Place& place : before)
      if (place.id.valid()) put(place);
  }

  std::vector<Place> places_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace deadletter::directory
