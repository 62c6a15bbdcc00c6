// The message tracking logs that Exchange servers of a run write: tracking/<SERVER>/… in its folder.
//
// Each server writes in its product's own format (tracking_row.h); servers of other products write none.
//
// Rows tell what the simulator records: submission, transfer in and out, categorization, queueing, delivery, deferral,
// failure, bad mail, reports and opened lists. A message that names no recipients of its own in a record has them from
// RCPT, or from what its server was known to hold; where several queues share a message and neither says it, a row has
// the number of recipients and no names. Addresses of hosts are not simulated and stay empty.
//
// Message-IDs are those of the mail itself and of reports about it: NAME.EXPERIMENT@HOST, #NUMBER for mail without a
// name. A report's own stands by the same rule, not as in mail/*.eml, where its product makes one from its content.
//
// What a hub delivers into a mailbox server's store stands in the hub's log, as it is the hub that delivers. Times are
// the simulation's, without the offset of a host's clock. Rows stand in the order of their events; where a message
// comes with a part of its recipients, its row follows when all of them are known, with its own time.
//
// NOT MODELLED: TRANSFER of copies made by the categorizer, duplicate deliveries that a store suppresses (the simulator
// has no record of either), IP addresses, connectors, encryption.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/observer.h"
#include "experiments/run/tracking_row.h"

namespace deadletter::experiments {

class World;

class TrackingLogs : public Observer {
 public:
  // `folder` exists; tracking/ comes into it with the first row. What is observed throws CannotWrite, as does finish().
  TrackingLogs(std::string folder, const Plan& plan);

  // The run that is observed, before it begins.
  void look_into(const World& world) { world_ = &world; }
  void finish();

 private:
  using Here = std::pair<NodeId, mail::MessageId>;
  // A server's log: rows not yet written, all for one file.
  struct Log {
    TrackingServer server;
    bool hub = true;
    std::string folder, file{}, text{};
    std::set<std::string> begun{};  // files
  };
  struct Session {
    NodeId from{}, to{};
    Carrier carrier = Carrier::smtp;
    std::vector<mail::AddressId> recipients{};
  };
  struct Arrival {
    Carrier carrier = Carrier::none;
    NodeId from{};
    sim::Instant at{};
  };
  // A message being taken in, until all of its recipients are known.
  struct Taken {
    Here here;
    Arrival arrival;
    std::vector<mail::RecipientId> recipients{}, candidates{};
    std::size_t wanted = 0;
    std::vector<std::pair<NodeId, TrackingRow>> after{};  // what became of it meanwhile
  };
  // Recipients that a server holds, and how many of its queues share them.
  struct Held {
    std::vector<mail::RecipientId> recipients{};
    std::size_t queues = 0;
  };
  struct LastAttempt {
    mail::MessageId message{};
    sim::Instant at{};
    NodeId peer{};
    Carrier carrier = Carrier::none;
    std::vector<mail::AddressId> recipients{};
  };

  void event(const sim::Record& record, std::string_view words) override;
  void attempt(sim::Instant now, const Attempt& attempt) override;
  void entered(std::uint32_t) override {}
  void queue(sim::Instant, const QueueLook&) override {}

  void session_event(const sim::Record& record);
  void submitted(Here here, sim::Instant at);
  void relayed(Here here, sim::Instant at, std::size_t count);
  void delivered(Here here, sim::Instant at, mail::RecipientId recipient);
  void handed_over(Here here, sim::Instant at, mail::RecipientId recipient);
  void deferred(Here here, sim::Instant at);
  void failed(Here here, sim::Instant at, mail::RecipientId recipient, Tracked what, std::string_view words);
  void expanded(Here here, sim::Instant at, mail::RecipientId list, std::size_t members);

  std::optional<Arrival> take_arrival(Here here, sim::Instant at);
  void known(Here here, mail::RecipientId recipient);
  void write_taken(Taken taken);
  void close_open();
  void gone(Here here, mail::RecipientId recipient);
  bool by_client(mail::MessageId message) const;

  const Log* log_of(NodeId node) const;
  TrackingRow row(Tracked what, Here here, sim::Instant at, const std::vector<mail::RecipientId>& recipients) const;
  TrackingRow row_for(Tracked what, Here here, sim::Instant at, const std::vector<mail::AddressId>& recipients) const;
  std::string message_id(mail::MessageId message) const;
  const std::string& host(NodeId node) const { return plan_.nodes[node.value].host; }
  void tell(Here here, TrackingRow row);
  void put(NodeId node, const TrackingRow& row);
  void flush(Log& log);

  std::string folder_;
  const Plan& plan_;
  const World* world_ = nullptr;
  std::map<NodeId, Log> logs_;  // of servers that write one
  std::map<std::uint32_t, Session> sessions_;
  std::map<Here, Arrival> arrivals_;
  std::map<NodeId, std::pair<mail::MessageId, Arrival>> from_drivers_;  // what store drivers brought last
  std::optional<Taken> open_;                                           // delivered as it comes
  std::map<Here, Taken> waiting_;
  std::map<Here, Held> held_;
  std::map<Here, std::vector<mail::RecipientId>> handed_over_;  // in the attempt under way
  std::map<NodeId, LastAttempt> last_;
};

}  // namespace deadletter::experiments
