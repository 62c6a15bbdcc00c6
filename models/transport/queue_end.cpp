// How mail leaves a queue otherwise than by being sent: expiry, and what is given back.
#include <algorithm>
#include <utility>

#include "models/transport/queue.h"

namespace deadletter::transport {

using Kind = QueueAction::Kind;

bool LinkQueue::expired(EntryId id, Instant now) const { return now >= end_of(at(id)); }

Instant LinkQueue::end_of(const Entry& entry) const {
  Duration own = lifetimes_ == nullptr ? Duration{} : (*lifetimes_)[static_cast<std::size_t>(entry.priority)];
  return entry.arrived + (own.ns == 0 ? *transport_->lifetime : own);
}

// It must be in no line any more.
void LinkQueue::expire(EntryId id, Actions& out) {
  Entry& e = at(id);
  inherit_retry_blame(e);
  e.blame = join(e.blame, transport_->lifetime.blame());
  return_all(id, ReturnReason::expired, out);
}

void LinkQueue::return_all(EntryId id, ReturnReason reason, Actions& out) {
  Entry& e = at(id);
  std::vector<ReportedRecipient> all;
  mail::Status status = report_status(reason, e);
  std::string words = e.last_words();
  for (std::size_t i = 0; i < e.to.size(); ++i) all.push_back({e.to.recipient(i), e.to.address(i), status, words});
  returned(e, reason, std::move(all), out);
  finish(id, out);
}

void LinkQueue::returned(const Entry& entry, ReturnReason reason, std::vector<ReportedRecipient> reported,
                         Actions& out) {
  QueueAction& action = out.add(Kind::returned);
  action.message = entry.message, action.blame = entry.blame, action.content = entry.content;
  action.reason = reason, action.reported = std::move(reported);
}

// All that is in line: the next hop has been tried as often as it may be. It is tried anew with the next message.
void LinkQueue::return_everything(ReturnReason reason, Blame cause, Actions& out) {
  host_failures_ = 0;
  for (Line* line : {&waits().ready, &waits().problem})
    for (EntryId id : std::exchange(*line, {})) {
      at(id).blame = join(at(id).blame, cause);
      return_all(id, reason, out);
    }
}

void LinkQueue::take_out_of_line(EntryId id) {
  if (at(id).waiting_alone) return void(at(id).waiting_alone = false);
  if (at(id).problem) return waiting_->problem.erase(std::ranges::find(waiting_->problem, id));
  take_by_serial(waiting_->ready, id);
}

// Lies by its order of arrival unless something held the queue; then it is searched.
void LinkQueue::take_by_serial(Line& line, EntryId id) {
  auto place = std::ranges::lower_bound(line, at(id).serial, {}, [&](EntryId o) { return at(o).serial; });
  if (place == line.end() || *place != id) place = std::ranges::find(line, id);
  line.erase(place);
}

void LinkQueue::finish(EntryId id, Actions& out) {
  out.add(Kind::finished).message = at(id).message;
  give_back(id);
}

mail::Status LinkQueue::report_status(ReturnReason reason, Entry& e) const {
  mail::Status at_expiry;
  if (*transport_->expiry_status == ExpiryStatus::expired_4_4_7) at_expiry = mail::kExpired;
  if (*transport_->expiry_status == ExpiryStatus::generic_5_0_0) at_expiry = {5, 0, 0};
  auto ruling = transport_->report_status.rule({reason, e.last_status(), e.last_code(), at_expiry});
  e.blame = join(e.blame, ruling.blame);
  if (reason == ReturnReason::expired) e.blame = join(e.blame, transport_->expiry_status.blame());
  return ruling.outcome;
}

}  // namespace deadletter::transport
