// From an InformationObject to an InterpersonalMessage.
#include "models/content/or_address.h"
#include "models/content/p22.h"
#include "models/content/x400_tags.h"

namespace deadletter::content {
namespace {

using namespace x400;
using ber::BerReader;
using ber::Element;

// The formal name, or the free form where there is no other.
std::string descriptor(const Element& e) {
  std::string free_form;
  BerReader fields(e);
  while (auto field = fields.next()) {
    if (field->tag == kOrName) return read_or_name(*field);
    if (field->tag == kFreeFormName) free_form = ber::octets(*field);
  }
  return free_form;
}

std::vector<std::string> recipients(const Element& e) {
  std::vector<std::string> addresses;
  BerReader list(e);
  while (auto one = list.next()) {
    std::optional<Element> who = BerReader(*one).next(kDescriptor);
    addresses.push_back(who ? descriptor(*who) : "");
  }
  return addresses;
}

// The identifier proper, without the user before it.
std::string identifier(const Element& e) {
  std::string id;
  BerReader fields(e);
  while (auto field = fields.next())
    if (field->tag != kOrName) id = ber::octets(*field);
  return id;
}

// False when a value is none.
bool read_heading(const Element& e, InterpersonalMessage& m) {
  if (e.tag == kThisIpm) m.id = identifier(e);
  if (e.tag == kOriginator) m.originator = descriptor(e);
  if (e.tag == kPrimary) m.to = recipients(e);
  if (e.tag == kCopy) m.cc = recipients(e);
  if (e.tag == kSubject) m.subject = ber::octets(e);
  if (e.tag != kImportance) return true;
  std::optional<std::int32_t> importance = ber::integer(e);
  m.importance = importance.value_or(1);
  return importance.has_value();
}

// A part of parameters and data, the latter.
std::optional<Element> data_of(const Element& e) {
  BerReader parts(e);
  parts.next(ber::kSet);
  return parts.next();
}

std::optional<BodyPart> extended(const Element& e) {
  BerReader parts(e);
  parts.next(context(0));  // parameters
  std::optional<Element> external = parts.next(ber::kExternal);
  if (!external) return std::nullopt;
  BodyPart part{BodyPart::Kind::external};
  BerReader fields(*external);
  while (auto field = fields.next()) {
    if (field->tag == ber::kObjectId) part.oid = ber::oid(*field).value_or("");
    if (field->tag == kOctetAligned) part.octets = ber::octets(*field);
    if (field->tag == kSingleType) part.octets = field->content;
  }
  return part;
}

std::optional<BodyPart> body_part(const Element& e) {
  if (e.tag == kExtended) return extended(e);
  if (e.tag == kBilateral) return BodyPart{BodyPart::Kind::bilaterally_defined, "", ber::octets(e)};
  if (e.tag != kIa5Text && e.tag != kForwarded) return std::nullopt;
  std::optional<Element> data = data_of(e);
  if (!data) return std::nullopt;
  if (e.tag == kIa5Text) return BodyPart{BodyPart::Kind::ia5_text, "", ber::octets(*data)};
  if (data->tag != ber::kSequence || !data->constructed) return std::nullopt;
  return BodyPart{BodyPart::Kind::message, "", ber::constructed(kIpm, data->content)};
}

}  // namespace

ReadP22 read_p22(std::string_view octets, std::size_t depth_limit) {
  if (auto problem = ber::check_ber(octets, depth_limit)) return {std::nullopt, problem->reason, problem->offset};
  std::optional<Element> object = BerReader(octets).next(kIpm);
  if (!object) return {std::nullopt, "a notification or something else: no message", 0};
  BerReader parts(*object);
  std::optional<Element> heading = parts.next(ber::kSet), body = parts.next(ber::kSequence);
  auto at = [&](std::string_view part) { return static_cast<std::size_t>(part.data() - octets.data()); };
  if (!heading || !body) return {std::nullopt, "heading or body is missing", at(object->content)};
  InterpersonalMessage message;
  BerReader fields(*heading), list(*body);
  while (auto field = fields.next())
    if (!read_heading(*field, message)) return {std::nullopt, "an importance is no number", at(field->whole)};
  while (auto one = list.next())
    if (auto part = body_part(*one)) message.parts.push_back(std::move(*part));
  return {std::move(message), "", 0};
}

}  // namespace deadletter::content
