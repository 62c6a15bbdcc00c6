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
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/smtp/client.h"
#include "models/transport/alone.h"
#include "models/transport/behaviour.h"
#include "models/transport/deadlines.h"
#include "models/transport/entry.h"
#include "models/transport/line.h"
#include "models/transport/pool.h"
#include "models/transport/queue_action.h"

namespace deadletter::transport {

class LinkQueue {
 public:
  using Actions = smtp::ActionList<QueueAction>;
  enum class State : std::uint8_t { ready, active, retry };

  LinkQueue() = default;  // to be assigned before it is used
  // `number` is its own in the pool. `hosts`: how many hosts the next hop has, in order of preference; 0: there is no
  // next hop, mail only waits.
  LinkQueue(Pool& pool, std::uint32_t number, const QueueBehaviour& queue, const TransportBehaviour& transport,
            std::uint32_t hosts)
      : queue_(&queue), transport_(&transport), pool_(&pool), number_(number), hosts_(hosts) {}

  // Mail of other priorities lives longer or shorter than transport.lifetime.
  void set_lifetimes(Duration urgent, Duration non_urgent) {
    lifetimes_ = std::make_unique<Lifetimes>(Lifetimes{Duration{}, non_urgent, urgent});
  }

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
  void time_has_come(QueueAction::Wake why, Instant now, Actions& out);
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
  bool more_waiting() const { return in_line() > 0; }
  const Entry& entry(EntryId id) const { return at(id); }
  bool live(EntryId id) const { return at(id).message.valid() && at(id).owner == number_; }
  State state() const;
  // In Retry, and past the short retries that a glitch is given.
  bool past_glitch() const { return in_retry_ && climb_.steps > 0; }
  std::size_t size() const { return live_; }
  Instant retry_at() const { return retry_at_; }

 private:
  using Lifetimes = std::array<Duration, 3>;  // by priority; 0 = as any other
  // What waits; made when something first does.
  struct Waiting {
    Line ready, problem;  // to be sent
    Alone alone;          // not before their own next attempt
    Deadlines notices, ends;
  };

  Entry& at(EntryId id) { return (*pool_)[id]; }
  const Entry& at(EntryId id) const { return (*pool_)[id]; }
  QueueSession& session(SessionId id) { return (*pool_)[id]; }
  Waiting& waits() {
    if (waiting_ == nullptr) waiting_ = std::make_unique<Waiting>();
    return *waiting_;
  }
  std::size_t in_line() const { return waiting_ == nullptr ? 0 : waiting_->ready.size() + waiting_->problem.size(); }
  EntryId take_first();
  void start_sessions(Instant now, Actions& out);
  void open_session(EntryId entry, std::uint32_t host, Actions& out);
  Instant end_of(const Entry& entry) const;
  std::size_t most_sessions(std::size_t waiting) const;
  bool may_start() const { return !in_retry_ && !stopped_ && hosts_ != 0; }
  void returned(const Entry& entry, ReturnReason reason, std::vector<ReportedRecipient> reported, Actions& out);
  void return_all(EntryId id, ReturnReason reason, Actions& out);
  void return_everything(ReturnReason reason, Blame cause, Actions& out);
  void wait_alone(EntryId id, Instant now, Actions& out);
  void wait_with_queue(EntryId id, Blame cause, Instant now, const smtp::Outcome& outcome, Actions& out);
  void wait_in_line(EntryId id, Instant now, Actions& out);
  void back_in_line(EntryId id);
  void put_by_serial(Line& line, EntryId id);
  void take_by_serial(Line& line, EntryId id);
  bool waits_alone(const Alone::Place& place) const;
  void alone_due(Instant now, Actions& out);
  void retry_due(Instant now, Actions& out);
  void no_longer_alone(EntryId id);
  void deferred(EntryId id, Instant until, Instant now, Actions& out);
  void retry_at(Instant when, Blame cause, Actions& out);
  void inherit_retry_blame(Entry& entry);
  void arm_timers(EntryId id, Instant now, Actions& out);
  void await(QueueAction::Wake why, EntryId id, Actions& out);
  void wake_at(QueueAction::Wake why, Instant when, Actions& out);
  Deadlines& deadlines(QueueAction::Wake why);
  Instant& posted(QueueAction::Wake why);
  bool awaits(QueueAction::Wake why, Deadlines::Place place) const;
  Instant time_of(QueueAction::Wake why, EntryId id) const;
  void notify_when_due(EntryId id, Instant now, Actions& out);
  bool expired(EntryId id, Instant now) const;
  void expire(EntryId id, Actions& out);
  void give_back_rest(QueueSession& session, const smtp::Outcome& outcome, Actions& out);
  void settle_refused(QueueSession& session, Actions& out);
  // Who is left of an entry after an attempt: only the surplus of this attempt, or some who have to wait.
  enum class Left : std::uint8_t { nobody, surplus, deferred };
  Left drop_gone(QueueSession& session, Instant now, Actions& out);
  void take_out_of_line(EntryId id);
  boost::intrusive_ptr<const Heard> shared(std::uint16_t code, mail::Status status, std::string_view words);
  Entry take_surplus(QueueSession& session);
  void finish(EntryId id, Actions& out);
  mail::Status report_status(ReturnReason reason, Entry& entry) const;
  EntryId take_in(Entry&& entry);
  void give_back(EntryId id);

  const QueueBehaviour* queue_ = nullptr;
  const TransportBehaviour* transport_ = nullptr;
  Pool* pool_ = nullptr;
  std::unique_ptr<Waiting> waiting_;
  std::uint32_t number_ = 0, hosts_ = 0;
  std::uint32_t enqueued_ = 0, live_ = 0, open_sessions_ = 0;
  std::uint32_t host_failures_ = 0;  // since the host was last well
  Climb climb_{};
  bool in_retry_ = false, host_well_ = true, stopped_ = false;
  Blame retry_blame_{};  // while in_retry_: the articles because of which the queue waits
  Instant retry_at_{};
  boost::intrusive_ptr<const Heard> heard_;  // what a peer said last
  std::unique_ptr<Lifetimes> lifetimes_;
};

}  // namespace deadletter::transport
