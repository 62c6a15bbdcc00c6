// The as-designed answers of a client about meetings.
#include "models/client/behaviour.h"

namespace deadletter::client {
namespace {

constexpr PointInfo kResponseTime{"client.response_time",
                                  "critical change, reply time, time sent (each or absent), time received",
                                  "critical_change | reply_time | sent | received | zero | unset",
                                  "The critical change of the response, else the time at which it was sent.",
                                  "MS-OXOCAL 2.2.4.10.3",
                                  Evidence::inferred};

ResponseTime critical_change_else_sent(const ResponseTimeFacts& facts) {
  using Kind = ResponseTime::Kind;
  if (facts.critical_change) return {Kind::critical_change};
  return {facts.sent ? Kind::sent : Kind::received};
}

constexpr PointInfo kResponseShown{
    "client.response_shown",     "time in the attendee's row, time of the response",
    "latest | superseded",       "Superseded when the row holds a later time than the response.",
    "KB938650 MORE INFORMATION", Evidence::inferred};

ResponseShown superseded_when_row_is_later(const ResponseShownFacts& facts) {
  bool later = facts.in_row && *facts.in_row > facts.response;
  return later ? ResponseShown::superseded : ResponseShown::latest;
}

}  // namespace

ClientBehaviour::ClientBehaviour()
    : response_time(kResponseTime, critical_change_else_sent),
      response_shown(kResponseShown, superseded_when_row_is_later) {}

}  // namespace deadletter::client
