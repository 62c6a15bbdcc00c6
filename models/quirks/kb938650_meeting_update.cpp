// KB938650: A meeting update message or a meeting cancellation message from an Exchange 2003 user is not delivered to
// an Exchange 2007 user.
//
// CAUSE, as the article has it, in three products: Exchange 2007 leaves X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE out of
// the response; Outlook 2007, which does not find it, sets PR_RECIPIENT_TRACKSTATUS_TIME to 1 January 1601, FILETIME
// zero; Exchange 2003 cannot express that value when it makes MIME of the next update, by VariantTimeToSystemTime. Read
// here as [inferred]: the conversion fails for the row of an attendee who has answered and whose time is absent or not
// in the function's range; the row of one who has not answered has no time either, and converts.
// All else follows: the message is accepted and routed, and fails whenever it is opened for SMTP, until it expires.
#include "models/quirks/quirk.h"

namespace deadletter::quirks {
namespace {

using content::Direction;
using content::Mapped;
using content::MapPropertyFacts;
using content::ObjectKind;
using content::ValueState;

Mapped leave_critical_change_out(const MapPropertyFacts& facts, const Mapped& below) {
  bool concerns = facts.direction == Direction::to_mime && facts.object == ObjectKind::response &&
                  facts.property == "PidLidAttendeeCriticalChange" && facts.state != ValueState::absent;
  return concerns ? Mapped{.kind = Mapped::Kind::omit} : below;
}

client::ResponseTime zero_without_critical_change(const client::ResponseTimeFacts& facts,
                                                  const client::ResponseTime& below) {
  return facts.critical_change ? below : client::ResponseTime{client::ResponseTime::Kind::zero};
}

bool time_of_an_answer_that_cannot_be_expressed(const MapPropertyFacts& facts) {
  return facts.direction == Direction::to_mime && facts.property == "PR_RECIPIENT_TRACKSTATUS_TIME" && facts.answered &&
         facts.state != ValueState::good;
}

Mapped fail_on_track_time(const MapPropertyFacts& facts, const Mapped& below) {
  if (!time_of_an_answer_that_cannot_be_expressed(facts)) return below;
  return {.kind = Mapped::Kind::fail, .code = content::kCallFailed};
}

// "a best-effort calculation": the date at which the update was submitted [inferred]. It is later than the response,
// which is why Outlook then takes the response for an old one.
Mapped estimate_track_time(const MapPropertyFacts& facts, const Mapped& below) {
  if (!time_of_an_answer_that_cannot_be_expressed(facts)) return below;
  return {.kind = Mapped::Kind::substitute, .value = facts.submitted};
}

}  // namespace

Quirk kb938650_meeting_update() {
  return {
      .kb = "KB938650",
      .title =
          "A meeting update message or a meeting cancellation message from an Exchange 2003 user is not delivered to "
          "an "
          "Exchange 2007 user",
      .source = "KB938650 revision 1; theinfraguys blog (recipient table, event 327)",
      .changes =
          {{.what = "The converter leaves X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE out of responses.",
            .evidence = Evidence::documented,
            .affects = {"exchange-2007-rtm", "exchange-2007-sp1", "exchange-2007-sp2", "exchange-2007-sp3"},
            .lay = [](builds::NodeBehaviour& b,
                      Blame kb) { b.content.map_property.deviate(leave_critical_change_out, kb); }},
           {.what = "Without it the client stores FILETIME zero as the time of the answer.",
            .evidence = Evidence::documented,
            .affects = {"outlook-2007-rtm", "outlook-2007-sp1", "outlook-2007-sp2"},
            .lay = [](builds::NodeBehaviour& b,
                      Blame kb) { b.client.response_time.deviate(zero_without_critical_change, kb); }},
           {.what = "The converter cannot express the time of an answer that is not a good date.",
            .evidence = Evidence::inferred,
            .affects = {"exchange-2003-rtm", "exchange-2003-sp1", "exchange-2003-sp2"},
            .lay = [](builds::NodeBehaviour& b, Blame kb) { b.content.map_property.deviate(fail_on_track_time, kb); },
            .remedies = {{.updates = {"KB938650"},
                          .registry = {{"FixRecipientTrackStatusTime", 1}},
                          .text = "hotfix KB938650, switched on by FixRecipientTrackStatusTime = 1",
                          .aftermath = [](builds::NodeBehaviour& b,
                                          Blame kb) { b.content.map_property.deviate(estimate_track_time, kb); }}}}},
      .packages = {{.update = "KB938650",
                    .branch = "exchange-2003-sp2",
                    .restarts = {"system-attendant", "iis-admin"},
                    .source = "KB938650; its file versions are lost"}},
      .workarounds = {"The organizer uses a client that takes the time at which a response was sent."},
  };
}

}  // namespace deadletter::quirks
