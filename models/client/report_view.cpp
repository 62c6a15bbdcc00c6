// The words and lines are those of the report as Exchange 2003 writes it (models/content/dsn_exchange_2003.cpp):
// Outlook makes the same of every report, whatever its maker wrote into the text part.
//
// Sources: articles 938650 and 870585 (sentence and trailer), 843242 (MTS identifier), 955778 (no trailer), 284204 (the
// reporting server is the one named). [inferred]: that the client's own report has "on" before the date, which 955778
// leaves out. [assumed]: widths of the indents, a blank line between recipients, the words of a delay notice.
#include "models/client/report_view.h"

#include <fmt/format.h>

#include "models/content/dsn_draft.h"

namespace deadletter::client {

const std::string_view kNoAccountCouldSend = "None of your e-mail accounts could send to this recipient.";

namespace {

using transport::ReportShape;

constexpr std::string_view kIndent = "      ";

// An address as it is, "FAX:555 0100" too, but on one line.
std::string on_one_line(std::string address) {
  for (char& c : address)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return address;
}

// Nobody but the client itself reports without a host.
std::vector<std::string> own_lines(const mail::Report& report, const mail::ReportRecipient&) {
  if (report.kind == mail::ReportKind::delay) return {};
  return {std::string(kNoAccountCouldSend)};
}

auto lines_for(const mail::Report& report, ReportShape shape) {
  if (report.reporting_host.empty()) return own_lines;
  return shape == ReportShape::x400_report ? content::mta_lines : content::transport_lines;
}

}  // namespace

std::string report_view(const mail::Report& report, ReportShape shape) {
  const mail::Report clean = content::clean(report);
  auto lines = lines_for(clean, shape);
  content::Opening opening = content::opening(clean.kind);
  std::string view =
      fmt::format("{0}\n\n{1}Subject:  {2}\n{1}Sent:     {3}\n\n{4}\n", opening.words, kIndent, clean.original.subject,
                  content::us_date(clean.original.date_unix_ns), opening.recipients);
  for (std::size_t i = 0; i < clean.recipients.size(); ++i) {
    view += fmt::format("\n{}{} on {}\n", kIndent, on_one_line(report.recipients[i].address),
                        content::us_date(clean.date_unix_ns));
    for (const std::string& line : lines(clean, clean.recipients[i]))
      view += line.empty() ? "\n" : fmt::format("{0}{0}{1}\n", kIndent, line);
  }
  return view;
}

}  // namespace deadletter::client
