// From a Draft to octets: the only place that writes MIME.
//
// GMime is given '\n' everywhere and no value holds a CR (clean()), so one pass at the end makes every line end CRLF.
#include "models/content/dsn.h"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <cassert>
#include <memory>
#include <type_traits>

#include "models/content/dsn_draft.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

using transport::ReportShape;

constexpr std::size_t kHeaderWidth = 76;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(char* text) const { g_free(text); }
};
using Text = std::unique_ptr<char, Free>;

void start_gmime() {
  static const bool started = (g_mime_init(), true);
  static_cast<void>(started);
}

// Free text goes through GMime, which writes encoded words. All else is clean ASCII and stays as it is: GMime would
// read an address header and write what it understood, which of an odd address is nothing, not even the end of the
// line.
void append(GMimeObject* object, const Header& header) {
  if (header.value.empty()) return;
  bool free_text = header.name == "Subject";
  g_mime_object_append_header(object, header.name.c_str(), free_text ? header.value.c_str() : "", "utf-8");
  if (free_text) return;
  GMimeHeaderList* list = g_mime_object_get_header_list(object);
  std::string raw = fmt::format(" {}\n", fmt::join(lines_of(header.value, kHeaderWidth), "\n "));
  g_mime_header_set_raw_value(g_mime_header_list_get_header_at(list, g_mime_header_list_get_count(list) - 1),
                              raw.c_str());
}

Owned<GMimeMessage> original_message(const mail::ReportedMessage& original) {
  Owned<GMimeMessage> message{g_mime_message_new(FALSE)};
  GMimeObject* object = GMIME_OBJECT(message.get());
  if (!original.message_id.empty()) append(object, {"Message-ID", "<" + original.message_id + ">"});
  append(object, {"From", original.sender});
  std::string to;
  for (const std::string& address : original.to) to += (to.empty() ? "" : ", ") + address;
  append(object, {"To", to});
  append(object, {"Subject", original.subject});
  append(object, {"Date", sim::rfc5322_date(original.date_unix_ns)});
  return message;
}

Owned<GMimePart> part(const char* type, const char* subtype, const std::string& content) {
  Owned<GMimePart> part{g_mime_part_new_with_type(type, subtype)};
  Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(content.data(), content.size())};
  Owned<GMimeDataWrapper> wrapper{g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
  g_mime_part_set_content(part.get(), wrapper.get());
  return part;
}

void describe(GMimeObject* object, const std::string& description) {
  append(object, {"Content-Description", description});
}

Owned<GMimePart> text_part(const TextPart& text) {
  Owned<GMimePart> result = part("text", text.subtype.c_str(), text.body);
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(result.get()), "charset", text.charset.c_str());
  if (text.encoding == Encoding::quoted_printable) {
    g_mime_part_set_content_encoding(result.get(), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  }
  return result;
}

// As the products write it; GMime would order the parameters by its own rules. It knows the type already and keeps it.
void write_type(GMimeMultipart* parts, const char* parameter, const std::string& boundary) {
  g_mime_multipart_set_boundary(parts, boundary.c_str());
  GMimeObject* object = GMIME_OBJECT(parts);
  std::string raw =
      fmt::format(" multipart/{}; {};\n\tboundary=\"{}\"\n",
                  g_mime_content_type_get_media_subtype(g_mime_object_get_content_type(object)), parameter, boundary);
  GMimeHeaderList* list = g_mime_object_get_header_list(object);
  g_mime_header_set_raw_value(g_mime_header_list_get_header(list, "Content-Type"), raw.c_str());
}

void add_texts(GMimeMultipart* report, const Draft& draft) {
  if (draft.alternatives_boundary.empty()) {
    Owned<GMimePart> text = text_part(draft.texts[0]);
    describe(GMIME_OBJECT(text.get()), draft.text_description);
    g_mime_multipart_add(report, GMIME_OBJECT(text.get()));
    return;
  }
  Owned<GMimeMultipart> alternatives{g_mime_multipart_new_with_subtype("alternative")};
  write_type(alternatives.get(), "differences=Content-Type", draft.alternatives_boundary);
  for (const TextPart& text : draft.texts) {
    g_mime_multipart_add(alternatives.get(), GMIME_OBJECT(text_part(text).get()));
  }
  g_mime_multipart_add(report, GMIME_OBJECT(alternatives.get()));
}

void add_returned(GMimeMultipart* report, const Draft& draft, GMimeMessage* original, const std::string& headers) {
  Owned<GMimeObject> returned;
  if (draft.returned == Returned::message) {
    returned.reset(GMIME_OBJECT(g_mime_message_part_new_with_message("rfc822", original)));
  } else {
    returned.reset(GMIME_OBJECT(part("text", "rfc822-headers", headers).release()));
  }
  describe(returned.get(), draft.returned_description);
  g_mime_multipart_add(report, returned.get());
}

// The report's own headers stand on the multipart itself: GMime keeps their order there.
Owned<GMimeMultipart> multipart(const Draft& draft) {
  Owned<GMimeMultipart> report{g_mime_multipart_new_with_subtype("report")};
  GMimeObject* object = GMIME_OBJECT(report.get());
  g_mime_header_list_clear(g_mime_object_get_header_list(object));
  for (const Header& header : draft.before_type) append(object, header);
  g_mime_object_append_header(object, "Content-Type", "multipart/report", nullptr);
  write_type(report.get(), "report-type=delivery-status", draft.boundary);
  for (const Header& header : draft.after_type) append(object, header);
  if (!draft.prologue.empty()) g_mime_multipart_set_prologue(report.get(), draft.prologue.c_str());
  return report;
}

std::string with_crlf(std::string_view text) {
  std::string octets;
  octets.reserve(text.size() + text.size() / 32);
  for (char c : text) {
    if (c == '\n') octets += '\r';
    octets += c;
  }
  return octets;
}

Draft draft_of(const mail::Report& report, ReportShape shape, const std::string& original_headers) {
  switch (shape) {
    case ReportShape::windows_smtp:
      return windows_smtp_draft(report);
    case ReportShape::exchange_2007:
      return exchange_2007_draft(report, original_headers);
    case ReportShape::exchange_2003:
      return exchange_2003_draft(report);
    case ReportShape::x400_report:
      return x400_report_draft(report);
    case ReportShape::postfix:
      return postfix_draft(report);
    case ReportShape::rfc3464:
      break;
  }
  return rfc3464_draft(report);
}

}  // namespace

std::string make_dsn(const mail::Report& report, ReportShape shape) {
  assert(!report.original.sender.empty() && !report.recipients.empty());
  start_gmime();
  mail::Report cleaned = report;
  const std::string& subject = report.original.subject;
  cleaned.original.subject = Text{g_utf8_make_valid(subject.data(), static_cast<gssize>(subject.size()))}.get();
  cleaned = clean(std::move(cleaned));

  Owned<GMimeMessage> original = original_message(cleaned.original);
  std::string headers = Text{g_mime_object_get_headers(GMIME_OBJECT(original.get()), nullptr)}.get();
  Draft draft = draft_of(cleaned, shape, headers);

  Owned<GMimeMultipart> message = multipart(draft);
  add_texts(message.get(), draft);
  Owned<GMimePart> status = part("message", "delivery-status", draft.status);
  describe(GMIME_OBJECT(status.get()), draft.status_description);
  g_mime_multipart_add(message.get(), GMIME_OBJECT(status.get()));
  add_returned(message.get(), draft, original.get(), headers);
  return with_crlf(Text{g_mime_object_to_string(GMIME_OBJECT(message.get()), nullptr)}.get());
}

}  // namespace deadletter::content
