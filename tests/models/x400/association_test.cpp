// Associations as stories: what is told to both sides, and what they want done. No engine and no clock.
#include "models/x400/association.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace deadletter::x400 {
namespace {

using smtp::Ended;
using smtp::Outcome;
using smtp::ReplyClass;
using smtp::Stage;

std::string told(const InitiatorAction& action) {
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
      const Outcome& o = action.outcome;
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

std::string told(const ResponderAction& action) {
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

// Both sides, and what each wants when it is told something: "BIND, timer 60".
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
  std::string closed(Ended how) {
    return ask([&](auto& out) { initiator.closed(how, out); });
  }

  static Offer small() { return {.transfer = {.octets = 1000}, .recipients = 2}; }
  void bound() { open(), connected(), received({.kind = Pdu::Kind::bind_accepted}); }
  void transferred() { bound(), body_sent(), received({.kind = Pdu::Kind::acknowledged}); }
};

Pdu transfer(Transfer what) { return {.kind = Pdu::Kind::transfer, .transfer = std::move(what)}; }
Pdu only(Pdu::Kind kind) { return {.kind = kind}; }

TEST(Association, AMessageGoesAndTheAssociationIsReleasedFiveMinutesLater) {
  Pair p;
  EXPECT_EQ(p.open(), "timer 60");
  EXPECT_EQ(p.connected(), "BIND, timer 60");
  EXPECT_EQ(p.received(only(Pdu::Kind::bind_accepted)), "TRANSFER, body 1000, timer 2000");
  EXPECT_EQ(p.body_sent(), "");
  EXPECT_EQ(p.received(only(Pdu::Kind::acknowledged)),
            "recipient 0, recipient 1, concluded(DOT reply success 0.0.0 \"\"), timer 0, next");
  EXPECT_EQ(p.no_more(), "timer 300");
  EXPECT_TRUE(p.initiator.idle());
  EXPECT_EQ(p.timed_out(), "RELEASE, timer 120");
  EXPECT_EQ(p.received(only(Pdu::Kind::released)), "timer 0, close");
  EXPECT_TRUE(p.initiator.over());
}

TEST(Association, TheResponderTakesTheMessageAndLetsGo) {
  Pair p;
  EXPECT_EQ(p.answer([&](auto& out) { p.responder.connected(out); }), "timer 60");
  auto received = [&](const Pdu& pdu) { return p.answer([&](auto& out) { p.responder.received(pdu, out); }); };
  auto body = [&] { return p.answer([&](auto& out) { p.responder.body_received(out); }); };
  EXPECT_EQ(received(only(Pdu::Kind::bind)), "BIND-ACCEPTED, timer 420");
  EXPECT_EQ(received(transfer({.priority = X400Priority::urgent, .octets = 3000})), "timer 3000");
  EXPECT_EQ(body(), "accepted 3000, ACKNOWLEDGED, timer 420");
  EXPECT_EQ(received(transfer({.octets = 5})), "timer 2000");
  EXPECT_EQ(body(), "accepted 5, ACKNOWLEDGED, timer 420");
  EXPECT_EQ(received(only(Pdu::Kind::release)), "RELEASED, timer 120");
  EXPECT_EQ(p.answer([&](auto& out) { p.responder.closed(out); }), "timer 0, close");
}

TEST(Association, OneMessageFollowsAnother) {
  Pair p;
  p.transferred();
  EXPECT_EQ(p.offer({.transfer = {.priority = X400Priority::urgent, .octets = 10}}), "TRANSFER, body 10, timer 1000");
  p.body_sent();
  EXPECT_EQ(p.received(only(Pdu::Kind::acknowledged)),
            "recipient 0, concluded(DOT reply success 0.0.0 \"\"), timer 0, next");
}

TEST(Association, AnIdleOneIsUsedAgain) {
  Pair p;
  p.transferred();
  p.no_more();
  EXPECT_EQ(p.offer(), "TRANSFER, body 1000, timer 2000");
  EXPECT_FALSE(p.initiator.idle());
  EXPECT_EQ(p.ask([&](auto& out) { p.initiator.release(out); }), "") << "not while a message is on its way";
}

TEST(Association, AnIdleOneIsReleasedEarlierOnDemand) {
  Pair p;
  p.transferred();
  EXPECT_EQ(p.ask([&](auto& out) { p.initiator.release(out); }), "RELEASE, timer 120");
}

TEST(Association, AReleaseWithoutAnswerEndsAfterTheDisconnectWait) {
  Pair p;
  p.transferred();
  p.no_more();
  p.timed_out();
  EXPECT_EQ(p.timed_out(), "timer 0, close");
}

TEST(Association, AnIdleOneThatThePeerClosesIsGoneWithoutAWord) {
  Pair p;
  p.transferred();
  p.no_more();
  EXPECT_EQ(p.closed(Ended::closed), "timer 0, close");
  EXPECT_EQ(p.closed(Ended::closed), "");
}

TEST(Association, ARefusedBindFailsForAWhile) {
  struct Row {
    Admission admission;
    BindRefusal refusal;
    const char* concluded;
  };
  const Row rows[] = {
      {{.authentic = false},
       BindRefusal::authentication,
       "concluded(GREETING reply temporary 4.7.0 \"bind refused: authentication\"), timer 0, close"},
      {{.busy = true},
       BindRefusal::busy,
       "concluded(GREETING reply temporary 4.3.2 \"bind refused: busy\"), timer 0, close"},
      {{.authentic = false, .busy = true},
       BindRefusal::authentication,
       "concluded(GREETING reply temporary 4.7.0 \"bind refused: authentication\"), timer 0, close"},
  };
  for (const Row& row : rows) {
    Pair p;
    p.responder = Responder{p.behaviour, row.admission};
    Responder::Actions answer;
    p.responder.received(only(Pdu::Kind::bind), answer);
    ASSERT_EQ(Pair::line(answer), "BIND-REFUSED, timer 120");
    EXPECT_EQ(answer[0].pdu.refusal, row.refusal);
    p.open(), p.connected();
    EXPECT_EQ(p.received(answer[0].pdu), row.concluded);
  }
}

TEST(Association, ARejectionSaysWhyAndTheAssociationGoesOn) {
  Pair p;
  Responder::Actions answer;
  p.responder.received(only(Pdu::Kind::bind), answer);
  answer.clear();
  p.responder.received(transfer({.extensions = {{ExtensionForm::oid, true, false}}}), answer);
  p.responder.body_received(answer);
  EXPECT_EQ(Pair::line(answer), "timer 2000, refused reason 1 diagnostic 18, REJECTED, timer 420");

  p.bound(), p.body_sent();
  EXPECT_EQ(p.received(answer[2].pdu),
            "concluded(DOT reply permanent 5.3.3 \"reason 1 diagnostic 18\"), timer 0, next");
  EXPECT_EQ(p.offer(), "TRANSFER, body 1000, timer 2000");
}

TEST(Association, ARejectionForCongestionPasses) {
  Pair p;
  p.bound(), p.body_sent();
  EXPECT_EQ(p.received({.kind = Pdu::Kind::rejected, .why = kOpensExhausted}),
            "concluded(DOT reply temporary 4.4.5 \"reason 1 diagnostic 2\"), timer 0, next");
}

TEST(Association, ARejectionInMidTransferEndsTheAssociation) {
  Pair p;
  p.bound();
  EXPECT_EQ(
      p.received({.kind = Pdu::Kind::rejected, .why = {Reason::unable_to_transfer, Diagnostic::content_too_long}}),
      "concluded(DOT reply permanent 5.2.3 \"reason 1 diagnostic 7\"), timer 0, close");
}

TEST(Association, AConnectionThatBreaksLeavesTheMessageToTheQueue) {
  Pair connecting, binding, sending, waiting;
  connecting.open();
  EXPECT_EQ(connecting.ask([&](auto& out) { connecting.initiator.connect_failed(Ended::refused, out); }),
            "concluded(CONNECT refused temporary 0.0.0 \"\"), timer 0, close");
  binding.open(), binding.connected();
  EXPECT_EQ(binding.closed(Ended::closed), "concluded(GREETING closed temporary 0.0.0 \"\"), timer 0, close");
  sending.bound();
  EXPECT_EQ(sending.closed(Ended::reset), "concluded(BODY reset temporary 0.0.0 \"\"), timer 0, close");
  waiting.bound(), waiting.body_sent();
  EXPECT_EQ(waiting.closed(Ended::closed), "concluded(DOT closed temporary 0.0.0 \"\"), timer 0, close");
}

TEST(Association, EveryWaitHasItsEnd) {
  Pair connecting, binding, sending, waiting;
  connecting.open();
  EXPECT_EQ(connecting.timed_out(), "concluded(CONNECT timeout temporary 0.0.0 \"\"), timer 0, close");
  binding.open(), binding.connected();
  EXPECT_EQ(binding.timed_out(), "concluded(GREETING timeout temporary 0.0.0 \"\"), timer 0, close");
  sending.bound();
  EXPECT_EQ(sending.timed_out(), "concluded(BODY timeout temporary 0.0.0 \"\"), timer 0, close");
  waiting.bound(), waiting.body_sent();
  EXPECT_EQ(waiting.timed_out(), "concluded(DOT timeout temporary 0.0.0 \"\"), timer 0, close");
}

TEST(Association, TheRespondersWaitsEndToo) {
  X400Behaviour behaviour;
  auto after = [&](std::vector<Pdu> pdus) {
    Responder responder{behaviour, {}};
    Responder::Actions actions;
    responder.connected(actions);
    for (const Pdu& pdu : pdus) responder.received(pdu, actions);
    actions.clear();
    responder.timed_out(actions);
    EXPECT_TRUE(responder.over());
    responder.body_received(actions), responder.timed_out(actions), responder.closed(actions);
    return Pair::line(actions);
  };
  EXPECT_EQ(after({}), "timer 0, close");
  EXPECT_EQ(after({only(Pdu::Kind::bind)}), "timer 0, close");
  EXPECT_EQ(after({only(Pdu::Kind::bind), transfer({.octets = 9})}), "timer 0, close") << "nothing is accepted";
  EXPECT_EQ(after({only(Pdu::Kind::bind), only(Pdu::Kind::release)}), "timer 0, close");
}

// Every PDU in every state: out of turn it ends the association, it never moves it on, and a message in hand is
// concluded exactly once.
TEST(Association, NoPduOutOfTurnMovesTheInitiatorOn) {
  using Kind = Pdu::Kind;
  const Kind kinds[] = {Kind::bind,         Kind::bind_accepted, Kind::bind_refused, Kind::transfer,
                        Kind::acknowledged, Kind::rejected,      Kind::release,      Kind::released};
  for (int state = 0; state < 6; ++state)
    for (Kind kind : kinds) {
      Pair p;
      p.open();
      if (state > 0) p.connected();
      if (state > 1) p.received(only(Kind::bind_accepted));
      if (state > 2) p.body_sent();
      if (state > 3) p.received(only(Kind::acknowledged)), p.no_more();
      if (state > 4) p.timed_out();
      std::string said = p.received(only(kind));
      said += p.closed(Ended::closed);
      bool in_turn = (state == 1 && (kind == Kind::bind_accepted || kind == Kind::bind_refused)) ||
                     (state == 2 && kind == Kind::rejected) ||
                     (state == 3 && (kind == Kind::acknowledged || kind == Kind::rejected)) ||
                     (state == 5 && kind == Kind::released);
      SCOPED_TRACE(fmt::format("state {}, {}: {}", state, text(kind), said));
      EXPECT_TRUE(p.initiator.over());
      std::size_t first = said.find("concluded"), last = said.rfind("concluded");
      EXPECT_EQ(first != std::string::npos, state < 4);
      EXPECT_EQ(first, last);
      if (!in_turn && state < 4) {
        EXPECT_NE(said.find("reset temporary"), std::string::npos);
      }
    }
}

TEST(Association, NoPduOutOfTurnMovesTheResponderOn) {
  using Kind = Pdu::Kind;
  X400Behaviour behaviour;
  const Kind kinds[] = {Kind::bind,         Kind::bind_accepted, Kind::bind_refused, Kind::transfer,
                        Kind::acknowledged, Kind::rejected,      Kind::release,      Kind::released};
  for (int state = 0; state < 4; ++state)
    for (Kind kind : kinds) {
      Responder responder{behaviour, {}};
      Responder::Actions actions;
      responder.connected(actions);
      if (state > 0) responder.received(only(Kind::bind), actions);
      if (state == 2) responder.received(transfer({.octets = 1}), actions);
      if (state == 3) responder.received(only(Kind::release), actions);
      responder.received(only(kind), actions);
      bool in_turn =
          (state == 0 && kind == Kind::bind) || (state == 1 && (kind == Kind::transfer || kind == Kind::release));
      EXPECT_EQ(responder.over(), !in_turn) << state << " " << text(kind);
    }
}

// Deviations at accept_transfer reach the message that they are about.
TEST(Association, ADeviationIsNamed) {
  X400Behaviour behaviour;
  Blame article = blame_of("KB911029");
  behaviour.accept_transfer.deviate(
      [](const AcceptTransferFacts&, const TransferAnswer&) {
        return TransferAnswer{false, {Reason::unable_to_transfer, Diagnostic::protocol_violation}};
      },
      article);
  Responder responder{behaviour, {}};
  Responder::Actions actions;
  responder.received(only(Pdu::Kind::bind), actions);
  responder.received(transfer({}), actions);
  actions.clear();
  responder.body_received(actions);
  EXPECT_EQ(Pair::line(actions), "refused reason 1 diagnostic 14, REJECTED, timer 420");
  EXPECT_EQ(actions[0].blame, article);
}

}  // namespace
}  // namespace deadletter::x400
