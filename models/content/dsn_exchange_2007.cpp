// The reports of Exchange 2007: words for the user as text and as HTML, then "diagnostic information for
// administrators", the same in both.
//
// [assumed], not seen in a report: the subject and all words of a delay notice, the sentences for expiry and for a
// failure of no particular kind, and the words after a status that is in the table kOwnTexts but for 5.1.1 and 4.4.7.
// NOT MODELLED: X-Display-Name (a report knows addresses only).
#include <fmt/format.h>

#include <algorithm>

#include "models/content/dsn_draft.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kFieldWidth = 900;

struct OwnText {
  mail::Status status;
  std::string_view text;
};
// What the server says itself, when no other server said anything.
constexpr OwnText kOwnTexts[] = {
    {{5, 1, 1}, "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"},
    {{5, 2, 3}, "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient"},
    {{5, 4, 6}, "554 5.4.6 Hop count exceeded - possible mail loop"},
    {{5, 7, 1}, "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized"},
};

// Reply code, status and words. A message that expires or waits is the server's own finding: the last remote reply
// does not show.
std::string code_text(const mail::Report& report, const mail::ReportRecipient& recipient) {
  mail::Status status = shown_status(report, recipient);
  if (report.kind == mail::ReportKind::delay) return fmt::format("400 {} Message delayed", mail::text(status));
  if (report.expired) return fmt::format("550 {} QUEUE.Expired; message expired", mail::text(status));
  if (!recipient.reply.empty()) return recipient.reply;
  const auto* own = std::ranges::find(kOwnTexts, status, &OwnText::status);
  return own != std::end(kOwnTexts) ? std::string{own->text} : fmt::format("550 {}", mail::text(status));
}

constexpr std::string_view kOrProvide = "or provide the following diagnostic text to your system administrator.";

std::string sentence(const mail::Report& report, const mail::ReportRecipient& recipient) {
  if (report.kind == mail::ReportKind::delay) {
    return "This message has not yet been delivered. Microsoft Exchange will continue to try delivering the message on "
           "your behalf.";
  }
  if (report.expired) {
    return fmt::format(
        "Microsoft Exchange has been trying to deliver this message without success and has stopped "
        "trying. Please try sending this message again, {}",
        kOrProvide);
  }
  constexpr std::string_view kNoRetry = "Microsoft Exchange will not try to redeliver this message for you.";
  mail::Status status = shown_status(report, recipient);
  if (status == mail::kUnknownMailbox) {
    return fmt::format(
        "The recipient's e-mail address was not found in the recipient's e-mail system. {} Please check "
        "the e-mail address and try resending this message, {}",
        kNoRetry, kOrProvide);
  }
  if (status == mail::Status{5, 2, 2}) {
    return fmt::format(
        "The recipient's mailbox is full and can't accept messages now. {} Please try resending this "
        "message later, or contact the recipient directly.",
        kNoRetry);
  }
  return fmt::format(
      "A problem occurred during the delivery of this message to this e-mail address. {} Please try "
      "resending this message later, {}",
      kNoRetry, kOrProvide);
}

std::string_view heading(const mail::Report& report) {
  return report.kind == mail::ReportKind::delay ? "Delivery is delayed to these recipients or distribution lists:"
                                                : "Delivery has failed to these recipients or distribution lists:";
}

std::string plain(const mail::Report& report, const std::string& original_headers) {
  std::string text = fmt::format("{}\n\n", heading(report));
  for (const auto& recipient : report.recipients) {
    text += fmt::format("{0}<mailto:{0}>\n{1}\n\n", recipient.address, sentence(report, recipient));
  }
  text += "________________________________\nSent by Microsoft Exchange Server 2007\n\n\n\n\n\n\n";
  text += fmt::format("Diagnostic information for administrators:\n\nGenerating server: {}\n\n", report.reporting_host);
  for (const auto& recipient : report.recipients) {
    text += fmt::format("{}\n#{} ##\n\n", recipient.address, code_text(report, recipient));
  }
  return text + fmt::format("Original message headers:\n\n{}", original_headers);
}

