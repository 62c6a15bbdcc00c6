// A message as a queue holds it. Many wait, so an entry is small: with one recipient 80 octets, and what a peer said
// about it is shared with its neighbours, who mostly heard the same.
#pragma once
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "models/behaviour/blame.h"
#include "models/mail/address.h"
#include "models/mail/ids.h"
#include "models/mail/status.h"
#include "models/transport/addressees.h"
#include "models/transport/next_attempt.h"
#include "sim/time.h"

namespace deadletter::transport {

using sim::Instant;
using ContentId = sim::Id<struct ContentTag>;
// X.411 8.2.1.1.1.8; SMTP knows none, and its queues make no difference.
enum class Priority : std::uint8_t { normal, non_urgent, urgent };

// What a peer said.
struct Heard : boost::intrusive_ref_counter<Heard, boost::thread_unsafe_counter> {
  Heard(std::uint16_t code, mail::Status status, std::string_view words) : code(code), status(status), words(words) {}
  std::uint16_t code;  // 0: no reply
  mail::Status status;
  std::string words;
};

// A handle to the stored message and the recipients that this queue is to reach.
struct Entry {
  mail::MessageId message{};
  mail::AddressId sender{};
  Addressees to{};
  Instant arrived{};

  std::uint32_t size = 0;                // octets
  ContentId content{};                   // what it holds, as it came here; none: nobody looks inside
  std::uint32_t serial = 0;              // the queue's order of arrival
  std::uint32_t owner = 0;               // the queue
  std::uint32_t alone = 0;               // while waiting_alone: its number among those that are
  std::uint32_t attempts : 24 = 0;       // far more than limits.h lets a ladder make
  ContentForm form : 4 = ContentForm{};  // in which its recipients here are to get it
  Priority priority : 4 = Priority::normal;
  std::uint32_t failures = 0;
  Climb climb{};
  Blame blame{};
  bool eight_bit : 1 = false, problem : 1 = false, delay_notice_due : 1 = true, in_session : 1 = false,
                   timers_armed : 1 = false, waiting_alone : 1 = false;
  std::uint16_t hops : 10 = 0;                // servers that have taken it in before this one
  boost::intrusive_ptr<const Heard> heard{};  // last; null: nothing

  std::uint16_t last_code() const { return heard ? heard->code : std::uint16_t{0}; }
  mail::Status last_status() const { return heard ? heard->status : mail::Status{}; }
  std::string last_words() const { return heard ? heard->words : std::string(); }
};
static_assert(sizeof(Entry) <= 80);

// Which attempt of a message it is, for draws of chance.
inline std::uint64_t attempt_of(const Entry& entry) { return std::uint64_t{entry.hops} << 32 | entry.attempts; }

}  // namespace deadletter::transport
