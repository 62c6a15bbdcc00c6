#include "models/smtp/client.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace deadletter::smtp {
namespace {

// What a session holds of replies that nobody takes; a peer that sends more is given up. [assumed]
constexpr std::size_t kMostUnread = 1 << 20;

constexpr std::uint64_t kDotOctets = 3;

// 8-bit content as quoted-printable or base64 grows by about a third. (technet bb123814)
std::uint64_t converted(std::uint64_t size) { return size + size / 3; }

}  // namespace

template <class Point>
auto ClientSession::ruled(const Point& point, const typename Point::Facts& facts) {
  auto ruling = point.rule(facts);
  blame_ = join(blame_, ruling.blame);
  return ruling.outcome;
}

void ClientSession::reuse(ClientSession fresh) {
  buffer_.clear(), outstanding_.clear(), outstanding_recipient_.clear(), accepted_recipients_.clear();
  fresh.buffer_ = std::move(buffer_);
  fresh.outstanding_ = std::move(outstanding_);
  fresh.outstanding_recipient_ = std::move(outstanding_recipient_);
  fresh.accepted_recipients_ = std::move(accepted_recipients_);
  fresh.failure_words_ = std::move(failure_words_);
  *this = std::move(fresh);
}

void ClientSession::open(const Offer& offer, Actions& out) {
  message_ = offer;
  in_hand_ = true;
  arm(behaviour_->timers->connect, out);
}

void ClientSession::connected(Actions& out) {
  state_ = State::greeting;
  outstanding_ = {Stage::greeting};
  outstanding_recipient_ = {0};
  arm(behaviour_->timers->greeting, out);
}

void ClientSession::connect_failed(Ended how, Actions& out) { give_up(how, out); }

void ClientSession::octets(std::string_view octets, Actions& out) {
  if (over()) return;
  buffer_.add(octets);
  read(out);
}

void ClientSession::octets(const Reply& reply, Actions& out) {
  if (over()) return;
  buffer_.add(reply);
  read(out);
}

// Something has come.
void ClientSession::read(Actions& out) {
  if (buffer_.unread() > kMostUnread) return give_up(Ended::reset, out);
  if (state_ == State::body) {
    std::uint16_t code = buffer_.lines().empty() ? std::uint16_t{0} : buffer_.lines()[0].code;
    EarlyReply early = ruled(behaviour_->early_reply, {buffer_.unread(), code});
    if (early == EarlyReply::discard) buffer_.clear();
    if (early == EarlyReply::abort) give_up(Ended::reset, out);
    return;
  }
  if (outstanding_.empty() || waiting_to_read_) return;
  if (behaviour_->read_window->ns > 0) {
    waiting_to_read_ = true;
    out.add(ClientAction::Kind::read_later).after = *behaviour_->read_window;
    return;
  }
  if (*behaviour_->timer_scope == TimerScope::per_read) arm(behaviour_->timers->of(outstanding_.front()), out);
  read_replies(out);
}

void ClientSession::read_due(Actions& out) {
  if (over() || !std::exchange(waiting_to_read_, false) || outstanding_.empty()) return;
  if (*behaviour_->timer_scope == TimerScope::per_read) arm(behaviour_->timers->of(outstanding_.front()), out);
  read_replies(out);
}

void ClientSession::read_replies(Actions& out) {
  while (!over() && !outstanding_.empty()) {
    std::size_t lines = lines_to_take();
    if (lines == 0) return;
    take_reply(lines, out);
    if (!over() && !outstanding_.empty()) arm(behaviour_->timers->of(outstanding_.front()), out);
  }
}

std::size_t ClientSession::lines_to_take() {
  auto lines = buffer_.lines();
  if (lines.empty()) return 0;
  ReplyReading reading = ruled(behaviour_->reply_reader, {outstanding_.front(), lines, buffer_.partial() > 0});
  return std::min<std::size_t>(reading.lines, lines.size());
}