std::string escaped(std::string_view text) {
  std::string html;
  for (char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string html_for_user(const mail::Report& report) {
  std::string text = fmt::format(
      "<html>\n<Head></head><body>\n<p><b><font color=\"#000066\" size=\"3\" face=\"Arial\">{}</font></b></p>\n"
      "<font color=\"#000000\" size=\"2\" face=\"Tahoma\">",
      heading(report));
  for (const auto& recipient : report.recipients) {
    text += fmt::format("<p><a href=\"mailto:{0}\">{0}</a><br>\n{1}</p>\n", escaped(recipient.address),
                        escaped(sentence(report, recipient)));
  }
  return text +
         "</font>\n<HR/><font color=\"#808080\" size=\"1\" face=\"Arial\">Sent by Microsoft Exchange Server "
         "2007</font>\n"
         "<br><br><br><br><br><br>\n";
}

std::string html(const mail::Report& report, const std::string& original_headers) {
  std::string text = html_for_user(report);
  text += fmt::format(
      "<font color=\"#808080\" size=\"2\" face=\"Tahoma\"><p><b>Diagnostic information for administrators:</b></p>\n"
      "<p>Generating server: {}</p>\n",
      escaped(report.reporting_host));
  for (const auto& recipient : report.recipients) {
    text += fmt::format("<p>{}<br>\n #{} ##</p>\n", escaped(recipient.address), escaped(code_text(report, recipient)));
  }
  text += fmt::format("<p>Original message headers:</p>\n<pre>{}</pre>\n", escaped(original_headers));
  return text + "</font>\n</body>\n</html>\n";
}

std::string status(const mail::Report& report) {
  Fields fields(kFieldWidth);
  fields.add("Reporting-MTA", "dns;" + report.reporting_host);
  if (!report.received_from.empty()) fields.add("Received-From-MTA", "dns;" + report.received_from);
  fields.add("Arrival-Date", sim::rfc5322_date(report.arrival_unix_ns));
  for (const auto& recipient : report.recipients) {
    fields.next_group().add("Final-Recipient", "rfc822;" + recipient.address).add("Action", action(report));
    fields.add("Status", mail::text(shown_status(report, recipient)));
    fields.add("Diagnostic-Code", "smtp;" + code_text(report, recipient));
    if (report.kind == mail::ReportKind::delay) {
      fields.add("Will-Retry-Until", sim::rfc5322_date(report.retry_until_unix_ns));
    }
  }
  return fields.take();
}

std::string guid(const mail::Report& report, std::string_view purpose) {
  std::string hex = report_hash(report, purpose) + report_hash(report, fmt::format("{}, low half", purpose));
  for (std::size_t at : {8, 13, 18, 23}) hex.insert(at, "-");
  return hex;
}

// Quoted-printable may put any octets at the start of a line: a boundary must not be part of what is shown.
std::string boundary(const mail::Report& report, std::string_view purpose, std::string_view shown) {
  std::string text = guid(report, purpose);
  for (int n = 2; shown.find(text) != std::string_view::npos; ++n)
    text = guid(report, fmt::format("{} {}", purpose, n));
  return text;
}

}  // namespace

Draft exchange_2007_draft(const mail::Report& report, const std::string& original_headers) {
  bool delay = report.kind == mail::ReportKind::delay;
  Draft draft;
  draft.before_type = {{"MIME-Version", "1.0"},
                       {"From", "postmaster@" + report.reporting_domain},
                       {"To", report.original.sender},
                       {"Date", sim::rfc5322_date(report.date_unix_ns)}};
  draft.after_type = {
      {"Content-Language", "en-US"},
      {"Message-ID", fmt::format("<{}@{}>", guid(report, "message-id"), report.reporting_host)},
      {"Subject", (delay ? "Delivery Status Notification (Delay): " : "Undeliverable: ") + report.original.subject}};
  draft.texts = {{"plain", "us-ascii", plain(report, original_headers), Encoding::quoted_printable},
                 {"html", "us-ascii", html(report, original_headers), Encoding::quoted_printable}};
  draft.boundary = boundary(report, "report", draft.texts[0].body);
  draft.alternatives_boundary = boundary(report, "alternatives", draft.texts[0].body);
  draft.status = status(report);
  draft.returned = Returned::message;
  return draft;
}

}  // namespace deadletter::content
