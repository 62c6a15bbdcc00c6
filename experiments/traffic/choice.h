// Choices among many in the time of one: a table of weights (A. J. Walker's aliases, in whole numbers), and who of many
// mailboxes sends, by rank.
#pragma once
#include <cstdint>
#include <vector>

namespace deadletter::traffic {

class Alias {
 public:
  Alias() = default;
  // Each weight below 2^40, fewer than 2^20 of them, one of them above 0. A weight of 0 is never chosen, and another's
  // share is off by less than their number / 2^32.
  explicit Alias(const std::vector<std::uint64_t>& weights);

  // `draw`: uniform over 32 bits.
  std::uint32_t pick(std::uint32_t draw) const {
    std::uint64_t product = std::uint64_t{draw} * cells_.size();
    auto cell = static_cast<std::uint32_t>(product >> 32);
    return static_cast<std::uint32_t>(product) < cells_[cell].keep ? cell : cells_[cell].other;
  }
  std::size_t size() const { return cells_.size(); }

 private:
  struct Cell {
    std::uint32_t keep, other;
  };
  std::vector<Cell> cells_;
};

// A part of the mailboxes, and the part of the mail that they send; in units of any kind.
struct Band {
  std::uint64_t people = 0, mail = 0;
};

// The law by which a server's mailboxes send: bands from the busiest rank to the least busy one; within a band all send
// alike. It needs no memory for a mailbox: who has which rank is said by an order, and the law is the same for a server
// of ten and of ten thousand. A mailbox at the border of two bands has a part of each.
class RankLaw {
 public:
  RankLaw() : RankLaw({{1, 1}}) {}
  // Fewer than 2^20 bands with people below 2^40, some of which send.
  explicit RankLaw(const std::vector<Band>& bands);

  // A rank below `among`, which is above 0. `draw`: uniform over 64 bits.
  std::uint32_t pick(std::uint64_t draw, std::uint32_t among) const {
    const Part& part = parts_[bands_.pick(static_cast<std::uint32_t>(draw >> 32))];
    std::uint64_t at = part.from + (part.width * (draw & 0xffffffff) >> 32);
    return static_cast<std::uint32_t>(at * among >> 32);
  }

 private:
  struct Part {
    std::uint64_t from, width;  // of all people, in parts of 2^32
  };
  std::vector<Part> parts_;
  Alias bands_;
};

}  // namespace deadletter::traffic
