// The verdict on a variant: on runs written down by hand, so that each kind of fix can be told from the others.
#include "experiments/compare/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace deadletter::experiments {
namespace {

using ::testing::ElementsAre;

// "m1 returned 4.4.7 [KB1]", "m2 delivered", "m3 delivered x2", "m4 stuck", "m5 lost", "m6 delivered late".
RecipientOutcome row(const std::string& words) {
  RecipientOutcome r{.message = words.substr(0, words.find(' ')), .address = "bob@fabrikam.com"};
  auto has = [&](const char* word) { return words.find(word) != std::string::npos; };
  if (has("delivered")) r.fate = Fate::delivered, r.copies = 1, r.delivered_s = 1;
  if (has("returned")) r.fate = Fate::returned, r.ndr = 1;
  if (has("4.4.7")) r.status = "4.4.7";
  if (has("stuck")) r.fate = Fate::waiting;
  if (has("lost")) r.fate = Fate::lost;
  if (has("discarded")) r.fate = Fate::discarded;
  if (has("x2")) r.copies = 2;
  if (has("late")) r.delay = 1;
  if (has("told")) r.ndr = 1;
  if (has("older")) r.shown = "The attendee sent another response after this response.";
  if (has("[KB1]")) r.ruled_by = {"KB1"};
  return r;
}

RunOutcome run(const std::vector<std::string>& rows, const std::string& fingerprint) {
  RunOutcome outcome{.fingerprint = fingerprint};
  for (const std::string& words : rows) outcome.recipients.push_back(row(words));
  std::ranges::sort(outcome.recipients, {}, &RecipientOutcome::message);
  return outcome;
}

VariantVerdict verdict(const std::vector<std::string>& before, const std::vector<std::string>& after,
                       const VariantFacts& facts = {.name = "fix"}) {
  return judge(run(before, "a"), run(after, "b"), facts);
}

TEST(Verdict, AFixThatDeliversWhatHadFailedCures) {
  VariantVerdict v = verdict({"m1 returned 4.4.7 [KB1]", "m2 delivered"}, {"m1 delivered", "m2 delivered"});
  EXPECT_EQ(v.verdict, Verdict::cured);
  EXPECT_THAT(v.sentences, ElementsAre("1 of 1 that failed is cured.", "Nothing else changed."));
  ASSERT_EQ(v.transitions.size(), 1U);
  EXPECT_EQ(v.transitions[0].from + " → " + v.transitions[0].to, "returned 4.4.7 → delivered");
  EXPECT_THAT(v.transitions[0].examples, ElementsAre("m1 to bob@fabrikam.com"));
}

TEST(Verdict, AFixForSomeCuresPartly) {
  VariantVerdict v = verdict({"m1 returned [KB1]", "m2 returned [KB1]"}, {"m1 delivered", "m2 returned [KB1]"});
  EXPECT_EQ(v.verdict, Verdict::partly);
  EXPECT_EQ(v.sentences[0], "1 of 2 that failed is cured.");
}

// What fails in the baseline for a reason of its own is not the fix's to cure.
TEST(Verdict, OnlyWhatAnArticleHadAHandInIsToBeCured) {
  VariantVerdict v = verdict({"m1 returned [KB1]", "m2 returned"}, {"m1 delivered", "m2 returned"});
  EXPECT_EQ(v.failed, 1U);
  EXPECT_EQ(v.verdict, Verdict::cured);
}

TEST(Verdict, WithoutAnyArticleAllThatFailedIsToBeCured) {
  EXPECT_EQ(verdict({"m1 returned", "m2 stuck"}, {"m1 delivered", "m2 stuck"}).failed, 2U);
}

// ---- What is no cure

TEST(Verdict, AShorterQueueIsNoCure) {
  VariantVerdict v =
      verdict({"m1 stuck [KB1]", "m2 stuck [KB1]"}, {"m1 returned 4.4.7 [KB1]", "m2 returned 4.4.7 [KB1]"});
  EXPECT_EQ(v.verdict, Verdict::not_cured);
  EXPECT_EQ(v.transitions[0].from + " → " + v.transitions[0].to, "stuck → returned 4.4.7");
  EXPECT_EQ(v.unintended_count, 2U);
}

TEST(Verdict, AFixThatLosesMailIsWorse) {
  VariantVerdict v = verdict({"m1 returned [KB1]", "m2 delivered"}, {"m1 delivered", "m2 lost"});
  EXPECT_EQ(v.verdict, Verdict::worse);
  EXPECT_EQ(v.worse, 1U);
  EXPECT_TRUE(v.unintended.at(0).worse);
  EXPECT_EQ(v.unintended[0].from + " → " + v.unintended[0].to, "delivered → lost");
}

TEST(Verdict, AFixThatThrowsMailAwayIsWorseThanAReport) {
  EXPECT_EQ(verdict({"m1 returned [KB1]"}, {"m1 discarded"}).verdict, Verdict::worse);
}

TEST(Verdict, AFixThatTradesAReportForASecondCopyDoesNotCure) {
  VariantVerdict v = verdict({"m1 returned [KB1]"}, {"m1 delivered x2"});
  EXPECT_EQ(v.verdict, Verdict::partly);
  EXPECT_EQ(v.cured, 0U);
  EXPECT_EQ(v.improved, 1U);
  EXPECT_EQ(v.unintended.at(0).to, "delivered twice");
  EXPECT_THAT(v.sentences, ElementsAre("0 of 1 that failed are cured.", "1 is better off, and not cured.",
                                       "Unintended: 1 more changed."));
}

TEST(Verdict, AFixUnderWhichTheSenderIsToldOfAFailureThatWasNoneIsWorse) {
  EXPECT_EQ(verdict({"m1 delivered"}, {"m1 delivered told"}).verdict, Verdict::worse);
}

TEST(Verdict, WhatANewRunHasBesidesAndFailsIsWorse) {
  VariantVerdict v = verdict({"m1 returned [KB1]"}, {"m1 delivered", "m2 lost"});
  EXPECT_EQ(v.verdict, Verdict::worse);
  EXPECT_EQ(v.only_variant, 1U);
}

// ---- Side effects

TEST(Verdict, OtherWordsAboveMailAreASideEffectOfACure) {
  VariantVerdict v = verdict({"m1 returned [KB1]", "m2 delivered"}, {"m1 delivered", "m2 delivered older"});
  EXPECT_EQ(v.verdict, Verdict::cured);
  ASSERT_EQ(v.unintended_count, 1U);
  EXPECT_EQ(v.unintended[0].to, "delivered, shown above it: The attendee sent another response after this response.");
}

TEST(Verdict, ASideEffectNamesTheFirstRulingThatOnlyOneRunHas) {
  RunOutcome before = run({"m1 delivered"}, "a"), after = run({"m1 delivered older"}, "b");
  before.rulings = {{1, "EX1", "m1", "KB1", "time omitted"}};
  after.rulings = {{1, "EX1", "m1", "KB1", "time omitted"}, {7, "EX2", "m1", "KB1 aftermath", "time substituted"}};
  VariantVerdict v = judge(before, after, {.name = "fix"});
  const FirstDifference& first = v.unintended.at(0).first;
  EXPECT_TRUE(first.known && first.in_variant);
  EXPECT_EQ(first.ruling.where + " " + first.ruling.article + " " + first.ruling.what,
            "EX2 KB1 aftermath time substituted");
}

// ---- Without effect

TEST(Verdict, WhatIsInstalledAndChangesNothingIsInert) {
  VariantFacts facts{.name = "hotfix", .installs_more = true, .still_there = {"KB1 affects it, EX1"}};
  VariantVerdict v = judge(run({"m1 returned [KB1]"}, "a"), run({"m1 returned [KB1]"}, "a"), facts);
  EXPECT_EQ(v.verdict, Verdict::inert);
  EXPECT_EQ(v.sentences[0], "What it installs changes nothing; still in force: KB1 affects it, EX1.");
}

TEST(Verdict, TheSameRunWithoutAnythingInstalledIsNotCured) {
  EXPECT_EQ(judge(run({"m1 returned [KB1]"}, "a"), run({"m1 returned [KB1]"}, "a"), {.name = "other"}).verdict,
            Verdict::not_cured);
}

TEST(Verdict, WhatCannotBeInstalledIsRefusedWithTheReason) {
  VariantFacts facts{.name = "hotfix", .refused = {{"KB1", "needs sp2"}}};
  VariantVerdict v = judge(run({"m1 returned [KB1]"}, "a"), run({"m1 returned [KB1]"}, "a"), facts);
  EXPECT_EQ(v.verdict, Verdict::refused);
  EXPECT_EQ(v.sentences[0], "KB1 could not be installed: needs sp2.");
}

// ---- Several pairs

TEST(Verdict, OfSeveralPairsTheCountsAreAddedAndOneWorsePairIsEnough) {
  VariantVerdict good = verdict({"m1 returned [KB1]"}, {"m1 delivered"});
  VariantVerdict bad = verdict({"m1 returned [KB1]", "m2 delivered"}, {"m1 delivered", "m2 lost"});
  VariantVerdict all = joined({good, good, bad}, {.name = "fix"});
  EXPECT_EQ(all.verdict, Verdict::worse);
  EXPECT_EQ(all.cured, 3U);
  EXPECT_EQ(joined({good, good}, {.name = "fix"}).verdict, Verdict::cured);
}

}  // namespace
}  // namespace deadletter::experiments
