// The reports of Postfix, in short: the words of its default templates, the fields its bounce daemon writes.
//
// [assumed]: the queue id is made of the serial; the seconds in boundary and Message-ID are those of the arrival; a
// failure without a remote reply has no Diagnostic-Code (the product gives one of type X-Postfix with words that the
// simulator does not have).
#include <fmt/format.h>

#include "models/content/dsn_draft.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kWidth = 72;
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 5.1.1

std::string queue_id(const mail::Report& report) { return fmt::format("{:010X}", report.serial); }

std::string reason(const mail::Report& report, const mail::ReportRecipient& recipient) {
  if (!recipient.reply.empty() && !recipient.remote_host.empty()) {
    return fmt::format("host {} said: {}", recipient.remote_host, recipient.reply);
  }
  if (!recipient.reply.empty()) return recipient.reply;
  return fmt::format("status {}", mail::text(shown_status(report, recipient)));
}

std::string words(const mail::Report& report) {
  constexpr std::int64_t kHour = 3'600'000'000'000, kDay = 24 * kHour;
  if (report.kind == mail::ReportKind::failure) {
    return "I'm sorry to have to inform you that your message could not\n"
           "be delivered to one or more recipients. It's attached below.\n\n";
  }
  return fmt::format(
      "####################################################################\n"
      "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n"
      "####################################################################\n\n"
      "Your message could not be delivered for more than {} hour(s).\n"
      "It will be retried until it is {} day(s) old.\n\n",
      (report.date_unix_ns - report.arrival_unix_ns) / kHour,
      (report.retry_until_unix_ns - report.arrival_unix_ns) / kDay);
}

std::string body(const mail::Report& report) {
  std::string text = fmt::format("This is the mail system at host {}.\n\n", report.reporting_host);
  text += words(report);
  text +=
      "For further assistance, please send mail to postmaster.\n\n"
      "If you do so, please include this problem report. You can\n"
      "delete your own text from the attached returned message.\n\n"
      "                   The mail system\n";
  for (const auto& recipient : report.recipients) {
    std::string entry = fmt::format("<{}>: {}", recipient.address, reason(report, recipient));
    text += fmt::format("\n{}\n", fmt::join(lines_of(entry, kWidth), "\n    "));
  }
  return text;
}

std::string status(const mail::Report& report) {
  Fields fields(kWidth);
  fields.add("Reporting-MTA", "dns; " + report.reporting_host).add("X-Postfix-Queue-ID", queue_id(report));
  fields.add("X-Postfix-Sender", "rfc822; " + report.original.sender);
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

std::string message_id(const mail::Report& report) {
  sim::CivilTime t = sim::civil_time(report.arrival_unix_ns);
  return fmt::format("<{:04}{:02}{:02}{:02}{:02}{:02}.{}@{}>", t.year, t.month, t.day, t.hour, t.minute, t.second,
                     queue_id(report), report.reporting_host);
}

}  // namespace

Draft postfix_draft(const mail::Report& report) {
  bool delay = report.kind == mail::ReportKind::delay;
  Draft draft;
  draft.before_type = {
      {"Date", sim::rfc5322_date(report.date_unix_ns)},
      {"From", fmt::format("Mail Delivery System <MAILER-DAEMON@{}>", report.reporting_host)},
      {"Subject", delay ? "Delayed Mail (still being retried)" : "Undelivered Mail Returned to Sender"},
      {"To", report.original.sender},
      {"Auto-Submitted", "auto-replied"},
      {"MIME-Version", "1.0"}};
  draft.after_type = {{"Message-ID", message_id(report)}};
  draft.boundary = fmt::format("{}.{}/", queue_id(report), report.arrival_unix_ns / 1'000'000'000);
  draft.boundary += boundary_host(report.reporting_host, kLongestBoundary - draft.boundary.size());
  draft.prologue = "This is a MIME-encapsulated message.\n";
  draft.texts = {{"plain", "us-ascii", body(report)}};
  draft.status = status(report);
  draft.text_description = "Notification";
  draft.status_description = "Delivery report";
  draft.returned_description = delay ? "Delayed Message Headers" : "Undelivered Message Headers";
  return draft;
}

}  // namespace deadletter::content
