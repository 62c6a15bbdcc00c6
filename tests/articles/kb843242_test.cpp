// KB843242: a signed message that comes by X.400 cannot be scanned in its envelope, the fixes and workarounds let it
// through, and what looks like it is delivered.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/command.h"
#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

const std::string kArticle = "experiments/articles/kb843242_signed_over_x400.json";
const std::vector<std::string> kRuled = {"KB843242"};

// The article's experiment with a patch laid over it.
std::string article(const std::string& patch = "{}") { return patched(read_file(source_path(kArticle)), patch); }

// Mail instead of the article's own, without expectations; more of the experiment as members.
Outcome send(const std::string& mail, const std::string& members = "") {
  std::string more = members.empty() ? "" : ", " + members;
  return run_experiment(
      article(fmt::format(R"({{"mail": [{}], "variants": {{"unfixed": {{"expect": []}}}}{}}})", mail, more)),
      "unfixed");
}

std::string holding(const std::string& what, const std::string& from = "ann@contoso.com",
                    const std::string& to = "kim@contoso.com") {
  return fmt::format(R"({{"id": "m1", "from": "{}", "to": ["{}"], "subject": "Signed", "size": "8KB", {}}})", from, to,
                     what);
}
std::string content(const std::string& kind) { return R"("content": ")" + kind + "\""; }

std::string signature(const Outcome& run) { return run.text("/mail/0/recipients/0/signature"); }

void expect_delivered_at_once(const Outcome& run) {
  Recipient kim = run.recipient("m1");
  EXPECT_EQ(kim.fate, "delivered");
  EXPECT_EQ(kim.copies, 1);
  EXPECT_LT(kim.delivered_s, 10);
  EXPECT_EQ(kim.ndr + kim.delay, 0);
  EXPECT_TRUE(kim.ruled_by.empty());
  EXPECT_TRUE(run.held());
}

void expect_returned(const Outcome& run) {
  Recipient kim = run.recipient("m1");
  EXPECT_EQ(kim.fate, "returned");
  EXPECT_EQ(kim.status, "4.4.7");
  EXPECT_EQ(kim.copies, 0);
  EXPECT_EQ(kim.ndr, 1);
  EXPECT_EQ(kim.ruled_by, kRuled);
  EXPECT_TRUE(run.held());
}

// ---- The article

TEST(KB843242, EveryVariantOfTheArticleIsAsExpected) {
  for (const char* variant : {"unfixed", "hotfix", "sp2", "scanner_off", "exclusion"}) {
    Outcome run = run_experiment(article(), variant);
    EXPECT_TRUE(run.held()) << variant << run.problems << run.result.find("expectations")->dump(2);
  }
}

TEST(KB843242, ItIsRetriedInTheLocalDeliveryQueue) {
  Outcome run = run_experiment(article(R"json({"horizon": "1d", "variants": {"unfixed": {"expect": [
      {"mail": "signed", "fate": "waiting", "queue": "ex1.plant.contoso.com (Local delivery)",
       "queue_state": "retry", "reports": {"ndr": 0, "delay": 1}, "ruled_by": ["KB843242"]}]}}})json"),
                               "unfixed");
  EXPECT_TRUE(run.held()) << run.result.find("expectations")->dump(2);
}

// Each scan takes 20 ms; the time until the next attempt counts from its end.
TEST(KB843242, AttemptsFollowTheStoresLadder) {
  Outcome run = send(holding(content("clear_signed")));
  expect_returned(run);
  std::vector<double> attempts = times(run, "PLT-EX1 attempt m1 into the store: it cannot be scanned");
  ASSERT_GT(attempts.size(), 10U);
  for (std::size_t i = 1; i < attempts.size(); ++i)
    EXPECT_NEAR(attempts[i] - attempts[i - 1], minutes(i <= 3 ? 10 : 15) + 0.02, 1e-6) << i;
  EXPECT_EQ(static_cast<std::size_t>(run.recipient("m1").attempts), attempts.size() + 1);  // and by X.400
}

TEST(KB843242, TheTimeoutIsHowLongTheStoreTries) {
  for (int hours_given : {1, 6, 48}) {
    SCOPED_TRACE(hours_given);
    TemporaryFolder folder;
    Said said = deadletter({"run", source_path(kArticle), "--variant", "unfixed", "--set",
                            fmt::format("timeout={}h", hours_given), "--out", folder / "run", "--format", "json"});
    Outcome run{.result = parse_json(said.out)};
    std::string text = read_file(folder / "run/transcript.txt");
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != text.npos; begin = end + 1)
      run.transcript.push_back(text.substr(begin, end - begin));
    double came = time_of(run, "PLT-EX1 enqueue signed");
    EXPECT_NEAR(time_of(run, "PLT-EX1 report ndr-1 about signed"), came + hours(hours_given), 1e-6);
  }
}

