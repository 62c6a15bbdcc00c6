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

EntryId LinkQueue::take_in(Entry&& entry) {
  ++live_;
  return pool_->take(std::move(entry), number_);
}

void LinkQueue::give_back(EntryId id) {
  pool_->give_back(id);
  --live_;
}

LinkQueue::State LinkQueue::state() const {
  // As administrators see it: in Retry too when all that is there waits for its own next attempt.
  bool all_wait = live_ > 0 && open_sessions_ == 0 && in_line() == 0;
  if (in_retry_ || all_wait) return State::retry;
  return open_sessions_ > 0 ? State::active : State::ready;
}

smtp::Offer LinkQueue::offer(EntryId id) const {
  const Entry& e = at(id);
  return {e.sender, e.to.addresses(), e.size, e.eight_bit, more_waiting()};
}

void LinkQueue::opened(EntryId id, std::uint32_t size, Blame blame) {
  Entry& e = at(id);
  e.size = size;
  e.blame = join(e.blame, blame);
}

// Mostly there is nothing before it, and it goes at once.
void LinkQueue::enqueue(Entry&& entry, Instant now, Actions& out) {
  EntryId id = take_in(std::move(entry));
  at(id).serial = enqueued_++;
  if (in_line() == 0 && may_start() && open_sessions_ < most_sessions(1))
    return expired(id, now) ? expire(id, out) : open_session(id, 0, out);
  waits().ready.push_back(id);
  start_sessions(now, out);
  if (live(id) && !at(id).in_session) arm_timers(id, now, out);
}

void LinkQueue::start_sessions(Instant now, Actions& out) {
  if (!may_start()) return;
  for (std::size_t waiting; (waiting = in_line()) > 0 && open_sessions_ < most_sessions(waiting);) {
    EntryId id = take_first();
    expired(id, now) ? expire(id, out) : open_session(id, 0, out);
  }
}

EntryId LinkQueue::take_first() {
  Line& line = waiting_->ready.empty() ? waiting_->problem : waiting_->ready;
  EntryId id = line.front();
  line.pop_front();
  return id;
}

// A host that was not well is tried with one connection first.
std::size_t LinkQueue::most_sessions(std::size_t waiting) const {
  if (!host_well_) return 1;
  std::size_t most = *queue_->connections_per_domain, threshold = *queue_->connection_threshold;
  return threshold == 0 ? most : std::min(most, 1 + waiting / threshold);
}

void LinkQueue::open_session(EntryId entry, std::uint32_t host, Actions& out) {
  SessionId id = pool_->take_session();
  QueueSession& s = session(id);
  s.entry = entry, s.host = host, s.messages = 1;
  at(entry).in_session = true;
  ++open_sessions_;
  out.add(Kind::open).opening = {entry, id, host};
}

std::optional<EntryId> LinkQueue::next(SessionId id) {
  QueueSession& s = session(id);
  std::uint64_t share = *queue_->messages_per_connection;
  if (in_line() == 0 || in_retry_ || stopped_ || (share != 0 && s.messages >= share)) return std::nullopt;
  s.entry = take_first();
  s.messages++;
  at(s.entry).in_session = true;
  return s.entry;
}

