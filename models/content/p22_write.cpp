// From an InterpersonalMessage to an InformationObject: [0] { heading, body }.
#include <algorithm>

#include "models/content/or_address.h"
#include "models/content/p22.h"
#include "models/content/x400_tags.h"

namespace deadletter::content {
namespace {

using namespace x400;
using ber::constructed;
using ber::primitive;

constexpr std::size_t kDepthOfForwarded = 64;

bool ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

// In the type that the field asks for, when that holds it.
std::string text(ber::Tag type, std::string_view utf8) {
  return primitive(ascii(utf8) ? type : ber::kUtf8String, utf8);
}

// ORDescriptor, with a formal name only.
std::string descriptor(std::string_view address, ber::Tag tag) { return constructed(tag, write_or_name(address)); }

std::string recipients(const std::vector<std::string>& addresses, ber::Tag tag) {
  std::string list;
  for (const std::string& a : addresses) list += constructed(ber::kSet, descriptor(a, kDescriptor));
  return list.empty() ? list : constructed(tag, list);
}

std::string heading(const InterpersonalMessage& m) {
  std::string out = constructed(kThisIpm, text(ber::kPrintableString, m.id));
  if (!m.originator.empty()) out += descriptor(m.originator, kOriginator);
  out += recipients(m.to, kPrimary) + recipients(m.cc, kCopy);
  if (!m.subject.empty()) out += constructed(kSubject, text(ber::kTeletexString, m.subject));
  if (m.importance != 1) out += ber::integer(m.importance, kImportance);
  return constructed(ber::kSet, out);
}

// Forwarded without the tag that says it is a message, for here nothing else can be.
std::optional<std::string> forwarded(const std::string& octets) {
  if (ber::check_ber(octets, kDepthOfForwarded)) return std::nullopt;
  std::optional<ber::Element> object = ber::BerReader(octets).next(kIpm);
  if (!object || !object->constructed) return std::nullopt;
  return constructed(kForwarded, constructed(ber::kSet, "") + constructed(ber::kSequence, object->content));
}

std::string external(const BodyPart& part) {
  std::string data = ber::oid(part.oid).value_or("") + primitive(kOctetAligned, part.octets);
  return constructed(kExtended, constructed(ber::kExternal, data));
}

std::string body_part(const BodyPart& part) {
  switch (part.kind) {
    case BodyPart::Kind::ia5_text:
      return constructed(kIa5Text, constructed(ber::kSet, "") + text(ber::kIa5String, part.octets));
    case BodyPart::Kind::external:
      return external(part);
    case BodyPart::Kind::message:
      if (auto whole = forwarded(part.octets)) return *whole;
      break;
    case BodyPart::Kind::bilaterally_defined:
      break;
  }
  return primitive(kBilateral, part.octets);
}

}  // namespace

std::string write_p22(const InterpersonalMessage& message) {
  std::string body;
  for (const BodyPart& part : message.parts) body += body_part(part);
  return constructed(kIpm, heading(message) + constructed(ber::kSequence, body));
}

}  // namespace deadletter::content
