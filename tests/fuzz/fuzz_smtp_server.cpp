// Any lines to a server session, scripted or not, with the ends of bodies and its timers in any order.
//
//   !DATA 354-a|~100|354 b   a rule of the script: text lines, ~wait and =stall in ms, #code, close, reset, hang, …
//   !BODY@5 …                (RCPT>2 as well)
//   .123   123 octets of a body and the dot       @   the script's next BODY mark
//   %      the timer, when it is armed            $   the client's FIN
// Everything else is a line that the client sends.
#include <algorithm>
#include <charconv>
#include <cstdint>

#include "models/smtp/server.h"
#include "tests/fuzz/require.h"

using namespace deadletter;
using smtp::ServerAction;
using smtp::Stage;
using smtp::Step;

namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value % 1'000'000'000'000;
}

Step step(std::string_view text) {
  using Kind = Step::Kind;
  auto ms = [&] { return sim::Duration{static_cast<std::int64_t>(number(text.substr(1)) * 1'000'000 % (1ULL << 60))}; };
  if (text.starts_with("~")) return {.kind = Kind::wait, .time = ms()};
  if (text.starts_with("=")) return {.kind = Kind::stall, .time = ms()};
  if (text.starts_with("#"))
    return {.kind = Kind::code, .code = static_cast<std::uint16_t>(number(text.substr(1)) % 1000)};
  constexpr std::pair<std::string_view, Kind> words[] = {{"close", Kind::close},
                                                         {"reset", Kind::reset},
                                                         {"hang", Kind::hang},
                                                         {"store", Kind::store},
                                                         {"discard", Kind::discard}};
  for (auto [word, kind] : words)
    if (text == word) return {.kind = kind};
  return {.kind = Kind::write, .octets = std::string(text) + "\r\n"};
}

void add_rule(std::string_view line, smtp::Script& script, mail::AddressBook& addresses) {
  std::size_t blank = std::min(line.find(' '), line.size());
  std::string_view key = line.substr(0, blank), steps = line.substr(std::min(blank + 1, line.size()));
  std::size_t sign = std::min(key.find_first_of("@>:"), key.size());
  auto stage = smtp::parse_stage(key.substr(0, sign));
  if (!stage) return;
  std::string_view operand = key.substr(std::min(sign + 1, key.size()));
  smtp::ScriptRule rule{.stage = *stage};
  if (*stage == Stage::body) rule.mark = std::max<std::uint64_t>(1, number(operand));
  if (key.substr(sign).starts_with(">")) rule.beyond = static_cast<std::uint32_t>(number(operand));
  if (key.substr(sign).starts_with(":") && mail::valid_address(operand)) rule.recipient = addresses.intern(operand);
  while (!steps.empty()) {
    std::size_t end = std::min(steps.find('|'), steps.size());
    rule.steps.push_back(step(steps.substr(0, end)));
    steps.remove_prefix(std::min(end + 1, steps.size()));
  }
  script.rules.push_back(std::move(rule));
}

class Someone : public smtp::Mailboxes {
 public:
  explicit Someone(const mail::AddressBook& addresses) : addresses_(addresses) {}
  Found find(mail::AddressId address) const override {
    const std::string& text = addresses_.text(address);
    return {text.ends_with("@fabrikam.com"), text.starts_with("bob@")};
  }

 private:
  const mail::AddressBook& addresses_;
};

// Takes what the session says and holds it to its contract.
class Watcher {
 public:
  Watcher(smtp::ServerSession& session, bool scripted) : session_(session), scripted_(scripted) {}

  void take(smtp::ServerSession::Actions& actions) {
    for (const ServerAction& action : actions) {
      REQUIRE(!ended_);
      watch(action);
    }
    actions.clear();
    REQUIRE(session_.over() == ended_);
    REQUIRE(session_.stalled() == stalled_);
    if (!scripted_ && !ended_) REQUIRE(replies == asked && !session_.busy());
  }

  bool armed() const { return armed_; }
  std::uint64_t asked = 0, replies = 0, bodies = 0;

 private:
  void watch(const ServerAction& action) {
    switch (action.kind) {
      case ServerAction::Kind::write:
        REQUIRE(!action.octets().empty());
        if (!scripted_) check_reply(std::string(action.octets()));
        break;
      case ServerAction::Kind::timer:
        REQUIRE(action.after.ns >= 0);
        armed_ = action.after.ns > 0;
        break;
      case ServerAction::Kind::stall:
        REQUIRE(!stalled_);
        stalled_ = true;
        break;
      case ServerAction::Kind::resume:
        REQUIRE(stalled_);
        stalled_ = false;
        break;
      case ServerAction::Kind::accepted:
        REQUIRE(++accepted_ <= bodies);
        REQUIRE(!action.recipients.empty());
        REQUIRE(std::ranges::adjacent_find(action.recipients, std::greater_equal<>{}) == action.recipients.end());
        break;
      case ServerAction::Kind::close:
      case ServerAction::Kind::reset:
        ended_ = true;
        armed_ = false;
        break;
    }
  }

  // Lines of a code each, "-" behind the code on all but the last.
  void check_reply(std::string_view octets) {
    REQUIRE(octets.ends_with("\r\n"));
    ++replies;
    while (!octets.empty()) {
      std::size_t end = octets.find("\r\n");
      std::string_view line = octets.substr(0, end);
      octets.remove_prefix(end + 2);
      REQUIRE(line.size() >= 4 && line[0] >= '2' && line[0] <= '5');
      REQUIRE((line[3] == '-') == !octets.empty());
    }
  }

  smtp::ServerSession& session_;
  bool scripted_, armed_ = false, stalled_ = false, ended_ = false;
  std::uint64_t accepted_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto lines = fuzz::lines_of({reinterpret_cast<const char*>(data), size});
  mail::AddressBook addresses;
  smtp::Script script;
  for (std::string_view line : lines)
    if (line.starts_with("!")) add_rule(line.substr(1), script, addresses);
  bool scripted = !script.rules.empty();
  smtp::ServerBehaviour behaviour;
  std::string host = "mx.fabrikam.com";
  Someone mailboxes(addresses);
  smtp::ServerSession session(behaviour, host, mailboxes, scripted ? &script : nullptr);
  Watcher watcher(session, scripted);
  auto marks = session.marks();
  REQUIRE(std::ranges::is_sorted(marks));
  std::size_t mark = 0;

  smtp::ServerSession::Actions actions;
  ++watcher.asked;
  session.connected(actions);
  watcher.take(actions);
  for (std::string_view line : lines) {
    if (line.starts_with("!")) continue;
    if (line.starts_with(".")) {
      ++watcher.asked, ++watcher.bodies;
      session.body_end(number(line.substr(1)), actions);
    } else if (line == "@") {
      if (mark < marks.size()) session.body_mark(marks[mark++], actions);
    } else if (line == "%") {
      if (watcher.armed()) session.timed_out(actions);
    } else if (line == "$") {
      session.client_closed();
    } else {
      ++watcher.asked;
      auto command = smtp::parse_command(line, addresses);
      if (command)
        session.command(*command, actions);
      else
        session.bad_syntax(actions);
    }
    watcher.take(actions);
  }
  return 0;
}
