// Slots of the world that know nothing of it: a timer, and an association of message transfer agents.
#pragma once
#include <cstdint>
#include <optional>

#include "experiments/config/plan.h"
#include "models/mail/ids.h"
#include "models/transport/queue.h"
#include "models/x400/association.h"
#include "sim/engine.h"
#include "sim/lane.h"

namespace deadletter::experiments {

// A timer that is moved at every step of a session: it leaves one event in the calendar, which is posted anew when it
// comes too early. It is the slot's: the next connection finds the event of the one before.
struct Timer {
  sim::Instant deadline = sim::Instant::never(), posted = sim::Instant::never();
};

// Two message transfer agents that are, or were, associated.
struct Association {
  std::uint32_t generation = 0, serial = 0, queue = 0;
  bool used = false, in_session = false, gone = false;
  transport::SessionId session{};
  transport::EntryId entry{};
  NodeId from{}, to{};
  const sim::Path* there = nullptr;
  const sim::Path* back = nullptr;
  std::optional<x400::Initiator> initiator{};
  std::optional<x400::Responder> responder{};
  Timer initiator_timer{}, responder_timer{};
  sim::Lane<x400::Pdu> to_responder{}, to_initiator{};
  sim::Instant last_there{}, last_back{}, took_up{};
  transport::ContentId content{}, body_content{};
  mail::MessageId body_message{};
  std::uint16_t body_hops = 0;
  bool body_under_way = false;
};

}  // namespace deadletter::experiments
