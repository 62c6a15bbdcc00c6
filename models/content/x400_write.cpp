// From an X400Message to an MTS-APDU: [0] { envelope, content }.
#include "models/content/or_address.h"
#include "models/content/p22.h"
#include "models/content/x400_tags.h"

namespace deadletter::content {
namespace {

using namespace x400;
using ber::constructed;
using ber::primitive;

constexpr std::size_t kDepthOfValues = 64;

// "c=us;a= ;p=contoso;l=local"; an identifier without a domain is all local.
std::string mts_id(std::string_view id) {
  std::size_t local = id.find(";l=");
  std::string_view domain = local == id.npos ? std::string_view() : id.substr(0, local);
  bool whole = domain.starts_with("c=");
  if (whole) {
    std::string written = write_domain(domain);
    whole = read_domain(*ber::BerReader(written).next()) == domain;
  }
  return constructed(kMtsId,
                     write_domain(whole ? domain : "") + primitive(ber::kIa5String, whole ? id.substr(local + 3) : id));
}

std::string recipient(const X400Recipient& r, std::int32_t number) {
  auto indicators = static_cast<std::uint8_t>((r.responsible ? kResponsible : 0) | kTellOfFailure);
  return constructed(ber::kSet, write_or_name(r.address) + ber::integer(number, kRecipientNumber) +
                                    ber::bits(indicators, kRecipientIndicators));
}

std::string supplied(const X400Trace& step) {
  return constructed(ber::kSet, ber::time(step.unix_s, kArrival) + ber::integer(step.action, kAction));
}

std::string extension(const std::string& type, bool critical, std::string_view value) {
  std::string out = type;
  if (critical) out += ber::bits(kCritical, kCriticality);
  if (!value.empty()) out += constructed(kExtensionValue, value);
  return constructed(ber::kSequence, out);
}

std::string extension(const X400Extension& e) {
  std::string type = ber::integer(e.type, kStandardExtension);
  if (auto oid = ber::oid(e.oid)) type = primitive(kPrivateExtension, ber::BerReader(*oid).next()->content);
  bool element = e.value.empty() || !ber::check_ber(e.value, kDepthOfValues);
  return extension(type, e.critical, element ? e.value : primitive(ber::kOctetString, e.value));
}

std::string extensions(const X400Message& m) {
  std::string out, internal;
  for (const X400Extension& e : m.extensions) out += extension(e);
  for (const X400Trace& step : m.trace)
    if (!step.mta.empty())
      internal += constructed(ber::kSequence,
                              write_domain(step.domain) + primitive(ber::kIa5String, step.mta) + supplied(step));
  if (!internal.empty())
    out += extension(ber::integer(kInternalTrace, kStandardExtension), false, constructed(ber::kSequence, internal));
  return out;
}

std::string envelope(const X400Message& m) {
  std::string out = mts_id(m.mts_id) + write_or_name(m.originator);
  std::optional<std::string> oid = ber::oid(m.content_oid);
  out += oid ? *oid : ber::integer(m.content_type, kContentType);
  if (m.priority != X400Priority::normal) out += ber::integer(static_cast<std::int32_t>(m.priority), kPriority);
  std::string trace, recipients;
  for (const X400Trace& step : m.trace)
    if (step.mta.empty()) trace += constructed(ber::kSequence, write_domain(step.domain) + supplied(step));
  out += constructed(kTrace, trace);
  std::int32_t number = 0;
  for (const X400Recipient& r : m.recipients) recipients += recipient(r, ++number);
  out += constructed(kRecipients, recipients);
  std::string more = extensions(m);
  if (!more.empty()) out += constructed(kExtensions, more);
  return constructed(ber::kSet, out);
}

}  // namespace

std::string write_x400(const X400Message& message) {
  return constructed(kMessage, envelope(message) + primitive(ber::kOctetString, message.content));
}

}  // namespace deadletter::content
