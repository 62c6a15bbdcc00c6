// A report before it is a MIME message: headers, words and fields as one product writes them, as plain values.
//
// Internal to models/content, but for what a mail client that shows a report shares with it (models/client). One
// function per product fills a Draft from a report that is already clean (clean()); dsn.cpp alone turns it into MIME.
// Text here has '\n' line ends and is printable ASCII, but for header values and for a text whose charset is utf-8.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/mail/report.h"

namespace deadletter::content {

struct Header {
  std::string name, value;
};

enum class Encoding : std::uint8_t { seven_bit, quoted_printable };
struct TextPart {
  std::string subtype, charset, body;
  Encoding encoding = Encoding::seven_bit;
};

enum class Returned : std::uint8_t { message, headers };  // message/rfc822 or text/rfc822-headers

struct Draft {
  std::vector<Header> before_type, after_type;  // around Content-Type, in the product's order
  std::string boundary;
  std::string alternatives_boundary;  // of the multipart/alternative around `texts`; empty: there is one text
  std::string prologue;
  std::vector<TextPart> texts;
  std::string status;  // the delivery-status part
  Returned returned = Returned::headers;
  std::string text_description, status_description, returned_description;  // Content-Description; may be empty
};

// `original_headers`: the header block of the message reported about, as it is returned.
Draft windows_smtp_draft(const mail::Report& report);
Draft exchange_2003_draft(const mail::Report& report);
Draft x400_report_draft(const mail::Report& report);
Draft exchange_2007_draft(const mail::Report& report, const std::string& original_headers);
Draft postfix_draft(const mail::Report& report);
Draft rfc3464_draft(const mail::Report& report);

// ---- what they share

// The report with every text harmless: see dsn.h for what is replaced.
mail::Report clean(mail::Report report);

// The status shown: the recipient's, or the general one of the kind when it has none.
mail::Status shown_status(const mail::Report& report, const mail::ReportRecipient& recipient);
const char* action(const mail::Report& report);

// `text` cut at blanks into lines of at most `width` octets; the blank at the cut stays away. Only a word longer than
// a line of mail may be is cut inside.
std::vector<std::string> lines_of(std::string_view text, std::size_t width);

// Fields of a delivery-status part, folded after `width` octets.
class Fields {
 public:
  explicit Fields(std::size_t width) : width_(width) {}
  Fields& add(std::string_view name, std::string_view value);
  Fields& next_group();
  std::string take() { return std::move(text_); }

 private:
  std::size_t width_;
  std::string text_;
};

// `host` as far as a boundary may hold it: at most `length` octets, '?' for what RFC 2046 does not allow.
std::string boundary_host(std::string_view host, std::size_t length);

// A Message-ID of the Windows SMTP service: nine letters and digits, then the serial as eight hexadecimal digits.
std::string smtp_service_message_id(const mail::Report& report);

// "8/20/2008 11:44 AM", in UTC.
std::string us_date(std::int64_t unix_ns);

// What a reader of an Exchange 2003 report sees first, and above the recipients.
struct Opening {
  std::string_view words, recipients;
};
Opening opening(mail::ReportKind kind);

// What stands below a recipient, a line each: the sentence, unless mail is only delayed, and the trailer. Of the SMTP
// transport, and of the MTA.
std::vector<std::string> transport_lines(const mail::Report& report, const mail::ReportRecipient& recipient);
std::vector<std::string> mta_lines(const mail::Report& report, const mail::ReportRecipient& recipient);

// 16 hexadecimal digits for the report in the run (host, arrival date, serial); different for each `purpose`.
std::string report_hash(const mail::Report& report, std::string_view purpose);

}  // namespace deadletter::content
