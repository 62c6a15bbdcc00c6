// KB938650: the update of a meeting cannot be opened for SMTP, the hotfix with its switch cures it and has its price,
// and attendees whom it does not concern never notice.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "tests/support/command.h"
#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

const std::string kArticle = "experiments/articles/kb938650_meeting_update.json";
const std::vector<std::string> kRuled = {"KB938650"};

// The article's experiment with a patch laid over it.
std::string article(const std::string& patch = "{}") { return patched(read_file(source_path(kArticle)), patch); }

// A meeting of ann's with bob alone, told shortly; `reply` is left out when he never answers. In this story ann has a
// client that takes the time at which an answer was sent, so that what happens to the row is the test's doing.
std::string meeting(const std::string& update_members, bool reply = true, const std::string& patch = "{}") {
  std::string answer =
      R"({"id": "accept", "at": "30m", "from": "bob@fabrikam.com", "meeting": {"reply_to": "invite"}},)";
  std::string mail = fmt::format(
      R"({{"clients": {{"ann@contoso.com": "outlook-2003-sp3"}},
           "mail": [{{"id": "invite", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "subject": "test message",
                      "meeting": {{"request": {{}}}}}},
                    {}
                    {{"id": "update", "at": "3h", "from": "ann@contoso.com", "subject": "test message",
                      "meeting": {{"update": "invite"{}}}}}],
           "imap": [{{"id": "calendar", "at": "4h", "mailbox": "ann@contoso.com"}}],
           "variants": {{"unfixed": {{"expect": []}}}}}})",
      reply ? answer : "", update_members);
  return patched(article(mail), patch);
}

std::string blank(const std::string& time) { return R"(, "track_times": {"bob@fabrikam.com": ")" + time + "\"}"; }

std::string shown(const Outcome& run, const std::string& mail) {
  for (const json::Value& m : run.result.find("mail")->items())
    if (m.find("id")->as_string() == mail) return m.find("recipients")->items()[0].find("shown")->as_string();
  return "no such mail";
}

std::string imap_response(const Outcome& run) { return run.text("/fetches/0/response"); }
const std::string kNo = "NO The requested message could not be converted to an RFC-822 compatible format.";
const std::string kYes = "OK FETCH completed.";

// The run of a file by the program: its exit status and its words.
Said run_file(const std::string& experiment, const std::string& variant, const std::string& out) {
  TemporaryFolder folder;
  json::Value with_topology = parse_json(experiment);
  with_topology.set("topology", source_path("topologies/meetings.json"));
  write_file(folder / "experiment.json", with_topology.dump(2));
  return deadletter({"run", folder / "experiment.json", "--variant", variant, "--out", out});
}

// ---- The article

TEST(KB938650, EveryVariantOfTheArticleIsAsExpected) {
  for (const char* variant :
       {"unfixed", "article_expiry", "outlook_2003", "hotfix_alone", "hotfix_and_switch", "hotfix_without_sp2"}) {
    Outcome run = run_experiment(article(), variant);
    EXPECT_TRUE(run.held()) << variant << run.problems << run.result.find("expectations")->dump(2);
  }
}

// "esm": three times after ten minutes, then every fifteen, for two days.
TEST(KB938650, AttemptsFollowTheLadderUntilTheTimeIsOver) {
  Outcome run = run_experiment(article(), "unfixed");
  std::vector<double> attempts = times(run, "CON-MBX1 attempt update: Unable to open for delivery");
  std::vector<double> expected = {hours(3) + minutes(44)};
  double end = expected[0] + hours(48);
  for (int i = 1; expected.back() + minutes(i <= 3 ? 10 : 15) < end; ++i)
    expected.push_back(expected.back() + minutes(i <= 3 ? 10 : 15));
  EXPECT_EQ(attempts, expected);
  EXPECT_EQ(run.recipient("update").attempts, static_cast<std::int64_t>(expected.size()));
  EXPECT_EQ(time_of(run, "CON-MBX1 report ndr-1 about update"), end);
}

TEST(KB938650, TheUpdateWaitsInAQueueInRetryNamedAfterTheNextHop) {
  Outcome run = run_experiment(article(R"({"horizon": "1d", "variants": {"unfixed": {"expect": [
      {"mail": "update", "fate": "waiting", "queue": "bh1.contoso.com", "queue_state": "retry"},
      {"mail": "cancel", "fate": "waiting", "queue": "bh1.contoso.com", "queue_state": "retry"}]}}})"),
                               "unfixed");
  EXPECT_TRUE(run.held()) << run.result.find("expectations")->dump(2);
  EXPECT_EQ(run.recipient("update").ruled_by, kRuled);
}

