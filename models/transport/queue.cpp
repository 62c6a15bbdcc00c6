#include "models/transport/queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace deadletter::transport {
namespace {

using Kind = QueueAction::Kind;
using Wake = QueueAction::Wake;

FailureKind kind_of(const smtp::Outcome& outcome) {
  bool answered = outcome.stage != smtp::Stage::connect && outcome.ended == smtp::Ended::reply;
  return answered ? FailureKind::busy : FailureKind::connect;
}

}  // namespace

EntryId LinkQueue::take_entry() {
  if (free_entry_ != kNone) {
    EntryId id{free_entry_};
    free_entry_ = entries_[id.value].serial;
    return id;
  }
  entries_.emplace_back();
  return {static_cast<std::uint32_t>(entries_.size() - 1)};
}

void LinkQueue::give_back(EntryId id) {
  entries_[id.value] = Entry{};
  entries_[id.value].serial = std::exchange(free_entry_, id.value);
  --live_;
}

SessionId LinkQueue::take_session() {
  if (free_session_ != kNone) {
    SessionId id{free_session_};
    free_session_ = session(id).host;
    return id;
  }
  sessions_.emplace_back();
  return {static_cast<std::uint32_t>(sessions_.size() - 1)};
}

LinkQueue::State LinkQueue::state() const {
  // As administrators see it: in Retry too when all that is there waits for its own next attempt.
  bool all_wait = live_ > 0 && open_sessions_ == 0 && ready_.empty() && problem_.empty();
  if (in_retry_ || all_wait) return State::retry;
  return open_sessions_ > 0 ? State::active : State::ready;
}

smtp::Offer LinkQueue::offer(EntryId id) const {
  const Entry& e = entries_[id.value];
  return {e.sender, e.addresses, e.size, e.eight_bit, !ready_.empty() || !problem_.empty()};
}

void LinkQueue::opened(EntryId id, std::uint32_t size, Blame blame) {
  Entry& e = entries_[id.value];
  e.size = size;
  e.blame = join(e.blame, blame);
}

void LinkQueue::enqueue(Entry&& entry, Instant now, Actions& out) {
  EntryId id = take_entry();
  entries_[id.value] = std::move(entry);
  entries_[id.value].serial = enqueued_++;
  ++live_;
  ready_.push_back(id);
  start_sessions(now, out);
  if (live(id) && !entries_[id.value].in_session) arm_timers(id, now, out);
}

void LinkQueue::start_sessions(Instant now, Actions& out) {
  if (in_retry_ || stopped_ || hosts_ == 0) return;
  while (open_sessions_ < most_sessions() && !(ready_.empty() && problem_.empty())) {
    auto& line = ready_.empty() ? problem_ : ready_;
    EntryId id = line.front();
    line.pop_front();
    if (expired(id, now)) {
      expire(id, out);
      continue;
    }
    open_session(id, 0, out);
  }
}

// A host that was not well is tried with one connection first.
std::size_t LinkQueue::most_sessions() const {
  if (!host_well_) return 1;
  std::size_t most = *queue_->connections_per_domain, threshold = *queue_->connection_threshold;
  return threshold == 0 ? most : std::min(most, 1 + (ready_.size() + problem_.size()) / threshold);
}

void LinkQueue::open_session(EntryId entry, std::uint32_t host, Actions& out) {
  SessionId id = take_session();
  Session& s = session(id);
  s.entry = entry, s.host = host, s.messages = 1;
  entries_[entry.value].in_session = true;
  ++open_sessions_;
  out.push_back({.kind = Kind::open, .entry = entry, .session = id, .host = host});
}

std::optional<EntryId> LinkQueue::next(SessionId id) {
  Session& s = session(id);
  std::uint64_t share = *queue_->messages_per_connection;
  if (in_retry_ || stopped_ || (share != 0 && s.messages >= share)) return std::nullopt;
  auto& line = ready_.empty() ? problem_ : ready_;
  if (line.empty()) return std::nullopt;
  s.entry = line.front();
  line.pop_front();
  s.messages++;
  entries_[s.entry.value].in_session = true;
  return s.entry;
}

