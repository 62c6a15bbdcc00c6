// KB912341: the failure arises on the wire, its fixes cure it, and what looks like it is something else.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "models/builds/installation.h"
#include "models/builds/settings.h"
#include "models/content/dsn.h"
#include "models/transport/timetable.h"
#include "sim/json/parse.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

const std::string kUnfixed = "exchange-2003-sp2 on windows-2003-sp1";
const std::string kHotfix = "exchange-2003-sp2 on windows-2003-sp1+KB912341";
const std::string kSp2 = "exchange-2003-sp2 on windows-2003-sp2";
const std::vector<std::string> kAll = {kUnfixed, kHotfix, kSp2};
const std::vector<std::string> kFixed = {kHotfix, kSp2};
const std::vector<std::string> kArticle = {"KB912341"};

const std::string kGap = R"("DATA": ["354-Line 1", {"wait": "1s"}, "354 Send message"])";

// The sender under study, what the peer answers, and further attributes of the sender.
Outcome send(const std::string& build, const std::string& on, const std::string& attributes = "",
             const std::string& under_study = R"(["KB912341"])") {
  return run_experiment(base_experiment(fmt::format(
      R"({{"under_study": {}, "builds": {{"EX1": "{}"}}, "attributes": {{"EX1": {{{}}}}},
           "peers": {{"mx.fabrikam.com": {{"smtp_script": {{"on": {{{}}}}}}}}}}})",
      under_study, build, attributes, on)));
}

void expect_delivered_once(const Outcome& run) {
  Recipient bob = run.recipient("m1");
  EXPECT_EQ(bob.fate, "delivered");
  EXPECT_EQ(bob.copies, 1);
  EXPECT_EQ(bob.attempts, 1);
  EXPECT_EQ(bob.ndr + bob.delay, 0);
  EXPECT_TRUE(bob.ruled_by.empty());
  EXPECT_TRUE(run.held());
}

void expect_expired(const Outcome& run, std::int64_t attempts, std::int64_t copies) {
  Recipient bob = run.recipient("m1");
  EXPECT_EQ(bob.fate, "returned");
  EXPECT_EQ(bob.status, "4.4.7");
  EXPECT_EQ(bob.attempts, attempts);
  EXPECT_EQ(bob.copies, copies);
  EXPECT_EQ(bob.ndr, 1);
  EXPECT_EQ(bob.delay, 1);
  EXPECT_TRUE(run.held());
}

// How often the ladder "esm" (10 min three times, then 15 min) tries within two days when each attempt takes so many
// seconds and a little.
constexpr std::int64_t tries(std::int64_t seconds_each) {
  return 4 + (2 * 24 * 3600 - 3 * (600 + seconds_each) - 1) / (900 + seconds_each);
}
static_assert(tries(1) == 193);

// When the line that holds `words` was written.
std::string time_of(const Outcome& run, const std::string& words) {
  std::vector<std::string> lines = run.lines(words);
  if (lines.size() != 1) return fmt::format("{} lines hold \"{}\"", lines.size(), words);
  return lines[0].substr(0, lines[0].find("  "));
}

// ---- The failure

TEST(KB912341, AGapMakesTheUnfixedSenderRetryUntilExpiryWithOneCopyAnAttempt) {
  for (const std::string& build : {kUnfixed, std::string("exchange-2003-sp2 on windows-2003-rtm")}) {
    SCOPED_TRACE(build);
    Outcome run = send(build, kGap);
    expect_expired(run, tries(1), tries(1));
    EXPECT_EQ(run.recipient("m1").ruled_by, kArticle);
  }
}

TEST(KB912341, TheDelayNoticeComesAfterTwelveHoursAndTheReportAfterTwoDays) {
  Outcome run = send(kUnfixed, kGap);
  EXPECT_EQ(time_of(run, "delay-1 about m1"), "12:00:00");
  EXPECT_EQ(time_of(run, "ndr-1 about m1"), "2d 00:00:00");
}

TEST(KB912341, BothReportsSay447InAFormThatOthersRead) {
  Outcome run = send(kUnfixed, kGap);
  ASSERT_EQ(run.reports.size(), 2U);
  const mail::ReportKind kinds[] = {mail::ReportKind::delay, mail::ReportKind::failure};
  const char* actions[] = {"delayed", "failed"};
  for (std::size_t i = 0; i < 2; ++i) {
    auto dsn = content::parse_dsn(run.reports[i]);
    ASSERT_TRUE(dsn) << run.reports[i];
    EXPECT_EQ(dsn->kind, kinds[i]);
    EXPECT_EQ(dsn->reporting_mta, "ex1.contoso.com");
    ASSERT_EQ(dsn->recipients.size(), 1U);
    EXPECT_EQ(dsn->recipients[0].address, "bob@fabrikam.com");
    EXPECT_EQ(dsn->recipients[0].action, actions[i]);
    EXPECT_EQ(mail::text(dsn->recipients[0].status), "4.4.7");
  }
}

