// Mail of a queue that waits by itself, each message until a time of its own, so that a queue needs one wake for the
// next of them. An entry that has gone leaves its place behind until its time comes.
#pragma once
#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <tuple>

#include "models/transport/line.h"
#include "sim/time.h"

namespace deadletter::transport {

class Alone {
 public:
  struct Place {
    sim::Instant at{};
    EntryId entry{};
    std::uint32_t number = 0;  // in order of arrival here: the entry has it too, while it waits
  };

  // Its number. As many lines come to be as there are different waits: what waits equally long is in order.
  std::uint32_t add(EntryId entry, sim::Instant at) {
    auto fits = [&](const Places& line) { return line.empty() || line.back().at <= at; };
    auto line = std::ranges::find_if(lines_, fits);
    if (line == lines_.end()) line = lines_.emplace(lines_.end());
    line->push_back({at, entry, ++numbers_});
    return numbers_;
  }
  // The earliest place, of equal ones the first that came; null when there is none.
  const Place* next() const {
    const Place* first = nullptr;
    for (const Places& line : lines_)
      if (!line.empty() && (first == nullptr || earlier(line.front(), *first))) first = line.begin();
    return first;
  }
  // Takes out what next() gives.
  void pop(const Place* next) {
    std::ranges::find_if(lines_, [&](const Places& line) { return line.begin() == next; })->pop_front();
  }
  void clear() { lines_.clear(); }
  template <class What>
  void each(What&& what) const {
    for (const Places& line : lines_)
      for (const Place& place : line) what(place);
  }

  // The earliest wake that has been asked for and has not come.
  sim::Instant posted = sim::Instant::never();

 private:
  using Places = LineOf<Place>;  // ascending

  static bool earlier(const Place& a, const Place& b) { return std::tie(a.at, a.number) < std::tie(b.at, b.number); }

  boost::container::small_vector<Places, 1> lines_;
  std::uint32_t numbers_ = 0;
};

}  // namespace deadletter::transport
