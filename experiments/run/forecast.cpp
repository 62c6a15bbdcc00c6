#include "experiments/run/forecast.h"

#include <algorithm>
#include <set>

#include "experiments/run/results_tables.h"
#include "models/transport/timetable.h"

namespace deadletter::experiments {
namespace {

// What the plan says, as numbers that can be multiplied.
struct Amounts {
  double messages = 0, recipients = 0;
  double planned = 0, planned_recipients = 0;  // of messages that the plan holds already
  double servers = 0, mailboxes = 0;
  double objects = 0, looked_up = 0;  // of a directory; messages whose recipients are looked up in it
  double hops = 1;                    // of a message, on the average
  double waiting = 0;
  double failing = 0, retries = 0;  // messages to a scripted domain that are expected to fail, and how often
};

double span(const Plan& plan) {
  std::int64_t ns = plan.mail.empty() ? 0 : (plan.mail.back().at - plan.mail.front().at).ns;
  for (const PlannedTraffic& t : plan.traffic) ns = std::max(ns, t.span().ns);
  return static_cast<double>(ns);
}

// What comes while something is down may all have to wait for it.
double share_waiting(const Plan& plan) {
  std::int64_t longest = 0;
  for (const Fault& fault : plan.faults) longest = std::max(longest, fault.for_ns);
  double all = span(plan);
  constexpr double always = 0.01;  // under way, or deferred
  return longest == 0 ? always : std::clamp(static_cast<double>(longest) / std::max(all, 1.0), always, 1.0);
}

// How often a message is sent in vain until it expires; 0 when the servers do nothing but what they are designed to do.
std::size_t attempts_in_vain(const Plan& plan) {
  for (const PlannedNode& node : plan.nodes) {
    if (std::ranges::none_of(node.resolved.quirks, &builds::QuirkStanding::in_force)) continue;
    const builds::NodeBehaviour& behaviour = node.resolved.behaviour;
    auto rows = transport::timetable(behaviour.queue, behaviour.transport, transport::FailureKind::message);
    return static_cast<std::size_t>(
        std::ranges::count(rows, transport::Milestone::attempt, &transport::TimetableRow::what));
  }
  return 0;
}

bool scripted(const Plan& plan, mail::AddressId to) {
  const PlannedDomain* domain = plan.domain_of(to);
  return domain != nullptr && !domain->hosts.empty() && plan.nodes[domain->hosts.front().value].script;
}

// A scripted peer is there to bring out a quirk. Where one is in force, all that goes to such a peer is taken to fail
// until it expires.
void foresee_failures(const Plan& plan, Amounts& a) {
  auto attempts = static_cast<double>(attempts_in_vain(plan));
  if (attempts == 0) return;
  for (const PlannedMail& mail : plan.mail) {
    std::set<mail::DomainId> failing;
    for (mail::AddressId to : mail.to)
      if (scripted(plan, to)) failing.insert(plan.addresses.domain(to));
    a.failing += static_cast<double>(failing.size());
  }
  a.retries = a.failing * attempts;
}

Amounts amounts(const Plan& plan) {
  Amounts a;
  for (const PlannedMail& mail : plan.mail) a.planned_recipients += static_cast<double>(mail.to.size());
  a.recipients = a.planned_recipients;
  a.messages = a.planned = static_cast<double>(plan.mail.size());
  for (const PlannedTraffic& t : plan.traffic) {
    a.messages += static_cast<double>(t.messages());
    a.recipients += static_cast<double>(t.recipients());
  }
  a.servers = static_cast<double>(plan.nodes.size());
  a.mailboxes = static_cast<double>(plan.addresses.size());
  if (plan.directory != nullptr)
    a.looked_up = a.messages, a.objects = static_cast<double>(plan.directory->forests.size());
  // One server sends everything out. Among several most mail goes by a hub or two: 2.69 in the workload `relay`.
  if (plan.organization.servers.size() > 1) a.hops = 2.7;
  foresee_failures(plan, a);
  a.waiting = a.messages * share_waiting(plan);
  return a;
}

double sendings(const Amounts& a) { return a.messages * a.hops + a.retries; }
// Each failure is told twice: that it takes long, and that it is given up.
double report_files(const Amounts& a) { return std::min(2 * a.failing, static_cast<double>(kMostReportFiles)); }

const Costs::Hop& hop(const Plan& plan, const Costs& c) {
  return plan.fidelity == Fidelity::session ? c.session : c.dialogue;
}

double disk(const Amounts& a, RecordLevel level, const Costs& c, const Costs::Hop& hop) {
  double octets = c.run_file + c.server_in_run_file * a.servers;
  if (level >= RecordLevel::messages)
    octets += a.messages * c.message_row + a.recipients * c.recipient_row + report_files(a) * c.report_file;
  if (level == RecordLevel::events)
    octets += a.messages * c.message_lines + sendings(a) * hop.lines + a.recipients * c.recipient_lines;
  return octets;
}

double memory(const Amounts& a, RecordLevel level, const Costs& c, double disk) {
  double octets = c.program + c.server * a.servers + c.mailbox * a.mailboxes + c.directory_mailbox * a.objects +
                  c.planned_mail * a.planned + c.planned_recipient * a.planned_recipients + c.waiting * a.waiting;
  if (level >= RecordLevel::messages)
    octets += c.message * a.messages + c.recipient * a.recipients + std::min(disk, c.table_cache);
  if (level == RecordLevel::events) octets += a.messages * c.message_events;
  return octets;
}

double microseconds(const Amounts& a, RecordLevel level, const Costs& c, const Costs::Hop& hop) {
  double us = a.servers * a.servers * c.server_pair_us + a.messages * c.message_us + a.recipients * c.recipient_us +
              a.looked_up * c.directory_message_us + sendings(a) * hop.us;
  if (level >= RecordLevel::messages)
    us += a.messages * c.message_row_us + a.recipients * c.recipient_row_us + report_files(a) * c.report_file_us;
  if (level == RecordLevel::events) us += sendings(a) * hop.lines_us + a.recipients * c.recipient_lines_us;
  return us;
}

}  // namespace

Forecast forecast(const Plan& plan, RecordLevel level, const Costs& costs) {
  Amounts a = amounts(plan);
  double octets = disk(a, level, costs, hop(plan, costs));
  return {.messages = static_cast<std::uint64_t>(a.messages),
          .recipients = static_cast<std::uint64_t>(a.recipients),
          .memory = static_cast<std::uint64_t>(memory(a, level, costs, octets)),
          .disk = static_cast<std::uint64_t>(octets),
          .cpu_s = microseconds(a, level, costs, hop(plan, costs)) / 1e6};
}

}  // namespace deadletter::experiments
