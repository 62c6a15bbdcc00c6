// A report of no product in particular: what RFC 3464 asks for and nothing else.
#include <fmt/format.h>

#include "models/content/dsn_draft.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kWidth = 76;

std::string_view words(const mail::Report& report) {
  if (report.kind == mail::ReportKind::delay) {
    return "Your message is not yet delivered to these recipients. It will be tried again; you need not send it "
           "again.\n\n";
  }
  if (report.expired) return "Your message could not be delivered to these recipients within the time limit.\n\n";
  return "Your message could not be delivered to these recipients.\n\n";
}

std::string body(const mail::Report& report) {
  std::string text{words(report)};
  for (const auto& recipient : report.recipients) {
    text += fmt::format("  {}\n", recipient.address);
    if (!recipient.reply.empty())
      text += fmt::format("    {}\n", fmt::join(lines_of(recipient.reply, kWidth), "\n    "));
  }
  return text;
}

std::string status(const mail::Report& report) {
  Fields fields(kWidth);
  fields.add("Reporting-MTA", "dns; " + report.reporting_host);
  if (!report.received_from.empty()) fields.add("Received-From-MTA", "dns; " + report.received_from);
  fields.add("Arrival-Date", sim::rfc5322_date(report.arrival_unix_ns));
  for (const auto& recipient : report.recipients) {
    fields.next_group().add("Final-Recipient", "rfc822; " + recipient.address).add("Action", action(report));
    fields.add("Status", mail::text(shown_status(report, recipient)));
    if (!recipient.remote_host.empty()) fields.add("Remote-MTA", "dns; " + recipient.remote_host);
    if (!recipient.reply.empty()) fields.add("Diagnostic-Code", "smtp; " + recipient.reply);
    if (report.kind == mail::ReportKind::delay) {
      fields.add("Will-Retry-Until", sim::rfc5322_date(report.retry_until_unix_ns));
    }
  }
  return fields.take();
}

}  // namespace

Draft rfc3464_draft(const mail::Report& report) {
  bool delay = report.kind == mail::ReportKind::delay;
  std::string id = fmt::format("{}.{}", report.arrival_unix_ns / 1'000'000'000, report.serial);
  Draft draft;
  draft.before_type = {{"From", "postmaster@" + report.reporting_domain},
                       {"To", report.original.sender},
                       {"Date", sim::rfc5322_date(report.date_unix_ns)},
                       {"Subject", delay ? "Message not yet delivered" : "Message not delivered"},
                       {"Message-ID", fmt::format("<dsn.{}@{}>", id, report.reporting_host)},
                       {"Auto-Submitted", "auto-replied"},
                       {"MIME-Version", "1.0"}};
  draft.boundary = fmt::format("=_{}_{}", id, boundary_host(report.reporting_host, 24));
  draft.texts = {{"plain", "us-ascii", body(report)}};
  draft.status = status(report);
  return draft;
}

}  // namespace deadletter::content
