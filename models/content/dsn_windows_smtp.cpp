// The reports of the Windows SMTP service, with or without Exchange 2000 / 2003 on it.
//
// Words, X-DSNContext and the forms of boundary and Message-ID are those of about twenty reports of builds 5.0.2195 to
// 7.5.7601. [assumed]: the time in the boundary is the arrival date (in the product it is earlier, perhaps the start
// of the service); boundary and Message-ID hold the same serial; the letters before it in the Message-ID are drawn from
// host, arrival and serial; fields of the delivery-status part are not folded before they have to be; '+', '~' and '\'
// in an address are written as UTF-7 asks for, which the text part declares.
#include <fmt/format.h>

#include <algorithm>

#include "models/content/dsn_draft.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kFieldWidth = 900;
constexpr std::size_t kBoundaryHost = 16;  // "BLU004?OMC3S13.h": all reports seen cut the host here

// Where in the product's source a report was asked for, and the HRESULT it was asked for with.
std::string_view context(const mail::Report& report) {
  if (report.kind == mail::ReportKind::delay) return "7ce717b1 - 1413 - 00000004 - C00402D1";
  if (report.expired) return "7ce717b1 - 1386 - 00000002 - C00402D1";
  bool refused = std::ranges::any_of(report.recipients, [](const auto& r) { return !r.reply.empty(); });
  return refused ? "7ce717b1 - 1196 - 00000002 - 00000000" : "335a7efd - 4523 - 00000001 - 80040546";
}

std::string_view words(const mail::Report& report) {
  if (report.kind == mail::ReportKind::delay) {
    return "THIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n"
           "Delivery to the following recipients has been delayed.\n\n";
  }
  if (report.expired) {
    return "Unable to deliver message to the following recipients, due to being unable to connect successfully to the "
           "destination mail server.\n\n";
  }
  return "Delivery to the following recipients failed.\n\n";
}

// UTF-7 (RFC 2152): of printable ASCII only these three are not written as themselves.
std::string utf7(std::string_view ascii) {
  std::string text;
  for (char c : ascii) {
    if (c == '+') {
      text += "+-";
    } else if (c == '\\') {
      text += "+AFw-";
    } else if (c == '~') {
      text += "+AH4-";
    } else {
      text += c;
    }
  }
  return text;
}

std::string body(const mail::Report& report) {
  std::string text = "This is an automatically generated Delivery Status Notification.\n\n";
  text += words(report);
  for (const auto& recipient : report.recipients) text += fmt::format("       {}\n", recipient.address);
  return utf7(text + "\n\n\n");
}

std::string status(const mail::Report& report) {
  Fields fields(kFieldWidth);
  fields.add("Reporting-MTA", "dns;" + report.reporting_host);
  if (!report.received_from.empty()) fields.add("Received-From-MTA", "dns;" + report.received_from);
  fields.add("Arrival-Date", sim::rfc5322_date(report.arrival_unix_ns));
  bool delay = report.kind == mail::ReportKind::delay;
  for (const auto& recipient : report.recipients) {
    fields.next_group().add("Final-Recipient", "rfc822;" + recipient.address).add("Action", action(report));
    fields.add("Status", mail::text(shown_status(report, recipient)));
    if (!delay && !report.expired && !recipient.reply.empty()) fields.add("Diagnostic-Code", "smtp;" + recipient.reply);
    if (delay) fields.add("Will-Retry-Until", sim::rfc5322_date(report.retry_until_unix_ns));
  }
  return fields.take();
}

std::string boundary(const mail::Report& report) {
  constexpr std::uint64_t kFiletimeOf1970 = 116'444'736'000'000'000;  // units of 100 ns since 1601
  std::uint64_t filetime = kFiletimeOf1970 + static_cast<std::uint64_t>(report.arrival_unix_ns / 100);
  std::string host = boundary_host(report.reporting_host, kBoundaryHost);
  std::ranges::replace(host, '-', '?');
  return fmt::format("9B095B5ADSN=_{:016X}{:08X}{}", filetime, static_cast<std::uint32_t>(report.serial), host);
}

}  // namespace

Draft windows_smtp_draft(const mail::Report& report) {
  Draft draft;
  draft.before_type = {{"From", "postmaster@" + report.reporting_domain},
                       {"To", report.original.sender},
                       {"Date", sim::rfc5322_date(report.date_unix_ns)},
                       {"MIME-Version", "1.0"}};
  bool delay = report.kind == mail::ReportKind::delay;
  draft.after_type = {{"X-DSNContext", std::string{context(report)}},
                      {"Message-ID", smtp_service_message_id(report)},
                      {"Subject", fmt::format("Delivery Status Notification ({})", delay ? "Delay" : "Failure")}};
  draft.boundary = boundary(report);
  draft.prologue =
      "This is a MIME-formatted message.  \n"
      "Portions of this message may be unreadable without a MIME-capable mail program.\n";
  draft.texts = {{"plain", "unicode-1-1-utf-7", body(report)}};
  draft.status = status(report);
  draft.returned = Returned::message;
  return draft;
}

}  // namespace deadletter::content
