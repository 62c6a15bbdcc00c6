// A link queue: the mail of one server for one next hop, its sessions, retries, delay notices and expiry.
//
// Wakes are not cancelled: one that comes when what it was for is settled changes nothing.
//
// No I/O: methods take what happened and append actions. A queue is Ready, or in Retry because its hosts could not be
// reached; a message may wait by itself because it failed while the host was well. Messages are sent in the order in
// which they came, whatever order they failed in. Delay notice and expiry are timers of their own, armed when a message
// first has to wait; a message in a session is judged when the session is done with it. What the queue waits for keeps
// the articles that made it wait, and every message held up by it inherits them.
//
// NOT MODELLED: Frozen and Scheduled states, priorities.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/smtp/client.h"
#include "models/transport/behaviour.h"
#include "models/transport/entry.h"
#include "models/transport/line.h"
#include "sim/chunks.h"

namespace deadletter::transport {

using SessionId = sim::Id<struct QueueSessionTag>;

struct ReportedRecipient {
  mail::RecipientId recipient{};
  mail::AddressId address{};
  mail::Status status{};
  std::string words{};  // of the peer, empty when it said nothing
};

struct QueueAction {
  enum class Kind : std::uint8_t {
    open,        // a session to hosts()[host], for the entry
    wake,        // call woke(entry, why) at `at`
    wake_queue,  // call retry_due() at `at`
    delivered,   // recipient handed over
    deferred,    // the attempt failed for a while; `at` is the next one
    returned,    // `reported` come back to the sender
    delayed,     // `reported` are still being tried, until `at`: a delay notice is due
    split,       // `entry` holds recipients of another entry's message now
    finished     // the entry is gone
  };
  enum class Wake : std::uint8_t { retry, delay_notice, expiry };
  Kind kind;
  EntryId entry{};
  mail::MessageId message{};  // delivered, returned, delayed, finished
  SessionId session{};
  std::uint32_t host = 0;
  Wake why = Wake::retry;
  Instant at{};
  ReturnReason reason = ReturnReason::refused;
  mail::RecipientId recipient{};
  std::vector<ReportedRecipient> reported{};
  Blame blame{};
  ContentId content{};  // returned, delayed: what the entry holds
};

class LinkQueue {
 public:
  using Actions = std::vector<QueueAction>;
  enum class State : std::uint8_t { ready, active, retry };

  LinkQueue() = default;  // to be assigned before it is used
  // `hosts`: how many hosts the next hop has, in order of preference; 0: there is no next hop, mail only waits.
  LinkQueue(const QueueBehaviour& queue, const TransportBehaviour& transport, std::uint32_t hosts)
      : queue_(&queue), transport_(&transport), hosts_(hosts) {}

  // Mail of other priorities lives longer or shorter than transport.lifetime.
  void set_lifetimes(Duration urgent, Duration non_urgent) { lifetimes_ = {Duration{}, non_urgent, urgent}; }

  void enqueue(Entry&& entry, Instant now, Actions& out);
  // What a session says; `session` is the one of an `open` action.
  void recipient_ended(SessionId session, std::uint32_t recipient, smtp::RecipientEnd end, const smtp::Outcome& outcome,
                       Blame blame, Actions& out);
  void concluded(SessionId session, const smtp::Outcome& outcome, Blame blame, Instant now, Actions& out);
  // The session never begins, because the next hop's hosts cannot be found: none of them is tried.
  void no_host(SessionId session, const smtp::Outcome& outcome, Blame blame, Instant now, Actions& out);
  // The session wants another message; nothing when it has had its share or none is ready.
  std::optional<EntryId> next(SessionId session);
  void session_closed(SessionId session, Instant now, Actions& out);
  void woke(EntryId entry, QueueAction::Wake why, Instant now, Actions& out);
  void retry_due(Instant now, Actions& out);
  // What waits for is over: a queue in Retry tries at once.
  void hurry(Instant now, Actions& out);
  // The service has stopped: nothing is opened until restart().
  void stop() { stopped_ = true; }
  // The service has started: every message is tried at once, whatever it waited for.
  void restart(Instant now, Actions& out);
  // Takes out mail that is in no session, to be sent another way.
  std::vector<EntryId> waiting() const;
  Entry withdraw(EntryId entry);

