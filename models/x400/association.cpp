// What both sides of an association say to each other, and what that means to a queue.
#include "models/x400/association.h"

#include <array>

namespace deadletter::x400 {

std::string_view text(BindRefusal refusal) {
  return refusal == BindRefusal::busy ? "bind refused: busy" : "bind refused: authentication";
}

std::string_view text(Pdu::Kind kind) {
  constexpr std::array<std::string_view, 8> kNames = {"BIND",         "BIND-ACCEPTED", "BIND-REFUSED", "TRANSFER",
                                                      "ACKNOWLEDGED", "REJECTED",      "RELEASE",      "RELEASED"};
  return kNames[static_cast<std::size_t>(kind)];
}

smtp::Outcome rejected(NonDelivery why, std::string_view words) {
  mail::Status mapped = status(why).status;
  bool passes = mapped.major == 4;
  return {.stage = smtp::Stage::dot,
          .ended = smtp::Ended::reply,
          .reply = passes ? smtp::ReplyClass::temporary : smtp::ReplyClass::permanent,
          .status = mapped,
          .words = words};
}

// A refused bind is an attempt to open like any other: the MTA tries as often as x400.open_retries says. Statuses by
// RFC 3463: 4.3.2 a system that accepts no messages now, 4.7.0 security. [assumed]
smtp::Outcome refused(BindRefusal refusal, std::string_view words) {
  bool busy = refusal == BindRefusal::busy;
  return {.stage = smtp::Stage::greeting,
          .ended = smtp::Ended::reply,
          .reply = smtp::ReplyClass::temporary,
          .status = busy ? mail::Status{4, 3, 2} : mail::Status{4, 7, 0},
          .words = words};
}

}  // namespace deadletter::x400
