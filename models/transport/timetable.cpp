#include "models/transport/timetable.h"

#include <algorithm>

namespace deadletter::transport {

std::vector<TimetableRow> timetable(const QueueBehaviour& queue, const TransportBehaviour& transport,
                                    FailureKind kind) {
  std::vector<TimetableRow> rows;
  Duration lifetime = *transport.lifetime, at;
  Climb climb;
  bool glitch = false;
  // Expiry at an instant comes before a retry at that instant.
  for (std::uint32_t n = 1; at < lifetime; ++n) {
    rows.push_back({at, glitch ? Milestone::glitch_retry : Milestone::attempt, n});
    std::uint32_t before = climb.glitches;
    at = at + next_wait(queue, kind, climb).time;
    glitch = climb.glitches > before;
  }
  if (transport.delay_notice->ns > 0 && *transport.delay_notice < lifetime)
    rows.push_back({*transport.delay_notice, Milestone::delay_notice});
  rows.push_back({lifetime, Milestone::expiry});
  std::ranges::stable_sort(rows, {}, &TimetableRow::at);
  return rows;
}

}  // namespace deadletter::transport
