// A row of a message tracking log, and its text in the formats of the products that write one.
//
// Exchange 2000 and 2003: yyyymmdd.log, one for each UTC day; 20 named columns and a "-" behind them, between tabs; "-"
// is what a row does not have; whole seconds; ISO-8859-1, with "?" for what it does not hold. One row for each
// recipient. Exchange 2007: MSGTRKyyyymmdd-1.LOG, and MSGTRKMyyyymmdd-1.LOG for what a mailbox server submits; 21
// columns between commas, quoted as RFC 4180 says where needed; milliseconds; UTF-8. One row for all recipients. Lines
// end with CRLF.
//
// Inferred, and not seen in a real file: CRLF in the first format; "#Version:" as the build of Exchange itself; codes
// 7, 26 and 1029; that a report's sender stands as "<>" in the first.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/builds/installation.h"

namespace deadletter::experiments {

enum class TrackingFormat : std::uint8_t { tabs, commas };

// Which one servers of a build write, by the product whose profile they have; nothing when they write none.
std::optional<TrackingFormat> tracking_format(const builds::Build& build);

// What happened, in neither product's words.
enum class Tracked : std::uint8_t {
  submitted,       // by a client
  made,            // a report, by the server itself
  received,        // from another server
  categorized,     // a recipient is known, and where it is
  queued_remote,   // for another server
  queued_local,    // for the store, which is busy
  sending,         // a transfer to another server begins
  sent,            // the other server is responsible from now on
  delivered,       // into a mailbox
  to_gateway,      // out of the mail system
  deferred,        // waits for its next attempt at another server
  deferred_local,  // waits for its next attempt at the store
  failed,          // goes back to its sender
  bad_mail,        // can go nowhere
  expanded         // a list was opened
};
// By what protocol it came or goes.
enum class Carrier : std::uint8_t { none, smtp, x400, store };

struct TrackingRow {
  Tracked what;
  std::int64_t unix_ns = 0;
  Carrier carrier = Carrier::none;
  std::string client, server;           // hosts: who sends and who takes; empty: not known, or nobody
  std::vector<std::string> recipients;  // empty: the simulator does not say which
  std::vector<std::string> statuses;    // of recipients, in their order; may be empty
  std::size_t recipient_count = 0;
  std::string related;  // of expanded: the list
  std::uint64_t octets = 0, internal_id = 0;
  std::string message_id, reference;  // without angle brackets; reference: what a report is about
  std::string subject, sender;        // sender: empty for the null reverse-path
  std::string context;                // of sent: the other server's reply
  std::int64_t originated_unix_ns = 0;
  int priority = 0;  // -1, 0 or 1
};

struct TrackingServer {
  TrackingFormat format{};
  std::string system_version;  // of Exchange: "6.5.7638"
  std::string smtp_version;    // of the SMTP service below it: "6.0.3790.1830"; may be empty
};
TrackingServer tracking_server(const builds::Build& build, TrackingFormat format);

// The file, without folder, in which the row stands: by its time and, where the product has several, by what it tells.
std::string tracking_file(const TrackingServer& server, const TrackingRow& row);
// What a file begins with, its line ends included; `row` is its first.
std::string tracking_header(const TrackingServer& server, const TrackingRow& row);
// The row's lines; none when the product does not log that.
std::string tracking_lines(const TrackingServer& server, const TrackingRow& row);

}  // namespace deadletter::experiments
