// What lies in a store, by number only: how many items there are, how large they are on average, and how many of them
// the present signatures have not seen.
//
// A store of 100,000 items is one such value, not 100,000 of them: all of its items are alike. Items that somebody has
// taken to scan are no longer counted as stale, and are again when they are given back.
//
// NOT MODELLED: sizes other than the mean; infected or unreadable items among them; items that are deleted.
#pragma once
#include <cstdint>

namespace deadletter::scanner {

class StoredItems {
 public:
  StoredItems(std::uint64_t items, std::uint64_t item_size) : items_(items), octets_(items * item_size) {}

  std::uint64_t items() const { return items_; }
  std::uint64_t stale() const { return stale_; }
  std::uint64_t mean_size() const { return items_ == 0 ? 0 : octets_ / items_; }

  void add(std::uint64_t size, bool stale);
  // The signatures are new. `waiting` of them have been taken already, and will be scanned with the new ones.
  void all_stale(std::uint64_t waiting) { stale_ = items_ - waiting, owed_ = items_ / 2; }
  void take(std::uint64_t items) { stale_ -= items; }
  void give_back(std::uint64_t items) { stale_ += items; }
  // A client opens one, any alike: whether it is a stale one. Spread evenly, without chance: of k opens in a row a
  // share of stale() in items(), to within one.
  bool open_one();

 private:
  std::uint64_t items_, octets_;
  std::uint64_t stale_ = 0;
  std::uint64_t owed_ = 0;  // parts of a stale open, of items_ each
};

}  // namespace deadletter::scanner
