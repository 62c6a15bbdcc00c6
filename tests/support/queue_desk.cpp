#include "tests/support/queue_desk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace deadletter::transport {

using smtp::Ended;
using smtp::RecipientEnd;
using smtp::ReplyClass;
using smtp::Stage;

namespace {

constexpr std::uint32_t kNumber = 7;  // of the desk's queue in its pool

}  // namespace

Answer sent() { return {.outcome = {Stage::dot, Ended::reply, ReplyClass::success, 250, {2, 6, 0}, ""}}; }
Answer refused_connection() { return {.outcome = {Stage::connect, Ended::refused, ReplyClass::temporary, 0, {}, ""}}; }
Answer no_reply(Stage stage) { return {.outcome = {stage, Ended::timeout, ReplyClass::temporary, 0, {}, ""}}; }
Answer connection_lost(Stage stage) { return {.outcome = {stage, Ended::reset, ReplyClass::temporary, 0, {}, ""}}; }
Answer replied(Stage stage, std::uint16_t code) {
  ReplyClass reply = code / 100 == 5 ? ReplyClass::permanent : ReplyClass::temporary;
  static std::set<std::string> said;  // an outcome only refers to its words
  return {.outcome = {stage, Ended::reply, reply, code, {}, *said.insert(fmt::format("{} no", code)).first}};
}

Desk::Desk() {
  queue.ladder.set(ladder_preset("iis"), {});
  queue.glitch.set({Duration::minutes(1), 3}, {});
  transport.delay_notice.set(Duration::hours(12), {});
}

LinkQueue& Desk::link() {
  if (!link_) link_ = std::make_unique<LinkQueue>(pool_, kNumber, queue, transport, hosts);
  return *link_;
}

void Desk::say(const std::string& words) { lines_.push_back(sim::elapsed(now_ - Instant{}) + " " + words); }

std::vector<std::string> Desk::lines(const std::string& words) const {
  std::vector<std::string> found;
  for (const std::string& line : lines_)
    if (line.find(words) != std::string::npos) found.push_back(line);
  return found;
}

std::vector<std::string> Desk::ruled_by(const std::string& recipient) {
  if (auto found = blames_.find(recipient); found != blames_.end()) return names(found->second);
  for (std::uint32_t e = 0; e < pool_.size(); ++e)
    for (mail::RecipientId r : pool_[EntryId{e}].to.recipients())
      if (recipients_[r.value] == recipient) return names(pool_[EntryId{e}].blame);
  return {"no such recipient"};
}

void Desk::put(const std::string& message, int recipients, bool report) {
  Entry entry;
  entry.message = {static_cast<std::uint32_t>(messages_.size())};
  if (!report) entry.sender = {0};
  entry.arrived = now_;
  messages_.push_back(message);
  for (int i = 0; i < recipients; ++i) {
    auto number = static_cast<std::uint32_t>(recipients_.size());
    entry.to.add({number}, {number});
    recipients_.push_back(message + "/" + static_cast<char>('a' + i));
  }
  LinkQueue::Actions actions;
  link().enqueue(std::move(entry), now_, actions);
  perform(actions);
}

void Desk::post(Instant at, Due due) {
  EXPECT_GE(at, now_) << "a wake in the past";
  int priority = due.kind == Due::Kind::session ? 0 : due.kind == Due::Kind::expiry ? 1 : 2;
  calendar_.emplace(std::tuple{at, priority, posted_++}, due);
}

void Desk::run_until(Duration end) {
  link();
  while (!calendar_.empty() && std::get<0>(calendar_.begin()->first) <= Instant{} + end) {
    auto [key, due] = *calendar_.begin();
    calendar_.erase(calendar_.begin());
    now_ = std::get<0>(key);
    LinkQueue::Actions actions;
    if (due.kind == Due::Kind::session)
      end_of_attempt(due.session);
    else
      link_->time_has_come(due.why, now_, actions);
    perform(actions);
  }
  now_ = Instant{} + end;
}