void LinkQueue::recipient_ended(SessionId id, std::uint32_t index, smtp::RecipientEnd end, const smtp::Outcome& outcome,
                                Blame blame, Actions& out) {
  QueueSession& s = session(id);
  Entry& e = at(s.entry);
  e.blame = join(e.blame, blame);
  if (end != smtp::RecipientEnd::delivered) e.heard = shared(outcome.code, outcome.status, outcome.words);
  switch (end) {
    case smtp::RecipientEnd::delivered: {
      s.gone.push_back(index);
      QueueAction& action = out.add(Kind::delivered);
      action.message = e.message, action.recipient = e.to.recipient(index), action.blame = e.blame;
      break;
    }
    case smtp::RecipientEnd::refused:
      s.gone.push_back(index);
      s.refused.push_back({e.to.recipient(index), e.to.address(index), report_status(ReturnReason::refused, e),
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
  QueueSession& s = session(id);
  EntryId entry = s.entry;
  Entry& e = at(entry);
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
  if (outcome.error == 0 && (!outcome.words.empty() || outcome.ended != smtp::Ended::reply))
    e.heard = shared(outcome.code, outcome.status, outcome.words);
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

void LinkQueue::settle_refused(QueueSession& s, Actions& out) {
  if (s.refused.empty()) return;
  returned(at(s.entry), ReturnReason::refused, std::exchange(s.refused, {}), out);
}

// Takes out the recipients that are settled. A surplus beside deferred recipients becomes an entry of its own, so that
// it need not wait with them.
LinkQueue::Left LinkQueue::drop_gone(QueueSession& s, Instant now, Actions& out) {
  EntryId id = s.entry;
  std::size_t left = at(id).to.size() - s.gone.size();
  bool split = !s.surplus.empty() && s.surplus.size() < left;
  bool all_surplus = !s.surplus.empty() && !split;
  EntryId other{};
  if (split) {
    other = take_in(take_surplus(s));
  }
  Entry& e = at(id);
  std::ranges::sort(s.gone, std::greater<>{});
  for (std::uint32_t i : s.gone) e.to.erase(i);
  s.gone.clear(), s.surplus.clear();
  bool nobody = e.to.empty();
  if (split) {
    out.add(Kind::split).entry = other;
    wait_in_line(other, now, out);
  }
  if (nobody) finish(id, out);
  return nobody ? Left::nobody : all_surplus ? Left::surplus : Left::deferred;
}

Entry LinkQueue::take_surplus(QueueSession& s) {
  const Entry& e = at(s.entry);
  Entry surplus = e;
  surplus.to = {};
  surplus.timers_armed = false;  // its wakes name the other entry
  for (std::uint32_t i : s.surplus) {
    surplus.to.add(e.to.recipient(i), e.to.address(i));
    s.gone.push_back(i);
  }
  return surplus;
}

void LinkQueue::give_back_rest(QueueSession& s, const smtp::Outcome& outcome, Actions& out) {
  Entry& e = at(s.entry);
  std::vector<ReportedRecipient> all;
  ReturnReason reason = outcome.error == 0 ? ReturnReason::refused : ReturnReason::content;
  std::string words(outcome.error == 0 ? outcome.words : "");
  e.heard = shared(outcome.code, outcome.status, words);
  for (std::size_t i = 0; i < e.to.size(); ++i)
    all.push_back({e.to.recipient(i), e.to.address(i), report_status(reason, e), words});
  returned(e, reason, std::move(all), out);
  finish(s.entry, out);
}

void LinkQueue::wait_alone(EntryId id, Instant now, Actions& out) {
  if (expired(id, now)) return expire(id, out);
  Entry& e = at(id);
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
  const Instant until = now + wait.time;
  if (place.outcome == AfterMessageFailure::hold_queue) {
    waits().ready.push_front(id);
    retry_at(until, e.blame, out);
  } else {
    e.alone = waits().alone.add(id, until);
    e.waiting_alone = true;
    wake_at(Wake::message, until, out);
  }
  deferred(id, until, now, out);
}

void LinkQueue::wait_with_queue(EntryId id, Blame cause, Instant now, const smtp::Outcome& outcome, Actions& out) {
  if (expired(id, now)) return expire(id, out);
  Entry& e = at(id);
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
  deferred(id, retry_at_, now, out);
}

void LinkQueue::deferred(EntryId id, Instant until, Instant now, Actions& out) {
  QueueAction& action = out.add(Kind::deferred);
  action.entry = id, action.at = until, action.blame = at(id).blame;
  arm_timers(id, now, out);
  notify_when_due(id, now, out);
}

// For the next transaction, at once, unless the message's time is over.
void LinkQueue::wait_in_line(EntryId id, Instant now, Actions& out) {
  if (expired(id, now)) return expire(id, out);
  back_in_line(id);
  arm_timers(id, now, out);
  notify_when_due(id, now, out);
}

void LinkQueue::back_in_line(EntryId id) {
  if (at(id).problem) return waits().problem.push_back(id);
  put_by_serial(waits().ready, id);
}

void LinkQueue::put_by_serial(Line& line, EntryId id) {
  auto serial = [&](EntryId o) { return at(o).serial; };
  line.insert(std::ranges::upper_bound(line, serial(id), {}, serial), id);
}

void LinkQueue::retry_at(Instant when, Blame cause, Actions& out) {
  in_retry_ = true;
  retry_at_ = when;
  retry_blame_ = cause;
  QueueAction& action = out.add(Kind::wake_queue);
  action.why = Wake::retry, action.at = when;
}

void LinkQueue::inherit_retry_blame(Entry& entry) {
  if (in_retry_ && !entry.waiting_alone) entry.blame = join(entry.blame, retry_blame_);
}

void LinkQueue::session_closed(SessionId id, Instant now, Actions& out) {
  assert(session(id).messages > 0);
  pool_->give_back(id);
  --open_sessions_;
  start_sessions(now, out);
}

void LinkQueue::retry_due(Instant now, Actions& out) {
  if (!in_retry_ || retry_at_ != now) return;
  if (retry_blame_ && waiting_ != nullptr)
    for (Line* line : {&waiting_->ready, &waiting_->problem})
      for (EntryId id : *line) inherit_retry_blame(at(id));
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
    Entry& e = at(id);
    inherit_retry_blame(e);
    if (e.waiting_alone) no_longer_alone(id);
    notify_when_due(id, now, out);
  }
  if (waiting_ != nullptr) waiting_->alone.clear();
  in_retry_ = stopped_ = false;
  climb_ = {};
  start_sessions(now, out);
}

boost::intrusive_ptr<const Heard> LinkQueue::shared(std::uint16_t code, mail::Status status, std::string_view words) {
  if (code == 0 && !status.known() && words.empty()) return nullptr;
  bool again = heard_ != nullptr && heard_->code == code && heard_->status == status && heard_->words == words;
  if (!again) heard_ = new Heard(code, status, words);
  return heard_;
}

std::vector<EntryId> LinkQueue::waiting() const {
  std::vector<EntryId> all;
  if (waiting_ == nullptr) return all;
  waiting_->alone.each([&](const Alone::Place& place) {
    if (waits_alone(place)) all.push_back(place.entry);
  });
  for (const Line* line : {&waiting_->ready, &waiting_->problem}) all.insert(all.end(), line->begin(), line->end());
  std::ranges::sort(all, {}, [&](EntryId id) { return at(id).serial; });
  return all;
}

Entry LinkQueue::withdraw(EntryId id) {
  inherit_retry_blame(at(id));
  take_out_of_line(id);
  Entry entry = std::move(at(id));
  give_back(id);
  entry.climb = {};
  entry.timers_armed = entry.waiting_alone = false;
  return entry;
}

bool LinkQueue::waits_alone(const Alone::Place& place) const {
  const Entry& e = at(place.entry);
  return live(place.entry) && e.waiting_alone && e.alone == place.number;
}

void LinkQueue::no_longer_alone(EntryId id) {
  at(id).waiting_alone = false;
  back_in_line(id);
}

}  // namespace deadletter::transport
