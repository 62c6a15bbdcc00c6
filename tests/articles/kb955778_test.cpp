// KB955778: Outlook in cached mode returns a fax that the server would send; what helps, from when on, and what looks
// like it.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/command.h"
#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

const std::string kArticle = "experiments/articles/kb955778_fax_in_cached_mode.json";
const std::vector<std::string> kRuled = {"KB955778"}, kNobody;

std::string article(const std::string& patch = "{}") { return patched(read_file(source_path(kArticle)), patch); }

bool says(const Outcome& run, const std::string& words) { return !run.lines(words).empty(); }

std::string fax(const std::string& id, const std::string& at, const std::string& from = "ann@contoso.com") {
  return fmt::format(R"({{"id": "{}", "at": "{}", "from": "{}", "to": ["[FAX:0171020225]"]}})", id, at, from);
}

// Faxes instead of the article's mail, without expectations; more of the experiment as members.
Outcome send(const std::string& mail, const std::string& members = "") {
  return run_experiment(article(fmt::format(R"({{"mail": [{}], "variants": {{"unfixed": {{"expect": []}}}}{}}})", mail,
                                            members.empty() ? "" : ", " + members)),
                        "unfixed");
}

TEST(KB955778, EveryVariantOfTheArticleIsAsExpected) {
  for (const char* variant : {"unfixed", "ru7", "ru7_at_noon", "ru6", "ru8", "unscoped", "online", "no_connector"}) {
    Outcome run = run_experiment(article(), variant);
    EXPECT_TRUE(run.held()) << variant << "\n" << run.result.dump(2).substr(0, 2000);
  }
}

TEST(KB955778, TheServerNeverSeesTheMessage) {
  Outcome run = send(fax("f", "1h"));
  EXPECT_EQ(run.recipient("f").fate, "returned");
  EXPECT_EQ(run.recipient("f").status, "");
  for (const Line& line : lines_of(run))
    for (const char* kind : {"submit", "categorize", "enqueue", "connect", "attempt"})
      EXPECT_NE(line.kind, kind) << line.words;
}

TEST(KB955778, TheClientsReportHasNoServersTrailer) {
  Outcome run = send(fax("f", "1h"));
  std::string seen = run.text("/mail/0/recipients/0/sender_sees");
  EXPECT_NE(seen.find("Your message did not reach some or all of the intended recipients."), std::string::npos);
  EXPECT_NE(seen.find("[FAX:0171020225]"), std::string::npos);
  EXPECT_NE(seen.find("None of your e-mail accounts could send to this recipient."), std::string::npos);
  EXPECT_EQ(seen.find('<'), std::string::npos) << seen;
}

TEST(KB955778, TheFaxGoesThroughTheConnectorInItsEncapsulation) {
  Outcome run = send(fax("f", "1h", "olga@contoso.com"));
  EXPECT_EQ(run.recipient("f").fate, "delivered");
  EXPECT_TRUE(says(run, "RCPT TO:<IMCEAFAX-0171020225@contoso.com>"));
  EXPECT_TRUE(says(run, "f for Fax"));
}

// The list is made when the store starts, fetched when the client's session starts, and held in between.
struct StartCase {
  const char* what;
  const char* install;   // when the rollup is; empty: never
  const char* sessions;  // of the client
  bool delivered;        // a fax at 6h
};

