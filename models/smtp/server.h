// An SMTP server session as a state machine without I/O: commands in, replies out, scripted or normal.
//
// What comes in is taken in order, one thing at a time: while the steps of a reply are still running, later commands
// wait.
//
// NOT MODELLED: STARTTLS, AUTH, BDAT (a script may answer them); octets of a body are counted, not kept.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/mail/address.h"
#include "models/smtp/actions.h"
#include "models/smtp/behaviour.h"
#include "models/smtp/command.h"
#include "models/smtp/normal_replies.h"
#include "models/smtp/script.h"
#include "sim/lane.h"

namespace deadletter::smtp {

// Who receives mail at a server, and what else it knows about the one client that it speaks to.
class Mailboxes {
 public:
  struct Found {
    bool local_domain = false, known = false;
  };
  virtual ~Mailboxes() = default;
  virtual Found find(mail::AddressId address) const = 0;
  // The client is a server of the same organization.
  virtual bool internal() const { return false; }
  // Chance: the message that is offered now is deferred.
  virtual bool busy() const { return false; }
};

struct ServerAction {
  enum class Kind : std::uint8_t {
    write,     // octets(), in one write
    timer,     // one timer a session; 0 = off
    stall,     // the server reads nothing any more …
    resume,    // … and reads again
    accepted,  // the message of `sender` to `recipients` is the server's from now on; `stored` or thrown away
    close,     // FIN
    reset      // RST
  };
  Kind kind = Kind::write;
  const Reply* reply = nullptr;  // what is written, when it is a normal reply: it lives as long as the server's do …
  std::string text{};            // … and otherwise this
  Duration after{};
  mail::AddressId sender{};
  std::vector<mail::AddressId> recipients{};
  bool stored = true;
  Blame blame{};

  std::string_view octets() const { return reply != nullptr ? std::string_view(reply->octets) : text; }
};

class ServerSession {
 public:
  using Actions = ActionList<ServerAction>;
  ServerSession() = default;  // for reuse() only
  // `script` may be null. Everything must outlive the session. `replies`: those of the server, shared by its sessions;
  // null: the session has its own.
  ServerSession(const ServerBehaviour& behaviour, const std::string& host, const Mailboxes& mailboxes,
                const Script* script, NormalReplies* replies = nullptr);

  // What a server says in reply to EHLO.
  static const std::vector<std::string>& capabilities(const ServerBehaviour& behaviour, const Script* script);

  // Becomes `fresh` and keeps its own memory.
  void reuse(ServerSession fresh);

  void connected(Actions& out) { take(Input::Kind::command, {.verb = Stage::connect}, 0, out); }
  void command(const Command& command, Actions& out) { take(Input::Kind::command, command, 0, out); }
  // A line that is no command at all.
  void bad_syntax(Actions& out) { take(Input::Kind::bad_syntax, {}, 0, out); }
  // `octets` of the body have come; to be called for each of the script's marks.
  void body_mark(std::uint64_t octets, Actions& out) { take(Input::Kind::body_mark, {}, octets, out); }
  void body_end(std::uint64_t octets, Actions& out) { take(Input::Kind::body_end, {}, octets, out); }
  void timed_out(Actions& out);
  void client_closed() { client_gone_ = true; }

  // The script's BODY marks, ascending.
  std::vector<std::uint64_t> marks() const;
  bool stalled() const { return running_ == Running::stall; }
  bool over() const { return over_; }
  // Steps are running or input waits: the session goes on even when the client has gone.
  bool busy() const { return busy_ || !inputs_.empty(); }
  Blame blame() const { return blame_; }

  // Whether two sessions without a script that do nothing at the moment will do the same from now on.
  bool rests_like(const ServerSession& other) const;
  // A copy of such a session goes on for another server that behaves alike.
  void go_on_as(const ServerBehaviour& behaviour, const Mailboxes& mailboxes, NormalReplies& replies);

 private:
  struct Input {
    enum class Kind : std::uint8_t { command, bad_syntax, body_mark, body_end };
    Kind kind;
    Command command{};
    std::uint64_t octets = 0;
  };
  enum class Running : std::uint8_t { nothing, wait, stall, hang };

  void take(Input::Kind kind, const Command& command, std::uint64_t octets, Actions& out);
  void work(Actions& out);
  void begin(Actions& out);
  void run_steps(Actions& out);
  bool run(const Step& step, Actions& out);
  void finish(Actions& out);
  void finish_dot(Actions& out);
  void end_transaction();
  void flush(Actions& out);
  void arm(Duration after, Actions& out) { out.add(ServerAction::Kind::timer).after = after; }
  void end(ServerAction::Kind how, Actions& out);
  Stage stage() const;
  const Reply* normal_reply();
  void replied(Actions& out);
  Refusal refusal();

  const ServerBehaviour* behaviour_ = nullptr;
  const Mailboxes* mailboxes_ = nullptr;
  const Script* script_ = nullptr;
  NormalReplies* replies_ = nullptr;
  std::shared_ptr<NormalReplies> own_replies_;

  sim::Lane<Input> inputs_;
  bool busy_ = false;  // steps for inputs_.front() are under way
  std::span<const Step> steps_;
  std::size_t step_ = 0;
  Running running_ = Running::nothing;
  std::string unsent_;  // written, and not flushed yet
  std::string sent_;    // of this reply
  std::uint16_t last_code_ = 0;
  std::optional<bool> store_;

  bool greeted_ = false, transaction_ = false, expecting_body_ = false;
  mail::AddressId sender_{};
  std::vector<mail::AddressId> recipients_;
  Blame blame_{};
  bool client_gone_ = false, over_ = false;
};

}  // namespace deadletter::smtp
