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
  std::int32_t error;      // of a call into the store; 0 for a protocol failure
};
enum class FailureClass : std::uint8_t { temporary, permanent };

// ---- queue.failure_reach
struct FailureReachFacts {
  smtp::Stage stage;
  smtp::Ended ended;
  FailureClass failure;
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

// ---- transport.report_status
enum class ReturnReason : std::uint8_t {
  expired,
  refused,
  unknown_recipient,
  ambiguous_recipient,
  no_such_domain,
  no_route,
  too_large,
  loop
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

// ---- attributes
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
  Attribute<std::uint64_t> problem_after;
  Attribute<std::uint64_t> connections;  // of the server, to all next hops together
  Attribute<std::uint64_t> connections_per_domain;
  Attribute<std::uint64_t> messages_per_connection;  // 0 = no limit

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.failure_class), visit(self.failure_reach), visit(self.next_host), visit(self.after_message_failure);
    visit(self.ladder), visit(self.message_ladder), visit(self.mailbox_ladder);
    visit(self.glitch), visit(self.glitch_stages);
    visit(self.problem_after), visit(self.connections), visit(self.connections_per_domain),
        visit(self.messages_per_connection);
  }
};

struct TransportBehaviour {
  TransportBehaviour();

  DecisionPoint<ResolveFacts, Resolution> resolve_recipient;
  DecisionPoint<ReportStatusFacts, mail::Status> report_status;
  DecisionPoint<UndeliverableReportFacts, UndeliverableReport> undeliverable_report;

  Attribute<Duration> lifetime;
  Attribute<Duration> delay_notice;  // 0 = none
  Attribute<ExpiryStatus> expiry_status;
  Attribute<ReportShape> report_shape;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.resolve_recipient), visit(self.report_status), visit(self.undeliverable_report);
    visit(self.lifetime), visit(self.delay_notice), visit(self.expiry_status), visit(self.report_shape);
  }
};

}  // namespace deadletter::transport
