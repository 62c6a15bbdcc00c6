// An association between two message transfer agents, both sides as state machines without I/O: events in, actions out.
//
//   initiator  connecting -> binding -> sending -> waiting -> idle -> sending … -> releasing -> closed
//   responder  waiting for bind -> open -> receiving -> open … -> releasing -> closed
//
// Any state goes to closed when the connection ends or a side gives it up. Messages go one after another: the transfer
// PDU with the envelope, its octets, and one answer, an acknowledgement or a rejection; with the acknowledgement the
// receiver takes the responsibility. A sender that has no answer must take the message for not transferred, so a
// connection that breaks between them makes two of one.
//
// An association without mail stays open: after no_more() the initiator's timer runs until x400.association's lifetime
// is over and it releases. The engine may keep it in a pool meanwhile (idle(), offer(), release()).
//
// How an attempt ended is an smtp::Outcome, for one queue serves transport and MTA: CONNECT is connecting, GREETING the
// answer to the bind, BODY the octets of a transfer, DOT its answer. Words are those of a NonDelivery or of the bind's
// refusal. A rejection is temporary or permanent by its status. [inferred]
//
// NOT MODELLED: checkpoints and recovery of a transfer within an association, turns (the responder never sends mail),
// security of a bind beyond whether its credentials are right.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/smtp/actions.h"
#include "models/smtp/client.h"
#include "models/x400/behaviour.h"

namespace deadletter::x400 {

enum class BindRefusal : std::uint8_t { authentication, busy };
std::string_view text(BindRefusal refusal);

// What is transferred, as far as it decides something.
struct Transfer {
  ItemKind item = ItemKind::message;
  std::int32_t content_type = content::kContentP22;
  X400Priority priority = X400Priority::normal;
  std::uint64_t octets = 0;
  std::vector<ExtensionFacts> extensions{};  // `known` is filled in by who carries the PDU: the receiver's knowledge
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

struct Pdu {
  enum class Kind : std::uint8_t {
    bind,
    bind_accepted,
    bind_refused,  // `refusal`
    transfer,      // `transfer`; its octets follow
    acknowledged,
    rejected,  // `why`
    release,
    released
  };
  Kind kind = Kind::bind;
  BindRefusal refusal = BindRefusal::authentication;
  Transfer transfer{};
  NonDelivery why{};
};
std::string_view text(Pdu::Kind kind);

// A message that a queue hands to an association.
struct Offer {
  Transfer transfer{};
  std::uint32_t recipients = 1;  // how many the queue has for it: they share one end
};

struct InitiatorAction {
  enum class Kind : std::uint8_t {
    send,       // `pdu`
    send_body,  // `octets`
    timer,      // one timer an association: (re)starts it; 0 = off
    recipient,  // `recipient` has been delivered to the next MTA; after an acknowledgement one for each
    concluded,  // the message in hand is done with: `outcome`
    next,       // ask the queue for another message
    close       // the association is over
  };
  Kind kind = Kind::close;
  Pdu pdu{};
  std::uint64_t octets = 0;
  std::uint32_t recipient = 0;
  Duration after{};
  // Its words lie with the association and are good until it is told something else.
  smtp::Outcome outcome{};
  Blame blame{};
};

class Initiator {
 public:
  using Actions = smtp::ActionList<InitiatorAction>;
  explicit Initiator(const X400Behaviour& behaviour) : behaviour_(&behaviour) {}

  // The connection is being opened for this message.
  void open(const Offer& offer, Actions& out);
  void connected(Actions& out);
  void connect_failed(smtp::Ended how, Actions& out);
  void received(const Pdu& pdu, Actions& out);
  void body_sent(Actions& out);
  void closed(smtp::Ended how, Actions& out);
  void timed_out(Actions& out);
  // Answers to `next`; offer() also at any later time while idle().
  void offer(const Offer& offer, Actions& out);
  void no_more(Actions& out);
  // Ends an idle association before its time.
  void release(Actions& out);

  bool idle() const { return state_ == State::idle; }
  bool over() const { return state_ == State::closed; }

 private:
  enum class State : std::uint8_t { connecting, binding, sending, waiting, idle, releasing, closed };

  void bind_answered(const Pdu& pdu, Actions& out);
  void transfer_answered(const Pdu& pdu, Actions& out);
  void begin_transfer(Actions& out);
  void settle(const smtp::Outcome& outcome, Actions& out);
  void give_up(smtp::Ended how, Actions& out);
  void close(Actions& out);
  void arm(Duration after, Actions& out) { out.add(InitiatorAction::Kind::timer).after = after; }
  smtp::Stage stage() const;

  const X400Behaviour* behaviour_;
  State state_ = State::connecting;
  Offer message_{};
  bool in_hand_ = false;
  std::string words_;  // what outcome.words refers to
  Blame blame_{};      // of this association: what one message's timers leave behind, the next one finds
};

// What the responder's MTA says about whoever connects.
struct Admission {
  bool authentic = true;  // the credentials of the bind are right
  bool busy = false;      // it takes no further association now
};

struct ResponderAction {
  enum class Kind : std::uint8_t {
    send,      // `pdu`
    timer,     // one timer an association: (re)starts it; 0 = off
    accepted,  // `transfer` has become this MTA's responsibility, by a ruling with this `blame`
    refused,   // `transfer` has been rejected for `pdu.why`, likewise
    close
  };
  Kind kind = Kind::close;
  Pdu pdu{};
  Duration after{};
  Transfer transfer{};
  Blame blame{};
};

class Responder {
 public:
  using Actions = smtp::ActionList<ResponderAction>;
  Responder(const X400Behaviour& behaviour, Admission admission) : behaviour_(&behaviour), admission_(admission) {}

  void connected(Actions& out);
  void received(const Pdu& pdu, Actions& out);
  // All octets of the transfer are here.
  void body_received(Actions& out);
  void closed(Actions& out);
  void timed_out(Actions& out);

  bool over() const { return state_ == State::closed; }

 private:
  enum class State : std::uint8_t { waiting_for_bind, open, receiving, releasing, closed };

  void bind(Actions& out);
  void receive(const Transfer& transfer, Actions& out);
  void wait_open(Actions& out);
  void close(Actions& out);
  void send(Pdu::Kind kind, Actions& out) { out.add(ResponderAction::Kind::send).pdu = Pdu{.kind = kind}; }
  void arm(Duration after, Actions& out) { out.add(ResponderAction::Kind::timer).after = after; }

  const X400Behaviour* behaviour_;
  Admission admission_;
  State state_ = State::waiting_for_bind;
  Transfer transfer_{};
};

// The outcome of a transfer that was rejected, and of one that a bind refused; `words` must outlive it.
smtp::Outcome rejected(NonDelivery why, std::string_view words);
smtp::Outcome refused(BindRefusal refusal, std::string_view words);

}  // namespace deadletter::x400
