// A desk at which a LinkQueue is driven by hand: it performs the queue's actions, lets every session end as the test
// says, and writes down what happened, a line each: "<time> <message> <what>".
//
//   Desk desk;
//   desk.answers = [](const Attempt& a) { return a.message == "m1" ? refused_connection() : sent(); };
//   desk.put("m1");
//   desk.run_until(Duration::hours(1));
//   EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 m1 try host 0: refused", …));
//
// It keeps three promises of a queue on the way: no wake lies in the past, nothing happens to an entry that has gone,
// and a recipient ends once.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "models/transport/queue.h"

namespace deadletter::transport {

struct Attempt {
  std::string message;
  std::uint32_t host = 0;
  std::uint32_t attempts = 0;  // before this one
  std::vector<std::string> recipients;
  Instant now;
};

// How a session ends for a message: `ends` by recipient, whoever is not in it is delivered when `outcome` is success.
struct Answer {
  smtp::Outcome outcome;
  std::map<std::string, std::pair<smtp::RecipientEnd, std::uint16_t>> ends;
  Blame blame;         // of the session
  Duration lasting{};  // from the opening, or from the message before it
};

Answer sent();
Answer refused_connection();
Answer no_reply(smtp::Stage stage);
Answer connection_lost(smtp::Stage stage);
// 4yz temporary, 5yz permanent, others a misfit and temporary.
Answer replied(smtp::Stage stage, std::uint16_t code);

class Desk {
 public:
  QueueBehaviour queue;
  TransportBehaviour transport;
  std::uint32_t hosts = 1;
  std::function<Answer(const Attempt&)> answers = [](const Attempt&) { return sent(); };

  // As Windows: 15, 30, 60, 240 minutes, three glitch retries of a minute, a notice after 12 hours, 2 days to live.
  Desk();

  // Recipients "a", "b", …; a report has the null reverse-path.
  void put(const std::string& message, int recipients = 1, bool report = false);
  void run_until(Duration end);

  const std::vector<std::string>& lines() const { return lines_; }
  // Those that hold `words`.
  std::vector<std::string> lines(const std::string& words) const;
  LinkQueue& link();
  // By recipient "m1/a": "delivered" or "returned <status>"; who is not in it is still there.
  const std::map<std::string, std::string>& ends() const { return ends_; }
  // The articles of a recipient's end, or of its message while it waits.
  std::vector<std::string> ruled_by(const std::string& recipient);
  std::uint64_t attempts() const { return attempts_; }
  std::uint64_t sessions() const { return opened_; }
  std::size_t most_sessions() const { return most_sessions_; }

 private:
  struct Due {
    enum class Kind { expiry, timer, session } kind;
    QueueAction::Wake why;
    SessionId session;
  };
  struct Session {
    EntryId entry;
    std::uint32_t host;
    Answer answer;
  };
  void perform(const LinkQueue::Actions& actions);
  void perform(const QueueAction& action);
  void begin(SessionId session, EntryId entry, std::uint32_t host);
  void end_of_attempt(SessionId session);
  void post(Instant at, Due due);
  void say(const std::string& words);
  std::string name(mail::MessageId id) const { return messages_[id.value]; }
  void ended(mail::RecipientId recipient, const std::string& how, Blame blame);

  Pool pool_;
  std::unique_ptr<LinkQueue> link_;
  Instant now_;
  // Ordered as the engine orders them: expiry before timers, sessions (arrivals) before both.
  std::map<std::tuple<Instant, int, std::uint64_t>, Due> calendar_;
  std::uint64_t posted_ = 0, attempts_ = 0, opened_ = 0;
  std::map<SessionId, Session> sessions_;
  std::size_t most_sessions_ = 0;
  std::vector<std::string> messages_, recipients_, lines_;
  std::map<std::string, std::string> ends_;
  std::map<std::string, Blame> blames_;
};

}  // namespace deadletter::transport