// The next hop is not even asked: nothing is connected for what cannot be opened.
TEST(KB938650, NothingOfTheUpdateLeavesItsServer) {
  Outcome run = run_experiment(article(), "unfixed");
  for (const Line& line : lines_of(run)) {
    bool leaves = line.kind == "connect" || line.kind == "body" || line.kind == "relay";
    EXPECT_FALSE(leaves && (line.words + " ").find(" update ") != std::string::npos) << line.words;
  }
  EXPECT_FALSE(told(run, "convert", "update to MIME: Unable to open for delivery, error -2147467259").empty());
}

TEST(KB938650, HealthyMailForTheSameQueuePassesTheUpdate) {
  Outcome run = run_experiment(article(), "unfixed");
  for (const char* mail : {"update_2003", "update_silent"}) {
    Recipient attendee = run.recipient(mail);
    EXPECT_EQ(attendee.fate, "delivered") << mail;
    EXPECT_LT(attendee.delivered_s, 2) << mail;
  }
}

// ---- What is in the attendee's row decides

TEST(KB938650, ATimeThatIsBlankOrZeroFailsToo) {
  for (const char* time : {"blank", "zero"}) {
    SCOPED_TRACE(time);
    Outcome run = run_experiment(meeting(blank(time)));
    EXPECT_EQ(run.recipient("update").fate, "returned");
    EXPECT_EQ(run.recipient("update").status, "4.4.7");
    EXPECT_EQ(run.recipient("update").ruled_by, kRuled);
    EXPECT_EQ(imap_response(run), kNo);
    EXPECT_EQ(run.number("/fetches/0/failed"), 1);
    EXPECT_NE(run.text("/fetches/0/shown").find("0x800CCCD2"), std::string::npos);
  }
}

TEST(KB938650, AGoodDateConverts) {
  for (const std::string& members : {std::string(), blank("2008-08-20T08:30:00Z")}) {
    SCOPED_TRACE(members);
    Outcome run = run_experiment(meeting(members));
    EXPECT_EQ(run.recipient("update").fate, "delivered");
    EXPECT_EQ(imap_response(run), kYes);
    EXPECT_TRUE(run.result.find("fetches")->items()[0].find("ruled_by")->items().empty());
  }
}

TEST(KB938650, ARowWithoutAnAnswerMayHaveNoTime) {
  Outcome run = run_experiment(meeting(blank("blank"), false));
  EXPECT_EQ(run.recipient("update").fate, "delivered");
  EXPECT_TRUE(run.recipient("update").ruled_by.empty());
  EXPECT_EQ(imap_response(run), kYes);
}

TEST(KB938650, NotUnderStudyItIsNotThere) {
  Outcome run = run_experiment(article(R"({"under_study": [], "variants": {"unfixed": {"expect": []}}})"), "unfixed");
  for (const char* mail : {"accept", "update", "cancel"}) {
    EXPECT_EQ(run.recipient(mail).fate, "delivered") << mail;
    EXPECT_TRUE(run.recipient(mail).ruled_by.empty()) << mail;
  }
  EXPECT_EQ(imap_response(run), kYes);
}

// ---- Its traces

TEST(KB938650, EveryAttemptIsEvent327AndNoneWithoutDiagnostics) {
  Outcome loud = run_experiment(article(), "unfixed");
  EXPECT_EQ(loud.number("/logged/0/count"), loud.recipient("update").attempts + loud.recipient("cancel").attempts);
  EXPECT_NE(loud.text("/logged/0/first").find("EcGetMime to the store failed. Error code : -2147467259."),
            std::string::npos);
  Outcome quiet = run_experiment(article(R"({"attributes": {"CON-MBX1": {"store.diagnostics": "off"}},
      "variants": {"unfixed": {"expect": [{"event": "MSExchangeTransport 327", "count": 0},
                                          {"mail": "update", "fate": "returned", "status": "4.4.7"}]}}})"),
                                 "unfixed");
  EXPECT_TRUE(quiet.held()) << quiet.result.find("expectations")->dump(2);
  EXPECT_TRUE(told(quiet, "log").empty());
}

TEST(KB938650, OtherProgramsReadTheReport) {
  TemporaryFolder folder;
  Said said = run_file(article(), "unfixed", folder / "run");
  ASSERT_EQ(said.status, 0) << said.out << said.err;
  constexpr const char* kPrints = R"(print(m['subject'], m['to'], sep='|')
print(about['reporting-mta'], recipient['final-recipient'], recipient['action'], recipient['status'], sep='|')
print(original.get_payload(0)['message-id'], original.get_payload(0)['subject'], sep='|')
print(' '.join(text.get_content().split()))
)";
  Said read = python_reads_report(folder / "run/mail/ndr-1.eml", kPrints);
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_EQ(read.out,
            "Undeliverable: test message|ann@contoso.com\n"
            "dns;mbx1.contoso.com|rfc822;bob@fabrikam.com|failed|4.4.7\n"
            "<update.kb938650_meeting_update@mbx1.contoso.com>|test message\n"
            "Your message did not reach some or all of the intended recipients. Subject: test message Sent: 8/20/2008 "
            "11:44 AM The following recipient(s) could not be reached: bob@fabrikam.com on 8/22/2008 11:44 AM Could "
            "not deliver the message in the time limit specified. Please retry or contact your administrator. "
            "<mbx1.contoso.com #4.4.7>\n");
}

