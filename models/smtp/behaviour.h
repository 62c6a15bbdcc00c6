// What an SMTP client and an SMTP server decide, each with its as-designed answer.
//
// As designed means RFC 5321 and, where it leaves something open, what the real queueing servers that were measured
// agree on (Postfix, Exim, OpenSMTPD, Sendmail, Haraka). Where they differ the majority is the answer and a product's
// profile may set the other.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/behaviour/point.h"
#include "models/mail/status.h"
#include "models/smtp/reply.h"
#include "models/smtp/stage.h"
#include "sim/time.h"

namespace deadletter::smtp {

using sim::Duration;

// ---- smtp.client.reply_reader
struct ReplyReaderFacts {
  Stage command;                     // the one whose reply is due
  std::span<const ReplyLine> lines;  // complete lines in the buffer
  bool partial;                      // octets of a further line lie there
};
struct ReplyReading {
  std::uint32_t lines = 0;  // how many lines to take as one reply; 0 = wait
  friend bool operator==(const ReplyReading&, const ReplyReading&) = default;
};

// ---- smtp.client.reply_owner
struct ReplyOwnerFacts {
  std::span<const Stage> outstanding;  // commands without a reply, oldest first; never empty
  std::uint32_t replies_taken;         // in this connection
  std::uint16_t code;
};
struct ReplyOwner {
  std::uint32_t index = 0;  // into outstanding
  friend bool operator==(const ReplyOwner&, const ReplyOwner&) = default;
};

// ---- smtp.client.reply_class
enum class Ended : std::uint8_t { reply, timeout, closed, reset, refused };
struct ReplyClassFacts {
  Stage stage;
  Ended ended;
  std::uint16_t code;  // 0 without a reply, or when its line has none
  mail::Status status;
};
enum class ReplyClass : std::uint8_t { success, proceed, temporary, permanent, fall_back };
// The as-designed answer by name, for profiles that differ from it in a case or two.
ReplyClass as_designed_reply_class(const ReplyClassFacts& facts);

// ---- smtp.client.recipient_reply
struct RecipientReplyFacts {
  ReplyClass reply;
  std::uint16_t code;
  mail::Status status;
  std::uint32_t accepted;  // recipients of this transaction so far
  bool surplus_552;        // smtp.client.rcpt_552
};
enum class RecipientReply : std::uint8_t { accepted, refused, deferred, surplus_later };

// ---- smtp.client.early_reply
struct EarlyReplyFacts {
  std::uint64_t octets_unread;
  std::uint16_t code;  // of the first complete line, 0 when there is none
};
enum class EarlyReply : std::uint8_t { keep_for_next_command, abort, discard };

// ---- smtp.client.after_failed_message
struct AfterFailureFacts {
  Stage stage;
  ReplyClass reply;
  Ended ended;
  std::uint16_t code;
  bool more_messages;
};
enum class AfterFailure : std::uint8_t { reset_and_continue, quit, close };

// ---- smtp.client.use_extension
enum class Extension : std::uint8_t { pipelining, size, eight_bit_mime, chunking, enhanced_status_codes };
struct UseExtensionFacts {
  Extension extension;
  bool offered;
  bool pipelining_on;  // smtp.client.pipelining
};
enum class UseExtension : std::uint8_t { use, skip };

// ---- smtp.client.body_for_peer
struct BodyForPeerFacts {
  bool eight_bit;
  std::uint64_t size;
  bool eight_bit_offered;
  bool size_offered;
  std::uint64_t size_limit;  // 0 = no limit stated
};
enum class BodyForPeer : std::uint8_t { as_is, convert, return_too_large };

// ---- attributes
struct ClientTimers {
  Duration connect = Duration::minutes(1);
  Duration greeting = Duration::minutes(5), ehlo = Duration::minutes(5), mail = Duration::minutes(5),
           rcpt = Duration::minutes(5), data = Duration::minutes(2), block = Duration::minutes(3),
           dot = Duration::minutes(10), rset = Duration::minutes(5), quit = Duration::minutes(5);
  friend bool operator==(const ClientTimers&, const ClientTimers&) = default;
  Duration of(Stage stage) const;
};
enum class TimerScope : std::uint8_t { per_read, per_reply };
enum class CodeFrom : std::uint8_t { last_line, first_line };
enum class Rcpt552 : std::uint8_t { permanent, surplus };
enum class Switch : std::uint8_t { off, on };

struct ClientBehaviour {
  ClientBehaviour();

  DecisionPoint<ReplyReaderFacts, ReplyReading> reply_reader;
  DecisionPoint<ReplyOwnerFacts, ReplyOwner> reply_owner;
  DecisionPoint<ReplyClassFacts, ReplyClass> reply_class;
  DecisionPoint<RecipientReplyFacts, RecipientReply> recipient_reply;
  DecisionPoint<EarlyReplyFacts, EarlyReply> early_reply;
  DecisionPoint<AfterFailureFacts, AfterFailure> after_failed_message;
  DecisionPoint<UseExtensionFacts, UseExtension> use_extension;
  DecisionPoint<BodyForPeerFacts, BodyForPeer> body_for_peer;

  Attribute<ClientTimers> timers;
  Attribute<TimerScope> timer_scope;
  Attribute<CodeFrom> reply_code_from;
  Attribute<Duration> read_window;
  Attribute<Rcpt552> rcpt_552;
  Attribute<Switch> pipelining;

  // Every point and attribute, in the order of the reference.
  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.reply_reader), visit(self.reply_owner), visit(self.reply_class), visit(self.recipient_reply);
    visit(self.early_reply), visit(self.after_failed_message), visit(self.use_extension), visit(self.body_for_peer);
    visit(self.timers), visit(self.timer_scope), visit(self.reply_code_from), visit(self.read_window);
    visit(self.rcpt_552), visit(self.pipelining);
  }
};

// How much a server has left of what it needs (Exchange 2007, facts 3.3): set, not computed from disk and memory.
enum class BackPressure : std::uint8_t { normal, medium, high };

// ---- smtp.server.accept_command
struct AcceptCommandFacts {
  Stage verb;
  bool greeted;      // EHLO or HELO accepted
  bool transaction;  // MAIL accepted
  std::uint32_t recipients;
  BackPressure pressure;
  bool internal;  // the client is a server of the same organization
  bool busy;      // chance: the server defers this message
};
struct Refusal {
  std::uint16_t code = 0;  // 0 = accept
  mail::Status status;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// ---- smtp.server.accept_recipient
struct AcceptRecipientFacts {
  std::uint32_t accepted, limit;
  std::uint16_t limit_code;  // smtp.server.recipient_limit_code
  bool local_domain, known;
};

struct ServerBehaviour {
  ServerBehaviour();

  DecisionPoint<AcceptCommandFacts, Refusal> accept_command;
  DecisionPoint<AcceptRecipientFacts, Refusal> accept_recipient;

  Attribute<std::vector<std::string>> capabilities;  // EHLO keywords with their parameters
  Attribute<std::uint64_t> recipient_limit;
  Attribute<std::uint64_t> recipient_limit_code;
  Attribute<std::uint64_t> message_limit;  // octets, 0 = none
  Attribute<Duration> idle;
  Attribute<BackPressure> back_pressure;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.accept_command), visit(self.accept_recipient), visit(self.capabilities), visit(self.recipient_limit);
    visit(self.recipient_limit_code), visit(self.message_limit), visit(self.idle);
    visit(self.back_pressure);
  }
};

}  // namespace deadletter::smtp