TEST(KB843242, OtherProgramsReadTheTransferAgentsReport) {
  TemporaryFolder folder;
  Said said = deadletter({"run", source_path(kArticle), "--variant", "unfixed", "--out", folder / "run"});
  ASSERT_EQ(said.status, 0) << said.out << said.err;
  constexpr const char* kPrints = R"(print(m['subject'], m['to'], sep='|')
print(about['reporting-mta'], recipient['final-recipient'], recipient['action'], recipient['status'], sep='|')
print(recipient['diagnostic-code'])
print(*(l for l in text.get_content().splitlines() if l.startswith('The ') or l.startswith('MSEXCH')), sep='\n')
)";
  Said read = python_reads_report(folder / "run/mail/ndr-1.eml", kPrints);
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_EQ(read.out,
            "Undeliverable: Signed|ann@contoso.com\n"
            "dns;ex1.plant.contoso.com|rfc822;kim@contoso.com|failed|4.4.7\n"
            "x400; reason 1 diagnostic 5\n"
            "The following recipient(s) could not be reached:\n"
            "The maximum time for delivering the message expired.\n"
            "The MTS-ID of the original message is: c=us;a= ;p=contoso;l=HQ-EX1-040601080000Z-1\n"
            "MSEXCH:MSExchangeMTA:Plant:EX1\n");
}

// ---- The fixes and workarounds

TEST(KB843242, AnythingThatCuresItDeliversItWithAGoodSignature) {
  for (const char* cure :
       {R"("builds": {"PLT-EX1": "exchange-2003-sp1+KB843242 on windows-2003-sp1"})",
        R"("builds": {"PLT-EX1": "exchange-2003-sp2 on windows-2003-sp1"})",
        R"("builds": {"PLT-EX1": "exchange-2003-rtm on windows-2003-sp1"})",
        R"("attributes": {"PLT-EX1": {"scanner.enabled": "off"}})",
        R"("attributes": {"PLT-EX1": {"scanner.exclusions":
                               ["ENVELOPE.IPM.Note.SMIME.MultipartSigned"]}})",
        R"("attributes": {"PLT-EX1": {"scanner.exclusions": ["ENVELOPE.IPM.Note"]}})", R"("under_study": [])"}) {
    SCOPED_TRACE(cure);
    Outcome run = send(holding(content("clear_signed")), cure);
    expect_delivered_at_once(run);
    EXPECT_EQ(signature(run), "valid");
  }
}

TEST(KB843242, AnExclusionOfAnotherClassDoesNotHelp) {
  for (const char* other : {"IPM.Note.SMIME.MultipartSigned", "ENVELOPE.IPM.Note.SMIME.Multipart", ".p7m"})
    expect_returned(send(holding(content("clear_signed")),
                         fmt::format(R"("attributes": {{"PLT-EX1": {{"scanner.exclusions": ["{}"]}}}})", other)));
}

// The hotfix is for Service Pack 1: on another base its installer says no.
TEST(KB843242, TheHotfixIsRefusedOnAnotherBranch) {
  struct {
    const char* base;
    const char* why;
  } cases[] = {{"exchange-2003-rtm", "needs exchange-2003-sp1, found exchange-2003-rtm"},
               {"exchange-2003-sp2", "needs exchange-2003-sp1, found exchange-2003-sp2"}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.base);
    std::string build = fmt::format(R"("builds": {{"PLT-EX1": "{}+KB843242 on windows-2003-sp1"}}, "mail": [{}])",
                                    one.base, holding(content("note")));
    Outcome unexpected =
        run_experiment(article("{" + build + R"(, "variants": {"unfixed": {"expect": []}}})"), "unfixed");
    EXPECT_NE(unexpected.problems.find(std::string("KB843242 cannot be installed on PLT-EX1: ") + one.why),
              std::string::npos)
        << unexpected.problems;
    Outcome expected = run_experiment(article(fmt::format(R"({{{}, "variants": {{"unfixed": {{"expect": [
                                {{"install": "KB843242", "refused": "{}"}}]}}}}}})",
                                                          build, one.why)),
                                      "unfixed");
    EXPECT_TRUE(expected.held()) << expected.problems;
  }
}

// ---- What decides: the class, the envelope, the scan

TEST(KB843242, WhateverIsClearSignedOutsideIsMistaken) {
  for (const char* kind : {"clear_signed", "signed_in_signed", "encrypted_then_signed"}) {
    SCOPED_TRACE(kind);
    expect_returned(send(holding(content(kind))));
  }
}

TEST(KB843242, WhatIsNotClearSignedIsDelivered) {
  for (const char* kind : {"note", "html", "attachment", "opaque_signed", "encrypted"}) {
    SCOPED_TRACE(kind);
    Outcome run = send(holding(content(kind)));
    expect_delivered_at_once(run);
    EXPECT_EQ(signature(run), kind == std::string("opaque_signed") ? "valid" : "none");
  }
}

