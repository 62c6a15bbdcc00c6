#include "experiments/cli/pace.h"

#include <algorithm>
#include <cmath>

namespace deadletter::cli {

std::size_t submitted_until(const experiments::Plan& plan, sim::Instant now) {
  auto next = std::ranges::upper_bound(plan.mail, now, {}, &experiments::PlannedMail::at);
  auto messages = static_cast<std::size_t>(next - plan.mail.begin());
  for (const experiments::PlannedTraffic& t : plan.traffic) messages += t.messages_until(now);
  return messages;
}

namespace {

// From the first message to the last, as a share of the horizon.
double mail_span(const experiments::Plan& plan, double horizon) {
  std::int64_t span = plan.mail.empty() ? 0 : (plan.mail.back().at - plan.mail.front().at).ns;
  for (const experiments::PlannedTraffic& t : plan.traffic) span = std::max(span, t.span().ns);
  return static_cast<double>(span) / horizon;
}

}  // namespace

double share_done(const experiments::Plan& plan, sim::Instant now) {
  auto horizon = static_cast<double>(std::max<std::int64_t>(plan.horizon.ns, 1));
  double time = std::clamp(static_cast<double>(now.ns) / horizon, 0.0, 1.0);
  std::size_t all = plan.mail.size();
  for (const experiments::PlannedTraffic& t : plan.traffic) all += t.messages();
  if (all == 0) return time;
  // Mail over a tenth of the time or more is nearly all of the work; mail all at once says nothing.
  double weight = 0.9 * std::min(1.0, 10 * mail_span(plan, horizon));
  double mail = static_cast<double>(submitted_until(plan, now)) / static_cast<double>(all);
  return weight * mail + (1 - weight) * time;
}

void Pace::seen(double seconds, double share) {
  constexpr double memory = 10;
  double passed = seconds - seconds_;
  if (passed <= 0) return;
  double now = (share - share_) / passed;
  double news = seconds_ == 0 ? 1 : 1 - std::exp(-passed / memory);
  rate_ += news * (now - rate_);
  seconds_ = seconds;
  share_ = share;
}

std::optional<double> Pace::seconds_left() const {
  if (rate_ <= 0 || share_ < 0.001) return std::nullopt;
  return std::max(0.0, (1 - share_) / rate_);
}

}  // namespace deadletter::cli
