// Reports about mail: non-delivery reports and delay notices (RFC 3461 to 3464), as values.
//
// Who reports, in whose name, about which recipients of which message. models/content/dsn.h makes the message from it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/mail/status.h"
#include "models/x400/diagnostics.h"

namespace deadletter::mail {

enum class ReportKind : std::uint8_t { failure, delay };

struct ReportRecipient {
  std::string address;
  Status status{};
  std::string reply{};        // the remote server's last reply, code first: "550 5.1.1 no such user"; may be empty
  std::string remote_host{};  // who said it; may be empty
  std::optional<x400::NonDelivery> x400{};  // when an MTA gives up; also read from a reply that is its text
};

// The message reported about, as far as a report shows it.
struct ReportedMessage {
  std::string message_id;  // without angle brackets
  std::string sender;      // never empty: a message with the null reverse-path causes no report
  std::vector<std::string> to;
  std::string subject;
  std::int64_t date_unix_ns = 0;  // its Date: header
};

struct Report {
  ReportKind kind = ReportKind::failure;
  bool expired = false;                  // failure: because its lifetime was over
  std::string reporting_host;            // "ex1.contoso.com"
  std::string reporting_domain;          // of the postmaster: "contoso.com"
  std::string received_from;             // host that handed the message in; may be empty (submitted locally)
  std::int64_t arrival_unix_ns = 0;      // Arrival-Date of the message at the reporting host
  std::int64_t date_unix_ns = 0;         // of the report itself
  std::int64_t retry_until_unix_ns = 0;  // delay: Will-Retry-Until
  std::uint64_t serial = 0;              // unique in the run: makes Message-ID and boundary
  ReportedMessage original;
  std::vector<ReportRecipient> recipients;
  std::string mts_id{};  // of the original, in reports of an MTA (models/x400/mts_id.h); may be empty
  std::string site{};    // the MTA's site or administrative group: "HQ"; may be empty
};

}  // namespace deadletter::mail
