// From octets to a ParsedDsn: finds the delivery-status part and reads its groups of fields.
#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

#include "models/content/dsn.h"

namespace deadletter::content {
namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

// Reads `octets` as one MIME entity: a message, or a group of fields (an entity without a body).
Owned<GMimeObject> entity(std::string_view octets) {
  static const bool started = (g_mime_init(), true);
  static_cast<void>(started);
  Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(octets.data(), octets.size())};
  Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  return Owned<GMimeObject>{g_mime_parser_construct_part(parser.get(), nullptr)};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  std::size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

// Unfolded as RFC 5322 2.2.3 says. Not GMime's value: that would decode encoded words, which a diagnostic may hold.
std::string field(GMimeObject* group, const char* name) {
  GMimeHeader* header = g_mime_header_list_get_header(g_mime_object_get_header_list(group), name);
  if (header == nullptr) return {};
  std::string value{trimmed(g_mime_header_get_raw_value(header))};
  std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
  return value;
}

// "rfc822; ann@contoso.com" -> "ann@contoso.com".
std::string without_type(const std::string& value) {
  std::size_t semicolon = value.find(';');
  return std::string{trimmed(semicolon == std::string::npos ? value : std::string_view{value}.substr(semicolon + 1))};
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return text;
}

GMimePart* delivery_status(GMimeObject* report) {
  if (!GMIME_IS_MULTIPART(report) ||
      !g_mime_content_type_is_type(g_mime_object_get_content_type(report), "multipart", "report")) {
    return nullptr;
  }
  GMimeMultipart* parts = GMIME_MULTIPART(report);
  for (int i = 0; i < g_mime_multipart_get_count(parts); ++i) {
    GMimeObject* part = g_mime_multipart_get_part(parts, i);
    GMimeContentType* type = g_mime_object_get_content_type(part);
    if (GMIME_IS_PART(part) && g_mime_content_type_is_type(type, "message", "delivery-status")) return GMIME_PART(part);
  }
  return nullptr;
}

std::string content_of(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  Owned<GMimeStream> stream{g_mime_stream_mem_new()};
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  GByteArray* octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(octets->data), octets->len};
}

// Groups are apart by empty lines.
std::vector<std::string> groups_of(const std::string& content) {
  std::vector<std::string> groups{""};
  for (std::size_t at = 0; at < content.size();) {
    std::size_t end = std::min(content.find('\n', at), content.size() - 1) + 1;
    std::string line = content.substr(at, end - at);
    at = end;
    if (!trimmed(line).empty()) {
      groups.back() += line;
    } else if (!groups.back().empty()) {
      groups.emplace_back();
    }
  }
  if (groups.back().empty()) groups.pop_back();
  return groups;
}

ParsedRecipient recipient_of(GMimeObject* group) {
  ParsedRecipient recipient;
  recipient.address = without_type(field(group, "Final-Recipient"));
  recipient.action = lower(field(group, "Action"));
  recipient.status = mail::parse_status(field(group, "Status")).value_or(mail::Status{});
  std::string diagnostic = field(group, "Diagnostic-Code");
  recipient.diagnostic = without_type(diagnostic);
  bool x400 = lower(std::string{trimmed(diagnostic.substr(0, diagnostic.find(';')))}) == "x400";
  if (x400) recipient.x400 = x400::parse_non_delivery(recipient.diagnostic);
  return recipient;
}

}  // namespace

std::optional<ParsedDsn> parse_dsn(std::string_view octets) {
  Owned<GMimeObject> message = entity(octets);
  GMimePart* status = message ? delivery_status(message.get()) : nullptr;
  if (status == nullptr) return std::nullopt;
  ParsedDsn parsed;
  for (const std::string& text : groups_of(content_of(status))) {
    Owned<GMimeObject> group = entity(text + "\n");
    if (!group) return std::nullopt;
    if (std::string mta = without_type(field(group.get(), "Reporting-MTA")); !mta.empty()) parsed.reporting_mta = mta;
    if (ParsedRecipient recipient = recipient_of(group.get()); !recipient.address.empty()) {
      parsed.recipients.push_back(std::move(recipient));
    }
  }
  auto any = [&](std::string_view action) {
    return std::ranges::any_of(parsed.recipients, [&](const auto& r) { return r.action == action; });
  };
  if (!any("failed") && !any("delayed")) return std::nullopt;
  parsed.kind = any("failed") ? mail::ReportKind::failure : mail::ReportKind::delay;
  return parsed;
}

}  // namespace deadletter::content
