// What happens to mail while it waits, because its time has come: its own next attempt, delay notices and expiry.
#include "models/transport/queue.h"

namespace deadletter::transport {

using Wake = QueueAction::Wake;

Deadlines& LinkQueue::deadlines(Wake why) { return why == Wake::expiry ? waits().ends : waits().notices; }

Instant LinkQueue::time_of(Wake why, EntryId id) const {
  return why == Wake::expiry ? end_of(at(id)) : at(id).arrived + *transport_->delay_notice;
}

bool LinkQueue::awaits(Wake why, Deadlines::Place place) const {
  const Entry& e = at(place.entry);
  return live(place.entry) && e.serial == place.serial && (why == Wake::expiry || e.delay_notice_due);
}

// A time that has passed already was looked at when the session was done with the message.
void LinkQueue::arm_timers(EntryId id, Instant now, Actions& out) {
  if (at(id).timers_armed) return;
  at(id).timers_armed = true;
  if (transport_->delay_notice->ns > 0 && time_of(Wake::delay_notice, id) > now) await(Wake::delay_notice, id, out);
  if (time_of(Wake::expiry, id) > now) await(Wake::expiry, id, out);
}

void LinkQueue::await(Wake why, EntryId id, Actions& out) {
  const Instant when = time_of(why, id);
  Deadlines& all = deadlines(why);
  all.add(
      {id, at(id).serial}, when, [&](Deadlines::Place p) { return awaits(why, p); },
      [&](Deadlines::Place p) { return time_of(why, p.entry); });
  wake_at(why, when, out);
}

Instant& LinkQueue::posted(Wake why) { return why == Wake::message ? waits().alone.posted : deadlines(why).posted; }

void LinkQueue::wake_at(Wake why, Instant when, Actions& out) {
  if (when >= posted(why)) return;
  posted(why) = when;
  QueueAction& action = out.add(QueueAction::Kind::wake_queue);
  action.why = why, action.at = when;
}

void LinkQueue::time_has_come(Wake why, Instant now, Actions& out) {
  if (why == Wake::retry) return retry_due(now, out);
  if (now < posted(why)) return;  // an earlier one was asked for later, and has done its work
  posted(why) = Instant::never();
  if (why == Wake::message) return alone_due(now, out);
  Deadlines& all = deadlines(why);
  for (;;) {
    EntryId id = all.next([&](Deadlines::Place p) { return awaits(why, p); }).entry;
    if (!id.valid()) return;
    if (time_of(why, id) > now) return wake_at(why, time_of(why, id), out);
    all.pop();
    if (at(id).in_session) continue;  // looked at when the session is done with it
    if (why == Wake::delay_notice) {
      notify_when_due(id, now, out);
      continue;
    }
    take_out_of_line(id);
    expire(id, out);
  }
}

void LinkQueue::alone_due(Instant now, Actions& out) {
  Alone& alone = waits().alone;
  bool any = false;
  while (const Alone::Place* next = alone.next()) {
    const EntryId entry = next->entry;
    const bool waits = waits_alone(*next);
    if (waits && next->at > now) {
      wake_at(Wake::message, next->at, out);
      break;
    }
    alone.pop(next);
    if (waits) no_longer_alone(entry), any = true;
  }
  if (any) start_sessions(now, out);
}

void LinkQueue::notify_when_due(EntryId id, Instant now, Actions& out) {
  if (!live(id)) return;
  Entry& e = at(id);
  bool due = transport_->delay_notice->ns > 0 && now >= time_of(Wake::delay_notice, id);
  if (!due || !e.delay_notice_due || e.in_session) return;
  e.delay_notice_due = false;
  inherit_retry_blame(e);
  e.blame = join(e.blame, transport_->delay_notice.blame());
  QueueAction& action = out.add(QueueAction::Kind::delayed);
  action.message = e.message, action.at = end_of(e), action.content = e.content;
  action.reported.clear();
  mail::Status status = e.last_status().major == 4 ? e.last_status() : mail::kExpired;
  for (std::size_t i = 0; i < e.to.size(); ++i)
    action.reported.push_back({e.to.recipient(i), e.to.address(i), status, e.last_words()});
}

}  // namespace deadletter::transport
