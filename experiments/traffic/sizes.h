// How large messages are.
#pragma once
#include <cstdint>
#include <vector>

#include "experiments/traffic/choice.h"
#include "sim/distributions.h"

namespace deadletter::traffic {

// In octets. `draw`: uniform over 64 bits. Of ten thousand messages of October 2002 how many were below 2 KB, 4 KB, …
// 4 MB, within an octave drawn alike, from 512 octets on; 54 KB on the average (johannes.jakeapp.com 2009-08, from a
// post to freebsd-net). [observed]
std::uint64_t size_of_2002(std::uint64_t draw);

class Sizes {
 public:
  struct Row {
    std::uint64_t octets, weight;
  };
  static Sizes mail_2002() { return {}; }
  static Sizes log_normal(const sim::LogNormal& shape);
  static Sizes table(const std::vector<Row>& rows);  // of one row: all alike

  std::uint64_t draw(std::uint64_t draw) const {
    switch (kind_) {
      case Kind::table:
        return octets_[choice_.pick(static_cast<std::uint32_t>(draw >> 32))];
      case Kind::log_normal:
        return quantile(draw);
      default:
        return size_of_2002(draw);
    }
  }

 private:
  enum class Kind : std::uint8_t { mail_2002, log_normal, table };
  std::uint64_t quantile(std::uint64_t draw) const;

  Kind kind_ = Kind::mail_2002;
  sim::LogNormal shape_{};
  std::vector<std::uint64_t> octets_;  // of a table; quantiles of a log-normal, between which sizes are drawn alike
  Alias choice_;
};

}  // namespace deadletter::traffic
