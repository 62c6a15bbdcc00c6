// A mailbox as its owner's client keeps it: what has come, and a calendar.
//
// The client takes meeting objects as soon as they are in the mailbox [assumed; cached mode comes later].
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/plan.h"
#include "models/client/meetings.h"
#include "models/content/content.h"

namespace deadletter::experiments {

struct MailboxItem {
  std::uint32_t mail = 0;  // index into the plan's mail
  sim::Instant received{};
  content::Message message;                    // as the client sees it
  std::optional<content::ErrorCode> failed{};  // it cannot be opened
  std::shared_ptr<const content::Content> content;
};

class Mailbox {
 public:
  struct Taken {
    content::Lineage lineage;
    Blame blame;
  };
  // What the client does with something that has come.
  Taken take(MailboxItem item, content::FileTime now, const client::ClientBehaviour& behaviour);

  // A meeting that the owner calls.
  void put(content::Message item) { calendar_[client::meeting_key(item)] = std::move(item); }
  content::Message* meeting(const std::string& key);
  const std::map<std::string, content::Message>& calendar() const { return calendar_; }
  const std::vector<MailboxItem>& items() const { return items_; }
  const MailboxItem* find(std::uint32_t mail) const;

  // What the owner reads above an item.
  client::Shown shown(const MailboxItem& item, content::FileTime received,
                      const client::ClientBehaviour& behaviour) const;

 private:
  std::vector<MailboxItem> items_;
  std::map<std::string, content::Message> calendar_;  // by meeting_key()
};

}  // namespace deadletter::experiments
