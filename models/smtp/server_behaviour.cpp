// The as-designed answers of an SMTP server, each under the text that describes it.
#include "models/smtp/behaviour.h"

namespace deadletter::smtp {
namespace {

constexpr PointInfo kAcceptCommand{
    "smtp.server.accept_command",
    "verb, greeted, in a transaction, recipients accepted, back pressure, client is internal, busy",
    "accept | refuse{code, status}",
    "A known verb in legal order is accepted; MAIL in a transaction and RCPT outside one "
    "503, DATA without a recipient 554, an unknown verb 500; under pressure, medium from outside and high from "
    "anybody, MAIL 452 4.3.1; busy 451 4.3.0.",
    "RFC 5321 4.1.4, 3.3",
    Evidence::documented};

// Constants: a refusal that is put together field by field is slow to hand back.
constexpr Refusal kAccepted{}, kNoResources{452, {4, 3, 1}}, kBusy{451, {4, 3, 0}}, kUnknownVerb{500, {5, 5, 1}},
    kNotOffered{502, {5, 5, 1}}, kOutOfOrder{503, {5, 5, 1}}, kNobodyToSendTo{554, {5, 5, 1}};

Refusal in_legal_order(const AcceptCommandFacts& facts) {
  switch (facts.verb) {
    case Stage::mail:
      if (facts.transaction) return kOutOfOrder;
      if (facts.pressure == BackPressure::high || (facts.pressure == BackPressure::medium && !facts.internal))
        return kNoResources;
      return facts.busy ? kBusy : kAccepted;
    case Stage::rcpt:
      return facts.transaction ? kAccepted : kOutOfOrder;
    case Stage::data:
    case Stage::bdat:
      return facts.recipients > 0 ? kAccepted : kNobodyToSendTo;
    case Stage::other:
      return kUnknownVerb;
    case Stage::starttls:
      return kNotOffered;
    default:
      return kAccepted;
  }
}

constexpr PointInfo kAcceptRecipient{"smtp.server.accept_recipient",
                                     "recipients accepted, limit and its code, domain is local, mailbox is known",
                                     "accept | refuse{code, status}",
                                     "Over the limit the limit's code with 4.5.3 or 5.5.3; foreign domain 550 5.7.1; "
                                     "unknown mailbox 550 5.1.1.",
                                     "RFC 5321 4.5.3.1.8, 3.3; RFC 3463",
                                     Evidence::documented};

Refusal within_limits(const AcceptRecipientFacts& facts) {
  auto major = static_cast<std::uint8_t>(facts.limit_code / 100);
  if (facts.limit != 0 && facts.accepted >= facts.limit) return {facts.limit_code, {major, 5, 3}};
  if (!facts.local_domain) return {550, {5, 7, 1}};
  if (!facts.known) return {550, {5, 1, 1}};
  return {};
}

constexpr AttributeInfo kCapabilities{"smtp.server.capabilities", "EHLO keywords with their parameters",
                                      "list of keywords", "RFC 5321 4.1.1.1", Evidence::documented};
constexpr AttributeInfo kRecipientLimit{"smtp.server.recipient_limit", "recipients accepted in one transaction",
                                        "count; 0 = no limit", "RFC 5321 4.5.3.1.8: at least 100",
                                        Evidence::documented};
constexpr AttributeInfo kLimitCode{"smtp.server.recipient_limit_code", "reply to a recipient over the limit",
                                   "452 or 552", "RFC 5321 4.5.3.1.10", Evidence::documented};
constexpr AttributeInfo kMessageLimit{"smtp.server.message_limit", "largest message accepted", "octets; 0 = no limit",
                                      "RFC 1870", Evidence::documented};
constexpr AttributeInfo kIdle{"smtp.server.idle", "how long the server waits for a command", "duration > 0",
                              "RFC 5321 4.5.3.2.7: at least 5 min", Evidence::documented};
constexpr AttributeInfo kBackPressure{
    "smtp.server.back_pressure", "how scarce the server's resources are", "normal | medium | high",
    "EX07help da32d8eb: medium refuses mail from outside, high all", Evidence::documented};

}  // namespace

ServerBehaviour::ServerBehaviour()
    : accept_command(kAcceptCommand, in_legal_order),
      accept_recipient(kAcceptRecipient, within_limits),
      capabilities(kCapabilities, {"PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES"}),
      recipient_limit(kRecipientLimit, 0),
      recipient_limit_code(kLimitCode, 452),
      message_limit(kMessageLimit, 0),
      idle(kIdle, Duration::minutes(5)),
      back_pressure(kBackPressure, BackPressure::normal) {}

}  // namespace deadletter::smtp
