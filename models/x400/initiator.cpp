// The side of an association that sends mail.
#include <cassert>

#include "models/x400/association.h"

namespace deadletter::x400 {
namespace {
using smtp::Ended;
using smtp::Outcome;
using smtp::ReplyClass;
using smtp::Stage;
using Kind = InitiatorAction::Kind;
}  // namespace

void Initiator::open(const Offer& offer, Actions& out) {
  message_ = offer;
  in_hand_ = true;
  arm(*behaviour_->open_timeout, out);
}

void Initiator::connected(Actions& out) {
  if (state_ != State::connecting) return;
  state_ = State::binding;
  out.add(Kind::send).pdu = Pdu{.kind = Pdu::Kind::bind};
  arm(*behaviour_->open_timeout, out);
}

void Initiator::connect_failed(Ended how, Actions& out) { give_up(how, out); }

void Initiator::received(const Pdu& pdu, Actions& out) {
  switch (state_) {
    case State::binding:
      return bind_answered(pdu, out);
    case State::sending:
    case State::waiting:
      return transfer_answered(pdu, out);
    case State::releasing:
      if (pdu.kind == Pdu::Kind::released) close(out);
      return;
    case State::closed:
      return;
    case State::connecting:
    case State::idle:
      break;
  }
  // Nobody has asked: the peer does not speak this protocol.
  give_up(Ended::reset, out);
}

void Initiator::bind_answered(const Pdu& pdu, Actions& out) {
  if (pdu.kind == Pdu::Kind::bind_accepted) return begin_transfer(out);
  if (pdu.kind != Pdu::Kind::bind_refused) return give_up(Ended::reset, out);
  words_ = text(pdu.refusal);
  settle(refused(pdu.refusal, words_), out);
  close(out);
}

void Initiator::begin_transfer(Actions& out) {
  state_ = State::sending;
  Pdu& pdu = out.add(Kind::send).pdu;
  pdu = {.kind = Pdu::Kind::transfer, .transfer = message_.transfer};
  out.add(Kind::send_body).octets = message_.transfer.octets;
  blame_ = join(blame_, behaviour_->transfer_timeout.blame());
  arm(transfer_time(*behaviour_, message_.transfer.priority, message_.transfer.octets), out);
}

void Initiator::body_sent(Actions&) {
  if (state_ == State::sending) state_ = State::waiting;
}

void Initiator::transfer_answered(const Pdu& pdu, Actions& out) {
  bool early = state_ == State::sending;
  if (pdu.kind == Pdu::Kind::rejected) {
    words_ = text(pdu.why);
    settle(rejected(pdu.why, words_), out);
    // The rest of the octets cannot be called back.
    if (early) return close(out);
  } else if (pdu.kind == Pdu::Kind::acknowledged && !early) {
    for (std::uint32_t i = 0; i < message_.recipients; ++i) {
      InitiatorAction& action = out.add(Kind::recipient);
      action.recipient = i;
      action.outcome = {.stage = Stage::dot};
      action.blame = blame_;
    }
    settle({.stage = Stage::dot}, out);
  } else {
    return give_up(Ended::reset, out);
  }
  state_ = State::idle;
  arm({}, out);
  out.add(Kind::next);
}

void Initiator::offer(const Offer& offer, Actions& out) {
  assert(state_ == State::idle);
  message_ = offer;
  in_hand_ = true;
  begin_transfer(out);
}

void Initiator::no_more(Actions& out) {
  assert(state_ == State::idle);
  arm(behaviour_->association->lifetime, out);
}

void Initiator::release(Actions& out) {
  if (state_ != State::idle) return;
  state_ = State::releasing;
  out.add(Kind::send).pdu = Pdu{.kind = Pdu::Kind::release};
  arm(behaviour_->association->disconnect, out);
}

void Initiator::timed_out(Actions& out) {
  if (state_ == State::idle) return release(out);
  give_up(Ended::timeout, out);
}

void Initiator::closed(Ended how, Actions& out) { give_up(how, out); }

// The connection is of no more use; a message in hand has failed for a while, whoever's fault it is.
void Initiator::give_up(Ended how, Actions& out) {
  if (over()) return;
  if (in_hand_) settle({.stage = stage(), .ended = how, .reply = ReplyClass::temporary}, out);
  close(out);
}

Stage Initiator::stage() const {
  switch (state_) {
    case State::connecting:
      return Stage::connect;
    case State::binding:
      return Stage::greeting;
    case State::sending:
      return Stage::body;
    case State::waiting:
      return Stage::dot;
    case State::idle:
    case State::releasing:
    case State::closed:
      break;
  }
  return Stage::other;
}

// The message in hand is done with.
void Initiator::settle(const Outcome& outcome, Actions& out) {
  in_hand_ = false;
  InitiatorAction& action = out.add(Kind::concluded);
  action.outcome = outcome;
  action.blame = blame_;
}

void Initiator::close(Actions& out) {
  state_ = State::closed;
  arm({}, out);
  out.add(Kind::close);
}

}  // namespace deadletter::x400
