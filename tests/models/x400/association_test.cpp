// Associations as stories: what is told to both sides, and what they want done. No engine and no clock.
#include <gtest/gtest.h>

#include "tests/models/x400/pair.h"

namespace deadletter::x400 {
namespace {

using namespace testing;
using smtp::Ended;

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

}  // namespace
}  // namespace deadletter::x400