void LinkQueue::recipient_ended(SessionId id, std::uint32_t index, smtp::RecipientEnd end, const smtp::Outcome& outcome,
                                Blame blame, Actions& out) {
  Session& s = session(id);
  Entry& e = entries_[s.entry.value];
  e.blame = join(e.blame, blame);
  if (end != smtp::RecipientEnd::delivered) {
    e.last_code = outcome.code;
    e.last_status = outcome.status;
    e.last_words = shared(outcome.words);
  }
  switch (end) {
    case smtp::RecipientEnd::delivered:
      s.gone.push_back(index);
      out.push_back({.kind = Kind::delivered,
                     .entry = s.entry,
                     .message = e.message,
                     .recipient = e.recipients[index],
                     .blame = e.blame});
      break;
    case smtp::RecipientEnd::refused:
      s.gone.push_back(index);
      s.refused.push_back({e.recipients[index], e.addresses[index], report_status(ReturnReason::refused, e),
                           std::string(outcome.words)});
      break;
    case smtp::RecipientEnd::surplus:
      s.surplus.push_back(index);
      break;
    case smtp::RecipientEnd::deferred:
      break;
  }
}

void LinkQueue::concluded(SessionId id, const smtp::Outcome& outcome, Blame blame, Instant now, Actions& out) {
  Session& s = session(id);
  EntryId entry = s.entry;
  Entry& e = entries_[entry.value];
  e.attempts++;
  e.in_session = false;
  e.blame = join(e.blame, blame);
  if (outcome.stage >= smtp::Stage::mail && outcome.error == 0) host_well_ = true, climb_ = {}, host_failures_ = 0;
  settle_refused(s, out);
  Left left = drop_gone(s, now, out);
  if (left == Left::nobody) return;
  // Too many at once: the surplus goes in the next transaction, at once.
  if (outcome.reply == smtp::ReplyClass::success)
    return left == Left::surplus ? wait_in_line(entry, now, out) : wait_alone(entry, now, out);
  // What the own store says is no word of a peer.
  if (outcome.error == 0 && (!outcome.words.empty() || outcome.ended != smtp::Ended::reply)) {
    e.last_code = outcome.code;
    e.last_status = outcome.status;
    e.last_words = shared(outcome.words);
  }
  auto failure = queue_->failure_class.rule({outcome.stage, outcome.reply, outcome.error});
  auto reach = queue_->failure_reach.rule({outcome.stage, outcome.ended, failure.outcome, outcome.error});
  Blame cause = join(blame, join(failure.blame, reach.blame));
  e.blame = join(e.blame, cause);
  if (reach.outcome == FailureReach::message) {
    if (failure.outcome == FailureClass::permanent) return give_back_rest(s, outcome, out);
    return wait_alone(entry, now, out);
  }
  auto host = queue_->next_host.rule({outcome.stage, failure.outcome, hosts_ - 1 - s.host});
  cause = join(cause, host.blame);
  e.blame = join(e.blame, cause);
  if (host.outcome == NextHost::give_back) return give_back_rest(s, outcome, out);
  if (host.outcome == NextHost::next_host && !stopped_) return open_session(entry, s.host + 1, out);
  wait_with_queue(entry, cause, now, outcome, out);
}

void LinkQueue::no_host(SessionId id, const smtp::Outcome& outcome, Blame blame, Instant now, Actions& out) {
  session(id).host = hosts_ - 1;
  concluded(id, outcome, blame, now, out);
  session_closed(id, now, out);
}

void LinkQueue::settle_refused(Session& s, Actions& out) {
  if (s.refused.empty()) return;
  out.push_back({.kind = Kind::returned,
                 .entry = s.entry,
                 .message = entries_[s.entry.value].message,
                 .reason = ReturnReason::refused,
                 .reported = std::exchange(s.refused, {}),
                 .blame = entries_[s.entry.value].blame,
                 .content = entries_[s.entry.value].content});
}

// Takes out the recipients that are settled. A surplus beside deferred recipients becomes an entry of its own, so that
// it need not wait with them.
LinkQueue::Left LinkQueue::drop_gone(Session& s, Instant now, Actions& out) {
  EntryId id = s.entry;
  std::size_t left = entries_[id.value].recipients.size() - s.gone.size();
  bool split = !s.surplus.empty() && s.surplus.size() < left;
  bool all_surplus = !s.surplus.empty() && !split;
  EntryId other{};
  if (split) {
    Entry surplus = take_surplus(s);
    other = take_entry();
    entries_[other.value] = std::move(surplus);
    ++live_;
  }
  Entry& e = entries_[id.value];
  std::ranges::sort(s.gone, std::greater<>{});
  for (std::uint32_t i : s.gone) e.addresses.erase(i), e.recipients.erase(i);
  s.gone.clear(), s.surplus.clear();
  bool nobody = e.recipients.empty();
  if (split) {
    out.push_back({.kind = Kind::split, .entry = other});
    wait_in_line(other, now, out);
  }
  if (nobody) finish(id, out);
  return nobody ? Left::nobody : all_surplus ? Left::surplus : Left::deferred;
}