void ClientSession::take_reply(std::size_t lines, Actions& out) {
  const ReplyLine& first = buffer_.lines()[0];
  const ReplyLine& last = buffer_.lines()[lines - 1];
  const ReplyLine& counts = *behaviour_->reply_code_from == CodeFrom::last_line ? last : first;
  Outcome outcome{.code = counts.code, .status = counts.status};
  ReplyOwner owner = ruled(behaviour_->reply_owner, {outstanding_, replies_taken_, outcome.code});
  std::size_t index = std::min<std::size_t>(owner.index, outstanding_.size() - 1);
  outcome.stage = outstanding_[index];
  outcome.reply = ruled(behaviour_->reply_class, {outcome.stage, Ended::reply, outcome.code, outcome.status});
  if (outcome.reply != ReplyClass::success && outcome.reply != ReplyClass::proceed)
    outcome.words = buffer_.text(counts);
  if (outcome.stage == Stage::ehlo) peer_ = buffer_.capabilities(lines);
  ++replies_taken_;
  buffer_.take(lines);
  std::uint32_t recipient = outstanding_recipient_[index];
  outstanding_.erase(outstanding_.begin() + static_cast<std::ptrdiff_t>(index));
  outstanding_recipient_.erase(outstanding_recipient_.begin() + static_cast<std::ptrdiff_t>(index));
  reply(recipient, outcome, out);
}

void ClientSession::reply(std::uint32_t recipient, const Outcome& outcome, Actions& out) {
  switch (outcome.stage) {
    case Stage::greeting:
      if (outcome.reply == ReplyClass::success) {
        state_ = State::hello;
        return send_one(Stage::ehlo, out);
      }
      return conclude(outcome, out);
    case Stage::ehlo:
    case Stage::helo:
      return reply_to_hello(outcome, out);
    case Stage::mail:
      return reply_to_mail(outcome, out);
    case Stage::rcpt:
      return reply_to_rcpt(recipient, outcome, out);
    case Stage::data:
      return reply_to_data(outcome, out);
    case Stage::dot:
      return reply_to_dot(outcome, out);
    case Stage::rset:
      if (outcome.reply != ReplyClass::success) {
        state_ = State::quitting;
        return send_one(Stage::quit, out);
      }
      state_ = State::idle;
      out.add(ClientAction::Kind::next);
      return;
    default:
      return close(out);  // QUIT
  }
}

void ClientSession::reply_to_hello(const Outcome& outcome, Actions& out) {
  if (outcome.reply == ReplyClass::success) return begin_message(out);
  if (outcome.reply == ReplyClass::fall_back) return send_one(Stage::helo, out);
  conclude(outcome, out);
}

bool ClientSession::use(Extension extension, bool offered) {
  bool pipelining_on = *behaviour_->pipelining == Switch::on;
  return ruled(behaviour_->use_extension, {extension, offered, pipelining_on}) == UseExtension::use;
}

void ClientSession::begin_message(Actions& out) {
  next_recipient_ = accepted_ = 0;
  accepted_recipients_.clear();
  failed_ = false;
  state_ = State::envelope;
  bool eight_bit_offered = use(Extension::eight_bit_mime, peer_.eight_bit_mime);
  bool size_offered = use(Extension::size, peer_.size);
  BodyForPeer form = ruled(behaviour_->body_for_peer,
                           {message_.eight_bit, message_.size, eight_bit_offered, size_offered, peer_.size_limit});
  if (form == BodyForPeer::return_too_large)
    return conclude({Stage::mail, Ended::reply, ReplyClass::permanent, 0, mail::kTooLarge, ""}, out);
  if (form == BodyForPeer::convert) {
    message_.eight_bit = false;
    message_.size = converted(message_.size);
  }
  send_envelope(out);
}

void ClientSession::send_envelope(Actions& out) {
  bool with_size = use(Extension::size, peer_.size);
  pipelined_ = use(Extension::pipelining, peer_.pipelining);
  Command from{.verb = Stage::mail,
               .address = message_.sender,
               .size = with_size ? message_.size : 0,
               .with_size = with_size,
               .eight_bit = message_.eight_bit};
  if (!pipelined_) return send(from, out);
  bool was_quiet = outstanding_.empty();
  say(from, true, out);
  for (mail::AddressId r : message_.recipients) say({.verb = Stage::rcpt, .address = r}, true, out);
  say({.verb = Stage::data}, false, out);
  if (was_quiet) arm(behaviour_->timers->of(outstanding_.front()), out);
}

