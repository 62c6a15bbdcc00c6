// Where the queues of an organization keep their mail and their sessions. What one queue is done with another takes up
// while it is still at hand: mail that only passes through stays in little memory, and a queue that holds nothing takes
// no room for any.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "models/transport/entry.h"
#include "models/transport/few.h"
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
    EntryId id{take_place(entries_, free_entry_, &Entry::serial)};
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

  SessionId take_session() { return {take_place(sessions_, free_session_, &QueueSession::host)}; }
  void give_back(SessionId id) {
    QueueSession& session = (*this)[id];
    session.messages = 0;
    session.refused.clear(), session.gone.clear(), session.surplus.clear();
    session.host = std::exchange(free_session_, id.value);
  }
  QueueSession& operator[](SessionId id) { return sessions_[id.value]; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // The one that was given back last, or a new one. `next` is where a free one says which comes after it.
  template <class List, class Item>
  static std::uint32_t take_place(List& list, std::uint32_t& free, std::uint32_t Item::*next) {
    if (free != kNone) return std::exchange(free, list[free].*next);
    list.emplace_back();
    return static_cast<std::uint32_t>(list.size() - 1);
  }

  sim::Chunks<Entry> entries_;  // they stay where they are: sessions refer to their recipients
  sim::Chunks<QueueSession, 256> sessions_;
  std::uint32_t free_entry_ = kNone, free_session_ = kNone;  // the first ones; a free entry's serial is the next
};

}  // namespace deadletter::transport