  // Its content has been looked at for this attempt: it is so large, and these articles had a hand in it.
  void opened(EntryId entry, std::uint32_t size, Blame blame);
  smtp::Offer offer(EntryId entry) const;
  const Entry& entry(EntryId id) const { return entries_[id.value]; }
  bool has_slot(std::uint32_t slot) const { return slot < entries_.size(); }
  bool live(EntryId id) const { return entries_[id.value].message.valid(); }
  State state() const;
  // In Retry, and past the short retries that a glitch is given.
  bool past_glitch() const { return in_retry_ && climb_.steps > 0; }
  std::size_t size() const { return live_; }
  Instant retry_at() const { return retry_at_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // A slot: one session after another uses it and the memory of its lists.
  struct Session {
    EntryId entry{};
    std::uint32_t host = 0;                // closed: the next free slot
    std::uint32_t messages = 0;            // 0 = closed
    Few<std::uint32_t> gone{}, surplus{};  // indices into the entry's recipients
    std::vector<ReportedRecipient> refused{};
  };

  void start_sessions(Instant now, Actions& out);
  void open_session(EntryId entry, std::uint32_t host, Actions& out);
  Instant end_of(const Entry& entry) const;
  std::size_t most_sessions() const;
  void return_all(EntryId id, ReturnReason reason, Actions& out);
  void return_everything(ReturnReason reason, Blame cause, Actions& out);
  void wait_alone(EntryId id, Instant now, Actions& out);
  void wait_with_queue(EntryId id, Blame cause, Instant now, const smtp::Outcome& outcome, Actions& out);
  void wait_in_line(EntryId id, Instant now, Actions& out);
  void back_in_line(EntryId id);
  void retry_at(Instant at, Blame cause, Actions& out);
  void inherit_retry_blame(Entry& entry);
  void arm_timers(EntryId id, Instant now, Actions& out);
  bool expired(EntryId id, Instant now) const;
  void expire(EntryId id, Actions& out);
  void give_back_rest(Session& session, const smtp::Outcome& outcome, Actions& out);
  void settle_refused(Session& session, Actions& out);
  // Who is left of an entry after an attempt: only the surplus of this attempt, or some who have to wait.
  enum class Left : std::uint8_t { nobody, surplus, deferred };
  Left drop_gone(Session& session, Instant now, Actions& out);
  void take_out_of_line(EntryId id);
  std::shared_ptr<const std::string> shared(std::string_view words);
  Entry take_surplus(Session& session);
  void finish(EntryId id, Actions& out);
  mail::Status report_status(ReturnReason reason, Entry& entry) const;
  EntryId take_entry();
  void give_back(EntryId id);
  SessionId take_session();
  Session& session(SessionId id) { return sessions_[id.value]; }

  const QueueBehaviour* queue_ = nullptr;
  const TransportBehaviour* transport_ = nullptr;
  std::uint32_t hosts_ = 0;
  std::uint32_t free_entry_ = kNone, free_session_ = kNone;  // the first ones; a free entry's serial is the next
  std::uint32_t enqueued_ = 0;
  std::size_t live_ = 0, open_sessions_ = 0;
  sim::Chunks<Entry, 8> entries_;  // they stay where they are: sessions refer to their recipients
  Line ready_, problem_;
  std::vector<Session> sessions_;
  std::shared_ptr<const std::string> words_;  // that a peer said last
  Climb climb_{};
  std::array<Duration, 3> lifetimes_{};  // by priority; 0 = as any other
  std::uint64_t host_failures_ = 0;      // since the host was last well
  bool in_retry_ = false, host_well_ = true, stopped_ = false;
  Instant retry_at_{};
  Blame retry_blame_{};  // while in_retry_: the articles because of which the queue waits
};

}  // namespace deadletter::transport
