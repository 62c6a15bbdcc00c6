// Where the queues of an organization keep their mail and their sessions. What one queue is done with another takes up
// while it is still at hand: mail that only passes through stays in little memory, and a queue that holds nothing takes
// no room for any.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "models/transport/entry.h"
#include "models/transport/queue_action.h"
#include "sim/chunks.h"

namespace deadletter::transport {

// One session after another uses it and the memory of its lists.
struct QueueSession {
  EntryId entry{};
  std::uint32_t host = 0;                // closed: the next free one
  std::uint32_t messages = 0;            // 0 = closed
  Few<std::uint32_t> gone{}, surplus{};  // indices into the entry's recipients
  std::vector<ReportedRecipient> refused{};
};

class Pool {
 public:
  // An entry has the number of its queue, its owner.
  EntryId take(Entry&& entry, std::uint32_t owner) {
    EntryId id{free_entry_};
    if (id.valid()) {
      free_entry_ = (*this)[id].serial;
    } else {
      id = {static_cast<std::uint32_t>(entries_.size())};
      entries_.emplace_back();
    }
    (*this)[id] = std::move(entry);
    (*this)[id].owner = owner;
    return id;
  }
  void give_back(EntryId id) {
    (*this)[id] = Entry{};
    (*this)[id].serial = std::exchange(free_entry_, id.value);
  }
  Entry& operator[](EntryId id) { return entries_[id.value]; }
  const Entry& operator[](EntryId id) const { return entries_[id.value]; }
  // Those in use, whose message is valid, and free ones.
  std::size_t size() const { return entries_.size(); }

  SessionId take_session() {
    SessionId id{free_session_};
    if (id.valid()) {
      free_session_ = (*this)[id].host;
    } else {
      id = {static_cast<std::uint32_t>(sessions_.size())};
      sessions_.emplace_back();
    }
    return id;
  }
  void give_back(SessionId id) {
    QueueSession& session = (*this)[id];
    session.messages = 0;
    session.refused.clear(), session.gone.clear(), session.surplus.clear();
    session.host = std::exchange(free_session_, id.value);
  }
  QueueSession& operator[](SessionId id) { return sessions_[id.value]; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  sim::Chunks<Entry> entries_;  // they stay where they are: sessions refer to their recipients
  sim::Chunks<QueueSession, 256> sessions_;
  std::uint32_t free_entry_ = kNone, free_session_ = kNone;  // the first ones; a free entry's serial is the next
};

}  // namespace deadletter::transport