void ClientSession::send(const Command& command, Actions& out) {
  bool was_quiet = outstanding_.empty();
  say(command, false, out);
  if (was_quiet) arm(behaviour_->timers->of(outstanding_.front()), out);
}

void ClientSession::say(const Command& command, bool more, Actions& out) {
  outstanding_.push_back(command.verb);
  outstanding_recipient_.push_back(command.verb == Stage::rcpt ? next_recipient_++ : 0);
  ClientAction& action = out.add(ClientAction::Kind::send);
  action.command = command;
  action.more = more;
}

// This message will not go, because of `outcome`; its words are kept, for the buffer does not.
void ClientSession::fail(const Outcome& outcome) {
  failed_ = true;
  failure_ = outcome;
  failure_words_.assign(outcome.words);
  failure_.words = failure_words_;
}

void ClientSession::reply_to_mail(const Outcome& outcome, Actions& out) {
  bool success = outcome.reply == ReplyClass::success;
  if (!success) fail(outcome);
  if (pipelined_) return;
  if (!success) return conclude(failure_, out);
  send({.verb = Stage::rcpt, .address = message_.recipients[0]}, out);
}

void ClientSession::reply_to_rcpt(std::uint32_t recipient, const Outcome& outcome, Actions& out) {
  // Refused with the transaction, not for itself: the reply to MAIL decides about the message.
  if (!failed_) {
    bool surplus_552 = *behaviour_->rcpt_552 == Rcpt552::surplus;
    RecipientReply end =
        ruled(behaviour_->recipient_reply, {outcome.reply, outcome.code, outcome.status, accepted_, surplus_552});
    if (outcome.code == 552) blame_ = join(blame_, behaviour_->rcpt_552.blame());
    if (end == RecipientReply::accepted) {
      ++accepted_;
      accepted_recipients_.push_back(recipient);
    } else {
      auto how = end == RecipientReply::refused    ? RecipientEnd::refused
                 : end == RecipientReply::deferred ? RecipientEnd::deferred
                                                   : RecipientEnd::surplus;
      if (outcome.code == 421) fail(outcome);
      settle(recipient, how, outcome, out);
    }
  }
  if (pipelined_) return;
  if (failed_) return conclude(failure_, out);
  if (next_recipient_ < message_.recipients.size())
    return send({.verb = Stage::rcpt, .address = message_.recipients[next_recipient_]}, out);
  if (accepted_ == 0)
    return conclude({Stage::rcpt, Ended::reply, ReplyClass::temporary, outcome.code, outcome.status, ""}, out);
  send_one(Stage::data, out);
}

void ClientSession::reply_to_data(const Outcome& outcome, Actions& out) {
  bool proceed = outcome.reply == ReplyClass::proceed;
  if (!proceed && !failed_ && accepted_ > 0) fail(outcome);
  if (proceed && accepted_ == 0) {  // RFC 2920 3.1: the peer waits for content, so it gets none
    state_ = State::dot;
    return send_one(Stage::dot, out);
  }
  if (!proceed && accepted_ == 0 && !failed_)
    return conclude({Stage::rcpt, Ended::reply, ReplyClass::temporary, outcome.code, outcome.status, ""}, out);
  if (!proceed) return conclude(failure_, out);
  if (failed_) {  // the peer waits for content: a command would be taken for it, a dot alone would be delivered
    settle(failure_, out);
    return close(out);
  }
  state_ = State::body;
  arm({}, out);
  out.add(ClientAction::Kind::send_body).octets = message_.size + kDotOctets;
}

void ClientSession::body_sent(Actions& out) {
  if (state_ != State::body) return;
  state_ = State::dot;
  outstanding_.push_back(Stage::dot);
  outstanding_recipient_.push_back(0);
  arm(behaviour_->timers->dot, out);
  read_replies(out);
}

void ClientSession::body_stalled(Actions& out) {
  if (state_ == State::body) arm(behaviour_->timers->block, out);
}

void ClientSession::body_moving(Actions& out) {
  if (state_ == State::body) arm({}, out);
}