// ---- The side effect

std::string fix(bool hotfix, bool on) {
  return fmt::format(R"("builds": {{"CON-MBX1": "exchange-2003-sp2{} on windows-2003-sp1"}}{})",
                     hotfix ? "+KB938650" : "",
                     on ? R"(, "registry": {"CON-MBX1": {"FixRecipientTrackStatusTime": 1}})" : "");
}

TEST(KB938650, TheSideEffectIsSeenOnlyWithHotfixAndSwitch) {
  for (bool hotfix : {false, true})
    for (bool on : {false, true}) {
      SCOPED_TRACE(fix(hotfix, on));
      // Without the hotfix there is nothing that reads the value.
      Outcome run =
          run_experiment(article("{" + fix(hotfix, on) + R"(, "variants": {"unfixed": {"expect": []}}})"), "unfixed");
      ASSERT_EQ(run.problems, "");
      bool fixed = hotfix && on;
      EXPECT_EQ(run.recipient("update").fate, fixed ? "delivered" : "returned");
      EXPECT_EQ(shown(run, "accept"), fixed ? "The attendee sent another response after this response." : "");
      EXPECT_EQ(shown(run, "accept_2003"), "");
      EXPECT_EQ(shown(run, "accept_own"), "");
    }
}

TEST(KB938650, WithoutAnUpdateNothingIsEstimatedSoNothingIsShown) {
  Outcome run = run_experiment(article("{" + fix(true, true) + R"(, "imap": [], "mail": [
      {"id": "invite", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "meeting": {"request": {}}},
      {"id": "accept", "at": "30m", "from": "bob@fabrikam.com", "meeting": {"reply_to": "invite"}}],
      "variants": {"unfixed": {"expect": []}}})"),
                               "unfixed");
  EXPECT_EQ(shown(run, "accept"), "");
}

TEST(KB938650, WithoutAnAnswerTheHotfixHasNothingToEstimate) {
  Outcome run = run_experiment(meeting("", false, "{" + fix(true, true) + "}"));
  EXPECT_EQ(run.recipient("update").fate, "delivered");
  EXPECT_TRUE(run.recipient("update").ruled_by.empty());
  EXPECT_EQ(shown(run, "update"), "");
}

// ---- Expectations that are wrong

TEST(KB938650, AWrongExpectationFailsAndSaysWhatWasFound) {
  struct {
    const char* expectation;
    const char* found;
  } cases[] = {
      {R"({"mail": "accept", "shown": "another response"})",
       R"(accept to ann@contoso.com: shows nothing, expected "another response")"},
      {R"({"mail": "accept", "signature": "valid"})", "accept to ann@contoso.com: signature is none, expected valid"},
      {R"({"mail": "accept", "lineage": {"property": "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE", "at": "FAB-HUB1",
           "fate": "kept"}})",
       "at FAB-HUB1 is omitted 2008-08-20 08:30:00Z at FAB-HUB1, expected kept"},
      {R"({"mail": "accept", "lineage": {"property": "PR_NONE_SUCH", "fate": "set"}})",
       "PR_NONE_SUCH is not in the lineage, expected set"},
      {R"({"fetch": "calendar", "response": "OK"})", "the response is \"NO The requested message could not"},
      {R"({"fetch": "calendar", "shown": ""})", "calendar: shows \"Header download for the 'Calendar' folder did not"},
      {R"({"event": "MSExchangeTransport 327", "on": "CON-MBX1", "count": 0})",
       "MSExchangeTransport 327: 386 times in the log, expected 0"},
      {R"({"event": "MSExchangeTransport 327", "on": "CON-BH1", "count": ">=1"})",
       "MSExchangeTransport 327: 0 times in the log, expected >=1"}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.expectation);
    TemporaryFolder folder;
    std::string patch = fmt::format(R"({{"variants": {{"unfixed": {{"expect": [{}]}}}}}})", one.expectation);
    Said said = run_file(article(patch), "unfixed", folder / "run");
    EXPECT_EQ(said.status, 1) << said.err;
    EXPECT_NE(said.out.find("0 held, 1 failed"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find(one.found), std::string::npos) << said.out;
  }
}

// ---- Beside the other article

TEST(KB938650, TheOtherArticleUnderStudyChangesNothing) {
  Outcome alone = run_experiment(article(), "unfixed");
  Outcome both = run_experiment(article(R"({"under_study": ["KB938650", "KB843242"]})"), "unfixed");
  EXPECT_EQ(both.text("/fingerprint"), alone.text("/fingerprint"));
  EXPECT_TRUE(both.held());
}

}  // namespace
}  // namespace deadletter::testing
