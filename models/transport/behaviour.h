// What a transport decides about mail that waits, each with its as-designed answer.
//
// Three questions are kept apart on one queue type: of what class is a failure, how far does it reach, and when is the
// next attempt. The first two are points, the third is arithmetic on attributes (next_attempt.h).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/behaviour/point.h"
#include "models/mail/status.h"
#include "models/smtp/behaviour.h"
#include "sim/time.h"

namespace deadletter::transport {

using sim::Duration;

// ---- queue.failure_class
struct FailureClassFacts {
  smtp::Stage stage;
  smtp::ReplyClass reply;  // what the protocol's own point said
  std::int32_t error;      // of a call into the store, an HRESULT; 0 for a protocol failure
};
enum class FailureClass : std::uint8_t { temporary, permanent };

// ---- queue.failure_reach
struct FailureReachFacts {
  smtp::Stage stage;
  smtp::Ended ended;
  FailureClass failure;
  std::int32_t error;  // as above
};
enum class FailureReach : std::uint8_t { message, host };

// ---- transport.next_host
struct NextHostFacts {
  smtp::Stage stage;
  FailureClass failure;
  std::uint32_t hosts_left;
};
enum class NextHost : std::uint8_t { next_host, defer, give_back };

// ---- queue.after_message_failure
struct AfterMessageFailureFacts {
  bool report;  // the message is a report itself
  std::uint32_t failures;
  std::uint64_t limit;  // queue.problem_after, 0 = never
  bool others_waiting;
};
enum class AfterMessageFailure : std::uint8_t { same_place, behind_others, hold_queue };

// ---- transport.resolve_recipient
struct ResolveFacts {
  bool local_domain;
  std::uint32_t matches;  // objects in the directory with the address
};
enum class Resolution : std::uint8_t { local, remote, unknown, ambiguous };

// ---- transport.merge_recipients: a mailbox that several lists, or a list and the sender, name
struct MergeFacts {
  std::uint32_t times;  // how often it has been reached, this time included
};
enum class Merge : std::uint8_t { one_copy, copies };

// ---- transport.recipient_restriction: whether a sender may send to a list or folder
struct RestrictionFacts {
  bool authenticated;       // the sender is known to the directory
  bool authenticated_only;  // only such senders
  bool listed_only;         // only listed senders …
  bool listed;              // … and the sender, or a group of its, is
  bool groups_known;        // the sender's groups could be looked up
};
struct Restriction {
  bool allowed = true;
  mail::Status status{};  // when not
  friend bool operator==(const Restriction&, const Restriction&) = default;
};

// ---- transport.report_status
enum class ReturnReason : std::uint8_t {
  expired,
  refused,
  unknown_recipient,
  ambiguous_recipient,
  no_such_domain,
  no_route,
  too_large,
  loop,
  content,     // the store could not make of it what the next hop needs
  congestion,  // the next hop could not be reached as often as it may be tried
  transfer,    // the next hop broke off as often as it may be tried
  restricted,  // the sender may not send to it
  store        // the store will not have it
};
struct ReportStatusFacts {
  ReturnReason reason;
  mail::Status last;        // the last status a peer gave, may be none
  std::uint16_t last_code;  // the last reply code, 0 = none
  mail::Status at_expiry;   // transport.expiry_status; none = the last status
};

// ---- transport.undeliverable_report
struct UndeliverableReportFacts {
  bool null_reverse_path;
  ReturnReason reason;
};
enum class UndeliverableReport : std::uint8_t { make_report, badmail, discard };

// ---- transport.content_form
// Where a recipient is, seen from the server that content is submitted to.
enum class Reach : std::uint8_t { own_group, other_group, other_organization };
struct ContentFormFacts {
  Reach recipient;
};
// `as_it_is`: whatever it came in; summary TNEF is the binary alone, TNEF goes beside plain text.
enum class ContentForm : std::uint8_t { as_it_is, s_tnef, tnef, mime };

// ---- transport.report_form
enum class CameBy : std::uint8_t { smtp, x400 };
struct ReportFormFacts {
  CameBy came_by;  // the protocol by which the message came to who gives up
};
enum class ReportForm : std::uint8_t { dsn, x400_report };

// ---- transport.record_trace
struct RecordTraceFacts {
  std::uint32_t recipients;
};
enum class RecordTrace : std::uint8_t { one, none, per_recipient };

// ---- attributes
// When content of a message is converted for where it goes: when it is opened for an attempt, or by the categorizer.
enum class ConvertAt : std::uint8_t { attempt, categorizer };

// Waiting times between attempts, each counted from the end of the one before; the last one repeats.
struct Ladder {
  std::vector<Duration> steps;
  std::string preset;  // its name, empty when written out
  friend bool operator==(const Ladder& a, const Ladder& b) { return a.steps == b.steps; }
  Duration step(std::uint32_t n) const { return steps[n < steps.size() ? n : steps.size() - 1]; }
};
// The ladders that products are known to have, by name.
const std::vector<Ladder>& ladder_presets();
const Ladder& ladder_preset(const std::string& name);

struct Glitch {
  Duration interval;
  std::uint32_t count = 0;
  friend bool operator==(const Glitch&, const Glitch&) = default;
};
struct GlitchStages {
  bool connect = true, busy = true, message = false;
  friend bool operator==(const GlitchStages&, const GlitchStages&) = default;
};
enum class ExpiryStatus : std::uint8_t { expired_4_4_7, last_status, generic_5_0_0 };
// In whose shape and words a server writes its reports (models/content/dsn.h).
enum class ReportShape : std::uint8_t { rfc3464, windows_smtp, exchange_2007, postfix, exchange_2003, x400_report };

struct QueueBehaviour {
  QueueBehaviour();

