#include "experiments/run/tracking_row.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/builds/product.h"
#include "sim/time.h"

namespace deadletter::experiments {
namespace {

constexpr const char* kTabColumns =
    "Date\tTime\tclient-ip\tClient-hostname\tPartner-Name\tServer-hostname\tserver-IP\tRecipient-Address\tEvent-ID\t"
    "MSGID\tPriority\tRecipient-Report-Status\ttotal-bytes\tNumber-Recipients\tOrigination-Time\tEncryption\t"
    "service-Version\tLinked-MSGID\tMessage-Subject\tSender-Address";
constexpr const char* kCommaColumns =
    "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
    "internal-message-id,message-id,recipient-address,recipient-status,total-bytes,recipient-count,"
    "related-recipient-address,reference,message-subject,sender-address,return-path,message-info";

// By Tracked. What the simulator does in one step the first product tells in several: submit to advanced queuing
// (1019), begin (1025), to the categorizer (1024); local delivery (1023), the store driver's (1028).
struct Told {
  std::vector<int> codes;
  const char* source;  // null: the second product does not log it; "": as the carrier has it
  const char* event;
};
const Told& told(Tracked what) {
  static const std::vector<Told> all = {{{1027, 1019, 1025, 1024}, "STOREDRIVER", "SUBMIT"},
                                        {{1019, 1025, 1024}, "DSN", "DSN"},
                                        {{1019, 1025, 1024}, "", "RECEIVE"},
                                        {{1033}, nullptr, nullptr},
                                        {{1034}, nullptr, nullptr},
                                        {{1036}, nullptr, nullptr},
                                        {{1020}, nullptr, nullptr},
                                        {{1031}, "", "SEND"},
                                        {{1023, 1028}, "STOREDRIVER", "DELIVER"},
                                        {{1029}, "GATEWAY", "SEND"},
                                        {{}, "", "DEFER"},
                                        {{1037}, "STOREDRIVER", "DEFER"},
                                        {{1030}, "ROUTING", "FAIL"},
                                        {{1021}, "ROUTING", "BADMAIL"},
                                        {{26}, "ROUTING", "EXPAND"}};
  return all[static_cast<std::size_t>(what)];
}

std::vector<int> codes(const TrackingRow& row) {
  bool x400 = row.carrier == Carrier::x400;
  if (x400 && row.what == Tracked::received) return {0, 1019, 1025, 1024};
  if (x400 && row.what == Tracked::sent) return {7};
  return told(row.what).codes;
}

const char* partner(Carrier carrier) {
  constexpr const char* names[] = {"-", "SMTP", "X400", "STORE"};
  return names[static_cast<std::size_t>(carrier)];
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

// Nothing ends a field or a line before its time.
std::string one_line(std::string_view text) {
  std::string out;
  for (char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

// ISO-8859-1. Of UTF-8 what it holds, "?" for the rest and for octets that are no UTF-8.
std::string latin1(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      out += static_cast<char>(c);
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) ++end;
    bool held = (c == 0xc2 || c == 0xc3) && end == i + 2;
    out += held ? static_cast<char>(((c & 3U) << 6U) | (static_cast<unsigned char>(text[i + 1]) & 0x3fU)) : '?';
    i = end - 1;
  }
  return out;
}

std::string day(std::int64_t unix_ns, const char* shape) {
  sim::CivilTime t = sim::civil_time(unix_ns);
  return fmt::format(fmt::runtime(shape), t.year, t.month, t.day);
}

std::string tab_time(std::int64_t unix_ns) {
  sim::CivilTime t = sim::civil_time(unix_ns);
  return fmt::format("{:02}:{:02}:{:02} GMT", t.hour, t.minute, t.second);
}

std::string comma_time(std::int64_t unix_ns) {
  sim::CivilTime t = sim::civil_time(unix_ns);
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", day(unix_ns, "{:04}-{:02}-{:02}"), t.hour, t.minute, t.second,
                     t.nanosecond / 1'000'000);
}

std::string tab_line(const TrackingServer& server, const TrackingRow& row, int code, const std::string& recipient) {
  constexpr const char* kDate = "{}-{:02}-{:02}";
  bool smtp_in = row.carrier == Carrier::smtp && row.what == Tracked::received && !server.smtp_version.empty();
  std::vector<std::string> fields = {day(row.unix_ns, kDate),
                                     tab_time(row.unix_ns),
                                     "-",
                                     or_dash(row.client),
                                     code == 1027 ? "STORE" : partner(row.carrier),
                                     or_dash(row.server),
                                     "-",
                                     or_dash(recipient),
                                     fmt::format("{}", code),
                                     row.message_id,
                                     fmt::format("{}", row.priority),
                                     "0",
                                     fmt::format("{}", row.octets),
                                     fmt::format("{}", row.recipient_count),
                                     day(row.originated_unix_ns, kDate) + " " + tab_time(row.originated_unix_ns),
                                     "0",
                                     code == 1019 && smtp_in ? "Version: " + server.smtp_version : "-",
                                     "-",
                                     or_dash(latin1(one_line(row.subject))),
                                     row.sender.empty() ? "<>" : row.sender,
                                     "-"};
  return fmt::format("{}\r\n", fmt::join(fields, "\t"));
}

std::string csv_field(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string out = "\"";
  for (char c : field) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

std::string comma_line(const TrackingRow& row) {
  const Told& as = told(row.what);
  bool store = row.carrier == Carrier::store;
  bool dated = row.what == Tracked::sent || row.what == Tracked::delivered;
  // A mailbox server does not name recipients when it submits: the hub looks them up.
  bool submit = row.what == Tracked::submitted;
  auto angles = [](const std::string& id) { return id.empty() ? "" : "<" + id + ">"; };
  std::vector<std::string> fields = {comma_time(row.unix_ns),
                                     "",
                                     row.client,
                                     "",
                                     row.server,
                                     one_line(row.context),
                                     "",
                                     *as.source != '\0' ? as.source
                                     : store            ? "STOREDRIVER"
                                                        : "SMTP",
                                     as.event,
                                     submit ? "" : fmt::format("{}", row.internal_id),
                                     angles(row.message_id),
                                     submit ? "" : fmt::format("{}", fmt::join(row.recipients, ";")),
                                     one_line(fmt::format("{}", fmt::join(row.statuses, ";"))),
                                     submit ? "" : fmt::format("{}", row.octets),
                                     submit ? "" : fmt::format("{}", row.recipient_count),
                                     row.related,
                                     angles(row.reference),
                                     one_line(row.subject),
                                     row.sender,
                                     row.sender.empty() ? "<>" : row.sender,
                                     dated ? comma_time(row.originated_unix_ns) : ""};
  for (std::string& field : fields) field = csv_field(field);
  return fmt::format("{}\r\n", fmt::join(fields, ","));
}

}  // namespace

std::optional<TrackingFormat> tracking_format(const builds::Build& build) {
  switch (*builds::profile_of(build).transport.report_shape) {
    case transport::ReportShape::exchange_2003:
      return TrackingFormat::tabs;
    case transport::ReportShape::exchange_2007:
      return TrackingFormat::commas;
    default:
      return std::nullopt;
  }
}

TrackingServer tracking_server(const builds::Build& build, TrackingFormat format) {
  TrackingServer server{.format = format, .system_version = build.parts.front().release->file, .smtp_version = {}};
  for (const builds::Installed& part : build.parts) {
    const std::string& file = part.release->file;
    constexpr std::string_view service = "smtpsvc.dll ";
    if (file.starts_with(service)) server.smtp_version = file.substr(service.size());
  }
  return server;
}

std::string tracking_file(const TrackingServer& server, const TrackingRow& row) {
  std::string stamp = day(row.unix_ns, "{:04}{:02}{:02}");
  if (server.format == TrackingFormat::tabs) return stamp + ".log";
  return fmt::format("MSGTRK{}{}-1.LOG", row.what == Tracked::submitted ? "M" : "", stamp);
}

std::string tracking_header(const TrackingServer& server, const TrackingRow& row) {
  if (server.format == TrackingFormat::tabs)
    return fmt::format("# Message Tracking Log File\r\n# Exchange System Attendant Version {}\r\n# {}\r\n",
                       server.system_version, kTabColumns);
  return fmt::format(
      "#Software: Microsoft Exchange Server\r\n#Version: {}\r\n#Log-type: Message Tracking Log\r\n#Date: {}\r\n"
      "#Fields: {}\r\n",
      server.system_version, comma_time(row.unix_ns), kCommaColumns);
}

std::string tracking_lines(const TrackingServer& server, const TrackingRow& row) {
  if (server.format == TrackingFormat::commas) return told(row.what).event == nullptr ? "" : comma_line(row);
  std::string lines;
  static const std::vector<std::string> unknown = {""};
  const std::vector<std::string>& recipients = row.recipients.empty() ? unknown : row.recipients;
  for (int code : codes(row))
    for (const std::string& recipient : recipients) lines += tab_line(server, row, code, recipient);
  return lines;
}

}  // namespace deadletter::experiments