Entry LinkQueue::take_surplus(Session& s) {
  const Entry& e = entries_[s.entry.value];
  Entry surplus = e;
  surplus.addresses = {}, surplus.recipients = {};
  surplus.timers_armed = false;  // its wakes name the other entry
  for (std::uint32_t i : s.surplus) {
    surplus.addresses.push_back(e.addresses[i]);
    surplus.recipients.push_back(e.recipients[i]);
    s.gone.push_back(i);
  }
  return surplus;
}

void LinkQueue::give_back_rest(Session& s, const smtp::Outcome& outcome, Actions& out) {
  Entry& e = entries_[s.entry.value];
  std::vector<ReportedRecipient> all;
  e.last_code = outcome.code, e.last_status = outcome.status;
  ReturnReason reason = outcome.error == 0 ? ReturnReason::refused : ReturnReason::content;
  std::string words(outcome.error == 0 ? outcome.words : "");
  for (std::size_t i = 0; i < e.recipients.size(); ++i)
    all.push_back({e.recipients[i], e.addresses[i], report_status(reason, e), words});
  out.push_back({.kind = Kind::returned,
                 .entry = s.entry,
                 .message = entries_[s.entry.value].message,
                 .reason = reason,
                 .reported = std::move(all),
                 .blame = e.blame,
                 .content = e.content});
  finish(s.entry, out);
}

void LinkQueue::wait_alone(EntryId id, Instant now, Actions& out) {
  if (expired(id, now)) return expire(id, out);
  Entry& e = entries_[id.value];
  ++e.failures;
  if (*queue_->message_retries != 0 && e.failures > *queue_->message_retries) {
    e.blame = join(e.blame, queue_->message_retries.blame());
    return return_all(id, ReturnReason::transfer, out);
  }
  bool others = live_ > 1;
  auto place = queue_->after_message_failure.rule({!e.sender.valid(), e.failures, *queue_->problem_after, others});
  e.blame = join(e.blame, place.blame);
  if (place.blame || place.outcome == AfterMessageFailure::behind_others)
    e.blame = join(e.blame, queue_->problem_after.blame());
  e.problem = place.outcome == AfterMessageFailure::behind_others;
  Wait wait = next_wait(*queue_, FailureKind::message, e.climb);
  e.blame = join(e.blame, wait.blame);
  e.retry_at = now + wait.time;
  e.waiting_alone = true;
  if (place.outcome == AfterMessageFailure::hold_queue) {
    e.waiting_alone = false;
    ready_.push_front(id);
    retry_at(e.retry_at, e.blame, out);
  } else {
    out.push_back({.kind = Kind::wake, .entry = id, .why = Wake::retry, .at = e.retry_at});
  }
  out.push_back({.kind = Kind::deferred, .entry = id, .at = e.retry_at, .blame = e.blame});
  arm_timers(id, now, out);
  woke(id, Wake::delay_notice, now, out);
}

void LinkQueue::wait_with_queue(EntryId id, Blame cause, Instant now, const smtp::Outcome& outcome, Actions& out) {
  if (expired(id, now)) return expire(id, out);
  Entry& e = entries_[id.value];
  ++e.failures;
  host_well_ = false;
  if (*queue_->host_retries != 0 && ++host_failures_ > *queue_->host_retries) {
    back_in_line(id);
    return return_everything(ReturnReason::congestion, join(cause, queue_->host_retries.blame()), out);
  }
  if (!in_retry_) {
    Wait wait = next_wait(*queue_, kind_of(outcome), climb_);
    retry_at(now + wait.time, join(cause, wait.blame), out);
  }
  inherit_retry_blame(e);
  back_in_line(id);
  out.push_back({.kind = Kind::deferred, .entry = id, .at = retry_at_, .blame = e.blame});
  arm_timers(id, now, out);
  woke(id, Wake::delay_notice, now, out);
}

// For the next transaction, at once, unless the message's time is over.
void LinkQueue::wait_in_line(EntryId id, Instant now, Actions& out) {
  if (expired(id, now)) return expire(id, out);
  back_in_line(id);
  arm_timers(id, now, out);
  woke(id, Wake::delay_notice, now, out);
}

void LinkQueue::back_in_line(EntryId id) {
  const Entry& e = entries_[id.value];
  if (e.problem) return problem_.push_back(id);
  auto place = std::ranges::upper_bound(ready_, e.serial, {}, [&](EntryId o) { return entries_[o.value].serial; });
  ready_.insert(place, id);
}

