// The as-designed answers of an SMTP client, each under the text that describes it.
#include "models/smtp/behaviour.h"

namespace deadletter::smtp {
namespace {

constexpr PointInfo kReplyReader{"smtp.client.reply_reader",
                                 "command, complete lines in the buffer (code, more), a partial line",
                                 "wait | take{lines}",
                                 "Waits for the first line without \"-\" and takes all lines up to it as one reply.",
                                 "RFC 5321 4.2.1; five measured clients",
                                 Evidence::observed};

ReplyReading whole_reply(const ReplyReaderFacts& facts) {
  for (std::size_t i = 0; i < facts.lines.size(); ++i)
    if (!facts.lines[i].more) return {static_cast<std::uint32_t>(i + 1)};
  return {};
}

constexpr PointInfo kReplyOwner{"smtp.client.reply_owner",
                                "commands outstanding, replies taken, code",
                                "outstanding command{index}",
                                "Replies answer commands in their order.",
                                "RFC 2920 3.1",
                                Evidence::documented};

ReplyOwner oldest_outstanding(const ReplyOwnerFacts&) { return {0}; }

constexpr PointInfo kReplyClass{
    "smtp.client.reply_class",
    "stage, how waiting ended (reply, timeout, closed, reset, refused), code, status",
    "success | proceed | temporary | permanent | fall_back",
    "By first digit and stage; no reply, and a code that does not fit the stage, is temporary; EHLO refused for good "
    "falls back to HELO; a 5yz greeting is permanent.",
    "RFC 5321 4.2.1, 4.3.2; measured clients (3yz at the dot: 3 of 5; 5yz greeting: 3 of 5; 4yz to EHLO: 3 of 5)",
    Evidence::observed};

constexpr PointInfo kRecipientReply{
    "smtp.client.recipient_reply",
    "class of the reply, code, status, recipients accepted so far, smtp.client.rcpt_552",
    "accepted | refused | deferred | surplus_later",
    "452 4.5.3 (or 452 without status) after an accepted recipient: sent again in the next transaction; other 4yz: "
    "deferred; 5yz: refused. 552 without status or with x.5.z is like 452 when the attribute says surplus.",
    "RFC 5321 4.5.3.1.10; five measured clients",
    Evidence::observed};

RecipientReply by_class_and_limit(const RecipientReplyFacts& facts) {
  if (facts.reply == ReplyClass::success) return RecipientReply::accepted;
  bool limit_status = !facts.status.known() || facts.status.subject == 5;
  bool limit_code = facts.code == 452 || (facts.code == 552 && facts.surplus_552);
  if (limit_code && limit_status) return facts.accepted > 0 ? RecipientReply::surplus_later : RecipientReply::deferred;
  return facts.reply == ReplyClass::permanent ? RecipientReply::refused : RecipientReply::deferred;
}

constexpr PointInfo kEarlyReply{"smtp.client.early_reply",
                                "octets unread while the body is being sent, code of the first line",
                                "keep_for_next_command | abort | discard",
                                "What comes while the body is sent is read when a reply is due.",
                                "RFC 5321 4.3.1; KB912341, inferred",
                                Evidence::inferred};

EarlyReply keep(const EarlyReplyFacts&) { return EarlyReply::keep_for_next_command; }

constexpr PointInfo kAfterFailure{
    "smtp.client.after_failed_message",
    "stage, class, how waiting ended, code, more messages wait",
    "reset_and_continue | quit | close",
    "After 4yz or 5yz at MAIL, RCPT, DATA or the dot: RSET and the next message (QUIT when there is none); after 421, "
    "at "
    "the greeting, EHLO or HELO: QUIT; after no reply, or a code that does not fit the stage: close.",
    "RFC 5321 3.8, 4.1.1.5; inferred",
    Evidence::inferred};

AfterFailure by_fit(const AfterFailureFacts& facts) {
  int digit = facts.code / 100;
  if (facts.ended != Ended::reply || (digit != 4 && digit != 5)) return AfterFailure::close;
  bool in_session = facts.stage >= Stage::mail && facts.code != 421;
  return in_session && facts.more_messages ? AfterFailure::reset_and_continue : AfterFailure::quit;
}

constexpr PointInfo kUseExtension{"smtp.client.use_extension",
                                  "extension, offered, smtp.client.pipelining",
                                  "use | skip",
                                  "PIPELINING, SIZE and 8BITMIME are used when offered; CHUNKING is never used.",
                                  "RFC 5321 2.2, 4.1.1.1",
                                  Evidence::documented};

UseExtension when_offered(const UseExtensionFacts& facts) {
  bool known = facts.extension != Extension::chunking;
  bool wanted = facts.extension != Extension::pipelining || facts.pipelining_on;
  return known && wanted && facts.offered ? UseExtension::use : UseExtension::skip;
}

constexpr PointInfo kBodyForPeer{"smtp.client.body_for_peer",
                                 "8-bit content, size, 8BITMIME offered, SIZE offered and its limit",
                                 "as_is | convert | return_too_large",
                                 "8-bit content for a peer without 8BITMIME is converted; what is larger than the "
                                 "peer's SIZE is returned without being tried.",
                                 "RFC 6152 3; RFC 1870 6.1 (measured clients differ: refused locally or tried)",
                                 Evidence::documented};

BodyForPeer fit_peer(const BodyForPeerFacts& facts) {
  if (facts.size_offered && facts.size_limit != 0 && facts.size > facts.size_limit)
    return BodyForPeer::return_too_large;
  return facts.eight_bit && !facts.eight_bit_offered ? BodyForPeer::convert : BodyForPeer::as_is;
}

constexpr AttributeInfo kTimers{
    "smtp.client.timers", "how long the client waits at each stage",
    "CONNECT, GREETING, EHLO, MAIL, RCPT, DATA, BODY (each block), DOT, RSET, QUIT: durations > 0", "RFC 5321 4.5.3.2",
    Evidence::documented};
constexpr AttributeInfo kTimerScope{"smtp.client.timer_scope", "what a timer covers",
                                    "per_read (each read starts it anew) | per_reply", "4 of 5 measured clients",
                                    Evidence::observed};
constexpr AttributeInfo kCodeFrom{"smtp.client.reply_code_from", "whose code counts when the lines of a reply differ",
                                  "last_line | first_line", "3 of 5 measured clients", Evidence::observed};
constexpr AttributeInfo kReadWindow{
    "smtp.client.read_window", "octets that come within it after the first are read together",
    "duration >= 0; 0 = one segment, one read", "inferred from KB912341", Evidence::inferred};
constexpr AttributeInfo kRcpt552{"smtp.client.rcpt_552", "what 552 to RCPT means",
                                 "permanent | surplus (too many recipients)",
                                 "all measured clients; RFC 5321 4.5.3.1.10", Evidence::observed};
constexpr AttributeInfo kPipelining{"smtp.client.pipelining", "whether PIPELINING is used when offered", "on | off",
                                    "RFC 2920", Evidence::documented};

}  // namespace

ReplyClass as_designed_reply_class(const ReplyClassFacts& facts) {
  if (facts.ended != Ended::reply) return ReplyClass::temporary;
  int digit = facts.code / 100;
  if (digit == 5) return facts.stage == Stage::ehlo ? ReplyClass::fall_back : ReplyClass::permanent;
  if (digit == 3 && facts.stage == Stage::data) return ReplyClass::proceed;
  if (digit == 2 && facts.stage != Stage::data) return ReplyClass::success;
  return ReplyClass::temporary;
}

ClientBehaviour::ClientBehaviour()
    : reply_reader(kReplyReader, whole_reply),
      reply_owner(kReplyOwner, oldest_outstanding),
      reply_class(kReplyClass, as_designed_reply_class),
      recipient_reply(kRecipientReply, by_class_and_limit),
      early_reply(kEarlyReply, keep),
      after_failed_message(kAfterFailure, by_fit),
      use_extension(kUseExtension, when_offered),
      body_for_peer(kBodyForPeer, fit_peer),
      timers(kTimers, {}),
      timer_scope(kTimerScope, TimerScope::per_read),
      reply_code_from(kCodeFrom, CodeFrom::last_line),
      read_window(kReadWindow, {}),
      rcpt_552(kRcpt552, Rcpt552::permanent),
      pipelining(kPipelining, Switch::on) {}

Duration ClientTimers::of(Stage stage) const {
  switch (stage) {
    case Stage::connect:
      return connect;
    case Stage::greeting:
      return greeting;
    case Stage::ehlo:
    case Stage::helo:
    case Stage::starttls:
      return ehlo;
    case Stage::mail:
      return mail;
    case Stage::rcpt:
      return rcpt;
    case Stage::data:
    case Stage::bdat:
      return data;
    case Stage::body:
      return block;
    case Stage::dot:
      return dot;
    case Stage::rset:
    case Stage::noop:
      return rset;
    case Stage::quit:
    case Stage::other:
      return quit;
  }
  return quit;
}

}  // namespace deadletter::smtp
