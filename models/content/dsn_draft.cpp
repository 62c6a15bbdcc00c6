#include "models/content/dsn_draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/fingerprint.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kLongestToken = 900;  // with what stands around it a line stays under 998 octets

bool printable(char c) { return c >= 0x20 && c <= 0x7e; }

std::string clean_token(std::string_view text) {
  std::string token{text.substr(0, kLongestToken)};
  for (char& c : token) {
    if (!printable(c) || std::string_view{" <>(),;:\"\\"}.find(c) != std::string_view::npos) c = '?';
  }
  return token;
}

bool white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// One line, words apart by one blank: folding then never makes a line of blanks only.
template <class Replace>
std::string one_line(std::string_view text, Replace replace) {
  std::string line;
  for (char c : text) {
    if (!white(c)) {
      line += replace(c);
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string clean_reply(std::string_view text) {
  return one_line(text, [](char c) { return printable(c) ? c : '?'; });
}

// UTF-8 stays; that it is well formed is dsn.cpp's care, before this.
std::string clean_subject(std::string_view text) {
  return one_line(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? '?' : c; });
}

}  // namespace

mail::Report clean(mail::Report report) {
  for (std::string* token : {&report.reporting_host, &report.reporting_domain, &report.received_from,
                             &report.original.message_id, &report.original.sender, &report.site}) {
    *token = clean_token(*token);
  }
  for (std::string& address : report.original.to) address = clean_token(address);
  report.original.subject = clean_subject(report.original.subject);
  report.mts_id = clean_reply(std::string_view{report.mts_id}.substr(0, kLongestToken));
  for (mail::ReportRecipient& recipient : report.recipients) {
    recipient.address = clean_token(recipient.address);
    recipient.remote_host = clean_token(recipient.remote_host);
    recipient.reply = clean_reply(recipient.reply);
  }
  return report;
}

mail::Status shown_status(const mail::Report& report, const mail::ReportRecipient& recipient) {
  if (recipient.status.known()) return recipient.status;
  return report.expired || report.kind == mail::ReportKind::delay ? mail::kExpired : mail::Status{5, 0, 0};
}

const char* action(const mail::Report& report) { return report.kind == mail::ReportKind::delay ? "delayed" : "failed"; }

std::vector<std::string> lines_of(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (text.size() > width) {
    std::size_t cut = text.rfind(' ', width);
    if (cut == std::string_view::npos || cut == 0) cut = text.find(' ', width);
    if (cut == std::string_view::npos || cut > kLongestToken) {
      if (text.size() <= kLongestToken) break;
      lines.emplace_back(text.substr(0, kLongestToken));
      text.remove_prefix(kLongestToken);
      if (text[0] == ' ') text.remove_prefix(1);
    } else {
      lines.emplace_back(text.substr(0, cut));
      text.remove_prefix(cut + 1);
    }
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

Fields& Fields::add(std::string_view name, std::string_view value) {
  text_ += fmt::format("{}: ", name);
  // The first line is longer by the name: it fits all the same, names are short.
  text_ += fmt::format("{}\n", fmt::join(lines_of(value, width_), "\n "));
  return *this;
}

Fields& Fields::next_group() {
  text_ += '\n';
  return *this;
}

std::string boundary_host(std::string_view host, std::size_t length) {
  std::string text{host.substr(0, length)};
  for (char& c : text) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') c = '?';
  }
  return text;
}

std::string report_hash(const mail::Report& report, std::string_view purpose) {
  return sim::hash_octets(
      fmt::format("{}\n{}\n{}\n{}", report.reporting_host, report.arrival_unix_ns, report.serial, purpose));
}

std::string smtp_service_message_id(const mail::Report& report) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::uint64_t number = std::stoull(report_hash(report, "message-id"), nullptr, 16);
  std::string prefix;
  for (int i = 0; i < 9; ++i, number /= kDigits.size()) prefix += kDigits[number % kDigits.size()];
  return fmt::format("<{}{:08x}@{}>", prefix, static_cast<std::uint32_t>(report.serial), report.reporting_host);
}

std::string us_date(std::int64_t unix_ns) {
  sim::CivilTime t = sim::civil_time(unix_ns);
  return fmt::format("{}/{}/{} {}:{:02} {}", t.month, t.day, t.year, t.hour % 12 == 0 ? 12 : t.hour % 12, t.minute,
                     t.hour < 12 ? "AM" : "PM");
}

}  // namespace deadletter::content
