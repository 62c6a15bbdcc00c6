#include "experiments/run/mailbox.h"

#include <algorithm>

namespace deadletter::experiments {

using content::ObjectKind;

content::Message* Mailbox::meeting(const std::string& key) {
  auto found = calendar_.find(key);
  return found == calendar_.end() ? nullptr : &found->second;
}

const MailboxItem* Mailbox::find(std::uint32_t mail) const {
  auto found = std::ranges::find(items_, mail, &MailboxItem::mail);
  return found == items_.end() ? nullptr : &*found;
}

Mailbox::Taken Mailbox::take(MailboxItem item, content::FileTime now, const client::ClientBehaviour& behaviour) {
  Taken taken;
  items_.push_back(std::move(item));
  const content::Message& message = items_.back().message;
  std::string key = client::meeting_key(message);
  if (items_.back().failed || key.empty()) return taken;
  content::Message* known = meeting(key);
  switch (content::object_kind(message.message_class())) {
    case ObjectKind::request:
    case ObjectKind::cancellation:
      if (known == nullptr)
        calendar_[key] = client::take_request(message);
      else
        client::take_update(*known, message);
      return taken;
    case ObjectKind::response: {
      if (known == nullptr) return taken;
      client::Taken response = client::take_response(*known, message, now, behaviour);
      return {std::move(response.lineage), response.blame};
    }
    default:
      return taken;
  }
}

client::Shown Mailbox::shown(const MailboxItem& item, content::FileTime received,
                             const client::ClientBehaviour& behaviour) const {
  auto found = calendar_.find(client::meeting_key(item.message));
  bool response = content::object_kind(item.message.message_class()) == ObjectKind::response;
  if (!response || found == calendar_.end()) return {};
  return client::response_shown(found->second, item.message, received, behaviour);
}

}  // namespace deadletter::experiments
