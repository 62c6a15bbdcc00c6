#include "models/content/property.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::content {
namespace {

using namespace tag;

constexpr TagInfo kKnown[] = {
    {kImportance, Type::integer, "PR_IMPORTANCE"},
    {kMessageClass, Type::text, "PR_MESSAGE_CLASS"},
    {kSensitivity, Type::integer, "PR_SENSITIVITY"},
    {kSubject, Type::text, "PR_SUBJECT"},
    {kClientSubmitTime, Type::time, "PR_CLIENT_SUBMIT_TIME"},
    {kStartDate, Type::time, "PR_START_DATE"},
    {kEndDate, Type::time, "PR_END_DATE"},
    {kResponseRequested, Type::boolean, "PR_RESPONSE_REQUESTED"},
    {kTnefCorrelator, Type::binary, "PR_TNEF_CORRELATION_KEY"},
    {kRecipientType, Type::integer, "PR_RECIPIENT_TYPE"},
    {kSenderName, Type::text, "PR_SENDER_NAME"},
    {kSenderAddress, Type::text, "PR_SENDER_EMAIL_ADDRESS"},
    {kDeliveryTime, Type::time, "PR_MESSAGE_DELIVERY_TIME"},
    {kMessageFlags, Type::integer, "PR_MESSAGE_FLAGS"},
    {kBody, Type::text, "PR_BODY"},
    {kHtml, Type::binary, "PR_HTML"},
    {kMessageId, Type::text, "PR_INTERNET_MESSAGE_ID"},
    {kDisplayName, Type::text, "PR_DISPLAY_NAME"},
    {kAddressType, Type::text, "PR_ADDRTYPE"},
    {kEmailAddress, Type::text, "PR_EMAIL_ADDRESS"},
    {kAttachData, Type::binary, "PR_ATTACH_DATA_BIN"},
    {kAttachMethod, Type::integer, "PR_ATTACH_METHOD"},
    {kAttachFilename, Type::text, "PR_ATTACH_LONG_FILENAME"},
    {kAttachMimeTag, Type::text, "PR_ATTACH_MIME_TAG"},
    {kSmtpAddress, Type::text, "PR_SMTP_ADDRESS"},
    {kTrackStatusTime, Type::time, "PR_RECIPIENT_TRACKSTATUS_TIME"},
    {kRecipientFlags, Type::integer, "PR_RECIPIENT_FLAGS"},
    {kTrackStatus, Type::integer, "PR_RECIPIENT_TRACKSTATUS"},
    {kAttendeeCriticalChange, Type::time, "PidLidAttendeeCriticalChange"},
    {kWhere, Type::text, "PidLidWhere"},
    {kGlobalObjectId, Type::binary, "PidLidGlobalObjectId"},
    {kOwnerCriticalChange, Type::time, "PidLidOwnerCriticalChange"},
    {kCleanGlobalObjectId, Type::binary, "PidLidCleanGlobalObjectId"},
    {kSequence, Type::integer, "PidLidAppointmentSequence"},
    {kBusyStatus, Type::integer, "PidLidBusyStatus"},
    {kLocation, Type::text, "PidLidLocation"},
    {kApptStartWhole, Type::time, "PidLidAppointmentStartWhole"},
    {kApptEndWhole, Type::time, "PidLidAppointmentEndWhole"},
    {kApptDuration, Type::integer, "PidLidAppointmentDuration"},
    {kAllDay, Type::boolean, "PidLidAppointmentSubType"},
    {kStateFlags, Type::integer, "PidLidAppointmentStateFlags"},
    {kResponseStatus, Type::integer, "PidLidResponseStatus"},
    {kReplyTime, Type::time, "PidLidAppointmentReplyTime"},
    {kIntendedBusyStatus, Type::integer, "PidLidIntendedBusyStatus"},
    {kDisallowCounter, Type::boolean, "PidLidAppointmentNotAllowPropose"},
};
static_assert(std::ranges::is_sorted(kKnown, {}, &TagInfo::tag));

constexpr std::size_t kShown = 60;  // of a long value

std::string shortened(std::string text) {
  if (text.size() <= kShown) return text;
  std::size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;  // not inside a character
  return text.substr(0, cut) + "…";
}

}  // namespace

Type type_of(const Value& value) {
  constexpr Type types[] = {Type::integer, Type::boolean, Type::text, Type::time, Type::binary};
  return types[value.index()];
}

std::string text(const Value& value) {
  struct Texts {
    std::string operator()(std::int32_t n) const { return fmt::format("{}", n); }
    std::string operator()(bool b) const { return b ? "TRUE" : "FALSE"; }
    std::string operator()(const std::string& t) const { return shortened(t); }
    std::string operator()(FileTime t) const { return content::text(t); }
    std::string operator()(const Binary& b) const { return fmt::format("{} octets", b.octets.size()); }
  };
  return std::visit(Texts{}, value);
}

void Properties::set(Tag tag, Value value, Blame blame) {
  auto at = std::ranges::lower_bound(all_, tag, {}, &Property::tag);
  if (at != all_.end() && at->tag == tag)
    *at = {tag, std::move(value), blame};
  else
    all_.insert(at, {tag, std::move(value), blame});
}

void Properties::erase(Tag tag) {
  std::erase_if(all_, [&](const Property& p) { return p.tag == tag; });
}

void Properties::leave_out(Tag tag, Blame blame) {
  if (!blame) return;
  left_out_.emplace_back(tag, blame);
  missing = join(missing, blame);
}

void Properties::leave_out_as(const Properties& other) {
  for (const auto& [tag, blame] : other.left_out_) leave_out(tag, blame);
}

Blame Properties::blame_of_missing(Tag tag) const {
  Blame blame;
  for (const auto& [left_out, articles] : left_out_)
    if (left_out == tag) blame = join(blame, articles);
  return blame;
}

const Property* Properties::find(Tag tag) const {
  auto at = std::ranges::lower_bound(all_, tag, {}, &Property::tag);
  return at != all_.end() && at->tag == tag ? &*at : nullptr;
}

std::span<const TagInfo> known_tags() { return kKnown; }

const TagInfo* find_tag(Tag tag) {
  auto at = std::ranges::lower_bound(kKnown, tag, {}, &TagInfo::tag);
  return at != std::end(kKnown) && at->tag == tag ? &*at : nullptr;
}

const TagInfo* find_tag(std::string_view name) {
  auto at = std::ranges::find_if(kKnown, [&](const TagInfo& info) { return info.name == name; });
  return at == std::end(kKnown) ? nullptr : &*at;
}

std::string name_of(Tag tag) {
  if (const TagInfo* known = find_tag(tag)) return known->name;
  constexpr const char* sets[] = {"", "meeting:", "appointment:", "common:", "internet-headers:"};
  return fmt::format("{}0x{:04x}", sets[static_cast<std::size_t>(tag.set)], tag.id);
}

}  // namespace deadletter::content
