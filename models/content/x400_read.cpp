// From an MTS-APDU to an X400Message. What check_ber has passed is read without recursion; fields that are not known
// are passed over, fields that must be there are missed.
#include <algorithm>

#include "models/content/or_address.h"
#include "models/content/p22.h"
#include "models/content/x400_tags.h"

namespace deadletter::content {
namespace {

using namespace x400;
using ber::BerReader;
using ber::Element;

class MessageReader {
 public:
  explicit MessageReader(std::string_view octets) : octets_(octets) {}

  ReadX400 read() {
    std::optional<Element> apdu = BerReader(octets_).next(kMessage);
    if (!apdu) return {std::nullopt, "a probe, a report or something else: no message", 0};
    BerReader parts(*apdu);
    std::optional<Element> envelope = parts.next(ber::kSet), content = parts.next(ber::kOctetString);
    if (!envelope || !content) return {std::nullopt, "envelope or content is missing", at(apdu->content)};
    BerReader fields(*envelope);
    while (auto field = fields.next()) read_field(*field);
    if (reason_ == nullptr) reason_ = missing();
    if (reason_ != nullptr) return {std::nullopt, reason_, offset_};
    message_.content = ber::octets(*content);
    message_.trace = std::move(domains_);
    std::ranges::move(mtas_, std::back_inserter(message_.trace));
    return {std::move(message_), "", 0};
  }

 private:
  std::size_t at(std::string_view part) const { return static_cast<std::size_t>(part.data() - octets_.data()); }

  void fail(const Element& where, const char* reason) {
    if (reason_ == nullptr) reason_ = reason, offset_ = at(where.whole);
  }

  const char* missing() const {
    if (!has_id_) return "a message identifier is missing";
    if (!has_originator_) return "an originator is missing";
    return has_type_ ? nullptr : "a content type is missing";
  }

  std::int32_t number(const Element& e, std::int32_t least, std::int32_t most) {
    std::optional<std::int32_t> value = ber::integer(e);
    if (!value || *value < least || *value > most) fail(e, "a number is out of its range");
    return value.value_or(0);
  }

  void read_field(const Element& e) {
    if (e.tag == kMtsId) {
      message_.mts_id = mts_id(e), has_id_ = true;
    } else if (e.tag == kOrName) {
      message_.originator = read_or_name(e), has_originator_ = true;
    } else if (e.tag == kContentType) {
      message_.content_type = number(e, 0, 0x7fffffff), has_type_ = true;
      message_.content_oid.clear();
    } else if (e.tag == ber::kObjectId) {
      message_.content_type = kContentExternal, has_type_ = true;
      message_.content_oid = object_id(e);
    } else if (e.tag == kPriority) {
      message_.priority = static_cast<X400Priority>(number(e, 0, 2));
    } else if (e.tag == kTrace) {
      read_steps(e);
    } else if (e.tag == kRecipients) {
      BerReader list(e);
      while (auto one = list.next()) read_recipient(*one);
    } else if (e.tag == kExtensions) {
      BerReader list(e);
      while (auto one = list.next()) read_extension(*one);
    }
  }

  std::string object_id(const Element& e) {
    std::optional<std::string> dotted = ber::oid(e);
    if (!dotted) fail(e, "an object identifier is malformed");
    return dotted.value_or("");
  }

  static std::string mts_id(const Element& e) {
    BerReader parts(e);
    std::string domain, local;
    if (auto first = parts.next(kDomain)) domain = read_domain(*first);
    if (auto second = parts.next()) local = ber::octets(*second);
    return domain.empty() ? local : domain + ";l=" + local;
  }

  void read_recipient(const Element& e) {
    X400Recipient recipient{"", false};
    BerReader fields(e);
    while (auto field = fields.next()) {
      if (field->tag == kOrName) recipient.address = read_or_name(*field);
      if (field->tag == kRecipientIndicators) recipient.responsible = (ber::first_bits(*field) & kResponsible) != 0;
    }
    message_.recipients.push_back(std::move(recipient));
  }

  // Both lists: a domain, in the inner one the MTA's name, then when and what.
  void read_steps(const Element& e) {
    BerReader list(e);
    while (auto one = list.next()) {
      X400Trace step;
      BerReader parts(*one);
      if (auto domain = parts.next(kDomain)) step.domain = read_domain(*domain);
      if (auto mta = parts.next(ber::kIa5String)) step.mta = ber::octets(*mta);
      if (auto supplied = parts.next(ber::kSet)) read_supplied(*supplied, step);
      (step.mta.empty() ? domains_ : mtas_).push_back(std::move(step));
    }
  }

  void read_supplied(const Element& e, X400Trace& step) {
    BerReader fields(e);
    while (auto field = fields.next()) {
      if (field->tag == kAction) step.action = static_cast<std::uint8_t>(number(*field, 0, 255));
      if (field->tag != kArrival) continue;
      std::optional<std::int64_t> time = ber::unix_time(*field);
      if (!time) fail(*field, "a time is none");
      step.unix_s = time.value_or(0);
    }
  }

  void read_extension(const Element& e) {
    X400Extension extension;
    BerReader parts(e);
    std::optional<Element> standard = parts.next(kStandardExtension), other = parts.next(kPrivateExtension);
    if (standard) extension.type = number(*standard, 0, 0x7fffffff);
    if (!standard && other) extension.oid = object_id(*other);
    if (!standard && !other) fail(e, "an extension has no type");
    if (auto critical = parts.next(kCriticality)) extension.critical = ber::first_bits(*critical) != 0;
    std::optional<Element> value = parts.next(kExtensionValue);
    std::optional<Element> inside = value ? BerReader(*value).next() : std::nullopt;
    if (inside) extension.value = inside->whole;
    if (!standard || extension.type != kInternalTrace)
      message_.extensions.push_back(std::move(extension));
    else if (inside)
      read_steps(*inside);
  }

  std::string_view octets_;
  X400Message message_;
  std::vector<X400Trace> domains_, mtas_;
  bool has_id_ = false, has_originator_ = false, has_type_ = false;
  const char* reason_ = nullptr;
  std::size_t offset_ = 0;
};

}  // namespace

ReadX400 read_x400(std::string_view octets, std::size_t depth_limit) {
  if (auto problem = ber::check_ber(octets, depth_limit)) return {std::nullopt, problem->reason, problem->offset};
  return MessageReader(octets).read();
}

}  // namespace deadletter::content
