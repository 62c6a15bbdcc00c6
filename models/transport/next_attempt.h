// When the next attempt is: arithmetic on a queue's attributes, and nothing else.
#pragma once
#include "models/transport/behaviour.h"

namespace deadletter::transport {

// What a ladder has been climbed for so far: glitch retries first, then the steps.
struct Climb {
  std::uint32_t glitches = 0, steps = 0;
};

enum class FailureKind : std::uint8_t { connect, busy, message };

struct Wait {
  Duration time;
  Blame blame;  // of the attributes that it follows from
};
// How long to wait after a failure of `kind`; `climb` moves on.
Wait next_wait(const QueueBehaviour& behaviour, FailureKind kind, Climb& climb);

}  // namespace deadletter::transport
