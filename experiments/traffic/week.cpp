#include "experiments/traffic/week.h"

#include <algorithm>
#include <numeric>

#include "sim/distributions.h"

namespace deadletter::traffic {
namespace {

constexpr std::int64_t kHour = sim::Duration::hours(1).ns, kWeek = sim::Duration::days(7).ns;
constexpr int kCellBits = 10, kWithinBits = 32;
constexpr std::size_t kCells = std::size_t{1} << kCellBits, kTail = 16;  // cells of the longest gaps
constexpr std::size_t kWorkingHours = 5 * kHoursADay;

struct Place {
  std::size_t hour;   // of the week
  std::int64_t left;  // of that hour
};
Place place(std::int64_t at, std::int64_t begins) {
  std::int64_t into = (at + begins) % kWeek, hour = into / kHour;
  return {static_cast<std::size_t>(hour), (hour + 1) * kHour - into};
}

}  // namespace

double unit_gap(std::uint64_t draw) {
  static const auto table = [] {
    std::array<double, kCells + 1> gaps{};
    for (std::size_t i = 1; i < kCells; ++i) gaps[i] = -sim::log_of(static_cast<double>(i) / kCells);
    return gaps;
  }();
  std::size_t cell = draw >> (64 - kCellBits);
  if (cell < kTail) return -sim::log_of(sim::unit(draw));
  std::uint64_t within = draw >> (64 - kCellBits - kWithinBits) & 0xffffffff;
  return table[cell] + (table[cell + 1] - table[cell]) * (static_cast<double>(within) * 0x1p-32);
}

Week Week::of(const std::array<std::uint32_t, kHoursADay>& hours, const std::array<std::uint32_t, kDays>& days) {
  Week week;
  for (std::size_t h = 0; h < kHoursAWeek; ++h) week.weight[h] = hours[h % kHoursADay] * days[h / kHoursADay];
  return week;
}

std::uint64_t Week::sum() const { return std::accumulate(weight.begin(), weight.end(), std::uint64_t{0}); }

std::uint64_t Week::working_days() const {
  return std::accumulate(weight.begin(), weight.begin() + kWorkingHours, std::uint64_t{0});
}

Pace::Pace(const Week& week, sim::Duration begins, sim::Instant from, sim::Instant to)
    : week_(week), begins_(begins.ns), from_(from.ns), to_(to.ns), peak_(*std::ranges::max_element(week.weight)) {}

Wide Pace::work_until(sim::Instant until) const {
  Wide work = 0;
  std::int64_t end = std::min(until.ns, to_);
  for (std::int64_t at = from_; at < end;) {
    Place now = place(at, begins_);
    std::int64_t span = std::min(now.left, end - at);
    work += static_cast<std::uint64_t>(span) * std::uint64_t{week_.weight[now.hour]};
    at += span;
  }
  return work;
}

double Pace::mean_gap(std::uint64_t messages, std::uint64_t part, std::uint64_t whole) const {
  double share = static_cast<double>(part) / static_cast<double>(whole);
  return static_cast<double>(work()) / peak_ / (static_cast<double>(messages) * share);
}

std::uint64_t Pace::messages(std::uint64_t per_day) const {
  Wide day = Wide{week_.working_days()} * static_cast<std::uint64_t>(kHour);  // of five
  return static_cast<std::uint64_t>((work() * per_day * 5 + day / 2) / day);
}

std::optional<sim::Instant> Pace::next(sim::Instant last, sim::Duration gap) const {
  Wide rest = Wide{static_cast<std::uint64_t>(gap.ns)} * peak_;
  for (std::int64_t at = std::max(last.ns, from_); at < to_;) {
    Place now = place(at, begins_);
    std::uint64_t weight = week_.weight[now.hour], room = weight * static_cast<std::uint64_t>(now.left);
    if (rest < room) {
      at += static_cast<std::int64_t>(static_cast<std::uint64_t>(rest) / weight);
      return at < to_ ? std::optional(sim::Instant{at}) : std::nullopt;
    }
    rest -= room;
    at += now.left;
  }
  return std::nullopt;
}

}  // namespace deadletter::traffic
