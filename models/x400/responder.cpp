// The side of an association that takes mail.
#include "models/x400/association.h"

namespace deadletter::x400 {
namespace {
using Does = ResponderAction::Kind;
}

void Responder::connected(Actions& out) { arm(*behaviour_->open_timeout, out); }

void Responder::received(const Pdu& pdu, Actions& out) {
  if (over()) return;
  if (state_ == State::waiting_for_bind && pdu.kind == Pdu::Kind::bind) return bind(out);
  if (state_ == State::open && pdu.kind == Pdu::Kind::transfer) return receive(pdu.transfer, out);
  if (state_ == State::open && pdu.kind == Pdu::Kind::release) {
    state_ = State::releasing;
    send(Pdu::Kind::released, out);
    return arm(behaviour_->association->disconnect, out);
  }
  // Out of turn: nothing that follows could be believed.
  close(out);
}

void Responder::bind(Actions& out) {
  if (admission_.authentic && !admission_.busy) {
    send(Pdu::Kind::bind_accepted, out);
    return wait_open(out);
  }
  Pdu& pdu = out.add(Does::send).pdu;
  pdu = {.kind = Pdu::Kind::bind_refused,
         .refusal = admission_.authentic ? BindRefusal::busy : BindRefusal::authentication};
  // The initiator closes; who does not is closed on.
  state_ = State::releasing;
  arm(behaviour_->association->disconnect, out);
}

// As long as the initiator may be silent by the same numbers. [assumed]
void Responder::wait_open(Actions& out) {
  state_ = State::open;
  arm(behaviour_->association->lifetime + behaviour_->association->disconnect, out);
}

void Responder::receive(const Transfer& transfer, Actions& out) {
  state_ = State::receiving;
  transfer_ = transfer;
  arm(transfer_time(*behaviour_, transfer.priority, transfer.octets), out);
}

void Responder::body_received(Actions& out) {
  if (state_ != State::receiving) return;
  auto ruling = behaviour_->accept_transfer.rule({transfer_.content_type, transfer_.item, transfer_.extensions});
  Pdu answer{.kind = ruling.outcome.accepted ? Pdu::Kind::acknowledged : Pdu::Kind::rejected,
             .why = ruling.outcome.accepted ? NonDelivery{} : ruling.outcome.why};
  // Responsibility is taken before it is said.
  ResponderAction& action = out.add(ruling.outcome.accepted ? Does::accepted : Does::refused);
  action.pdu = answer;
  action.transfer = transfer_;
  action.blame = ruling.blame;
  out.add(Does::send).pdu = answer;
  wait_open(out);
}

void Responder::closed(Actions& out) {
  if (!over()) close(out);
}

void Responder::timed_out(Actions& out) {
  if (!over()) close(out);
}

void Responder::close(Actions& out) {
  state_ = State::closed;
  arm({}, out);
  out.add(Does::close);
}

}  // namespace deadletter::x400
