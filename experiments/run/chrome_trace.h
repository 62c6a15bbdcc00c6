// A run as a trace that trace viewers open (Perfetto, chrome://tracing): the JSON object form of the Trace Event
// Format.
//
// A process is a node, or the network; a thread is a session, and its slices are attempts (ph "X"; what goes into a
// store without a session has threads "store"). The thread "mail" of a node shows, as instants (ph "i"), what became
// of messages there and what happened to the node. Each queue has a counter (ph "C"). Process and thread ids are
// numbers in the order of appearance; times are simulated microseconds with the three digits that nanoseconds need.
//
// At most `most` events are written, names of processes and threads included; the rest is counted: "left_out" in
// "otherData". The file is streamed, and is whole JSON whenever a block of it has been written, so also after an
// interrupted run; "complete" in "otherData" says what it is.
#pragma once
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/observer.h"

namespace deadletter::experiments {

class ChromeTrace : public Observer {
 public:
  static constexpr std::uint64_t kMostEvents = 200'000;

  // Throws CannotWrite, as do finish() and what is observed.
  ChromeTrace(const std::string& path, const Plan& plan, std::uint64_t most = kMostEvents);

  // `complete`: the run came to its end. What is not finished stays as it is, "complete": false.
  void finish(bool complete);
  std::uint64_t left_out() const { return left_out_; }

 private:
  void event(const sim::Record& record, std::string_view words) override;
  void attempt(sim::Instant now, const Attempt& attempt) override;
  void entered(std::uint32_t) override {}
  void queue(sim::Instant now, const QueueLook& look) override;

  struct Lane {
    std::uint32_t thread;
    sim::Instant busy_until;
  };
  std::uint32_t process(NodeId node);
  std::uint32_t thread(std::uint32_t process, const std::string& name);
  std::uint32_t free_lane(NodeId node, std::uint32_t session, sim::Instant from, sim::Instant to);
  std::string name_of(mail::MessageId message) const;
  void write(const std::string& event);
  void flush(bool complete);

  const Plan& plan_;
  std::string path_;
  std::ofstream file_;
  std::string block_, names_;  // not yet written; names that the event in hand needs first
  std::uint64_t most_, written_ = 0, left_out_ = 0, named_ = 0;
  std::map<NodeId, std::uint32_t> processes_;
  std::map<NodeId, std::uint32_t> mail_threads_;
  std::uint32_t threads_ = 0;
  std::map<std::pair<NodeId, std::uint32_t>, std::vector<Lane>> lanes_;  // by session; 0 is the store
  std::map<std::uint32_t, std::string> message_names_;                   // of those that have one
  std::vector<std::size_t> depths_;                                      // by queue
};

}  // namespace deadletter::experiments
