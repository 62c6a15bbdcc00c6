// What a mail client decides about meetings, each with its as-designed answer.
#pragma once
#include <cstdint>
#include <optional>

#include "models/behaviour/point.h"
#include "models/content/times.h"

namespace deadletter::client {

using content::FileTime;

// ---- client.response_time: when an attendee has answered, as the organizer's client writes it into the attendee's row
struct ResponseTimeFacts {
  std::optional<FileTime> critical_change;  // PidLidAttendeeCriticalChange
  std::optional<FileTime> reply_time;       // PidLidAppointmentReplyTime
  std::optional<FileTime> sent;             // PR_CLIENT_SUBMIT_TIME
  FileTime received;
};
struct ResponseTime {
  enum class Kind : std::uint8_t { critical_change, reply_time, sent, received, zero, unset };
  Kind kind = Kind::unset;
  friend bool operator==(ResponseTime, ResponseTime) = default;
};

// ---- client.response_shown: what a user reads above a response
struct ResponseShownFacts {
  std::optional<FileTime> in_row;  // PR_RECIPIENT_TRACKSTATUS_TIME
  FileTime response;               // when this response was given
};
enum class ResponseShown : std::uint8_t { latest, superseded };

struct ClientBehaviour {
  ClientBehaviour();

  DecisionPoint<ResponseTimeFacts, ResponseTime> response_time;
  DecisionPoint<ResponseShownFacts, ResponseShown> response_shown;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.response_time), visit(self.response_shown);
  }
};

}  // namespace deadletter::client