  DecisionPoint<FailureClassFacts, FailureClass> failure_class;
  DecisionPoint<FailureReachFacts, FailureReach> failure_reach;
  DecisionPoint<NextHostFacts, NextHost> next_host;
  DecisionPoint<AfterMessageFailureFacts, AfterMessageFailure> after_message_failure;

  Attribute<Ladder> ladder;
  Attribute<Ladder> message_ladder;  // empty: as `ladder`
  Attribute<Ladder> mailbox_ladder;  // of delivery into another server's store
  Attribute<Glitch> glitch;
  Attribute<GlitchStages> glitch_stages;
  Attribute<std::uint64_t> host_retries;     // 0 = until expiry
  Attribute<std::uint64_t> message_retries;  // 0 = until expiry
  Attribute<std::uint64_t> problem_after;
  Attribute<std::uint64_t> connections;  // of the server, to all next hops together
  Attribute<std::uint64_t> connections_per_domain;
  Attribute<std::uint64_t> messages_per_connection;  // 0 = no limit
  Attribute<std::uint64_t> connection_threshold;     // 0 = a connection for each message

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.failure_class), visit(self.failure_reach), visit(self.next_host), visit(self.after_message_failure);
    visit(self.ladder), visit(self.message_ladder), visit(self.mailbox_ladder);
    visit(self.glitch), visit(self.glitch_stages);
    visit(self.host_retries), visit(self.message_retries), visit(self.problem_after), visit(self.connections),
        visit(self.connections_per_domain), visit(self.messages_per_connection), visit(self.connection_threshold);
  }
};

struct TransportBehaviour {
  TransportBehaviour();

  DecisionPoint<ResolveFacts, Resolution> resolve_recipient;
  DecisionPoint<MergeFacts, Merge> merge_recipients;
  DecisionPoint<RestrictionFacts, Restriction> recipient_restriction;
  DecisionPoint<ReportStatusFacts, mail::Status> report_status;
  DecisionPoint<UndeliverableReportFacts, UndeliverableReport> undeliverable_report;
  DecisionPoint<ContentFormFacts, ContentForm> content_form;
  DecisionPoint<ReportFormFacts, ReportForm> report_form;
  DecisionPoint<RecordTraceFacts, RecordTrace> record_trace;

  Attribute<Duration> lifetime;
  Attribute<Duration> delay_notice;  // 0 = none
  Attribute<ExpiryStatus> expiry_status;
  Attribute<ReportShape> report_shape;
  Attribute<ConvertAt> convert_at;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.resolve_recipient), visit(self.merge_recipients), visit(self.recipient_restriction);
    visit(self.report_status), visit(self.undeliverable_report);
    visit(self.content_form), visit(self.report_form), visit(self.record_trace);
    visit(self.lifetime), visit(self.delay_notice), visit(self.expiry_status), visit(self.report_shape);
    visit(self.convert_at);
  }
};

}  // namespace deadletter::transport
