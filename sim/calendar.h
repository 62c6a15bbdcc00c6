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
#include <memory>
#include <utility>
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
  Instant next() const { return {due_.empty() ? next_ : present_}; }

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
    assert(size_ > 0);
    --size_;
    Slot first = due_.empty() ? advance() : take_due();
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
  // Grows in small steps once it is large: most of what is pending lies in few buckets.
  class Bucket {
   public:
    std::int64_t least = kNever;  // of the times in it

    void add(const Slot& slot) {
      if (size_ == capacity_) grow();
      slots_[size_++] = slot;
      least = std::min(least, slot.time);
    }
    std::size_t size() const { return size_; }
    const Slot* begin() const { return slots_.get(); }
    const Slot* end() const { return slots_.get() + size_; }
    void clear() {
      size_ = 0;
      least = kNever;
      if (capacity_ <= kKept) return;
      slots_.reset();
      capacity_ = 0;
    }

   private:
    [[gnu::noinline]] void grow() {
      std::size_t more = capacity_ < kKept ? std::max<std::size_t>(2 * capacity_, 8) : capacity_ + capacity_ / 4;
      auto slots = std::make_unique_for_overwrite<Slot[]>(more);
      std::copy(begin(), end(), slots.get());
      slots_ = std::move(slots);
      capacity_ = more;
    }

    std::unique_ptr<Slot[]> slots_;
    std::size_t size_ = 0, capacity_ = 0;
  };

  static constexpr std::size_t kBits = 6, kDigits = (64 + kBits - 1) / kBits, kValues = std::size_t{1} << kBits;

  // The first bucket that is not empty; there must be one.
  std::size_t lowest() const {
    auto digit = static_cast<std::size_t>(std::countr_zero(digits_));
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
    buckets_[digit * kValues + value].add(slot);
    filled_[digit] |= std::uint64_t{1} << value;
    digits_ |= 1U << digit;
    next_ = std::min(next_, slot.time);
  }

  Slot take_due() {
    if (due_.size() > 1) std::pop_heap(due_.begin(), due_.end(), Later{});
    Slot first = due_.back();
    due_.pop_back();
    return first;
  }

  // The present becomes the time of the next event, which is taken.
  Slot advance() {
    std::size_t b = lowest();
    Bucket& bucket = buckets_[b];
    std::uint64_t& filled = filled_[b / kValues];
    filled &= filled - 1;
    if (filled == 0) digits_ &= digits_ - 1;
    present_ = next_;
    Slot first = *bucket.begin();
    if (bucket.size() > 1) {
      for (const Slot& slot : bucket) put(slot);  // into lower ones
      first = take_due();
    }
    bucket.clear();
    next_ = digits_ == 0 ? kNever : buckets_[lowest()].least;
    return first;
  }

  std::int64_t present_ = 0, next_ = kNever;  // next_: the first time in a bucket
  std::size_t size_ = 0;
  std::vector<Slot> due_;                          // at the present instant: a heap
  std::uint32_t digits_ = 0;                       // those with buckets that are not empty, a bit each …
  std::array<std::uint64_t, kDigits> filled_{};    // … and of each digit these buckets
  std::array<Bucket, kDigits * kValues> buckets_;  // digit by digit, the lowest first
  std::uint64_t posted_ = 0;
};

}  // namespace deadletter::sim
