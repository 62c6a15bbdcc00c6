// The reports of Exchange 2000 and 2003 as their store hands them on and Outlook shows them, with one sentence a
// recipient: of the SMTP transport, which names a status, and of the MTA, which names the MTS identifier of the
// original.
//
// The words are those of articles that show such a report (938650, 843242); the sentences are in
// models/mail/sentences.h and, of the MTA, in models/x400/diagnostics.h. [assumed]: the order of the headers, blank
// lines, the text's charset and encoding, the form of boundary and Message-ID, all words of a delay notice, and that
// the server's short name is its host's first label in capitals.
// NOT MODELLED: the recipient's display name (a report knows addresses only), dates in another culture or zone. An MTA
// sends no delay notices; asked for one in its shape, this writes the SMTP transport's with the MTA's codes.
#include <fmt/format.h>

#include "models/content/dsn_draft.h"
#include "models/mail/sentences.h"
#include "models/x400/diagnostics.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kFieldWidth = 900;

bool delay(const mail::Report& report) { return report.kind == mail::ReportKind::delay; }

// A message that expires or waits is the server's own finding: the last remote reply does not show.
bool shows_reply(const mail::Report& report, const mail::ReportRecipient& recipient) {
  return !delay(report) && !report.expired && !recipient.reply.empty();
}

// What an MTA gives as its reason; nothing when another server's words, which are no MTA's, are the reason.
std::optional<x400::NonDelivery> non_delivery(const mail::Report& report, const mail::ReportRecipient& recipient) {
  if (recipient.x400) return recipient.x400;
  if (auto replied = x400::parse_non_delivery(recipient.reply)) return replied;
  if (report.expired || delay(report)) return x400::kTimeExpired;
  if (!recipient.reply.empty()) return std::nullopt;
  return x400::non_delivery_of(recipient.status).value_or(x400::NonDelivery{x400::Reason::unable_to_transfer});
}

mail::Status mta_status(const mail::Report& report, const mail::ReportRecipient& recipient) {
  bool by_code = recipient.x400 && !recipient.status.known();
  return by_code ? x400::status(*recipient.x400).status : shown_status(report, recipient);
}

std::string short_name(std::string_view host) {
  std::string name{host.substr(0, host.find('.'))};
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return name;
}

// `lines`: what stands below a recipient.
std::string text(const mail::Report& report, decltype(&mta_lines) lines) {
  Opening open = opening(report.kind);
  std::string text = fmt::format("{}\n\nSubject: {}\nSent: {}\n\n{}\n", open.words, report.original.subject,
                                 us_date(report.original.date_unix_ns), open.recipients);
  for (const auto& recipient : report.recipients) {
    text += fmt::format("\n{} on {}\n", recipient.address, us_date(report.date_unix_ns));
    for (const std::string& line : lines(report, recipient)) text += line + "\n";
  }
  return text;
}

// `fill` writes Status and Diagnostic-Code of a recipient.
template <class Fill>
std::string status_part(const mail::Report& report, Fill fill) {
  Fields fields(kFieldWidth);
  fields.add("Reporting-MTA", "dns;" + report.reporting_host);
  if (!report.received_from.empty()) fields.add("Received-From-MTA", "dns;" + report.received_from);
  fields.add("Arrival-Date", sim::rfc5322_date(report.arrival_unix_ns));
  for (const auto& recipient : report.recipients) {
    fields.next_group().add("Final-Recipient", "rfc822;" + recipient.address).add("Action", action(report));
    fill(fields, recipient);
    if (delay(report)) fields.add("Will-Retry-Until", sim::rfc5322_date(report.retry_until_unix_ns));
  }
  return fields.take();
}

// The '=' cannot stand in quoted-printable text: no text can hold the boundary.
std::string boundary(const mail::Report& report) {
  std::string hash = report_hash(report, "boundary");
  for (char& c : hash)
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  return fmt::format("----_=_NextPart_001_{}.{}", hash.substr(0, 8), hash.substr(8));
}

Draft draft(const mail::Report& report, std::string text, std::string status) {
  Draft draft;
  draft.before_type = {{"content-class", "urn:content-classes:dsn"}, {"MIME-Version", "1.0"}};
  draft.after_type = {{"Subject", (delay(report) ? "Delivery Status Notification (Delay): " : "Undeliverable: ") +
                                      report.original.subject},
                      {"Date", sim::rfc5322_date(report.date_unix_ns)},
                      {"Message-ID", smtp_service_message_id(report)},
                      {"From", fmt::format("System Administrator <postmaster@{}>", report.reporting_domain)},
                      {"To", report.original.sender}};
  draft.boundary = boundary(report);
  draft.texts = {{"plain", "utf-8", std::move(text), Encoding::quoted_printable}};
  draft.status = std::move(status);
  draft.returned = Returned::message;
  return draft;
}

}  // namespace

Opening opening(mail::ReportKind kind) {
  if (kind == mail::ReportKind::failure) {
    return {"Your message did not reach some or all of the intended recipients.",
            "The following recipient(s) could not be reached:"};
  }
  return {
      "This is an automatically generated Delivery Status Notification.\n\nTHIS IS A WARNING MESSAGE ONLY.\n\n"
      "YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
      "Delivery to the following recipient(s) has been delayed:"};
}

std::vector<std::string> transport_lines(const mail::Report& report, const mail::ReportRecipient& recipient) {
  mail::Status status = shown_status(report, recipient);
  std::string reply = shows_reply(report, recipient) ? fmt::format(" smtp;{}", recipient.reply) : "";
  std::vector<std::string> lines;
  if (!delay(report)) lines.emplace_back(mail::sentence(status));
  lines.push_back(fmt::format("<{} #{}{}>", report.reporting_host, mail::text(status), reply));
  return lines;
}

std::vector<std::string> mta_lines(const mail::Report& report, const mail::ReportRecipient& recipient) {
  auto why = non_delivery(report, recipient).value_or(x400::NonDelivery{x400::Reason::unable_to_transfer});
  std::vector<std::string> lines;
  if (!delay(report)) lines.emplace_back(x400::sentence(why).text);
  if (!report.mts_id.empty()) {
    lines.emplace_back();
    lines.push_back(fmt::format("The MTS-ID of the original message is: {}", report.mts_id));
  }
  lines.push_back(fmt::format("MSEXCH:MSExchangeMTA:{}:{}", report.site, short_name(report.reporting_host)));
  return lines;
}

Draft exchange_2003_draft(const mail::Report& report) {
  return draft(report, text(report, transport_lines), status_part(report, [&](Fields& fields, const auto& recipient) {
                 fields.add("Status", mail::text(shown_status(report, recipient)));
                 if (shows_reply(report, recipient)) fields.add("Diagnostic-Code", "smtp;" + recipient.reply);
               }));
}

Draft x400_report_draft(const mail::Report& report) {
  return draft(report, text(report, mta_lines), status_part(report, [&](Fields& fields, const auto& recipient) {
                 auto why = non_delivery(report, recipient);
                 fields.add("Status", mail::text(mta_status(report, recipient)));
                 fields.add("Diagnostic-Code", why ? "x400; " + x400::text(*why) : "smtp;" + recipient.reply);
               }));
}

}  // namespace deadletter::content