// ---- The fixes

TEST(KB912341, TheHotfixAndTheServicePackCureIt) {
  for (const std::string& build : kFixed) {
    SCOPED_TRACE(build);
    expect_delivered_once(send(build, kGap));
  }
}

TEST(KB912341, AnAnswerOnOneLineIsAWorkaround) {
  for (const char* on : {R"("DATA": [{"wait": "1s"}, "354 Send message"])", R"("DATA": ["354 Send message"])"})
    expect_delivered_once(send(kUnfixed, on));
}

TEST(KB912341, TheArticlesExperimentHoldsInEveryVariant) {
  std::ifstream file(std::string(DEADLETTER_SOURCE_DIR) + "/experiments/articles/kb912341_multiline_354.json");
  std::ostringstream text;
  text << file.rdbuf();
  for (const char* variant : {"unfixed", "hotfix", "sp2", "workaround"}) {
    Outcome run = run_experiment(text.str(), variant);
    EXPECT_TRUE(run.held()) << variant << run.problems << run.result.dump(2);
  }
}

// The hotfix is for Service Pack 1: "KB912341" on another base, and why its installer says no.
void expect_refused(const std::string& base, const std::string& why) {
  std::string build = fmt::format(R"("builds": {{"EX1": "exchange-2003-sp2 on {}+KB912341"}})", base);
  Outcome unexpected = run_experiment(base_experiment("{" + build + "}"));
  EXPECT_NE(unexpected.problems.find("KB912341 cannot be installed on EX1: " + why), std::string::npos)
      << unexpected.problems;
  Outcome expected = run_experiment(base_experiment(fmt::format(
      R"({{{}, "variants": {{"base": {{"expect": [{{"install": "KB912341", "refused": "{}"}}]}}}}}})", build, why)));
  EXPECT_TRUE(expected.held()) << expected.problems;
}

TEST(KB912341, TheHotfixIsRefusedWithoutServicePack1) {
  expect_refused("windows-2003-rtm", "needs windows-2003-sp1, found windows-2003-rtm");
}
TEST(KB912341, TheHotfixIsRefusedWhereServicePack2HasIt) {
  expect_refused("windows-2003-sp2", "windows-2003-sp2 contains it already");
}

// ---- Controls: what does no harm to anyone

TEST(KB912341, WithoutAGapTheUnfixedSenderReadsBothLines) {
  for (const char* data :
       {R"(["354-Line 1", "354 Send message"])", R"(["354-Line 1", {"wait": "0s"}, "354 Send message"])",
        R"([{"raw": "354-Line 1\r\n354 Send message\r\n"}])"}) {
    SCOPED_TRACE(data);
    expect_delivered_once(send(kUnfixed, std::string("\"DATA\": ") + data));
  }
}

TEST(KB912341, ALineCutInTwoIsNoGapBetweenLines) {
  expect_delivered_once(send(kUnfixed, R"("DATA": [{"raw": "354 Send"}, {"wait": "1s"}, {"raw": " message\r\n"}])"));
}

TEST(KB912341, OnlyTheReplyToDataIsReadTooSoon) {
  for (const char* on :
       {R"("CONNECT": ["220-One", {"wait": "1s"}, "220 mx ESMTP"])",
        R"("EHLO": ["250-mx.fabrikam.com", {"wait": "1s"}, "250-SIZE", {"wait": "1s"}, "250 DSN"])",
        R"("MAIL": ["250-One", {"wait": "1s"}, "250 Two"])", R"("RCPT": ["250-One", {"wait": "1s"}, "250 Two"])",
        R"("DOT": ["250-One", {"wait": "1s"}, "250 Two"])", R"("QUIT": ["221-One", {"wait": "1s"}, "221 Two"])"}) {
    SCOPED_TRACE(on);
    expect_delivered_once(send(kUnfixed, on));
  }
}

TEST(KB912341, OtherSendersReadTheWholeReply) {
  for (const char* build : {"exchange-2007-sp1 on windows-2003-sp1", "postfix-2.2", "exim-4", "sendmail-8"}) {
    SCOPED_TRACE(build);
    expect_delivered_once(send(build, kGap));
  }
}

TEST(KB912341, NotUnderStudyItIsNotThere) { expect_delivered_once(send(kUnfixed, kGap, "", "[]")); }

// ---- Controls: what harms everyone alike, with or without the fix

