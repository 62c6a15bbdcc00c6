// How mail leaves a queue otherwise than by being sent: expiry, and what is given back.
#include <algorithm>
#include <utility>

#include "models/transport/queue.h"

namespace deadletter::transport {

using Kind = QueueAction::Kind;

bool LinkQueue::expired(EntryId id, Instant now) const { return now >= end_of(entries_[id.value]); }

Instant LinkQueue::end_of(const Entry& entry) const {
  Duration own = lifetimes_[static_cast<std::size_t>(entry.priority)];
  return entry.arrived + (own.ns == 0 ? *transport_->lifetime : own);
}

// It must be in no line any more.
void LinkQueue::expire(EntryId id, Actions& out) {
  Entry& e = entries_[id.value];
  inherit_retry_blame(e);
  e.blame = join(e.blame, transport_->lifetime.blame());
  return_all(id, ReturnReason::expired, out);
}

void LinkQueue::return_all(EntryId id, ReturnReason reason, Actions& out) {
  Entry& e = entries_[id.value];
  std::vector<ReportedRecipient> all;
  mail::Status status = report_status(reason, e);
  std::string words = e.last_words ? *e.last_words : std::string();
  for (std::size_t i = 0; i < e.recipients.size(); ++i) all.push_back({e.recipients[i], e.addresses[i], status, words});
  out.push_back({.kind = Kind::returned,
                 .entry = id,
                 .message = e.message,
                 .reason = reason,
                 .reported = std::move(all),
                 .blame = e.blame,
                 .content = e.content});
  finish(id, out);
}

// All that is in line: the next hop has been tried as often as it may be. It is tried anew with the next message.
void LinkQueue::return_everything(ReturnReason reason, Blame cause, Actions& out) {
  host_failures_ = 0;
  for (auto* line : {&ready_, &problem_})
    for (EntryId id : std::exchange(*line, {})) {
      entries_[id.value].blame = join(entries_[id.value].blame, cause);
      return_all(id, reason, out);
    }
}

// What is ready lies by its order of arrival unless something held the queue; the rest is searched.
void LinkQueue::take_out_of_line(EntryId id) {
  const Entry& e = entries_[id.value];
  if (e.waiting_alone) return;
  auto serial = [&](EntryId o) { return entries_[o.value].serial; };
  auto place = std::ranges::lower_bound(ready_, e.serial, {}, serial);
  if (place != ready_.end() && *place == id) {
    ready_.erase(place);
    return;
  }
  for (auto* line : {&ready_, &problem_})
    if (auto at = std::ranges::find(*line, id); at != line->end()) line->erase(at);
}

void LinkQueue::finish(EntryId id, Actions& out) {
  out.push_back({.kind = Kind::finished, .entry = id, .message = entries_[id.value].message});
  give_back(id);
}

mail::Status LinkQueue::report_status(ReturnReason reason, Entry& e) const {
  mail::Status at_expiry;
  if (*transport_->expiry_status == ExpiryStatus::expired_4_4_7) at_expiry = mail::kExpired;
  if (*transport_->expiry_status == ExpiryStatus::generic_5_0_0) at_expiry = {5, 0, 0};
  auto ruling = transport_->report_status.rule({reason, e.last_status, e.last_code, at_expiry});
  e.blame = join(e.blame, ruling.blame);
  if (reason == ReturnReason::expired) e.blame = join(e.blame, transport_->expiry_status.blame());
  return ruling.outcome;
}

}  // namespace deadletter::transport