void Desk::begin(SessionId session, EntryId entry, std::uint32_t host) {
  const Entry& e = link_->entry(entry);
  EXPECT_TRUE(link_->live(entry)) << "a session for an entry that has gone";
  Attempt attempt{name(e.message), host, e.attempts, {}, now_};
  for (mail::RecipientId r : e.to.recipients())
    attempt.recipients.push_back(recipients_[r.value].substr(attempt.message.size() + 1));
  sessions_[session] = {entry, host, answers(attempt)};
  most_sessions_ = std::max(most_sessions_, sessions_.size());
  ++attempts_;
  post(now_ + sessions_[session].answer.lasting, {Due::Kind::session, {}, session});
}

void Desk::end_of_attempt(SessionId id) {
  Session session = sessions_.at(id);
  const smtp::Outcome& outcome = session.answer.outcome;
  const Entry& entry = link_->entry(session.entry);
  const std::string message = name(entry.message);
  constexpr const char* ended[] = {"", "no reply", "closed", "lost", "refused"};
  std::string how =
      outcome.ended == Ended::reply ? std::to_string(outcome.code) : ended[static_cast<int>(outcome.ended)];
  say(fmt::format("{} try host {}: {} at {}", message, session.host, how, smtp::text(outcome.stage)));
  LinkQueue::Actions actions;
  const transport::Addressees recipients = entry.to;
  for (std::uint32_t i = 0; i < recipients.size(); ++i) {
    std::string letter = recipients_[recipients.recipient(i).value].substr(message.size() + 1);
    auto given = session.answer.ends.find(letter);
    if (given == session.answer.ends.end()) {
      if (outcome.reply == ReplyClass::success)
        link_->recipient_ended(id, i, RecipientEnd::delivered, {}, session.answer.blame, actions);
      continue;
    }
    auto [end, code] = given->second;
    smtp::Outcome said = replied(Stage::rcpt, code).outcome;
    link_->recipient_ended(id, i, end, said, session.answer.blame, actions);
  }
  link_->concluded(id, outcome, session.answer.blame, now_, actions);
  perform(actions);
  actions.clear();
  bool goes_on = outcome.ended == Ended::reply && outcome.stage >= Stage::mail && outcome.code != 421;
  if (auto next = goes_on ? link_->next(id) : std::nullopt) return begin(id, *next, session.host);
  sessions_.erase(id);
  link_->session_closed(id, now_, actions);
  perform(actions);
}

void Desk::ended(mail::RecipientId recipient, const std::string& how, Blame blame) {
  const std::string& who = recipients_[recipient.value];
  EXPECT_TRUE(ends_.emplace(who, how).second) << who << " ended twice";
  blames_[who] = blame;
}

void Desk::perform(const LinkQueue::Actions& actions) {
  for (const QueueAction& action : actions) perform(action);
}

void Desk::perform(const QueueAction& action) {
  auto reported = [&] {
    std::vector<std::string> all;
    for (const auto& r : action.reported)
      all.push_back(recipients_[r.recipient.value].substr(name(action.message).size() + 1) + " " +
                    mail::text(r.status));
    return fmt::format("{}", fmt::join(all, ", "));
  };
  switch (action.kind) {
    case QueueAction::Kind::open:
      ++opened_;
      return begin(action.opening.session, action.opening.entry, action.opening.host);
    case QueueAction::Kind::wake_queue: {
      bool expiry = action.why == QueueAction::Wake::expiry;
      return post(action.at, {expiry ? Due::Kind::expiry : Due::Kind::timer, action.why, {}});
    }
    case QueueAction::Kind::delivered:
      return ended(action.recipient, "delivered", action.blame);
    case QueueAction::Kind::deferred: {
      bool alone = link_->entry(action.entry).waiting_alone;
      return say(fmt::format("{} waits {} until {}", name(link_->entry(action.entry).message),
                             alone ? "alone" : "with its queue", sim::elapsed(action.at - Instant{})));
    }
    case QueueAction::Kind::returned:
      for (const auto& r : action.reported) ended(r.recipient, "returned " + mail::text(r.status), action.blame);
      return say(fmt::format("{} {}: {}", name(action.message),
                             action.reason == ReturnReason::expired ? "expires" : "is returned", reported()));
    case QueueAction::Kind::delayed:
      return say(fmt::format("{} is delayed: {}", name(action.message), reported()));
    case QueueAction::Kind::split:
      return say(link_->live(action.entry) ? name(link_->entry(action.entry).message) + " is split" : "split and gone");
    case QueueAction::Kind::finished:
      return say(fmt::format("{} is gone", name(action.message)));
  }
}

}  // namespace deadletter::transport
