// A client and a server session joined by a wire, stepped without an engine: what either of them does and when, from
// one point of rest to the next.
//
// Commands and replies go over the wire as in a run: a write arrives after the path's latency and its own time, in
// order. The body takes as long as it takes: where it begins the first clock ends, and where it has come the second
// one begins. Order at one instant: as posted, and what arrives before a timer.
//
// NOT MODELLED: scripts, replies in segments, timers that end, clients that wait to read. A dialogue that comes to one
// of these is irregular: who asked has to step its sessions otherwise.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "models/mail/address.h"
#include "models/smtp/client.h"
#include "models/smtp/server.h"
#include "sim/network.h"

namespace deadletter::smtp {

// Something in a dialogue that others must know of.
struct Effect {
  Duration at{};          // on its clock
  bool accepted = false;  // the server has taken the message in; otherwise it is what the client asks for
  // The words of its outcome are `words`, its blame is that of both sides, the octets of a body are those beyond the
  // message's size.
  ClientAction asked{};
  std::string words{};
  bool stored = true;                 // accepted: kept, or thrown away
  std::vector<std::uint8_t> taken{};  // accepted: for these of the offer's recipients
  Blame blame{};                      // accepted
};

class Dialogue {
 public:
  static constexpr Duration kNever{std::numeric_limits<std::int64_t>::max()};
  struct Wire {
    const sim::Path* there;
    const sim::Path* back;
    std::uint64_t segment_octets = 0;  // of what the server writes at most; 0 = no limit
  };
  // Something on its way.
  struct Due {
    enum class Kind : std::uint8_t { connected, server_start, to_server, to_client };
    Duration at{};
    Kind kind = Kind::connected;
    std::vector<Command> commands{};  // to_server: of one write
    const Reply* reply = nullptr;     // to_client …
    std::string text{};               // … or other octets
    bool fin = false, reset = false;
  };

  // Both sessions are fresh, or at rest after a message. What is referred to must outlive the dialogue.
  Dialogue(ClientSession client, ServerSession server, Wire wire, const mail::AddressBook& addresses,
           const std::string& client_host);

  // One of these begins it; `fresh` says that the connection is still to be opened.
  void open(const Offer& offer);
  void offer(const Offer& offer);
  void no_more();

  bool anything_due() const { return !due_.empty(); }
  Duration next_due() const { return due_.front().at; }
  void step();
  // The body, which was under way, has come.
  void body_arrived();
  // All that is left, the body included. False when it is irregular.
  bool finish();

  bool body_under_way() const { return body_under_way_; }
  bool closed() const { return closed_; }
  bool server_began() const { return server_began_; }
  bool server_gone() const { return server_gone_; }
  const std::vector<Effect>& before() const { return before_; }
  const std::vector<Effect>& after() const { return after_; }
  // What is still on its way, ascending; on the present clock, as are the others.
  const std::vector<Due>& due() const { return due_; }
  Duration client_deadline() const { return client_deadline_; }
  Duration server_deadline() const { return server_deadline_; }
  Duration last_to_server() const { return last_to_server_; }
  Duration last_to_client() const { return last_to_client_; }

  // What it came to; the dialogue is over then.
  std::vector<Effect> take_before() { return std::move(before_); }
  std::vector<Effect> take_after() { return std::move(after_); }
  ClientSession& client() { return client_; }
  ServerSession& server() { return server_; }

 private:
  void put(Due due);
  void act();
  void act(const ClientAction& action);
  void act(const ServerAction& action);
  void note(const ClientAction& action);
  void note(const ServerAction& action);
  void send(const ClientAction& action);
  void write(const ServerAction& action);
  void arrive_at_server(const Due& due);
  void arrive_at_client(const Due& due);
  std::vector<Effect>& effects() { return second_clock_ ? after_ : before_; }
  bool rests() const;

  ClientSession client_;
  ServerSession server_;
  Wire wire_;
  const mail::AddressBook& addresses_;
  const std::string& client_host_;
  std::vector<mail::AddressId> recipients_;
  ClientSession::Actions asked_;
  ServerSession::Actions answered_;
  std::vector<Due> due_;
  std::vector<Command> written_;  // of the client's write so far
  std::uint64_t octets_written_ = 0;
  std::string line_;
  std::uint64_t size_ = 0, body_octets_ = 0;
  Duration now_{}, client_deadline_ = kNever, server_deadline_ = kNever, last_to_server_{}, last_to_client_{};
  bool server_began_, server_gone_ = false, body_under_way_ = false, second_clock_ = false;
  bool closed_ = false, at_rest_ = false, irregular_ = false;
  std::vector<Effect> before_, after_;
};

}  // namespace deadletter::smtp
