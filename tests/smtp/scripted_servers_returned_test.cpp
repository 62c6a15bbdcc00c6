// What is returned at once, and what arrives more than once.
#include "tests/smtp/scripted_server.h"

namespace deadletter::testing {
namespace {

const std::vector<Row> kReturned = {
    {"A554AtTheGreeting", on(R"("CONNECT": ["554 5.3.2 No service here"])"), {refused("5.3.2")}},
    {"A550ToHelo", on(R"("EHLO": ["502 No"], "HELO": ["550 5.7.1 Not you"])"), {refused("5.7.1")}},
    {"A550ToMail", on(R"("MAIL": ["550 5.7.1 Not you"])"), {refused("5.7.1")}},
    {"A550ToMailAnd250ToTheRest",
     on(R"("MAIL": ["550 5.7.1 Not you"], "RCPT": ["250 Ok"], "DATA": ["354 Go"])"),
     {refused("5.7.1")}},
    {"A552ToMail", on(R"("MAIL": ["552 5.3.4 Too big"])"), {refused("5.3.4")}},
    {"A550ToMailWithoutAStatus", on(R"("MAIL": ["550 Not you"])"), {refused("5.0.0")}},
    {"A550ToRcpt", on(R"("RCPT": ["550 5.1.1 Unknown"])"), {refused("5.1.1")}},
    {"A550ToRcptAnd354ToData", on(R"("RCPT": ["550 5.1.1 Unknown"], "DATA": ["354 Go"])"), {refused("5.1.1")}},
    {"A550ToRcptAndCloses", on(R"("RCPT": ["550 5.1.1 Unknown", "close"])"), {refused("5.1.1")}},
    {"A552ToRcpt", on(R"("RCPT": ["552 5.2.2 Mailbox full"])"), {refused("5.2.2")}},
    {"AMultiLine550ToRcpt",
     on(R"("RCPT": ["550-5.1.1 Unknown", {"wait": "1m"}, "550 5.1.1 here"])"),
     {refused("5.1.1")}},
    {"A554ToData", on(R"("DATA": ["554 5.7.1 No"])"), {refused("5.7.1")}},
    {"A552ToData", on(R"("DATA": ["552 5.3.4 Too big"])"), {refused("5.3.4")}},
    {"A354FirstAndA554Last", on(R"("DATA": ["354-Go", {"wait": "1m"}, "554 5.7.1 No"])"), {refused("5.7.1")}},
    {"A550ToTheDot", on(R"("DOT": ["550 5.7.1 Spam"])"), {refused("5.7.1")}},
    {"A552ToTheDot", on(R"("DOT": ["552 5.3.4 Too big"])"), {refused("5.3.4")}},
    {"A554ToTheDotAndCloses", on(R"("DOT": ["554 5.7.1 Spam", "close"])"), {refused("5.7.1")}},
    {"A550AfterTwoTemporaryFailures",
     on(R"("MAIL": ["550 5.7.1 Not you"])"),
     {refused("5.7.1", 3)},
     R"("faults": [{"at": "0s", "for": "50m", "link": "internet-mx", "down": true}])"},
    {"A550ToTheDotButKept", on(R"("DOT": ["store", "550 5.7.1 Spam"])"), {refused("5.7.1", 1, 1)}},
    {"LargerThanSizeAllows", script(R"("capabilities": ["SIZE 20479", "PIPELINING"])"), {refused("5.3.4")}},
    {"LargerThanTheServerAllowsAtMail",
     script(R"("capabilities": ["SIZE"])"),
     {refused("5.3.4")},
     peer_with(R"("smtp.server.message_limit": 20000)"),
     {Wire::as_is, Wire::no_pipelining}},
    {"LargerThanTheServerAllowsAtTheDot",
     script(R"("capabilities": ["PIPELINING"])"),
     {refused("5.3.4")},
     peer_with(R"("smtp.server.message_limit": 20000)"),
     {Wire::as_is, Wire::no_pipelining}},
};
INSTANTIATE_TEST_SUITE_P(AtOnce, ScriptedServer, ::testing::ValuesIn(on_each_wire(kReturned)), name_of);

// Anything ambiguous after the dot: the server has the message and the sender does not know. One copy an attempt.
const std::vector<Row> kKept = {
    {"ReplyToTheDotLaterThanTheTimer", on(R"("DOT": [{"wait": "11m"}, "250 Ok"])"), {expired(tries(600), tries(600))}},
    {"ReplyToTheDotLaterOnce", at_first(1, R"("DOT": [{"wait": "11m"}, "250 Ok"])"), {{"delivered", "", 2, 2, 0}}},
    {"KeptAndClosed", on(R"("DOT": ["store", "close"])"), {expired(tries(), tries())}},
    {"KeptAndClosedOnce", at_first(1, R"("DOT": ["store", "close"])"), {{"delivered", "", 2, 2, 0}}},
    {"KeptAndReset", on(R"("DOT": ["store", "reset"])"), {expired(tries(), tries())}},
    {"KeptAndResetTwice", at_first(2, R"("DOT": ["store", "reset"])"), {{"delivered", "", 3, 3, 0}}},
    {"KeptAndSilent", on(R"("DOT": ["store", "hang"])"), {expired(tries(600), tries(600))}},
    {"KeptAndA451", on(R"("DOT": ["store", "451 4.3.0 Later"])"), {expired(tries(), tries())}},
    {"KeptAndA451Once", at_first(1, R"("DOT": ["store", "451 4.3.0 Later"])"), {{"delivered", "", 2, 2, 0}}},
    {"KeptAndA421", on(R"("DOT": ["store", "421 4.3.0 Bye", "close"])"), {expired(tries(), tries())}},
    {"KeptAndA354", on(R"("DOT": ["store", "354 Go on"])"), {expired(tries(), tries())}},
    {"KeptAndHalfALine", on(R"("DOT": ["store", {"raw": "250 O"}, "close"])"), {expired(tries(), tries())}},
    {"TheServerThinksItSaid250",
     on(R"("DOT": [{"raw": "451 Later\r\n"}, {"code": 250}])"),
     {expired(tries(), tries())}},
    {"AStallOfASmallBodyLongerThanTheDotTimer", on(R"("BODY@1000": ["stall 11m"])"), {expired(tries(600), tries(600))}},
};
INSTANTIATE_TEST_SUITE_P(Duplicates, ScriptedServer, ::testing::ValuesIn(on_each_wire(kKept)), name_of);

const std::vector<Row> kThrownAway = {
    {"Discards", on(R"("DOT": ["discard", "250 Ok"])"), {discarded()}},
    {"DiscardsOnce451ThenTakes", at_first(1, R"("DOT": ["discard", "451 Later"])"), {delivered(2)}},
    {"TheServerThinksItSaid451", on(R"("DOT": [{"raw": "250 Ok\r\n"}, {"code": 451}])"), {lost()}},
};
INSTANTIATE_TEST_SUITE_P(ThrownAway, ScriptedServer, ::testing::ValuesIn(on_each_wire(kThrownAway)), name_of);

// A message with the null reverse-path is never reported: there is nobody to tell.
const std::string kNullSender = R"("mail": [{"id": "m1", "from": "<>", "to": ["bob@fabrikam.com"], "size": "20KB"}])";
const std::vector<Row> kNullPath = {
    {"NullSenderAccepted", on(""), {delivered()}, kNullSender},
    {"NullSenderA550ToRcpt", on(R"("RCPT": ["550 5.1.1 Unknown"])"), {discarded()}, kNullSender},
    {"NullSenderA550ToTheDot", on(R"("DOT": ["550 5.7.1 No"])"), {discarded()}, kNullSender},
    {"NullSenderExpires", on(R"("MAIL": ["451 4.3.0 Later"])"), {discarded(tries())}, kNullSender},
    {"NullSenderRefusedConnection", listen("refuse"), {discarded(tries())}, kNullSender},
};
INSTANTIATE_TEST_SUITE_P(NullPath, ScriptedServer, ::testing::ValuesIn(on_each_wire(kNullPath)), name_of);

}  // namespace
}  // namespace deadletter::testing
