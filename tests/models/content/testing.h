// Reports to make messages from, and a reader of the MIME structure that knows nothing of how they were made.
#pragma once
#include <gmime/gmime.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "models/content/dsn.h"

namespace deadletter::content::testing {

using transport::ReportShape;

inline constexpr ReportShape kShapes[] = {ReportShape::rfc3464, ReportShape::windows_smtp,  ReportShape::exchange_2007,
                                          ReportShape::postfix, ReportShape::exchange_2003, ReportShape::x400_report};

inline constexpr std::int64_t kHour = 3'600'000'000'000;
inline constexpr std::int64_t kArrival = 1'141'200'000'000'000'000;  // Wed, 01 Mar 2006 08:00:00 +0000

inline mail::Report failure() {
  mail::Report report;
  report.reporting_host = "ex-bridge1.contoso.com";
  report.reporting_domain = "contoso.com";
  report.received_from = "client7.contoso.com";
  report.arrival_unix_ns = kArrival;
  report.date_unix_ns = kArrival + 2'000'000'000;
  report.serial = 0x2a;
  report.original = {
      "0a1b2c@client7.contoso.com", "ann@contoso.com", {"bob@fabrikam.com"}, "Offer for March", kArrival};
  report.recipients = {{"bob@fabrikam.com", mail::kUnknownMailbox, "550 5.1.1 no such user", "mx.fabrikam.com"}};
  return report;
}

inline mail::Report expiry() {
  mail::Report report = failure();
  report.expired = true;
  report.date_unix_ns = kArrival + 48 * kHour;
  report.recipients = {{"bob@fabrikam.com", mail::kExpired, "", ""}};
  return report;
}

inline mail::Report delay() {
  mail::Report report = expiry();
  report.expired = false;
  report.kind = mail::ReportKind::delay;
  report.date_unix_ns = kArrival + 12 * kHour;
  report.retry_until_unix_ns = kArrival + 48 * kHour;
  return report;
}

inline mail::Report foreign_subject() {
  mail::Report report = delay();
  report.original.subject =
      "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xe2\x82\xac Stra\xc3\x9f"
      "e";
  return report;
}

inline std::string golden_path(const std::string& name) {
  return std::string{DEADLETTER_SOURCE_DIR} + "/tests/models/content/golden/" + name + ".eml";
}

inline std::string golden(const std::string& name) {
  std::ostringstream octets;
  octets << std::ifstream(golden_path(name), std::ios::binary).rdbuf();
  return octets.str();
}

inline void expect_golden(const std::string& octets, const std::string& name) {
  if (std::getenv("DEADLETTER_REGENERATE") != nullptr) std::ofstream(golden_path(name), std::ios::binary) << octets;
  EXPECT_EQ(octets, golden(name)) << "DEADLETTER_REGENERATE=1 writes it anew";
}

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using Entity = std::unique_ptr<GMimeObject, Unref>;

inline Entity read(std::string_view octets) {
  g_mime_init();
  std::unique_ptr<GMimeStream, Unref> stream{g_mime_stream_mem_new_with_buffer(octets.data(), octets.size())};
  std::unique_ptr<GMimeParser, Unref> parser{g_mime_parser_new_with_stream(stream.get())};
  return Entity{g_mime_parser_construct_part(parser.get(), nullptr)};
}

// "multipart/report(text/plain message/delivery-status message/rfc822)".
inline std::string structure(GMimeObject* entity) {
  GMimeContentType* type = g_mime_object_get_content_type(entity);
  std::string text = g_mime_content_type_get_media_type(type);
  text += "/" + std::string{g_mime_content_type_get_media_subtype(type)};
  if (!GMIME_IS_MULTIPART(entity)) return text;
  text += "(";
  for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(entity)); ++i) {
    text += (i == 0 ? "" : " ") + structure(g_mime_multipart_get_part(GMIME_MULTIPART(entity), i));
  }
  return text + ")";
}

// The names of the fields, in order: "From To Date".
inline std::string field_names(GMimeObject* entity) {
  GMimeHeaderList* list = g_mime_object_get_header_list(entity);
  std::string names;
  for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
    names += (i == 0 ? "" : " ") + std::string{g_mime_header_get_name(g_mime_header_list_get_header_at(list, i))};
  }
  return names;
}

// Decoded; empty when there is none.
inline std::string field(GMimeObject* entity, const char* name) {
  const char* value = g_mime_object_get_header(entity, name);
  return value == nullptr ? "" : value;
}

inline GMimeObject* part(const Entity& entity, int index) {
  return g_mime_multipart_get_part(GMIME_MULTIPART(entity.get()), index);
}

// The content of a leaf, decoded and as UTF-8 where it is text.
inline std::string content(GMimeObject* leaf) {
  if (GMIME_IS_TEXT_PART(leaf)) {
    std::unique_ptr<char, decltype(&g_free)> text{g_mime_text_part_get_text(GMIME_TEXT_PART(leaf)), &g_free};
    return text ? text.get() : "";
  }
  std::unique_ptr<GMimeStream, Unref> stream{g_mime_stream_mem_new()};
  g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(leaf)), stream.get());
  GByteArray* octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(octets->data), octets->len};
}

// What is wrong with the lines of a message on the wire; empty when nothing is.
inline std::string line_problem(std::string_view octets) {
  for (std::size_t at = 0, number = 1; at < octets.size(); ++number) {
    std::size_t end = octets.find('\n', at);
    std::string where = "line " + std::to_string(number);
    if (end == std::string_view::npos) return where + " has no end";
    if (end == at || octets[end - 1] != '\r') return where + " ends without CR";
    std::string_view line = octets.substr(at, end - 1 - at);
    if (line.size() > 998) return where + " is too long";
    for (char c : line) {
      if (c != '\t' && (c < 0x20 || c > 0x7e)) return where + " holds an octet that is no printable ASCII";
    }
    at = end + 1;
  }
  return "";
}

}  // namespace deadletter::content::testing
