// The retry, delay-notice and expiry timetable of a behaviour: what a queue will do to a message that never gets
// through, without running it. The same arithmetic as the queue's (next_attempt.h).
#pragma once
#include <vector>

#include "models/transport/next_attempt.h"

namespace deadletter::transport {

enum class Milestone : std::uint8_t { attempt, glitch_retry, delay_notice, expiry };
struct TimetableRow {
  Duration at;  // after the message came
  Milestone what;
  std::uint32_t attempt = 0;  // its number, for attempts
};

// Attempts are taken to fail at once. Ends with the expiry.
std::vector<TimetableRow> timetable(const QueueBehaviour& queue, const TransportBehaviour& transport, FailureKind kind);

}  // namespace deadletter::transport
