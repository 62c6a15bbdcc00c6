// What a queue asks for.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/smtp/actions.h"
#include "models/transport/behaviour.h"
#include "models/transport/entry.h"
#include "models/transport/line.h"

namespace deadletter::transport {

using SessionId = sim::Id<struct QueueSessionTag>;

// A session that is to begin: to the host of that place in the queue's order of preference.
struct Opening {
  EntryId entry{};
  SessionId session{};
  std::uint32_t host = 0;
};

struct ReportedRecipient {
  mail::RecipientId recipient{};
  mail::AddressId address{};
  mail::Status status{};
  std::string words{};  // of the peer, empty when it said nothing
};

// Each kind speaks of the fields that are named with it.
struct QueueAction {
  enum class Kind : std::uint8_t {
    open,        // a session: opening
    wake_queue,  // call time_has_come(why) at `at`: why, at
    delivered,   // recipient handed over: message, recipient, blame
    deferred,    // the attempt failed for a while; `at` is the next one: entry, at, blame
    returned,    // `reported` come back to the sender: message, reason, reported, blame, content
    delayed,     // `reported` are still being tried, until `at`: message, at, reported, content
    split,       // `entry` holds recipients of another entry's message now: entry
    finished     // the entry is gone: message
  };
  enum class Wake : std::uint8_t { expiry, retry, delay_notice, message };
  Kind kind{};
  Wake why{};
  ReturnReason reason{};
  Blame blame{};
  Opening opening{};
  EntryId entry{};
  mail::MessageId message{};
  mail::RecipientId recipient{};
  ContentId content{};  // what the entry holds
  Instant at{};
  std::vector<ReportedRecipient> reported{};
};

}  // namespace deadletter::transport
