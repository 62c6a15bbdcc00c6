// Delivery status notifications (RFC 3464) as octets: what a server mails back, and what a reader makes of it.
//
// make_dsn promises: a whole message with CRLF line ends and no line over 998 octets; the same value gives the same
// octets, whatever the clock, the locale and the time zone (dates are English and +0000); no value can add a header
// field, a line to the delivery-status part or a MIME part. For that every value is cleaned first:
//   * addresses, hosts and message-ids: octets that are no printable ASCII and the characters <>(),;:"\ become '?',
//     anything after 900 octets is cut;
//   * replies and MTS identifiers: line breaks and tabs become blanks, other octets that are no printable ASCII '?';
//   * the subject: octets that are no UTF-8 become U+FFFD; it is written as RFC 2047 encoded words where needed.
//
// Boundary and Message-ID come from the reporting host, the arrival date and the serial, in the product's form.
//
// NOT MODELLED: the body of the original. The simulator knows a message by its description and holds no octets of a
// body, so the third part shows the headers that are known and, where the product returns the whole message
// (message/rfc822), an empty body. Also not: languages other than English, custom texts, size limits of a report, and
// the fields that later hosts add (Received, Return-Path, X-OriginalArrivalTime).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/mail/report.h"
#include "models/mail/status.h"
#include "models/transport/behaviour.h"

namespace deadletter::content {

// `report` has a sender and at least one recipient.
std::string make_dsn(const mail::Report& report, transport::ReportShape shape);

// One group of fields of the delivery-status part. What is missing is empty.
struct ParsedRecipient {
  std::string address;                      // without its type ("rfc822;")
  std::string action;                       // lower case
  mail::Status status{};                    // none when missing or malformed
  std::string diagnostic;                   // without its type ("smtp;")
  std::optional<x400::NonDelivery> x400{};  // of a diagnostic of the type "x400"
  friend bool operator==(const ParsedRecipient&, const ParsedRecipient&) = default;
};

struct ParsedDsn {
  mail::ReportKind kind = mail::ReportKind::failure;  // failure as soon as one recipient failed
  std::string reporting_mta;                          // without its type ("dns;")
  std::vector<ParsedRecipient> recipients;
};

// Reads a multipart/report with a delivery-status part, of any product. Nothing when the message is none or when no
// recipient failed or is delayed.
std::optional<ParsedDsn> parse_dsn(std::string_view octets);

}  // namespace deadletter::content
