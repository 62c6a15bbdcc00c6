// A message as a queue holds it. Many wait, so an entry is small: with up to two recipients 104 octets, and no memory
// of its own as long as no peer has said anything about it.
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "models/behaviour/blame.h"
#include "models/mail/address.h"
#include "models/mail/ids.h"
#include "models/mail/status.h"
#include "models/transport/few.h"
#include "models/transport/next_attempt.h"
#include "sim/time.h"

namespace deadletter::transport {

using sim::Instant;

// Text that most have none of.
class RareText {
 public:
  RareText() = default;
  RareText(const RareText& o) { *this = o.view(); }
  RareText(RareText&&) noexcept = default;
  RareText& operator=(RareText&&) noexcept = default;
  RareText& operator=(std::string_view text) {
    if (text == view()) return *this;
    auto size = static_cast<std::uint32_t>(text.size());
    octets_ = std::make_unique<char[]>(sizeof size + text.size());
    std::memcpy(octets_.get(), &size, sizeof size);
    text.copy(octets_.get() + sizeof size, text.size());
    return *this;
  }
  std::string_view view() const {
    if (octets_ == nullptr) return {};
    std::uint32_t size;
    std::memcpy(&size, octets_.get(), sizeof size);
    return {octets_.get() + sizeof size, size};
  }

 private:
  std::unique_ptr<char[]> octets_;  // how many, then the text
};

// A handle to the stored message and the recipients that this queue is to reach.
struct Entry {
  mail::MessageId message{};
  mail::AddressId sender{};
  Few<mail::AddressId> addresses{};
  Few<mail::RecipientId> recipients{};  // parallel to addresses
  std::uint64_t size = 0;
  Instant arrived{};
  Instant retry_at{};  // while waiting_alone

  std::uint32_t serial = 0;  // the queue's order of arrival
  std::uint32_t attempts = 0, failures = 0;
  Climb climb{};
  mail::Status last_status{};
  std::uint16_t last_code = 0;
  Blame blame{};
  bool eight_bit : 1 = false, problem : 1 = false, delay_notice_due : 1 = true, in_session : 1 = false,
                   timers_armed : 1 = false, waiting_alone : 1 = false;
  std::uint16_t hops : 10 = 0;  // servers that have taken it in before this one
  RareText last_words{};
};
static_assert(sizeof(Entry) <= 104);

}  // namespace deadletter::transport