TEST(KB955778, TheFixIsFeltOnceTheStoreAndThenTheClientHaveStartedAnew) {
  for (StartCase c : std::initializer_list<StartCase>{
           {"neither", "", R"([{"from": "0s"}])", false},
           {"the store alone", "2h", R"([{"from": "0s"}])", false},
           {"the client alone", "", R"([{"from": "0s", "to": "3h"}, {"from": "4h"}])", false},
           {"the client, then the store", "5h", R"([{"from": "0s", "to": "3h"}, {"from": "4h"}])", false},
           {"the store, then the client", "2h", R"([{"from": "0s", "to": "3h"}, {"from": "4h"}])", true}}) {
    std::string change =
        *c.install == '\0' ? "" : fmt::format(R"({{"at": "{}", "on": "MUC-EX1", "install": "RU7"}})", c.install);
    Outcome run = send(
        fax("f", "6h"),
        fmt::format(
            R"("changes": [{}], "clients": {{"ann@contoso.com": {{"build": "outlook-2007-sp1", "mode": "cached", "sessions": {}}}}})",
            change, c.sessions));
    EXPECT_EQ(run.recipient("f").fate, c.delivered ? "delivered" : "returned") << c.what;
    EXPECT_EQ(run.recipient("f").ruled_by, c.delivered ? kNobody : kRuled) << c.what;
  }
}

// A restart of the store without anything installed makes the same list.
TEST(KB955778, ARestartAloneHelpsNobody) {
  Outcome run = send(fax("f", "6h"), R"("changes": [{"at": "2h", "on": "MUC-EX1", "restart": "information-store"}],
      "clients": {"ann@contoso.com": {"build": "outlook-2007-sp1", "mode": "cached",
                                       "sessions": [{"from": "0s", "to": "3h"}, {"from": "4h"}]}})");
  EXPECT_EQ(run.recipient("f").ruled_by, kRuled);
}

// Ruled when the store started, felt a week later.
TEST(KB955778, TheListIsHeldForAsLongAsTheSessionLasts) {
  Outcome run = send(fax("f", "7d"), R"("horizon": "8d", "changes": [{"at": "1h", "on": "MUC-EX1", "install": "RU7"}],
      "clients": {"ann@contoso.com": {"build": "outlook-2007-sp1", "mode": "cached", "sessions": [{"from": "0s"}]}})");
  EXPECT_EQ(run.recipient("f").fate, "returned");
  EXPECT_EQ(run.recipient("f").ruled_by, kRuled);
  EXPECT_TRUE(says(run, "fetched at 00:00:00"));
}

TEST(KB955778, AClientThatAsksAtEveryUploadNeedsNoNewSession) {
  Outcome run = send(fax("f", "6h"), R"("changes": [{"at": "2h", "on": "MUC-EX1", "install": "RU7"}],
      "clients": {"ann@contoso.com": {"build": "outlook-2007-sp1", "mode": "cached",
                                       "attributes": {"client.address_types_read": "change"}}})");
  EXPECT_EQ(run.recipient("f").fate, "delivered");
}

TEST(KB955778, NotUnderStudyNothingIsLeftOut) {
  EXPECT_EQ(send(fax("f", "1h"), R"("under_study": [])").recipient("f").fate, "delivered");
}

TEST(KB955778, AnUpdateThatWouldNotInstallIsRefusedBeforeTheRun) {
  Outcome run = send(fax("f", "1h"), R"("builds": {"MUC-EX1": "exchange-2007-sp1+RU8 on windows-2003-sp2"},
                                        "changes": [{"at": "2h", "on": "MUC-EX1", "install": "RU7"}])");
  EXPECT_NE(run.problems.find("RU7"), std::string::npos) << run.problems;
}

TEST(KB955778, ExplainSaysWhenTheListWasFetchedAndWhatItHeld) {
  TemporaryFolder folder;
  deadletter({"run", kArticle, "--variant", "ru7_at_noon", "--out", folder.path() + "/run"});
  Said said = deadletter({"explain", folder.path() + "/run", "fax_later"});
  EXPECT_EQ(said.status, 0);
  for (const char* words :
       {"FAX is not in the list that the client of <ann@contoso.com> fetched at 00:00:00",
        "EX, MAPIPDL, MHS, PROFS, SMTP, X400", "[KB955778]", "sender sees", "what it rests on", "FAX is left out"})
    EXPECT_NE(said.out.find(words), std::string::npos) << words << "\n" << said.out;
}

}  // namespace
}  // namespace deadletter::testing
