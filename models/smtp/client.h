// An SMTP client session as a state machine without I/O: events in, actions out.
//
//   connecting -> greeting -> hello -> envelope -> body -> dot -> (next message) envelope … -> quitting -> closed
//                                        \-> resetting -> envelope
// Any state goes to closed when the connection ends or the session gives it up. Commands whose reply has not come are
// `outstanding`; a reply is read only when one is due, so octets that come while the body is being sent wait in the
// buffer for the dot's turn. That is all that KB912341 needs to happen.
//
// NOT MODELLED: STARTTLS, AUTH, BDAT, VRFY, ETRN; a client that reads replies while it sends the body.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/mail/address.h"
#include "models/smtp/actions.h"
#include "models/smtp/behaviour.h"
#include "models/smtp/command.h"

namespace deadletter::smtp {

// A message that a queue hands to a session. The recipients stay the queue's: they must live until `concluded`.
struct Offer {
  mail::AddressId sender{};
  std::span<const mail::AddressId> recipients{};
  std::uint64_t size = 0;
  bool eight_bit = false;
  bool more_waiting = false;  // behind this one
};

enum class RecipientEnd : std::uint8_t { delivered, refused, deferred, surplus };

// How an attempt to send a message ended, as the client sees it.
struct Outcome {
  Stage stage = Stage::connect;
  Ended ended = Ended::reply;
  ReplyClass reply = ReplyClass::success;
  std::uint16_t code = 0;
  mail::Status status{};
  // Of the reply, code included: "550 5.1.1 unknown"; empty without a reply and after success. It lies with the
  // session and is good until the session is told something else.
  std::string_view words{};
  // Of a call into the store, when the message was not even opened: 0 for what a protocol says.
  std::int32_t error = 0;
};

struct ClientAction {
  enum class Kind : std::uint8_t {
    send,        // `command`; with `more` those that follow are in the same write
    send_body,   // `octets` of content and the dot
    timer,       // one timer a session: (re)starts it; 0 = off
    read_later,  // the octets that came are to be read together with those that follow within `after`
    recipient,   // `recipient` has come to `end` in this attempt
    concluded,   // the message in hand is done with
    next,        // ask the queue for another message
    close        // the session is over
  };
  Kind kind = Kind::close;
  RecipientEnd end = RecipientEnd::delivered;
  std::uint32_t recipient = 0;
  std::uint64_t octets = 0;
  Duration after{};
  Command command{};
  bool more = false;
  Outcome outcome{};
  Blame blame{};
};

class ClientSession {
 public:
  using Actions = ActionList<ClientAction>;
  ClientSession() = default;  // for reuse() only
  explicit ClientSession(const ClientBehaviour& behaviour) : behaviour_(&behaviour) {}

  // Becomes `fresh` and keeps its own memory.
  void reuse(ClientSession fresh);

  // The connection is being opened for this message.
  void open(const Offer& offer, Actions& out);
  void connected(Actions& out);
  void connect_failed(Ended how, Actions& out);
  void octets(std::string_view octets, Actions& out);
  // The same as its octets in one segment; it must outlive the session.
  void octets(const Reply& reply, Actions& out);
  void read_due(Actions& out);
  void body_sent(Actions& out);
  // The peer takes nothing any more, and takes again.
  void body_stalled(Actions& out);
  void body_moving(Actions& out);
  void timed_out(Actions& out);
  void closed(Ended how, Actions& out);
  // Answers to `next`.
  void offer(const Offer& offer, Actions& out);
  void no_more(Actions& out);

  bool over() const { return state_ == State::closed; }

  // Between two messages, with nothing due and nothing unread.
  bool at_rest() const;
  // Whether two sessions at rest will do the same from now on.
  bool rests_like(const ClientSession& other) const;
  // A copy of a session at rest goes on for another client that behaves alike.
  void go_on_as(const ClientBehaviour& behaviour) { behaviour_ = &behaviour; }
  // After it was moved to where it is now.
  void settle_in() {
    if (failed_) failure_.words = failure_words_;
  }

 private:
  enum class State : std::uint8_t {
    connecting,
    greeting,
    hello,
    envelope,
    body,
    dot,
    idle,
    resetting,
    quitting,
    closed
  };

  void read(Actions& out);
  void read_replies(Actions& out);
  std::size_t lines_to_take();
  void take_reply(std::size_t lines, Actions& out);
  void reply(std::uint32_t recipient, const Outcome& outcome, Actions& out);
  void reply_to_hello(const Outcome& outcome, Actions& out);
  void reply_to_mail(const Outcome& outcome, Actions& out);
  void reply_to_rcpt(std::uint32_t recipient, const Outcome& outcome, Actions& out);
  void reply_to_data(const Outcome& outcome, Actions& out);
  void reply_to_dot(const Outcome& outcome, Actions& out);

  void begin_message(Actions& out);
  void send_envelope(Actions& out);
  void send(const Command& command, Actions& out);
  void send_one(Stage verb, Actions& out) { send({.verb = verb}, out); }
  void say(const Command& command, bool more, Actions& out);
  void fail(const Outcome& outcome);
  void settle(std::uint32_t recipient, RecipientEnd end, const Outcome& outcome, Actions& out);
  void conclude(const Outcome& outcome, Actions& out);
  void settle(const Outcome& outcome, Actions& out);
  void after_failure(const Outcome& outcome, Actions& out);
  void give_up(Ended how, Actions& out);
  void close(Actions& out);
  void arm(Duration after, Actions& out) { out.add(ClientAction::Kind::timer).after = after; }
  bool use(Extension extension, bool offered);
  template <class Point>
  auto ruled(const Point& point, const typename Point::Facts& facts);

  const ClientBehaviour* behaviour_ = nullptr;
  State state_ = State::connecting;
  ReplyBuffer buffer_;
  std::vector<Stage> outstanding_;
  std::vector<std::uint32_t> outstanding_recipient_;
  std::uint32_t replies_taken_ = 0;
  bool waiting_to_read_ = false;

  Capabilities peer_;

  Offer message_;
  bool in_hand_ = false;
  bool pipelined_ = false;  // this message's envelope went out in one write
  std::uint32_t next_recipient_ = 0, accepted_ = 0;
  bool failed_ = false;  // `failure_` says why this message will not go
  Outcome failure_;
  std::string failure_words_;  // what failure_.words refers to
  std::vector<std::uint32_t> accepted_recipients_;
  Blame blame_;  // of this connection: what one message's ruling leaves behind, the next one finds
};

}  // namespace deadletter::smtp
