// What keeps mail waiting until its lifetime is over: no copy, and one failure report.
#include "tests/smtp/scripted_server.h"

namespace deadletter::testing {
namespace {

// An attempt takes the timer that ends it, or next to nothing.
constexpr int kAtOnce = tries();
constexpr int kConnect = tries(60), kCommand = tries(300), kData = tries(120), kBlock = tries(180), kDot = tries(600);
static_assert(kAtOnce == 96 && kConnect == 93 && kCommand == 83 && kData == 90 && kBlock == 88 && kDot == 72);

const std::vector<Row> kNoConnection = {
    {"Refused", listen("refuse"), {expired(kAtOnce)}},
    {"BlackHole", listen("blackhole"), {expired(kConnect)}},
    {"FullBacklog", listen("full"), {expired(kConnect)}},
    {"GreetingLaterThanTheTimer", on(R"("CONNECT": [{"wait": "6m"}, "220 mx"])"), {expired(kCommand)}},
    {"NoGreeting", on(R"("CONNECT": ["hang"])"), {expired(kCommand)}},
    {"EmptyGreeting", on(R"("CONNECT": [])"), {expired(kCommand)}},
    {"GreetingClosed", on(R"("CONNECT": ["close"])"), {expired(kAtOnce)}},
    {"GreetingReset", on(R"("CONNECT": ["reset"])"), {expired(kAtOnce)}},
    {"A450AtTheGreeting", on(R"("CONNECT": ["450 4.3.2 Later"])"), {expired(kAtOnce)}},
    {"A421AtTheGreeting", on(R"("CONNECT": ["421 4.3.2 Later", "close"])"), {expired(kAtOnce)}},
    {"A354AtTheGreeting", on(R"("CONNECT": ["354 What?"])"), {expired(kAtOnce)}},
    {"NoCodeAtTheGreeting", on(R"("CONNECT": ["Welcome"])"), {expired(kAtOnce)}},
    {"HttpAtTheGreeting", on(R"("CONNECT": ["HTTP/1.1 400 Bad Request", "", "close"])"), {expired(kAtOnce)}},
    {"NoReplyToEhlo", on(R"("EHLO": ["hang"])"), {expired(kCommand)}},
    {"A421ToEhlo", on(R"("EHLO": ["421 4.3.2 Later", "close"])"), {expired(kAtOnce)}},
    {"ClosesAtEhlo", on(R"("EHLO": ["close"])"), {expired(kAtOnce)}},
    {"ClosesWithinTheReplyToEhlo", on(R"("EHLO": ["250-mx.fabrikam.com", "close"])"), {expired(kAtOnce)}},
    {"A450ToHelo", on(R"("EHLO": ["502 No"], "HELO": ["450 Later"])"), {expired(kAtOnce)}},
    {"NoReplyToHelo", on(R"("EHLO": ["502 No"], "HELO": ["hang"])"), {expired(kCommand)}},
};
INSTANTIATE_TEST_SUITE_P(NoConnection, ScriptedServer, ::testing::ValuesIn(on_each_wire(kNoConnection)), name_of);

const std::vector<Row> kEnvelope = {
    {"SilenceAfterMail", on(R"("MAIL": ["hang"])"), {expired(kCommand)}},
    {"A421ToMail", on(R"("MAIL": ["421 4.3.2 Later", "close"])"), {expired(kAtOnce)}},
    {"A421ToMailAndStays", on(R"("MAIL": ["421 4.3.2 Later"])"), {expired(kAtOnce)}},
    {"A451ToMail", on(R"("MAIL": ["451 4.3.0 Later"])"), {expired(kAtOnce)}},
    {"A452ToMail", on(R"("MAIL": ["452 4.3.1 Disk full"])"), {expired(kAtOnce)}},
    {"A451ToMailAnd250ToTheRest",
     on(R"("MAIL": ["451 4.3.0 Later"], "RCPT": ["250 Ok"], "DATA": ["354 Go"])"),
     {expired(kAtOnce)}},
    {"A354ToMail", on(R"("MAIL": ["354 What?"])"), {expired(kAtOnce)}},
    {"NoCodeToMail", on(R"("MAIL": ["Fine"])"), {expired(kAtOnce)}},
    {"A150ToMail", on(R"("MAIL": ["150 Soon"])"), {expired(kAtOnce)}},
    {"A600ToMail", on(R"("MAIL": ["600 Never"])"), {expired(kAtOnce)}},
    {"ClosesAtMail", on(R"("MAIL": ["close"])"), {expired(kAtOnce)}},
    {"ResetsAtMail", on(R"("MAIL": ["reset"])"), {expired(kAtOnce)}},
    {"SilenceAfterRcpt", on(R"("RCPT": ["hang"])"), {expired(kCommand)}},
    {"A421ToRcpt", on(R"("RCPT": ["421 4.3.2 Later", "close"])"), {expired(kAtOnce)}},
    {"A450ToRcpt", on(R"("RCPT": ["450 4.2.1 Busy"])"), {expired(kAtOnce)}},
    {"A450ToRcptAnd354ToData", on(R"("RCPT": ["450 4.2.1 Busy"], "DATA": ["354 Go"])"), {expired(kAtOnce)}},
    {"A452ToTheOnlyRcpt", on(R"("RCPT": ["452 4.5.3 Too many"])"), {expired(kAtOnce)}},
    {"A354ToRcpt", on(R"("RCPT": ["354 What?"])"), {expired(kAtOnce)}},
    {"ClosesAtRcpt", on(R"("RCPT": ["close"])"), {expired(kAtOnce)}},
    {"ClosesWithinTheReplyToRcpt", on(R"("RCPT": ["250-Ok", "close"])"), {expired(kAtOnce)}},
};
INSTANTIATE_TEST_SUITE_P(Envelope, ScriptedServer, ::testing::ValuesIn(on_each_wire(kEnvelope)), name_of);

const std::vector<Row> kAtData = {
    {"SecondLineLaterThanTheTimer", on(R"("DATA": ["354-One", {"wait": "121s"}, "354 Two"])"), {expired(kData)}},
    {"ClosesAfterTheFirstLine", on(R"("DATA": ["354-One", "close"])"), {expired(kAtOnce)}},
    {"ResetsAfterTheFirstLine", on(R"("DATA": ["354-One", "reset"])"), {expired(kAtOnce)}},
    {"HangsAfterTheFirstLine", on(R"("DATA": ["354-One", "hang"])"), {expired(kData)}},
    {"ALineThatNeverEnds", on(R"("DATA": [{"raw": "354 Go"}])"), {expired(kData)}},
    {"ALineWithACrAlone", on(R"("DATA": [{"raw": "354 Go\r"}])"), {expired(kData)}},
    {"ALineThatDripsAndNeverEnds", on("\"DATA\": " + one_by_one("354 Go", "100s")), {expired(tries(5 * 100 + 120))}},
    {"OnlyContinuationLines", on(R"("DATA": ["354-One", "354-Two", "354-Three"])"), {expired(kData)}},
    {"The354LaterThanTheTimer", on(R"("DATA": [{"wait": "121s"}, "354 Go"])"), {expired(kData)}},
    {"NoReplyToData", on(R"("DATA": [])"), {expired(kData)}},
    {"A421ToData", on(R"("DATA": ["421 4.3.2 Later", "close"])"), {expired(kAtOnce)}},
    {"A451ToData", on(R"("DATA": ["451 4.3.0 Later"])"), {expired(kAtOnce)}},
    {"A250ToData", on(R"("DATA": ["250 Ok"])"), {expired(kAtOnce)}},
    {"A354FirstAndA451Last", on(R"("DATA": ["354-Go", "451 4.3.0 Later"])"), {expired(kAtOnce)}},
    {"NoCodeToData", on(R"("DATA": ["Go ahead"])"), {expired(kAtOnce)}},
    {"ClosesAtData", on(R"("DATA": ["close"])"), {expired(kAtOnce)}},
    {"ClosesAfterThe354", on(R"("DATA": ["354 Go", "close"])"), {expired(kAtOnce)}},
};
INSTANTIATE_TEST_SUITE_P(Data, ScriptedServer, ::testing::ValuesIn(on_each_wire(kAtData)), name_of);

const std::vector<Row> kContent = {
    {"ClosesAsTheBodyBegins", on(R"("BODY": ["close"])"), {expired(kAtOnce)}},
    {"ClosesInTheMiddleOfTheBody", on(R"("BODY@10000": ["close"])"), {expired(kAtOnce)}},
    {"ResetsInTheMiddleOfTheBody", on(R"("BODY@10000": ["reset"])"), {expired(kAtOnce)}},
    {"ClosesInTheMiddleOfALargeBody", on(R"("BODY@500000": ["close"])"), {expired(kAtOnce)}, mail_of("1MB")},
    {"A552AndClosesInTheMiddleOfTheBody", on(R"("BODY@10000": ["552 5.3.4 Too big", "close"])"), {expired(kAtOnce)}},
    {"HangsInTheMiddleOfASmallBody", on(R"("BODY@10000": ["hang"])"), {expired(kDot)}},
    {"AStallWithALargeBodyLongerThanTheBlockTimer",
     on(R"("BODY@1000": ["stall 4m"])"),
     {expired(kBlock)},
     mail_of("1MB")},
    {"AStallAfter354LongerThanTheBlockTimer",
     on(R"("DATA": ["354 Go", "stall 4m"])"),
     {expired(kBlock)},
     mail_of("1MB")},
    {"SilenceAtTheDotUntilTheServerIsIdle", on(R"("DOT": [])"), {expired(kCommand)}},
    {"HangsAtTheDot", on(R"("DOT": ["hang"])"), {expired(kDot)}},
    {"ClosesAtTheDot", on(R"("DOT": ["close"])"), {expired(kAtOnce)}},
    {"ALineThatNeverEndsAtTheDot", on(R"("DOT": [{"raw": "250 Ok"}, {"code": 0}, "hang"])"), {expired(kDot)}},
    {"A421ToTheDot", on(R"("DOT": ["421 4.3.2 Later", "close"])"), {expired(kAtOnce)}},
    {"A451ToTheDot", on(R"("DOT": ["451 4.3.0 Later"])"), {expired(kAtOnce)}},
    {"A354ToTheDot", on(R"("DOT": ["354 Go on"])"), {expired(kAtOnce)}},
    {"NoCodeToTheDot", on(R"("DOT": ["Fine"])"), {expired(kAtOnce)}},
    {"A251FirstAndA451Last", on(R"("DOT": ["250-Ok", "451 4.3.0 Or not"])"), {expired(kAtOnce)}},
};
INSTANTIATE_TEST_SUITE_P(Content, ScriptedServer, ::testing::ValuesIn(on_each_wire(kContent)), name_of);

}  // namespace
}  // namespace deadletter::testing
