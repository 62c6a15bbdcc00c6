// Meeting objects that stand for many: made once, and every message of made-up mail that is one holds it.
#pragma once
#include "experiments/config/plan.h"
#include "models/content/message.h"

namespace deadletter::experiments {

// A request, or an update of one to which the attendee has answered at a date that was never set (1 January 1601): the
// state that an Outlook 2007 client leaves behind, in which some converters cannot express it. `now`: when it is sent.
content::Message described_meeting(PlannedContent::Kind kind, std::int64_t now_unix_ns);

}  // namespace deadletter::experiments
