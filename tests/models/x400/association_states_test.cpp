// Associations told things out of turn, both sides wired together, and rulings that deviate.
#include <gtest/gtest.h>

#include "tests/models/x400/pair.h"

namespace deadletter::x400 {
namespace {

using namespace testing;
using smtp::Ended;

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

// ---- both sides together

// Carries what one side sends to the other until both are quiet. The body is there as soon as it is sent.
struct Wire {
  Pair p;
  std::vector<Offer> waiting;
  bool cut_before_acknowledgement = false;
  std::string log;

  void run() {
    Initiator::Actions actions;
    p.initiator.open(waiting.front(), actions);
    waiting.erase(waiting.begin());
    p.initiator.connected(actions);
    carry(actions);
  }
  void carry(const Initiator::Actions& actions) {
    for (const InitiatorAction& action : actions) {
      using Kind = InitiatorAction::Kind;
      if (action.kind == Kind::send) to_responder(action.pdu);
      if (action.kind == Kind::send_body) body();
      if (action.kind == Kind::concluded)
        log += "[" + std::string{smtp::text(action.outcome.stage)} + " " +
               (action.outcome.words.empty() ? "-" : std::string{action.outcome.words}) + "] ";
      if (action.kind == Kind::next) next();
    }
  }
  void to_responder(const Pdu& pdu) {
    Responder::Actions answer;
    p.responder.received(pdu, answer);
    carry(answer);
  }
  void body() {
    Initiator::Actions sent;
    p.initiator.body_sent(sent);
    Responder::Actions answer;
    p.responder.body_received(answer);
    carry(answer);
  }
  void carry(const Responder::Actions& actions) {
    for (const ResponderAction& action : actions) {
      if (action.kind == ResponderAction::Kind::accepted) log += fmt::format("{} ", action.transfer.octets);
      if (action.kind != ResponderAction::Kind::send) continue;
      Initiator::Actions wants;
      bool cut = cut_before_acknowledgement && action.pdu.kind == Pdu::Kind::acknowledged;
      cut ? p.initiator.closed(Ended::closed, wants) : p.initiator.received(action.pdu, wants);
      carry(wants);
    }
  }
  void next() {
    Initiator::Actions wants;
    if (waiting.empty()) {
      p.initiator.no_more(wants);
      p.initiator.timed_out(wants);
    } else {
      p.initiator.offer(waiting.front(), wants);
      waiting.erase(waiting.begin());
    }
    carry(wants);
  }
};

TEST(AssociationOfBoth, MailGoesAndWhatIsRejectedStays) {
  Wire wire;
  wire.waiting = {{.transfer = {.octets = 1}},
                  {.transfer = {.content_type = 35, .octets = 2}},
                  {.transfer = {.item = ItemKind::report, .content_type = 35, .octets = 3}},
                  {.transfer = {.octets = 4, .extensions = {{ExtensionForm::oid, true, false}}}},
                  {.transfer = {.octets = 5, .extensions = {{ExtensionForm::oid, false, false}}}}};
  wire.run();
  EXPECT_EQ(wire.log, "1 [DOT -] [DOT reason 1 diagnostic 15] 3 [DOT -] [DOT reason 1 diagnostic 18] 5 [DOT -] ");
  EXPECT_TRUE(wire.p.initiator.over()) << "released";
}

TEST(AssociationOfBoth, AnAcknowledgementThatIsLostMakesTwoOfOne) {
  Wire wire;
  wire.waiting = {{.transfer = {.octets = 7}}};
  wire.cut_before_acknowledgement = true;
  wire.run();
  EXPECT_EQ(wire.log, "7 [DOT -] ") << "accepted there, and here an attempt that failed at the answer";
  EXPECT_TRUE(wire.p.initiator.over());
}

}  // namespace
}  // namespace deadletter::x400
