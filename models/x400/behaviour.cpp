// The as-designed answers of a message transfer agent, each under the text that describes it.
#include "models/x400/behaviour.h"

#include <algorithm>

namespace deadletter::x400 {
namespace {

constexpr PointInfo kWrap{
    "x400.wrap",
    "kind of the content (tnef, mime, report), peer (exchange, foreign_mta)",
    "enveloped | plain",
    "A message for a server of the same organization travels in an envelope, and its class begins "
    "with ENVELOPE. until local delivery unwraps it; a report has no content to wrap, and another "
    "maker's MTA could not unwrap it.",
    "KB843242 (the class); inferred",
    Evidence::inferred};

Wrap for_own_servers(const WrapFacts& facts) {
  bool message = facts.content != ContentKind::report;
  return message && facts.peer == PeerKind::exchange ? Wrap::enveloped : Wrap::plain;
}

constexpr PointInfo kAcceptTransfer{
    "x400.accept_transfer",
    "content type, kind of item (message, probe, report, routing_information), extensions (form, critical, known)",
    "accept | reject{reason, diagnostic}",
    "An unknown critical extension: reason 1 diagnostic 18. A content type of message or probe that is neither "
    "interpersonal nor named by an object identifier, and routing information, which the standard does not know: "
    "reason 1 diagnostic 15.",
    "X.411; Q174175 (codes); KB916986 (routing information), its diagnostic inferred",
    Evidence::inferred};

constexpr AttributeInfo kOpenRetries{"x400.open_retries", "attempts to open an association before mail is returned",
                                     "count and interval > 0", "Q157630, Q234157", Evidence::documented};
constexpr AttributeInfo kTransferRetries{"x400.transfer_retries", "attempts to transfer a message again",
                                         "count and interval > 0", "Q157630, Q234157", Evidence::documented};
constexpr AttributeInfo kLifetime{"x400.lifetime", "how long mail of a priority is tried",
                                  "urgent, normal, non_urgent: durations > 0", "Q178539, Q319023",
                                  Evidence::documented};
constexpr AttributeInfo kStampSkew{"x400.max_stamp_skew",
                                   "how far a stamp may be from the local time; beyond it mail is expired at once",
                                   "duration", "Q158399", Evidence::documented};
constexpr AttributeInfo kHopLimit{"x400.hop_limit", "transfers after which mail is taken to be in a loop", "transfers",
                                  "Q160534, Q262124", Evidence::documented};
constexpr AttributeInfo kAssociation{
    "x400.association", "how long an association stays open without mail, waits for its end, and when it is not enough",
    "lifetime, disconnect: durations > 0; threshold: messages that wait", "Q234157", Evidence::documented};
constexpr AttributeInfo kOpenTimeout{"x400.open_timeout",
                                     "how long connecting, and then the answer to a bind, may take", "duration > 0",
                                     "assumed", Evidence::assumed};
constexpr AttributeInfo kTransferTimeout{"x400.transfer_timeout",
                                         "how long a transfer may take for each 1,024 octets, by priority",
                                         "urgent, normal, non_urgent: durations > 0", "Q234157", Evidence::documented};

TransferAnswer reject(Diagnostic diagnostic) { return {false, {Reason::unable_to_transfer, diagnostic}}; }

bool known_content(const AcceptTransferFacts& facts) {
  if (facts.item == ItemKind::report) return true;
  return facts.content_type == content::kContentP2 || facts.content_type == content::kContentP22 ||
         facts.content_type == content::kContentExternal;
}

}  // namespace

TransferAnswer transfer_answer_with_routing(const AcceptTransferFacts& facts) {
  if (std::ranges::any_of(facts.extensions, [](const ExtensionFacts& e) { return e.critical && !e.known; }))
    return reject(Diagnostic::unsupported_critical_function);
  if (facts.item == ItemKind::routing_information) return {};
  return known_content(facts) ? TransferAnswer{} : reject(Diagnostic::content_type_not_supported);
}

TransferAnswer as_designed_transfer_answer(const AcceptTransferFacts& facts) {
  TransferAnswer answer = transfer_answer_with_routing(facts);
  bool unheard_of = facts.item == ItemKind::routing_information && answer.accepted;
  return unheard_of ? reject(Diagnostic::content_type_not_supported) : answer;
}

X400Behaviour::X400Behaviour()
    : wrap(kWrap, for_own_servers),
      accept_transfer(kAcceptTransfer, as_designed_transfer_answer),
      open_retries(kOpenRetries, {144, Duration::seconds(600)}),
      transfer_retries(kTransferRetries, {2, Duration::seconds(120)}),
      lifetime(kLifetime, {Duration::days(2), Duration::days(7), Duration::days(10)}),
      max_stamp_skew(kStampSkew, Duration::days(7)),
      hop_limit(kHopLimit, 512),
      association(kAssociation, {Duration::seconds(300), Duration::seconds(120), 50}),
      open_timeout(kOpenTimeout, Duration::minutes(1)),
      transfer_timeout(kTransferTimeout, {Duration::seconds(1000), Duration::seconds(2000), Duration::seconds(3000)}) {}

Duration Lifetimes::of(X400Priority priority) const {
  switch (priority) {
    case X400Priority::urgent:
      return urgent;
    case X400Priority::non_urgent:
      return non_urgent;
    case X400Priority::normal:
      break;
  }
  return normal;
}

Instant idle_until(const X400Behaviour& behaviour, Instant last_transfer) {
  return last_transfer + behaviour.association->lifetime;
}

Instant disconnected_by(const X400Behaviour& behaviour, Instant released) {
  return released + behaviour.association->disconnect;
}

bool opens_another(const X400Behaviour& behaviour, std::uint64_t waiting, std::uint64_t open) {
  if (waiting == 0) return false;
  if (open == 0) return true;
  std::uint64_t threshold = std::max<std::uint64_t>(behaviour.association->threshold, 1);
  return (waiting - 1) / threshold >= open;
}

Duration transfer_time(const X400Behaviour& behaviour, X400Priority priority, std::uint64_t octets) {
  constexpr std::uint64_t kUnit = 1024;
  constexpr Duration kLongest = Duration::days(365);
  Duration each = behaviour.transfer_timeout->of(priority);
  if (each.ns <= 0) return {};
  std::uint64_t units = std::max<std::uint64_t>(octets / kUnit + (octets % kUnit != 0 ? 1 : 0), 1);
  std::uint64_t most = static_cast<std::uint64_t>(kLongest.ns / each.ns);
  return units > most ? kLongest : each * static_cast<std::int64_t>(units);
}

bool stamp_too_far(const X400Behaviour& behaviour, std::int64_t stamp_unix_s, std::int64_t local_unix_s) {
  std::int64_t apart = stamp_unix_s > local_unix_s ? stamp_unix_s - local_unix_s : local_unix_s - stamp_unix_s;
  return apart > behaviour.max_stamp_skew->ns / Duration::seconds(1).ns;
}

}  // namespace deadletter::x400
