// How mail is spread over a week, and the Poisson process that follows it.
//
// The rate is constant within each hour of the week. That is adequate: within the busy hour of a measured organization
// the variance of counts a minute was 1.07 times their mean, as a Poisson process has it but for 7 % (email-Eu).
// Gaps are drawn as if the busiest hour were always, and stretched hour by hour over the hours that they fall into: the
// inverse of the cumulative rate, in whole nanoseconds, exact at every boundary. Between two messages it loses less
// than a nanosecond.
//
// NOT MODELLED: holidays, the change to summer time, days that are busier than others of their name (measured: the
// busiest day has 2.5 times the median).
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "sim/time.h"

namespace deadletter::traffic {

__extension__ using Wide = unsigned __int128;

inline constexpr std::size_t kHoursADay = 24, kDays = 7, kHoursAWeek = kDays * kHoursADay;

// A weight for each hour, the one after midnight of Monday first; only their quotients count.
struct Week {
  static constexpr std::uint32_t kMostHour = 2000, kMostDay = 2500;  // of the factors of `of`
  static constexpr std::uint32_t kMost = kMostHour * kMostDay;       // an hour's nanoseconds times that fit in 64 bits
  std::array<std::uint32_t, kHoursAWeek> weight{};

  // Every day has the same curve, and a weight of its own.
  static Week of(const std::array<std::uint32_t, kHoursADay>& hours, const std::array<std::uint32_t, kDays>& days);
  std::uint64_t sum() const;
  std::uint64_t working_days() const;  // of the 120 hours from Monday to Friday
};

// The gap of a Poisson process whose mean is one. `draw`: uniform over 64 bits. Out of a table between whose exact
// quantiles gaps are drawn alike; the longest ones exactly. The mean is off by 5 parts in a million.
double unit_gap(std::uint64_t draw);

class Pace {
 public:
  // `begins`: how long after the midnight of Monday the run begins, below a week. Mail is sent from `from` on and
  // before `to`. Weights are at most Week::kMost.
  Pace(const Week& week, sim::Duration begins, sim::Instant from, sim::Instant to);

  // Weights times nanoseconds, from `from` to `to`. None: nobody ever sends.
  Wide work() const { return work_until({to_}); }
  Wide work_until(sim::Instant until) const;
  // In nanoseconds of the busiest hour's rate, when `messages` times `part` / `whole` are expected. Precondition: all
  // are above 0, and so is work().
  double mean_gap(std::uint64_t messages, std::uint64_t part, std::uint64_t whole) const;
  // What `per_day` messages on a mean day from Monday to Friday come to, rounded. Precondition: there is mail on one.
  std::uint64_t messages(std::uint64_t per_day) const;

  // The next message, when `gap` (of the busiest hour's rate, at least 1 ns) has passed since `last`; none: not before
  // the end.
  std::optional<sim::Instant> next(sim::Instant last, sim::Duration gap) const;

 private:
  Week week_;
  std::int64_t begins_, from_, to_;
  std::uint32_t peak_;
};

}  // namespace deadletter::traffic
