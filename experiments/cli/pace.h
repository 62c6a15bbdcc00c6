// How far a run is and how long it will still take. Both are guesses from the plan and from how fast it went lately.
#pragma once
#include <optional>

#include "experiments/config/plan.h"

namespace deadletter::cli {

// Share of the work that is done at simulated time `now`, 0 to 1. Most work comes with the mail, so that mail that was
// submitted counts, and simulated time only as far as the mail leaves some of it for itself: a night or the weeks after
// the last message do not hold up the share, and a run with one message goes by its horizon.
double share_done(const experiments::Plan& plan, sim::Instant now);

// Messages that were submitted until `now`.
std::size_t submitted_until(const experiments::Plan& plan, sim::Instant now);

// The speed of late: what is ten seconds old counts a third.
class Pace {
 public:
  // `share` of the work is done `seconds` after the start; ascending.
  void seen(double seconds, double share);
  // Seconds still to go; nothing as long as nothing is known.
  std::optional<double> seconds_left() const;

 private:
  double seconds_ = 0, share_ = 0, rate_ = 0;
};

}  // namespace deadletter::cli
