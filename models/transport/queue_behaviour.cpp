// The as-designed answers of a queue, and the retry ladders that products are known to have.
#include "models/transport/behaviour.h"

#include <algorithm>

namespace deadletter::transport {
namespace {

constexpr PointInfo kFailureClass{"queue.failure_class",
                                  "stage, class of the reply, error of a store call",
                                  "temporary | permanent",
                                  "A protocol failure keeps the class of its reply; an unknown error of the store is "
                                  "temporary, content that can never be converted (MAPI_E_TOO_BIG, "
                                  "MAPI_E_CORRUPT_DATA) permanent.",
                                  "RFC 5321 4.2.1; KB938650, KB317124",
                                  Evidence::inferred};

constexpr auto kTooBig = static_cast<std::int32_t>(0x80040305), kCorruptData = static_cast<std::int32_t>(0x8004011b);

FailureClass as_replied(const FailureClassFacts& facts) {
  bool never = facts.error == kTooBig || facts.error == kCorruptData;
  bool permanent = never || (facts.error == 0 && facts.reply == smtp::ReplyClass::permanent);
  return permanent ? FailureClass::permanent : FailureClass::temporary;
}

constexpr PointInfo kFailureReach{"queue.failure_reach",
                                  "stage, how it ended, class, error of a store call",
                                  "message | host",
                                  "No connection, and a refusal before MAIL, concern the host; what happens from MAIL "
                                  "on, and any error of the store, "
                                  "concerns the message.",
                                  "ff345508 (Exchange 2007: message or queue)",
                                  Evidence::inferred};

FailureReach by_stage(const FailureReachFacts& facts) {
  bool host = facts.stage < smtp::Stage::mail && facts.error == 0;
  return host ? FailureReach::host : FailureReach::message;
}

constexpr PointInfo kNextHost{"transport.next_host",
                              "stage, class, hosts left",
                              "next_host | defer | give_back",
                              "A host that fails for a while before MAIL: the next host at once, when there is one; a "
                              "permanent refusal at the greeting returns the message.",
                              "RFC 5321 5.1",
                              Evidence::documented};

NextHost next_while_temporary(const NextHostFacts& facts) {
  if (facts.failure == FailureClass::permanent) return NextHost::give_back;
  return facts.hosts_left > 0 ? NextHost::next_host : NextHost::defer;
}

constexpr PointInfo kAfterMessageFailure{"queue.after_message_failure",
                                         "is a report, failures, limit, others waiting",
                                         "same_place | behind_others | hold_queue",
                                         "Keeps its place until it has failed as often as the limit says, then goes "
                                         "behind healthy messages; never holds up the queue.",
                                         "KB308350",
                                         Evidence::documented};

AfterMessageFailure demote_at_limit(const AfterMessageFailureFacts& facts) {
  bool problem = facts.limit != 0 && facts.failures >= facts.limit;
  return problem ? AfterMessageFailure::behind_others : AfterMessageFailure::same_place;
}

constexpr AttributeInfo kLadder{"queue.ladder", "waiting times between attempts; the last one repeats",
                                "preset name or list of durations > 0", "RFC 5321 4.5.4.1: at least 30 min",
                                Evidence::documented};
constexpr AttributeInfo kMessageLadder{
    "queue.message_ladder", "the same for a message that failed while its host is well",
    "preset name or list of durations > 0; empty = as queue.ladder", "ff345508", Evidence::inferred};
constexpr AttributeInfo kMailboxLadder{
    "queue.mailbox_ladder", "the same for delivery into the store of another server of the site",
    "preset name or list of durations > 0", "learn message-intervals: 5 min (Exchange 2007)", Evidence::documented};
constexpr AttributeInfo kGlitch{"queue.glitch", "short retries before the ladder begins", "{interval, count}",
                                "none in RFC 5321; aa998772 for Exchange", Evidence::documented};
constexpr AttributeInfo kGlitchStages{"queue.glitch_stages", "which failures are given glitch retries",
                                      "set of connect, busy (4yz before MAIL), message", "aa998772",
                                      Evidence::documented};
constexpr AttributeInfo kHostRetries{"queue.host_retries",
                                     "how often a next hop that cannot be reached is tried again before all that waits "
                                     "for it is returned",
                                     "count; 0 = until expiry", "none in RFC 5321; the MTA's open retries, KB157630",
                                     Evidence::documented};
constexpr AttributeInfo kMessageRetries{"queue.message_retries",
                                        "how often a message that failed while its host is well is tried again before "
                                        "it is returned",
                                        "count; 0 = until expiry",
                                        "none in RFC 5321; the MTA's transfer retries, KB157630", Evidence::documented};
constexpr AttributeInfo kThreshold{
    "queue.connection_threshold", "messages waiting for which one more connection is opened",
    "count; 0 = one for each message", "the MTA's association threshold, KB234157", Evidence::documented};
constexpr AttributeInfo kProblemAfter{"queue.problem_after", "failures after which a message goes behind healthy ones",
                                      "count; 0 = never", "KB308350", Evidence::documented};
constexpr AttributeInfo kConnections{"queue.connections", "connections to all next hops at a time", "count > 0",
                                     "EX00help smtp_htm", Evidence::documented};
constexpr AttributeInfo kPerDomain{"queue.per_domain", "connections to one next hop at a time", "count > 0",
                                   "EX00help smtp_htm", Evidence::documented};
constexpr AttributeInfo kPerConnection{"queue.messages_per_connection", "messages sent before a connection is ended",
                                       "count; 0 = no limit", "recalled for Exchange 2000/2003", Evidence::assumed};

Ladder ladder_of(const char* name, std::initializer_list<std::int64_t> seconds) {
  Ladder ladder{.steps = {}, .preset = name};
  for (std::int64_t s : seconds) ladder.steps.push_back(Duration::seconds(s));
  return ladder;
}

}  // namespace

const std::vector<Ladder>& ladder_presets() {
  static const std::vector<Ladder> presets = {
      ladder_of("rfc5321", {1800}),                                     // RFC 5321 4.5.4.1
      ladder_of("iis", {900, 1800, 3600, 14400}),                       // technet cc757058
      ladder_of("esm", {600, 600, 600, 900}),                           // recalled
      ladder_of("exchange-2007", {300, 300, 300, 300, 300, 300, 600}),  // ff344266, ff339771: Hub
      ladder_of("exchange-2007-message", {900}),                        // ff345508
      ladder_of("exchange-2007-mailbox", {300}),                        // learn message-intervals
      ladder_of("postfix-2.2", {1000, 2000, 4000}),                     // qmgr(8) before 2.4
      ladder_of("postfix-2.4", {300, 600, 1200, 2400, 4000}),           // qmgr(8) from 2.4
      ladder_of("sendmail", {1800}),                                    // a queue run each 30 min, recalled
      ladder_of("exim", {900, 900, 900, 900, 900, 900, 900, 900, 3600, 5400, 8100, 12150, 18225, 21600}),
  };
  return presets;
}

const Ladder& ladder_preset(const std::string& name) {
  return *std::ranges::find_if(ladder_presets(), [&](const Ladder& l) { return l.preset == name; });
}

QueueBehaviour::QueueBehaviour()
    : failure_class(kFailureClass, as_replied),
      failure_reach(kFailureReach, by_stage),
      next_host(kNextHost, next_while_temporary),
      after_message_failure(kAfterMessageFailure, demote_at_limit),
      ladder(kLadder, ladder_preset("rfc5321")),
      message_ladder(kMessageLadder, {}),
      mailbox_ladder(kMailboxLadder, ladder_preset("exchange-2007-mailbox")),
      glitch(kGlitch, {}),
      glitch_stages(kGlitchStages, {}),
      host_retries(kHostRetries, 0),
      message_retries(kMessageRetries, 0),
      problem_after(kProblemAfter, 2),
      connections(kConnections, 1000),
      connections_per_domain(kPerDomain, 100),
      messages_per_connection(kPerConnection, 0),
      connection_threshold(kThreshold, 0) {}

}  // namespace deadletter::transport