void ClientSession::reply_to_dot(const Outcome& outcome, Actions& out) {
  if (accepted_ == 0) {
    Outcome none = failed_ ? failure_ : Outcome{.stage = Stage::rcpt, .reply = ReplyClass::temporary, .code = 450};
    return conclude(none, out);
  }
  if (outcome.reply == ReplyClass::success)
    for (std::uint32_t r : accepted_recipients_) settle(r, RecipientEnd::delivered, outcome, out);
  conclude(outcome, out);
}

void ClientSession::conclude(const Outcome& outcome, Actions& out) {
  bool success = outcome.reply == ReplyClass::success;
  settle(outcome, out);
  if (!success) return after_failure(outcome, out);
  state_ = State::idle;
  arm({}, out);
  out.add(ClientAction::Kind::next);
}

void ClientSession::settle(std::uint32_t recipient, RecipientEnd end, const Outcome& outcome, Actions& out) {
  ClientAction& action = out.add(ClientAction::Kind::recipient);
  action.recipient = recipient;
  action.end = end;
  action.outcome = outcome;
  action.blame = blame_;
}

// The message in hand is done with.
void ClientSession::settle(const Outcome& outcome, Actions& out) {
  in_hand_ = false;
  ClientAction& action = out.add(ClientAction::Kind::concluded);
  action.outcome = outcome;
  action.blame = blame_;
}

void ClientSession::after_failure(const Outcome& outcome, Actions& out) {
  // A message that was never offered to the peer leaves the session as it was.
  if (outcome.ended == Ended::reply && outcome.code == 0 && outcome.stage == Stage::mail) {
    state_ = State::idle;
    out.add(ClientAction::Kind::next);
    return;
  }
  auto ruling = behaviour_->after_failed_message.rule(
      {outcome.stage, outcome.reply, outcome.ended, outcome.code, message_.more_waiting});
  blame_ = join(blame_, ruling.blame);
  if (ruling.outcome == AfterFailure::close) return close(out);
  bool reset = ruling.outcome == AfterFailure::reset_and_continue;
  state_ = reset ? State::resetting : State::quitting;
  send_one(reset ? Stage::rset : Stage::quit, out);
}

void ClientSession::offer(const Offer& offer, Actions& out) {
  assert(state_ == State::idle);
  message_ = offer;
  in_hand_ = true;
  begin_message(out);
  read_replies(out);  // a reply too many of the message before lies there already
}

void ClientSession::no_more(Actions& out) {
  assert(state_ == State::idle);
  state_ = State::quitting;
  send_one(Stage::quit, out);
  read_replies(out);
}

bool ClientSession::at_rest() const {
  return state_ == State::idle && outstanding_.empty() && buffer_.unread() == 0 && !waiting_to_read_;
}

// How many replies were taken matters to who deviates by it, and to nobody else.
bool ClientSession::rests_like(const ClientSession& other) const {
  bool counts = behaviour_->reply_owner.deviates() && replies_taken_ != other.replies_taken_;
  return at_rest() && other.at_rest() && peer_ == other.peer_ && blame_ == other.blame_ && !counts;
}

void ClientSession::timed_out(Actions& out) { give_up(Ended::timeout, out); }

void ClientSession::closed(Ended how, Actions& out) {
  // What came before the end of the connection is read before the end is.
  if (how == Ended::closed && std::exchange(waiting_to_read_, false)) read_replies(out);
  give_up(how, out);
}

void ClientSession::give_up(Ended how, Actions& out) {
  if (over()) return;
  if (in_hand_) {
    Stage stage = state_ == State::connecting ? Stage::connect
                  : state_ == State::body     ? Stage::body
                  : outstanding_.empty()      ? Stage::other
                                              : outstanding_.front();
    Outcome outcome{.stage = stage, .ended = how};
    outcome.reply = ruled(behaviour_->reply_class, {stage, how, 0, {}});
    // What the peer has said about this message before it left counts more than that it left.
    if (failed_ && state_ == State::envelope) outcome = failure_;
    settle(outcome, out);
  }
  close(out);
}

void ClientSession::close(Actions& out) {
  state_ = State::closed;
  outstanding_.clear();
  outstanding_recipient_.clear();
  arm({}, out);
  out.add(ClientAction::Kind::close);
}

}  // namespace deadletter::smtp
