// One link divided equally among the transfers on it, in integers.
//
// Virtual time counts the units of work that each transfer on the link has been given; a transfer is done when virtual
// time reaches the mark it got when it started. Who is done leaves at that very point of virtual time, between two
// nanoseconds, so that nobody is given a share any more that is not needed. A unit is 2^-32 octet, and what does not
// make up a unit for each is carried on: no work is lost. A transfer is never done early, and late by the nanosecond to
// which its end is rounded up and a unit. Holds for transfers up to a terabyte and a million of them at once.
#pragma once
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/time.h"

namespace deadletter::sim {

class SharedLink {
 public:
  explicit SharedLink(std::uint64_t bandwidth_bps) : bandwidth_bps_(bandwidth_bps) {}

  // `latency` comes back with the transfer: it lies behind the link.
  void start(Instant now, std::uint32_t transfer, std::uint64_t octets, Duration latency) {
    assert(octets <= kMostOctets);
    advance(now);
    if (!marks_.empty()) rest_ = rest_ * (marks_.size() + 1) / marks_.size();  // the same point of virtual time
    Wide begun = rest_ > 0 ? 1 : 0;
    marks_.push_back({virtual_ + begun + octets * kUnit, transfer, latency});
    std::push_heap(marks_.begin(), marks_.end(), Later{});
  }

  // How long a transfer takes that has the link to itself.
  static Duration time_alone(std::uint64_t octets, std::uint64_t bandwidth_bps) {
    assert(octets <= kMostOctets);
    return Duration{static_cast<std::int64_t>((Wide{octets} * kBitNanoseconds + bandwidth_bps - 1) / bandwidth_bps)};
  }

  bool idle() const { return marks_.empty() && done_.empty(); }
  // Nobody is on the link; those that are done by now may have yet to be taken.
  bool empty_at(Instant now) {
    advance(now);
    return marks_.empty();
  }

  // When the next transfer will be done if nothing else starts.
  Instant next_done() const {
    if (!done_.empty()) return last_;
    if (marks_.empty()) return Instant::never();
    Wide ns = (work_to_next() - rest_ + per_unit() - 1) / per_unit();
    return last_ + Duration{static_cast<std::int64_t>(ns)};
  }

  struct Done {
    std::uint32_t transfer;
    Duration latency;
  };
  // The transfers done by `now`, in the order in which they were done. The list is good until the next one is taken.
  const std::vector<Done>& take_done(Instant now) {
    advance(now);
    taken_.clear();
    std::swap(taken_, done_);
    return taken_;
  }

  // All transfers, when the link has failed under them.
  const std::vector<Done>& take_all(Instant now) {
    advance(now);
    while (!marks_.empty()) take_first();
    return take_done(now);
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr Wide kUnit = Wide{1} << 32;
  static constexpr std::uint64_t kMostOctets = std::uint64_t{1} << 40;
  static constexpr std::uint64_t kBitNanoseconds = std::uint64_t{8} * 1'000'000'000;

  // The point of virtual time at which a transfer is done; of those done together the lowest number is first.
  struct Mark {
    Wide at;
    std::uint32_t transfer;
    Duration latency;
  };
  struct Later {
    bool operator()(const Mark& x, const Mark& y) const { return x.at != y.at ? x.at > y.at : x.transfer > y.transfer; }
  };

  // Work is counted in units times kBitNanoseconds: in a nanosecond the link does this much.
  Wide per_unit() const { return bandwidth_bps_ * kUnit; }
  Wide work_to_next() const { return (marks_.front().at - virtual_) * marks_.size() * kBitNanoseconds; }

  void advance(Instant now) {
    Wide work = rest_ + static_cast<Wide>((now - last_).ns) * per_unit();
    last_ = now;
    while (!marks_.empty() && work_to_next() <= work) {
      work -= work_to_next();
      virtual_ = marks_.front().at;
      take_first();
    }
    Wide unit_for_each = Wide{kBitNanoseconds} * marks_.size();
    virtual_ = marks_.empty() ? 0 : virtual_ + work / unit_for_each;
    rest_ = marks_.empty() ? 0 : work % unit_for_each;
  }

  void take_first() {
    done_.push_back({marks_.front().transfer, marks_.front().latency});
    std::pop_heap(marks_.begin(), marks_.end(), Later{});
    marks_.pop_back();
  }

  std::uint64_t bandwidth_bps_;
  Wide virtual_ = 0;
  Wide rest_ = 0;  // work done beyond virtual_, less than a unit for each
  Instant last_;
  std::vector<Mark> marks_;         // a heap
  std::vector<Done> done_, taken_;  // done and not taken yet; taken last
};

}  // namespace deadletter::sim