void LinkQueue::retry_at(Instant at, Blame cause, Actions& out) {
  in_retry_ = true;
  retry_at_ = at;
  retry_blame_ = cause;
  out.push_back({.kind = Kind::wake_queue, .at = at});
}

void LinkQueue::inherit_retry_blame(Entry& entry) {
  if (in_retry_ && !entry.waiting_alone) entry.blame = join(entry.blame, retry_blame_);
}

// A time that has passed already was looked at when the session was done with the message.
void LinkQueue::arm_timers(EntryId id, Instant now, Actions& out) {
  Entry& e = entries_[id.value];
  if (e.timers_armed) return;
  e.timers_armed = true;
  Instant notice = e.arrived + *transport_->delay_notice, end = end_of(e);
  if (transport_->delay_notice->ns > 0 && notice > now)
    out.push_back({.kind = Kind::wake, .entry = id, .why = Wake::delay_notice, .at = notice});
  if (end > now) out.push_back({.kind = Kind::wake, .entry = id, .why = Wake::expiry, .at = end});
}

void LinkQueue::session_closed(SessionId id, Instant now, Actions& out) {
  Session& s = session(id);
  assert(s.messages > 0);
  s.messages = 0;
  s.refused.clear(), s.gone.clear(), s.surplus.clear();
  s.host = std::exchange(free_session_, id.value);
  --open_sessions_;
  start_sessions(now, out);
}

void LinkQueue::retry_due(Instant now, Actions& out) {
  if (!in_retry_ || retry_at_ != now) return;
  if (retry_blame_)
    for (auto* line : {&ready_, &problem_})
      for (EntryId id : *line) inherit_retry_blame(entries_[id.value]);
  in_retry_ = false;
  start_sessions(now, out);
}

void LinkQueue::hurry(Instant now, Actions& out) {
  if (!in_retry_) return;
  retry_at_ = now;
  retry_due(now, out);
}

void LinkQueue::restart(Instant now, Actions& out) {
  for (EntryId id : waiting()) {
    Entry& e = entries_[id.value];
    inherit_retry_blame(e);
    if (e.waiting_alone) {
      e.waiting_alone = false;
      back_in_line(id);
    }
    woke(id, Wake::delay_notice, now, out);
  }
  in_retry_ = stopped_ = false;
  climb_ = {};
  start_sessions(now, out);
}

std::shared_ptr<const std::string> LinkQueue::shared(std::string_view words) {
  if (words.empty()) return nullptr;
  if (words_ == nullptr || *words_ != words) words_ = std::make_shared<const std::string>(words);
  return words_;
}

std::vector<EntryId> LinkQueue::waiting() const {
  std::vector<EntryId> all;
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    if (live({i}) && !entries_[i].in_session) all.push_back({i});
  std::ranges::sort(all, {}, [&](EntryId id) { return entries_[id.value].serial; });
  return all;
}

Entry LinkQueue::withdraw(EntryId id) {
  inherit_retry_blame(entries_[id.value]);
  take_out_of_line(id);
  Entry entry = std::move(entries_[id.value]);
  give_back(id);
  entry.climb = {};
  entry.timers_armed = entry.waiting_alone = false;
  return entry;
}

void LinkQueue::woke(EntryId id, Wake why, Instant now, Actions& out) {
  if (id.value >= entries_.size() || !live(id)) return;
  Entry& e = entries_[id.value];
  if (e.in_session) return;
  switch (why) {
    case Wake::retry:
      if (!e.waiting_alone || e.retry_at != now) return;
      e.waiting_alone = false;
      back_in_line(id);
      return start_sessions(now, out);
    case Wake::delay_notice: {
      bool due = transport_->delay_notice->ns > 0 && now >= e.arrived + *transport_->delay_notice;
      if (!due || !e.delay_notice_due) return;
      e.delay_notice_due = false;
      inherit_retry_blame(e);
      e.blame = join(e.blame, transport_->delay_notice.blame());
      std::vector<ReportedRecipient> all;
      mail::Status status = e.last_status.major == 4 ? e.last_status : mail::kExpired;
      for (std::size_t i = 0; i < e.recipients.size(); ++i)
        all.push_back({e.recipients[i], e.addresses[i], status, e.last_words ? *e.last_words : std::string()});
      out.push_back({.kind = Kind::delayed,
                     .entry = id,
                     .message = e.message,
                     .at = end_of(e),
                     .reported = std::move(all),
                     .blame = e.blame,
                     .content = e.content});
      return;
    }
    case Wake::expiry:
      if (!expired(id, now)) return;
      take_out_of_line(id);
      return expire(id, out);
  }
}

}  // namespace deadletter::transport
