// What a server may do and still gets its mail: once, and nobody is told anything.
#include "tests/smtp/scripted_server.h"

namespace deadletter::testing {
namespace {

const std::string kEhlo = "250-mx.fabrikam.com\\r\\n250-PIPELINING\\r\\n250 8BITMIME\\r\\n";
const std::string kBothLines = R"(["250-One", {"wait": "4m"}, "250 Two"])";

const std::vector<Row> kReplies = {
    {"AnswersNormally", on(""), {delivered()}},
    {"TwoLinesAtOnce", on(R"("DATA": ["354-One", "354 Two"])"), {delivered()}},
    {"TwoLinesApart", on(R"("DATA": ["354-One", {"wait": "1s"}, "354 Two"])"), {delivered()}},
    {"TwoLinesJustWithinTheTimer", on(R"("DATA": ["354-One", {"wait": "119s"}, "354 Two"])"), {delivered()}},
    {"ManyLinesEachWithinTheTimer",
     on(R"("DATA": ["354-1", {"wait": "100s"}, "354-2", {"wait": "100s"}, "354-3", {"wait": "100s"}, "354 4"])"),
     {delivered()}},
    {"NoWaitBetweenTwoLines", on(R"("DATA": ["354-One", {"wait": "0s"}, "354 Two"])"), {delivered()}},
    {"TwoLinesApartAtTheGreeting",
     on(R"("CONNECT": ["220-One", {"wait": "4m"}, "220 mx.fabrikam.com ESMTP"])"),
     {delivered()}},
    {"TwoLinesApartToEhlo", on(R"("EHLO": ["250-mx.fabrikam.com", {"wait": "4m"}, "250 PIPELINING"])"), {delivered()}},
    {"TwoLinesApartToMail", on("\"MAIL\": " + kBothLines), {delivered()}},
    {"TwoLinesApartToRcpt", on("\"RCPT\": " + kBothLines), {delivered()}},
    {"TwoLinesApartToTheDot", on("\"DOT\": " + kBothLines), {delivered()}},
    {"TwoLinesApartToQuit", on(R"("QUIT": ["221-One", {"wait": "4m"}, "221 Two"])"), {delivered()}},
    {"OctetByOctetAtTheGreeting", on("\"CONNECT\": " + one_by_one("220-a\\r\\n220 b\\r\\n", "1s")), {delivered()}},
    {"OctetByOctetToEhlo", on("\"EHLO\": " + one_by_one(kEhlo, "1s")), {delivered()}},
    {"OctetByOctetToMail", on("\"MAIL\": " + one_by_one("250-a\\r\\n250 b\\r\\n", "1s")), {delivered()}},
    {"OctetByOctetToRcpt", on("\"RCPT\": " + one_by_one("250-a\\r\\n250 b\\r\\n", "1s")), {delivered()}},
    {"OctetByOctetToData", on("\"DATA\": " + one_by_one("354-a\\r\\n354 b\\r\\n", "1s")), {delivered()}},
    {"OctetByOctetAndSlowlyToData", on("\"DATA\": " + one_by_one("354-a\\r\\n354 b\\r\\n", "100s")), {delivered()}},
    {"OctetByOctetToTheDot", on("\"DOT\": " + one_by_one("250-a\\r\\n250 b\\r\\n", "1s")), {delivered()}},
    {"TheCodeCutInTwo", on(R"("DATA": [{"raw": "35"}, {"wait": "9s"}, {"raw": "4 Go\r\n"}])"), {delivered()}},
    {"TheHyphenLate", on(R"("DATA": [{"raw": "354"}, {"wait": "9s"}, {"raw": "-One\r\n354 Two\r\n"}])"), {delivered()}},
    {"CutBetweenCrAndLf", on(R"("DATA": [{"raw": "354 Go\r"}, {"wait": "9s"}, {"raw": "\n"}])"), {delivered()}},
    {"BareLf", on(R"("DATA": [{"raw": "354-One\n354 Two\n"}], "DOT": [{"raw": "250 Ok\n"}])"), {delivered()}},
    {"BareLfAtTheGreeting", on(R"("CONNECT": [{"raw": "220 mx\n"}], "EHLO": [{"raw": "250 mx\n"}])"), {delivered()}},
    {"NulInTheText", on(R"("DATA": [{"raw": "354 G\u0000o\r\n"}], "DOT": [{"raw": "250 \u0000\r\n"}])"), {delivered()}},
    {"EightBitText", on(R"("DOT": [{"raw": "250 \u00e9\u00ff\r\n"}])"), {delivered()}},
    {"CrInTheText", on(R"("DATA": [{"raw": "354 One\r354-Two\r\n"}])"), {delivered()}},
    {"NoText", on(R"("CONNECT": ["220"], "EHLO": ["250"], "DATA": ["354"], "DOT": ["250"])"), {delivered()}},
    {"ATabAfterTheCode", on(R"("DATA": [{"raw": "354\tGo\r\n"}])"), {delivered()}},
    {"AVeryLongLine", on("\"DATA\": [\"354 " + std::string(5000, 'x') + "\"]"), {delivered()}},
    {"A350InsteadOf354", on(R"("DATA": ["350 Go ahead"])"), {delivered()}},
    {"A399InsteadOf354", on(R"("DATA": ["399 Go ahead"])"), {delivered()}},
    {"A200ToTheDot", on(R"("DOT": ["200 Ok"])"), {delivered()}},
    {"A220ToTheDot", on(R"("DOT": ["220 Ok"])"), {delivered()}},
    {"A251ToTheDot", on(R"("DOT": ["251 Ok"])"), {delivered()}},
    {"A299ToTheDot", on(R"("DOT": ["299 Ok"])"), {delivered()}},
    {"A251ToRcpt", on(R"("RCPT": ["251 User not local; will forward"])"), {delivered()}},
    {"A252ToRcpt", on(R"("RCPT": ["252 Cannot verify"])"), {delivered()}},
    {"AnotherCodeOnTheFirstLine", on(R"("DATA": ["250-Wait", "354 Go"])"), {delivered()}},
};
INSTANTIATE_TEST_SUITE_P(AnyReply, ScriptedServer, ::testing::ValuesIn(on_each_wire(kReplies)), name_of);

const std::vector<Row> kServices = {
    {"GreetingWithoutEsmtp", on(R"("CONNECT": ["220 mx.fabrikam.com"])"), {delivered()}},
    {"A502ToEhlo", on(R"("EHLO": ["502 5.5.1 Unknown"])"), {delivered()}},
    {"A500ToEhlo", on(R"("EHLO": ["500 What?"])"), {delivered()}},
    {"A550ToEhlo", on(R"("EHLO": ["550-Not", "550 here"])"), {delivered()}},
    {"TwoLinesApartToHelo", on(R"("EHLO": ["502 No"], "HELO": ["250-One", {"wait": "4m"}, "250 Two"])"), {delivered()}},
    {"NoExtension", script(R"("capabilities": [])"), {delivered()}},
    {"NoPipelining", script(R"("capabilities": ["SIZE", "8BITMIME"])"), {delivered()}},
    {"ChunkingOffered", script(R"("capabilities": ["PIPELINING", "CHUNKING", "BINARYMIME"])"), {delivered()}},
    {"KeywordsInSmallLetters", script(R"("capabilities": ["pipelining", "size 10485760"])"), {delivered()}},
    {"UnknownKeywords", script(R"("capabilities": ["XEXCH50", "X-LINK2STATE", "AUTH=LOGIN", "=?"])"), {delivered()}},
    {"SizeWithoutALimit", script(R"("capabilities": ["SIZE"])"), {delivered()}},
    {"SizeZeroIsNoLimit", script(R"("capabilities": ["SIZE 0"])"), {delivered()}},
    {"ExactlyTheLargestSize", script(R"("capabilities": ["SIZE 20480"])"), {delivered()}},
    {"EightBitBodyWithoutTheExtension",
     script(R"("capabilities": ["PIPELINING"])"),
     {delivered()},
     R"("mail": [{"id": "m1", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "body": "8bit"}])"},
    {"EightBitBodyWithTheExtension",
     on(""),
     {delivered()},
     R"("mail": [{"id": "m1", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "body": "8bit"}])"},
    {"SlowAtEveryStage",
     on(R"("CONNECT": [{"wait": "4m"}, "220 mx"], "EHLO": [{"wait": "4m"}, "250 mx"], "MAIL": [{"wait": "4m"}, "250 a"],
           "RCPT": [{"wait": "4m"}, "250 b"], "DATA": [{"wait": "110s"}, "354 c"], "DOT": [{"wait": "9m"}, "250 d"],
           "QUIT": [{"wait": "4m"}, "221 e"])"),
     {delivered()}},
    {"AStallOfTheDotWithinItsTimer", on(R"("DOT": ["stall 9m", "250 Ok"])"), {delivered()}},
    {"AWaitInTheMiddleOfTheBody", on(R"("BODY@1000": [{"wait": "1m"}])"), {delivered()}},
    {"AStallWithASmallBody", on(R"("BODY@1000": ["stall 9m"])"), {delivered()}},
    {"AStallWithALargeBodyWithinTheBlockTimer", on(R"("BODY@1000": ["stall 170s"])"), {delivered()}, mail_of("1MB")},
    {"StallAfterStall",
     on(R"("BODY@1000": ["stall 170s"], "BODY@300000": ["stall 170s"], "BODY@600000": ["stall 170s"])"),
     {delivered()},
     mail_of("1MB")},
    {"AStallAfter354WithALargeBody", on(R"("DATA": ["354 Go", "stall 170s"])"), {delivered()}, mail_of("1MB")},
};
INSTANTIATE_TEST_SUITE_P(AnyService, ScriptedServer, ::testing::ValuesIn(on_each_wire(kServices)), name_of);

// After the final 2yz nothing that happens can make a second copy.
const std::vector<Row> kQuit = {
    {"NoReplyToQuit", on(R"("QUIT": ["hang"])"), {delivered()}},
    {"ClosesAtQuit", on(R"("QUIT": ["close"])"), {delivered()}},
    {"ResetsAtQuit", on(R"("QUIT": ["reset"])"), {delivered()}},
    {"A421ToQuit", on(R"("QUIT": ["421 No"])"), {delivered()}},
    {"A500ToQuit", on(R"("QUIT": ["500 No"])"), {delivered()}},
    {"NoCodeToQuit", on(R"("QUIT": ["good bye"])"), {delivered()}},
    {"ReplyToQuitLaterThanTheTimer", on(R"("QUIT": [{"wait": "6m"}, "221 Bye"])"), {delivered()}},
    {"AStallAtQuit", on(R"("QUIT": ["stall 20m"])"), {delivered()}},
    {"ClosesAfterThe250", on(R"("DOT": ["250 Ok", "close"])"), {delivered()}},
    {"ResetsAfterThe250", on(R"("DOT": ["250 Ok", "reset"])"), {delivered()}},
    {"HangsAfterThe250", on(R"("DOT": ["250 Ok", "hang"])"), {delivered()}},
    {"AReplyTooManyAtTheDot",
     on(R"("DOT": ["store", "250 Ok", "451 And another one"])"),
     {delivered()},
     "",
     {Wire::as_is, Wire::octet_segments}},
};
INSTANTIATE_TEST_SUITE_P(AfterTheEnd, ScriptedServer, ::testing::ValuesIn(on_each_wire(kQuit)), name_of);

// Each failure for a while and then success: tried again after half an hour, one copy.
const std::vector<Row> kLater = {
    {"A421AtTheGreetingTwice", at_first(2, R"("CONNECT": ["421 4.3.2 Later", "close"])"), {delivered(3)}},
    {"A450AtTheGreetingTwice", at_first(2, R"("CONNECT": ["450 4.3.2 Later"])"), {delivered(3)}},
    {"GreetingClosedOnce", at_first(1, R"("CONNECT": ["close"])"), {delivered(2)}},
    {"GreetingResetOnce", at_first(1, R"("CONNECT": ["reset"])"), {delivered(2)}},
    {"NoGreetingOnce", at_first(1, R"("CONNECT": ["hang"])"), {delivered(2)}},
    {"A421ToEhloOnce", at_first(1, R"("EHLO": ["421 4.3.2 Later", "close"])"), {delivered(2)}},
    {"A421ToMailTenTimes", at_first(10, R"("MAIL": ["421 4.3.2 Later", "close"])"), {delivered(11)}},
    {"A451ToRcptOnce", at_first(1, R"("RCPT": ["451 4.7.1 Greylisted"])"), {delivered(2)}},
    {"A421ToRcptOnce", at_first(1, R"("RCPT": ["421 4.7.1 Later", "close"])"), {delivered(2)}},
    {"A451ToDataOnce", at_first(1, R"("DATA": ["451 4.3.0 Later"])"), {delivered(2)}},
    {"A452ToTheDotOnce", at_first(1, R"("DOT": ["452 4.3.1 Disk full"])"), {delivered(2)}},
    {"ClosesInTheMiddleOfTheBodyOnce", at_first(1, R"("BODY@10000": ["close"])"), {delivered(2)}},
    {"UntilTheLastAttempt", at_first(95, R"("MAIL": ["451 4.3.0 Later"])"), {delivered(96)}},
    {"TheLinkDownForAnHour",
     on(""),
     {delivered(3)},
     R"("faults": [{"at": "0s", "for": "1h", "link": "internet-mx", "down": true}])"},
};
INSTANTIATE_TEST_SUITE_P(Later, ScriptedServer, ::testing::ValuesIn(on_each_wire(kLater)), name_of);

}  // namespace
}  // namespace deadletter::testing
