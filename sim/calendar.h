// The calendar: events of a run in their total order (time, priority, order of posting).
//
// A radix heap: time never goes back, so that events lie in buckets by the highest digit (of 64) in which their time
// differs from the present one and by what that digit is; when the present reaches a bucket it is sorted into lower
// ones. Posting and taking cost the same however many events are pending. Those of the present instant lie in a small
// heap by priority and order. An event posted for a time already past is a programmer's error.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/time.h"

namespace deadletter::sim {

// At one instant, what the world does (a link fails) comes before what arrives, and that before timers: a reply that
// comes at the very moment a timer ends still counts. Expiry at an instant comes before a retry at that instant.
enum class Priority : std::uint8_t { world, arrival, normal, expiry, timer };

struct Event {
  std::uint16_t kind = 0;  // belongs to the handler
  std::uint32_t a = 0, b = 0;
};

class Calendar {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::uint64_t posted() const { return posted_; }
  Instant next() const {
    if (!due_.empty()) return {present_};
    return empty() ? Instant::never() : Instant{buckets_[lowest()].least};
  }

  void post(Instant at, Priority priority, Event event) {
    assert(at.ns >= present_ && posted_ < (std::uint64_t{1} << 40));
    put({at.ns, static_cast<std::uint64_t>(priority) << 56 | posted_++ << 16 | event.kind, event.a, event.b});
    ++size_;
  }

  struct Due {
    Instant at;
    Event event;
  };
  Due take() {
    if (due_.empty()) advance();
    if (due_.size() > 1) std::pop_heap(due_.begin(), due_.end(), Later{});
    Slot first = due_.back();
    due_.pop_back();
    --size_;
    return {{present_}, {static_cast<std::uint16_t>(first.order), first.a, first.b}};
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  static constexpr std::size_t kKept = 512;  // events for which an empty bucket keeps its memory

  struct Slot {
    std::int64_t time;
    std::uint64_t order;  // priority, order of posting, kind: 8, 40 and 16 bits
    std::uint32_t a, b;
  };
  struct Later {
    bool operator()(const Slot& x, const Slot& y) const { return x.order > y.order; }
  };
  struct Bucket {
    std::int64_t least = kNever;  // of the times in it
    std::vector<Slot> slots;
  };

  static constexpr std::size_t kBits = 6, kDigits = (64 + kBits - 1) / kBits, kValues = std::size_t{1} << kBits;

  // The first bucket that is not empty; there must be one.
  std::size_t lowest() const {
    std::size_t digit = 0;
    while (filled_[digit] == 0) ++digit;
    return digit * kValues + static_cast<std::size_t>(std::countr_zero(filled_[digit]));
  }

  void put(const Slot& slot) {
    auto differs = static_cast<std::uint64_t>(slot.time ^ present_);
    if (differs == 0) {
      due_.push_back(slot);
      if (due_.size() > 1) std::push_heap(due_.begin(), due_.end(), Later{});
      return;
    }
    std::size_t digit = static_cast<std::size_t>(std::bit_width(differs) - 1) / kBits;
    std::size_t value = static_cast<std::uint64_t>(slot.time) >> (digit * kBits) & (kValues - 1);
    Bucket& bucket = buckets_[digit * kValues + value];
    bucket.least = std::min(bucket.least, slot.time);
    bucket.slots.push_back(slot);
    filled_[digit] |= std::uint64_t{1} << value;
  }

  // The present becomes the time of the next event.
  void advance() {
    std::size_t b = lowest();
    Bucket& bucket = buckets_[b];
    filled_[b / kValues] &= filled_[b / kValues] - 1;
    present_ = bucket.least;
    bucket.least = kNever;
    if (bucket.slots.size() == 1)
      due_.push_back(bucket.slots.front());
    else
      for (const Slot& slot : bucket.slots) put(slot);  // into lower ones
    bucket.slots.clear();
    if (bucket.slots.capacity() > kKept) bucket.slots.shrink_to_fit();
  }

  std::int64_t present_ = 0;
  std::size_t size_ = 0;
  std::vector<Slot> due_;                          // at the present instant: a heap
  std::array<std::uint64_t, kDigits> filled_{};    // by digit: its buckets that are not empty, a bit each
  std::array<Bucket, kDigits * kValues> buckets_;  // digit by digit, the lowest first
  std::uint64_t posted_ = 0;
};

}  // namespace deadletter::sim