TEST(KB843242, WithoutAnEnvelopeASignedMessageIsDelivered) {
  for (const char* from : {"carl@fabrikam.com", "noa@contoso.com", "lou@contoso.com"}) {
    SCOPED_TRACE(from);
    Outcome run = send(holding(content("clear_signed"), from));
    expect_delivered_at_once(run);
    EXPECT_EQ(signature(run), "valid");
  }
}

// The Lab scans too, and mail for Exchange 2007 goes on by SMTP.
TEST(KB843242, OnServersBeforeAndAfterASignedMessageIsDelivered) {
  for (const char* to : {"mia@contoso.com", "noa@contoso.com"}) {
    SCOPED_TRACE(to);
    Outcome run = send(holding(content("clear_signed"), "ann@contoso.com", to));
    expect_delivered_at_once(run);
    EXPECT_EQ(signature(run), "valid");
  }
}

TEST(KB843242, HealthyMailPassesItInTheQueue) {
  Outcome run = run_experiment(article(), "unfixed");
  for (const char* mail : {"unsigned", "encrypted", "opaque", "by_smtp", "at_home"})
    EXPECT_LT(run.recipient(mail).delivered_s, 5) << mail;
}

// ---- What a scanner is for

TEST(KB843242, AnInfectedMessageIsDiscardedByTheScanner) {
  Outcome run = send(holding(R"("content": "attachment", "infected": true)"));
  Recipient kim = run.recipient("m1");
  EXPECT_EQ(kim.fate, "discarded");
  EXPECT_EQ(kim.copies + kim.ndr + kim.delay, 0);
  EXPECT_TRUE(kim.ruled_by.empty());
  EXPECT_EQ(told(run, "discard").size(), 1U);
  EXPECT_NE(told(run, "discard")[0].find("PLT-EX1 discard m1 to <kim@contoso.com>: "), std::string::npos);
  EXPECT_TRUE(run.held());
}

TEST(KB843242, WithoutAScannerAnInfectedMessageIsDelivered) {
  expect_delivered_at_once(send(holding(R"("content": "attachment", "infected": true)"),
                                R"("attributes": {"PLT-EX1": {"scanner.enabled": "off"}})"));
}

TEST(KB843242, AnInfectedMessageThatCannotBeScannedIsNotFound) {
  expect_returned(send(holding(R"("content": "clear_signed", "infected": true)")));
}

// ---- Expectations that are wrong

TEST(KB843242, AWrongExpectationOfASignatureFails) {
  struct {
    const char* expectation;
    const char* why;
  } cases[] = {
      {R"({"mail": "opaque", "signature": "invalid"})",
       "opaque to kim@contoso.com: signature is valid, expected invalid"},
      {R"({"mail": "opaque", "signature": "none"})", "opaque to kim@contoso.com: signature is valid, expected none"},
      {R"({"mail": "signed", "signature": "valid"})", "signed to kim@contoso.com: signature is none, expected valid"}};
  for (const auto& one : cases) {
    Outcome run = run_experiment(
        article(fmt::format(R"({{"variants": {{"unfixed": {{"expect": [{}]}}}}}})", one.expectation)), "unfixed");
    ASSERT_EQ(run.result.find_pointer("/expectations/failed")->size(), 1U) << one.expectation;
    EXPECT_EQ(run.text("/expectations/failed/0/why"), one.why);
  }
}

// ---- Beside the other article

TEST(KB843242, TheOtherArticleUnderStudyChangesNothing) {
  Outcome alone = run_experiment(article(), "unfixed");
  Outcome both = run_experiment(article(R"({"under_study": ["KB938650", "KB843242"]})"), "unfixed");
  EXPECT_EQ(both.text("/fingerprint"), alone.text("/fingerprint"));
  EXPECT_TRUE(both.held());
}

// What goes on by SMTP from the server where X.400 ends is no envelope any more.
TEST(KB843242, WhoPassesItOnBySmtpUnwrapsIt) {
  Outcome run = send(holding(content("clear_signed"), "ann@contoso.com", "noa@contoso.com"));
  EXPECT_EQ(told(run, "convert", "m1 to TNEF"), std::vector<std::string>{"PLT-EX1 convert m1 to TNEF"});
  EXPECT_EQ(signature(run), "valid");
  // The stream, its text part and base64: more than the 8 KB that were submitted.
  auto bodies = told(run, "body", "octets of m1");
  ASSERT_EQ(bodies.size(), 2U) << "from agent to agent, then by SMTP";
  EXPECT_TRUE(bodies[1].starts_with("PLT-EX1 body ")) << bodies[1];
  EXPECT_GT(std::stoul(bodies[1].substr(bodies[1].find('>') + 1)), 14000U) << bodies[1];
}

}  // namespace
}  // namespace deadletter::testing
