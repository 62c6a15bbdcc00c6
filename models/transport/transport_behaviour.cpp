// The as-designed answers of a transport about recipients and reports.
#include "models/transport/behaviour.h"

namespace deadletter::transport {
namespace {

constexpr PointInfo kResolve{"transport.resolve_recipient",
                             "domain is local, objects with the address",
                             "local | remote | unknown | ambiguous",
                             "Exactly one object: local; none: unknown (5.1.1); several: ambiguous (5.1.4).",
                             "RFC 3463 3.2; MS/284204",
                             Evidence::documented};

Resolution exactly_one(const ResolveFacts& facts) {
  if (!facts.local_domain) return Resolution::remote;
  if (facts.matches == 0) return Resolution::unknown;
  return facts.matches == 1 ? Resolution::local : Resolution::ambiguous;
}

constexpr PointInfo kMerge{"transport.merge_recipients",
                           "how often a mailbox has been reached",
                           "one_copy | copies",
                           "A mailbox gets one copy, over however many lists it is reached.",
                           "Exchange 2000 categorizer; technet bb124375 (DUPLICATEDELIVER)",
                           Evidence::documented};

Merge once(const MergeFacts&) { return Merge::one_copy; }

constexpr PointInfo kRestriction{
    "transport.recipient_restriction",
    "sender is authenticated, only authenticated senders, only listed senders, sender is listed, its groups are known",
    "allow | refuse and a status",
    "Who is not permitted is refused with 5.7.1.",
    "KB817425; RFC 3463 3.8",
    Evidence::documented};

Restriction only_who_is_permitted(const RestrictionFacts& facts) {
  bool unknown = facts.authenticated_only && !facts.authenticated, unlisted = facts.listed_only && !facts.listed;
  return unknown || unlisted ? Restriction{false, {5, 7, 1}} : Restriction{};
}

constexpr PointInfo kReportStatus{
    "transport.report_status",
    "reason, last status and code of a peer, transport.expiry_status",
    "status",
    "Expired: transport.expiry_status; refused: the peer's status, else x.0.0 of its code; "
    "unknown 5.1.1, ambiguous 5.1.4, no such domain 5.1.2, no route 5.4.4, too large 5.2.3, loop 5.4.6, content 5.6.0, "
    "congestion 5.4.5, transfer 5.4.2; restricted and store: the status of who refused, else 5.7.1 and 5.2.1.",
    "RFC 3463; RFC 3464 2.3.4; MS/284204",
    Evidence::documented};

mail::Status by_reason(const ReportStatusFacts& facts) {
  switch (facts.reason) {
    case ReturnReason::expired:
      if (facts.at_expiry.known()) return facts.at_expiry;
      return facts.last.known() ? facts.last : mail::kExpired;
    case ReturnReason::refused:
      if (facts.last.known()) return facts.last;
      return {static_cast<std::uint8_t>(facts.last_code == 0 ? 5 : facts.last_code / 100), 0, 0};
    case ReturnReason::unknown_recipient:
      return mail::kUnknownMailbox;
    case ReturnReason::ambiguous_recipient:
      return {5, 1, 4};
    case ReturnReason::no_such_domain:
      return {5, 1, 2};
    case ReturnReason::no_route:
      return {5, 4, 4};
    case ReturnReason::too_large:
      return {5, 2, 3};
    case ReturnReason::loop:
      return {5, 4, 6};
    case ReturnReason::content:
      return {5, 6, 0};
    case ReturnReason::congestion:
      return {5, 4, 5};
    case ReturnReason::transfer:
      return {5, 4, 2};
    case ReturnReason::restricted:
      return facts.last.known() ? facts.last : mail::Status{5, 7, 1};
    case ReturnReason::store:
      return facts.last.known() ? facts.last : mail::Status{5, 2, 1};
  }
  return {5, 0, 0};
}

constexpr PointInfo kUndeliverable{"transport.undeliverable_report",
                                   "null reverse-path, reason",
                                   "make_report | badmail | discard",
                                   "A message with the null reverse-path causes no report: it goes to Badmail.",
                                   "RFC 5321 6.1; technet cc757058 (Badmail)",
                                   Evidence::documented};

UndeliverableReport never_about_a_report(const UndeliverableReportFacts& facts) {
  return facts.null_reverse_path ? UndeliverableReport::badmail : UndeliverableReport::make_report;
}

constexpr PointInfo kContentForm{"transport.content_form",
                                 "where the recipient is: own group, other group, other organization",
                                 "as_it_is | s_tnef | tnef | mime",
                                 "Summary TNEF within the own routing group or among servers that route by sites, TNEF "
                                 "to other groups, MIME to other organizations.",
                                 "KB259890; the third case inferred",
                                 Evidence::documented};

ContentForm by_reach(const ContentFormFacts& facts) {
  constexpr ContentForm forms[] = {ContentForm::s_tnef, ContentForm::tnef, ContentForm::mime};
  return forms[static_cast<std::size_t>(facts.recipient)];
}

constexpr PointInfo kReportForm{"transport.report_form",
                                "protocol by which the message came to the server that gives up",
                                "dsn | x400_report",
                                "Who is responsible reports in the form of the protocol that the message came by.",
                                "RFC 3464; RFC 2156; KB843242",
                                Evidence::inferred};

ReportForm as_it_came(const ReportFormFacts& facts) {
  return facts.came_by == CameBy::x400 ? ReportForm::x400_report : ReportForm::dsn;
}

constexpr PointInfo kRecordTrace{
    "transport.record_trace",         "recipients that the message is passed on for", "one | none | per_recipient",
    "One entry in the trace a pass.", "X.411 12.2.1.1.1; KB232586, KB262303",         Evidence::documented};

RecordTrace one_a_pass(const RecordTraceFacts&) { return RecordTrace::one; }

constexpr AttributeInfo kConvertAt{"transport.convert_at", "when content is converted for where it goes",
                                   "attempt (each time it is opened) | categorizer",
                                   "MSExchangeTransport event 327 EcGetMime (2003); EX07help/6fd39079 (2007)",
                                   Evidence::inferred};
constexpr AttributeInfo kLifetime{"transport.lifetime", "how long mail is tried", "duration > 0",
                                  "2 d (Exchange); RFC 5321 4.5.4.1 says 4 to 5 d", Evidence::documented};
constexpr AttributeInfo kDelayNotice{"transport.delay_notice", "when a delay notice is sent", "duration; 0 = none",
                                     "none in RFC 5321", Evidence::documented};
constexpr AttributeInfo kExpiryStatus{"transport.expiry_status", "the status in the report at expiry",
                                      "4.4.7 | last_status | 5.0.0", "RFC 3463 3.5; measured clients differ",
                                      Evidence::observed};
constexpr AttributeInfo kReportShape{"transport.report_shape", "in whose shape and words reports are written",
                                     "rfc3464 | windows_smtp | exchange_2007 | postfix | exchange_2003 | x400_report",
                                     "RFC 3464", Evidence::documented};

}  // namespace

TransportBehaviour::TransportBehaviour()
    : resolve_recipient(kResolve, exactly_one),
      merge_recipients(kMerge, once),
      recipient_restriction(kRestriction, only_who_is_permitted),
      report_status(kReportStatus, by_reason),
      undeliverable_report(kUndeliverable, never_about_a_report),
      content_form(kContentForm, by_reach),
      report_form(kReportForm, as_it_came),
      record_trace(kRecordTrace, one_a_pass),
      lifetime(kLifetime, Duration::days(2)),
      delay_notice(kDelayNotice, {}),
      expiry_status(kExpiryStatus, ExpiryStatus::expired_4_4_7),
      report_shape(kReportShape, ReportShape::rfc3464),
      convert_at(kConvertAt, ConvertAt::attempt) {}

}  // namespace deadletter::transport
