// Both sides of an association, and what each wants done when it is told something, as a line: "BIND, timer 60".
#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>

#include "models/x400/association.h"

namespace deadletter::x400::testing {

inline std::string told(const InitiatorAction& action) {
  using Kind = InitiatorAction::Kind;
  switch (action.kind) {
    case Kind::send:
      return fmt::format("{}", text(action.pdu.kind));
    case Kind::send_body:
      return fmt::format("body {}", action.octets);
    case Kind::timer:
      return fmt::format("timer {}", action.after.ns / 1'000'000'000);
    case Kind::recipient:
      return fmt::format("recipient {}", action.recipient);
    case Kind::concluded: {
      const smtp::Outcome& o = action.outcome;
      const char* ends[] = {"reply", "timeout", "closed", "reset", "refused"};
      const char* classes[] = {"success", "proceed", "temporary", "permanent", "fall_back"};
      return fmt::format("concluded({} {} {} {} \"{}\")", smtp::text(o.stage), ends[static_cast<int>(o.ended)],
                         classes[static_cast<int>(o.reply)], mail::text(o.status), o.words);
    }
    case Kind::next:
      return "next";
    case Kind::close:
      return "close";
  }
  return "?";
}

inline std::string told(const ResponderAction& action) {
  using Kind = ResponderAction::Kind;
  switch (action.kind) {
    case Kind::send:
      return fmt::format("{}", text(action.pdu.kind));
    case Kind::timer:
      return fmt::format("timer {}", action.after.ns / 1'000'000'000);
    case Kind::accepted:
      return fmt::format("accepted {}", action.transfer.octets);
    case Kind::refused:
      return fmt::format("refused {}", text(action.pdu.why));
    case Kind::close:
      return "close";
  }
  return "?";
}

struct Pair {
  X400Behaviour behaviour;
  Initiator initiator{behaviour};
  Responder responder{behaviour, {}};

  template <class Call>
  std::string ask(Call call) {
    Initiator::Actions actions;
    call(actions);
    return line(actions);
  }
  template <class Call>
  std::string answer(Call call) {
    Responder::Actions actions;
    call(actions);
    return line(actions);
  }
  template <class Actions>
  static std::string line(const Actions& actions) {
    std::string line;
    for (const auto& action : actions) line += (line.empty() ? "" : ", ") + told(action);
    return line;
  }

  std::string open(const Offer& offer = small()) {
    return ask([&](auto& out) { initiator.open(offer, out); });
  }
  std::string connected() {
    return ask([&](auto& out) { initiator.connected(out); });
  }
  std::string received(const Pdu& pdu) {
    return ask([&](auto& out) { initiator.received(pdu, out); });
  }
  std::string body_sent() {
    return ask([&](auto& out) { initiator.body_sent(out); });
  }
  std::string offer(const Offer& offer = small()) {
    return ask([&](auto& out) { initiator.offer(offer, out); });
  }
  std::string no_more() {
    return ask([&](auto& out) { initiator.no_more(out); });
  }
  std::string timed_out() {
    return ask([&](auto& out) { initiator.timed_out(out); });
  }
  std::string closed(smtp::Ended how) {
    return ask([&](auto& out) { initiator.closed(how, out); });
  }

  static Offer small() { return {.transfer = {.octets = 1000}, .recipients = 2}; }
  void bound() { open(), connected(), received({.kind = Pdu::Kind::bind_accepted}); }
  void transferred() { bound(), body_sent(), received({.kind = Pdu::Kind::acknowledged}); }
};

inline Pdu transfer(Transfer what) { return {.kind = Pdu::Kind::transfer, .transfer = std::move(what)}; }
inline Pdu only(Pdu::Kind kind) { return {.kind = kind}; }

}  // namespace deadletter::x400::testing
