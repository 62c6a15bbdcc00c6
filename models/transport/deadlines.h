// The times at which mail of a queue is to be looked at while it waits, so that a queue needs one wake for the next of
// them instead of one for each message. An entry that has gone leaves its place behind, which costs nothing but room
// until it comes to the front.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/transport/line.h"
#include "sim/time.h"

namespace deadletter::transport {

class Deadlines {
 public:
  struct Place {
    EntryId entry{};
    std::uint32_t serial = 0;  // of the entry, in its queue
  };

  // `holds` says whether a place is still one of an entry that waits for its time, `time_of` what that time is.
  template <class Holds, class TimeOf>
  void add(Place place, sim::Instant at, Holds&& holds, TimeOf&& time_of) {
    drop_first_while([&](Place p) { return !holds(p); });
    if (at >= last_ || empty()) {
      last_ = at;
      return places_.push_back(place);
    }
    // Mail that has waited elsewhere, or lives shorter than others. Of those that have gone no time is known.
    std::size_t low = first_, high = places_.size();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      std::size_t known = middle;
      while (known < high && !holds(places_[known])) ++known;
      if (known < high && time_of(places_[known]) <= at)
        low = known + 1;
      else
        high = middle;
    }
    places_.insert(places_.begin() + static_cast<std::ptrdiff_t>(low), place);
  }
  // The next place; none is left when it is invalid.
  template <class Holds>
  Place next(Holds&& holds) {
    drop_first_while([&](Place p) { return !holds(p); });
    return empty() ? Place{} : places_[first_];
  }
  void pop() { ++first_; }

  // The earliest wake that has been asked for and has not come.
  sim::Instant posted = sim::Instant::never();

 private:
  bool empty() const { return first_ == places_.size(); }
  template <class Gone>
  void drop_first_while(Gone&& gone) {
    while (!empty() && gone(places_[first_])) ++first_;
    if (2 * first_ < places_.size() && !empty()) return;
    places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }

  std::vector<Place> places_;  // ascending
  std::size_t first_ = 0;
  sim::Instant last_{};  // of the time of the last place, when it was put there
};

}  // namespace deadletter::transport
