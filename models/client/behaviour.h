// What a mail client decides, about meetings and about what it sends, each with its as-designed answer.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "models/behaviour/point.h"
#include "models/content/times.h"
#include "sim/time.h"

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

// How a client works with its server: on the server's mailbox, on a copy of its own, or as a page of the server.
enum class Mode : std::uint8_t { online, cached, owa };
const char* text(Mode mode);

// ---- client.submit_check: what becomes of a recipient when mail leaves the Outbox
struct SubmitCheckFacts {
  std::string_view type;  // of the recipient's address: "FAX"
  bool listed;            // it is in the list of address types that the client holds
  bool list_held;         // the client has a list
  Mode mode;
};
enum class SubmitCheck : std::uint8_t { submit, return_locally };

// When a client asks its server for the list.
enum class ListRead : std::uint8_t { session_start, change };

struct ClientBehaviour {
  ClientBehaviour();

  DecisionPoint<ResponseTimeFacts, ResponseTime> response_time;
  DecisionPoint<ResponseShownFacts, ResponseShown> response_shown;
  DecisionPoint<SubmitCheckFacts, SubmitCheck> submit_check;

  Attribute<ListRead> address_types_read;
  Attribute<sim::Duration> upload;    // cached mode: from the last change in the copy until it is sent on
  Attribute<sim::Duration> download;  // cached mode: from the server's first word of a change until it is fetched
  Attribute<sim::Duration> maximum;   // of the upload, from the first change, however many follow
  Attribute<sim::Duration> oab;       // cached mode: between two downloads of the offline address book

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.response_time), visit(self.response_shown), visit(self.submit_check);
    visit(self.address_types_read), visit(self.upload), visit(self.download), visit(self.maximum), visit(self.oab);
  }
};

}  // namespace deadletter::client
