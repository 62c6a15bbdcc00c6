// A client session against a peer that says anything at any time, driven as the world of a run drives it.
//
// The first line sets the client up: digits d e are recipients a message and messages, letters are settings (see
// `set_up`). Each further line is an event; one that cannot happen now is passed over:
//   +  connected    -  refused      <text  a reply line    =text  octets without a line end    &text  a line and FIN
//   ^  body gone    ~  body stalls  #      body moves      %      timer                        _      read window over
//   x  closed       z  reset
#include <algorithm>
#include <cstdint>

#include "models/builds/node_behaviour.h"
#include "models/quirks/quirk.h"
#include "models/smtp/client.h"
#include "tests/fuzz/require.h"

using namespace deadletter;
using smtp::ClientAction;
using smtp::Ended;

namespace {

struct Setup {
  builds::NodeBehaviour behaviour;
  std::size_t recipients = 1, messages = 1;
  std::uint64_t size = 1000;
  bool eight_bit = false;
};

void set_up(std::string_view line, Setup& setup) {
  const Laid by{Layer::configuration, ""};
  auto& client = setup.behaviour.smtp_client;
  std::size_t digits = 0;
  for (char c : line) {
    if (c >= '0' && c <= '9') (digits++ == 0 ? setup.recipients : setup.messages) = static_cast<std::size_t>(c - '0');
    if (c == 'p') client.pipelining.set(smtp::Switch::off, by);
    if (c == 'r') client.timer_scope.set(smtp::TimerScope::per_reply, by);
    if (c == 'f') client.reply_code_from.set(smtp::CodeFrom::first_line, by);
    if (c == 'w') client.read_window.set(sim::Duration::seconds(1), by);
    if (c == 's') client.rcpt_552.set(smtp::Rcpt552::surplus, by);
    if (c == 'e') setup.eight_bit = true;
    if (c == 'l') setup.size = 20'000'000;
    if (c == 'q')
      for (const auto& quirk : quirks::catalogue())
        for (const auto& change : quirk.changes) change.lay(setup.behaviour, blame_of(quirk.kb));
  }
  setup.recipients = std::max<std::size_t>(1, setup.recipients);
}

class Driver {
 public:
  explicit Driver(const Setup& setup)
      : setup_(setup), session_(setup.behaviour.smtp_client), left_(std::max<std::size_t>(1, setup.messages)) {
    for (std::uint32_t i = 0; i < setup.recipients; ++i) recipients_.push_back({i});
    smtp::ClientSession::Actions actions;
    session_.open(offer(), actions);
    perform(actions);
  }

  void event(std::string_view line) {
    if (line.empty() || closed_) return;
    smtp::ClientSession::Actions actions;
    std::string text(line.substr(1));
    switch (line[0]) {
      case '+':
        if (std::exchange(connecting_, false)) session_.connected(actions);
        break;
      case '-':
        if (std::exchange(connecting_, false)) session_.connect_failed(Ended::refused, actions);
        break;
      case '<':
        if (!connecting_) session_.octets(text + "\r\n", actions);
        break;
      case '=':
        if (!connecting_ && !text.empty()) session_.octets(text, actions);
        break;
      case '&':
        if (connecting_) break;
        session_.octets(text + "\r\n", actions);
        session_.closed(Ended::closed, actions);
        break;
      case '^':
        if (std::exchange(body_, false)) session_.body_sent(actions);
        break;
      case '~':
        if (body_) session_.body_stalled(actions);
        break;
      case '#':
        if (body_) session_.body_moving(actions);
        break;
      case '%':
        if (std::exchange(armed_, false)) session_.timed_out(actions);
        break;
      case '_':
        if (std::exchange(read_later_, false)) session_.read_due(actions);
        break;
      case 'x':
      case 'z':
        if (!connecting_) session_.closed(line[0] == 'x' ? Ended::closed : Ended::reset, actions);
        break;
      default:
        break;
    }
    perform(actions);
    check();
  }

 private:
  smtp::Offer offer() {
    REQUIRE(!in_hand_ && left_ > 0);
    in_hand_ = true;
    sent_body_ = false;
    ended_.assign(recipients_.size(), false);
    --left_;
    return {{}, recipients_, setup_.size, setup_.eight_bit, left_ > 0};
  }

  void perform(smtp::ClientSession::Actions& actions) {
    for (const ClientAction& action : actions) {
      REQUIRE(!closed_ && (!writing_ || action.kind == ClientAction::Kind::send));
      perform(action);
    }
    REQUIRE(!writing_);
  }

  void perform(const ClientAction& action) {
    switch (action.kind) {
      case ClientAction::Kind::send:
        REQUIRE(!body_);
        writing_ = action.more;
        break;
      case ClientAction::Kind::send_body:
        REQUIRE(in_hand_ && !body_ && !sent_body_ && action.octets >= 3);
        body_ = sent_body_ = true;
        break;
      case ClientAction::Kind::timer:
        REQUIRE(action.after.ns >= 0);
        armed_ = action.after.ns > 0;
        break;
      case ClientAction::Kind::read_later:
        REQUIRE(!read_later_);
        read_later_ = true;
        break;
      case ClientAction::Kind::recipient:
        recipient(action);
        break;
      case ClientAction::Kind::concluded:
        concluded(action);
        break;
      case ClientAction::Kind::next:
        next();
        break;
      case ClientAction::Kind::close:
        closed_ = true;
        break;
    }
  }

  void recipient(const ClientAction& action) {
    REQUIRE(in_hand_ && action.recipient < ended_.size() && !ended_[action.recipient]);
    ended_[action.recipient] = true;
    REQUIRE(action.end != smtp::RecipientEnd::delivered || (sent_body_ && !body_));
  }

  void concluded(const ClientAction& action) {
    REQUIRE(in_hand_);
    in_hand_ = false;
    // A message that went through has come to an end for everybody.
    bool success = action.outcome.reply == smtp::ReplyClass::success;
    REQUIRE(!success || std::ranges::find(ended_, false) == ended_.end());
    body_ = false;
  }

  void next() {
    REQUIRE(!in_hand_);
    if (session_.over()) return;
    smtp::ClientSession::Actions more;
    if (left_ > 0)
      session_.offer(offer(), more);
    else
      session_.no_more(more);
    perform(more);
  }

  void check() const {
    REQUIRE(session_.over() == closed_);
    REQUIRE(!closed_ || (!in_hand_ && !armed_));
    // Something will happen: a session never waits for nothing.
    REQUIRE(closed_ || armed_ || body_ || read_later_);
  }

  const Setup& setup_;
  smtp::ClientSession session_;
  std::vector<mail::AddressId> recipients_;
  std::size_t left_;
  std::vector<bool> ended_;
  bool connecting_ = true, in_hand_ = false, sent_body_ = false, body_ = false;
  bool armed_ = false, read_later_ = false, closed_ = false;
  bool writing_ = false;  // more commands of a write are due
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto lines = fuzz::lines_of({reinterpret_cast<const char*>(data), size});
  Setup setup;
  if (!lines.empty()) set_up(lines[0], setup);
  Driver driver(setup);
  for (std::size_t i = 1; i < lines.size(); ++i) driver.event(lines[i]);
  return 0;
}
