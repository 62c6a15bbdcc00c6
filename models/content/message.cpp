#include "models/content/message.h"

#include <algorithm>

namespace deadletter::content {
namespace {

bool same_without_case(const std::string& a, const std::string& b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

template <class E>
E enumerator(const Properties& properties, Tag tag, E otherwise) {
  const std::int32_t* value = properties.get<std::int32_t>(tag);
  return value == nullptr ? otherwise : static_cast<E>(*value);
}

}  // namespace

RecipientType Row::type() const { return enumerator(properties, tag::kRecipientType, RecipientType::to); }

TrackStatus Row::track_status() const { return enumerator(properties, tag::kTrackStatus, TrackStatus::none); }

Row make_row(const std::string& address, const std::string& name, RecipientType type) {
  Row row;
  row.properties.set(tag::kSmtpAddress, address);
  row.properties.set(tag::kDisplayName, name.empty() ? address : name);
  row.properties.set(tag::kRecipientType, static_cast<std::int32_t>(type));
  return row;
}

bool operator==(const Attachment& a, const Attachment& b) {
  bool both = a.embedded != nullptr && b.embedded != nullptr;
  return a.properties == b.properties && (a.embedded == b.embedded || (both && *a.embedded == *b.embedded));
}

Row* Message::find_recipient(const std::string& address) {
  auto at = std::ranges::find_if(recipients, [&](const Row& r) { return same_without_case(r.address(), address); });
  return at == recipients.end() ? nullptr : &*at;
}

const Row* Message::find_recipient(const std::string& address) const {
  return const_cast<Message*>(this)->find_recipient(address);
}

std::size_t nesting(const Message& message) {
  std::size_t deepest = 0;
  for (const Attachment& a : message.attachments)
    if (a.embedded != nullptr) deepest = std::max(deepest, nesting(*a.embedded));
  return deepest + 1;
}

}  // namespace deadletter::content