TEST(KB912341, A354LaterThanTheTimerIsRetriedWithoutACopyInEveryVariant) {
  for (const std::string& build : kAll) {
    SCOPED_TRACE(build);
    Outcome run = send(build, R"("DATA": [{"wait": "3m"}, "354 Send message"])");
    expect_expired(run, tries(120), 0);
    EXPECT_TRUE(run.recipient("m1").ruled_by.empty());
  }
}

TEST(KB912341, AGapLongerThanTheTimerIsRetriedWithoutACopyWhereFixed) {
  for (const std::string& build : kFixed) {
    SCOPED_TRACE(build);
    Outcome run = send(build, R"("DATA": ["354-Line 1", {"wait": "3m"}, "354 Send message"])");
    expect_expired(run, tries(120), 0);
    EXPECT_TRUE(run.recipient("m1").ruled_by.empty());
  }
}

// Unfixed, the body has gone out after the first line. The server takes it once it has said its second, whether the
// client still waits for the reply to the dot (3 min) or has given that up (15 min).
TEST(KB912341, AGapLongerThanTheTimerMakesCopiesWhereUnfixed) {
  struct {
    const char* gap;
    std::int64_t attempts;
  } cases[] = {{"3m", tries(180)}, {"15m", tries(600)}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.gap);
    Outcome run =
        send(kUnfixed, fmt::format(R"("DATA": ["354-Line 1", {{"wait": "{}"}}, "354 Send message"])", one.gap));
    expect_expired(run, one.attempts, one.attempts);
    EXPECT_EQ(run.recipient("m1").ruled_by, kArticle);
  }
}

// That a 3yz at the dot means "later" is the product's way, not the defect.
TEST(KB912341, A354AtTheDotIsTriedAgainWithTheFixToo) {
  for (const std::string& build : kAll) {
    SCOPED_TRACE(build);
    Outcome run = send(build, R"("DOT": ["store", "354 Go on"])");
    expect_expired(run, tries(0), tries(0));
    EXPECT_TRUE(run.recipient("m1").ruled_by.empty());
  }
}

// ---- Arithmetic: how many attempts, and so how many copies

std::int64_t predicted_attempts(const std::string& attributes) {
  builds::NodeBehaviour behaviour = builds::profile_of(builds::parse_build(kUnfixed).build);
  json::Problems problems;
  json::Context context(problems);
  auto settings = json::parse(std::make_shared<json::Source>(json::Source{"test", "{" + attributes + "}"}), problems);
  for (const json::Member& m : settings->members()) builds::apply_setting(behaviour, m.key, m.value, context);
  EXPECT_TRUE(problems.empty()) << json::render(problems);
  std::int64_t attempts = 0;
  for (const auto& row : timetable(behaviour.queue, behaviour.transport, transport::FailureKind::message))
    attempts = std::max<std::int64_t>(attempts, row.attempt);
  return attempts;
}

TEST(KB912341, TheLadderSaysHowManyCopiesArrive) {
  const std::string kGlitch = R"(, "queue.glitch_stages": ["connect", "busy", "message"])";
  struct {
    std::string attributes;
    std::int64_t attempts;
  } cases[] = {{R"("queue.ladder": "iis")", 15},
               {R"("queue.ladder": "esm")", 193},
               {R"("queue.ladder": "iis")" + kGlitch, 18},
               {R"("queue.ladder": "esm")" + kGlitch, 196}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.attributes);
    EXPECT_EQ(predicted_attempts(one.attributes), one.attempts);
    expect_expired(send(kUnfixed, kGap, one.attributes), one.attempts, one.attempts);
  }
}

// A timetable takes attempts to fail at once, so the gap is as short as one that does harm can be.
TEST(KB912341, TheTimetablePredictsEveryLadderAndLifetime) {
  const std::string kShortGap = R"("DATA": ["354-Line 1", {"wait": "1ms"}, "354 Send message"])";
  for (const char* ladder : {R"("iis")", R"("esm")", R"("rfc5321")", R"("postfix-2.2")", R"("postfix-2.4")",
                             R"("exim")", R"("exchange-2007")", R"(["1h"])", R"(["7m", "2h", "5h"])"})
    for (const char* lifetime : {"1h", "13h", "2d", "5d"}) {
      std::string attributes = fmt::format(R"("queue.ladder": {}, "transport.lifetime": "{}")", ladder, lifetime);
      SCOPED_TRACE(attributes);
      Recipient bob = send(kUnfixed, kShortGap, attributes).recipient("m1");
      EXPECT_EQ(bob.attempts, predicted_attempts(attributes));
      EXPECT_EQ(bob.copies, bob.attempts);
      EXPECT_EQ(bob.ndr, 1);
      EXPECT_EQ(bob.delay, lifetime == std::string("1h") ? 0 : 1);
    }
}

}  // namespace
}  // namespace deadletter::testing
