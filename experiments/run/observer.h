// Who watches a run besides the fingerprint. A run that nobody watches pays one look at a null pointer an event.
#pragma once
#include <string_view>
#include <vector>

#include "experiments/config/plan.h"
#include "models/behaviour/blame.h"
#include "models/mail/ids.h"
#include "models/smtp/client.h"
#include "sim/fingerprint.h"

namespace deadletter::experiments {

// One attempt to send a message, as its client saw it.
struct Attempt {
  sim::Instant began;  // the session took the message up
  mail::MessageId message{};
  NodeId node{}, peer{};
  std::uint32_t session = 0;  // as in transcripts: s1, s2, …
  const smtp::Outcome* outcome = nullptr;
  Blame blame{};
};

// A queue, after something happened to it.
struct QueueLook {
  std::uint32_t index = 0;
  NodeId node{};
  std::string_view next_hop;
  std::size_t size = 0;  // messages
  bool in_retry = false;
};

class Observer {
 public:
  virtual ~Observer() = default;
  // `words`: the transcript's, without time, node and kind.
  virtual void event(const sim::Record& record, std::string_view words) = 0;
  virtual void attempt(sim::Instant now, const Attempt& attempt) = 0;
  virtual void entered(std::uint32_t queue) = 0;
  virtual void queue(sim::Instant now, const QueueLook& look) = 0;
};

// Several watch as one does.
class Observers : public Observer {
 public:
  explicit Observers(std::vector<Observer*> all) : all_(std::move(all)) {}

  // Null when nobody watches.
  Observer* one() { return all_.empty() ? nullptr : this; }

  void event(const sim::Record& record, std::string_view words) override {
    for (Observer* o : all_) o->event(record, words);
  }
  void attempt(sim::Instant now, const Attempt& attempt) override {
    for (Observer* o : all_) o->attempt(now, attempt);
  }
  void entered(std::uint32_t queue) override {
    for (Observer* o : all_) o->entered(queue);
  }
  void queue(sim::Instant now, const QueueLook& look) override {
    for (Observer* o : all_) o->queue(now, look);
  }

 private:
  std::vector<Observer*> all_;
};

}  // namespace deadletter::experiments
