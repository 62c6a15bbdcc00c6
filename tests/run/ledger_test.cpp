// The ledger: one fate for each recipient, and oracles that can fail.
#include "experiments/run/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "experiments/run/expect.h"

namespace deadletter::experiments {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A ledger of mail to bob and to ann, and what may happen to it.
struct Book {
  Plan plan;
  Ledger ledger;
  mail::RecipientId bob = add("bob@fabrikam.com");

  mail::RecipientId add(const char* address, bool report = false) {
    return ledger.add({7}, std::array{plan.addresses.intern(address)}, report);
  }
  std::vector<std::string> broken() const { return ledger.broken_promises(plan.addresses); }
};

using Step = void (*)(Book&);
const Step kStored = [](Book& b) { b.ledger.stored(b.bob, {5000}, {}); };
const Step kDiscarded = [](Book& b) { b.ledger.discarded(b.bob, {}); };
const Step kHandedOver = [](Book& b) { b.ledger.handed_over(b.bob, {}); };
const Step kReturned = [](Book& b) { b.ledger.returned(b.bob, {5, 1, 1}, {}); };
const Step kTakenOver = [](Book& b) { ++b.ledger.row(b.bob).responsible; };  // a server accepted it

TEST(Ledger, TheFateFollowsFromWhatHappened) {
  struct Row {
    const char* what;
    std::vector<Step> steps;
    Fate fate;
  };
  const Row rows[] = {
      {"nothing yet", {}, Fate::waiting},
      {"stored and handed over", {kStored, kHandedOver}, Fate::delivered},
      {"stored, but the sender does not know", {kStored}, Fate::waiting},
      {"returned", {kReturned}, Fate::returned},
      {"returned although a copy arrived", {kStored, kReturned}, Fate::returned},
      {"thrown away by a rule", {kDiscarded, kHandedOver}, Fate::discarded},
      {"a copy stored, another thrown away", {kDiscarded, kStored, kHandedOver}, Fate::delivered},
      {"handed over to a relay that has it still", {kTakenOver, kHandedOver}, Fate::waiting},
      {"returned by one, with another still trying", {kTakenOver, kReturned}, Fate::waiting},
      {"handed over to nobody", {kHandedOver}, Fate::lost},
  };
  for (const Row& row : rows) {
    Book book;
    for (Step step : row.steps) step(book);
    EXPECT_EQ(text(book.ledger.fate(book.bob)), std::string(text(row.fate))) << row.what;
  }
}

TEST(Ledger, CountsCopiesAndKeepsTheFirstDelivery) {
  Book book;
  book.ledger.stored(book.bob, {5000}, blame_of("KB100001"));
  book.ledger.stored(book.bob, {9000}, blame_of("KB100002"));
  book.ledger.handed_over(book.bob, {});
  const LedgerRow& row = book.ledger.row(book.bob);
  EXPECT_EQ(row.copies, 2U);
  EXPECT_EQ(row.delivered, (sim::Instant{5000}));
  EXPECT_THAT(names(row.blame), ElementsAre("KB100001", "KB100002"));
  EXPECT_EQ(book.ledger.tally().extra_copies, 1U);
}

TEST(Ledger, TalliesMailAndReportsApart) {
  Book book;
  book.add("ann@contoso.com");
  mail::RecipientId report = book.add("ann@contoso.com", true);
  book.ledger.stored(book.bob, {}, {}), book.ledger.handed_over(book.bob, {});
  book.ledger.stored(report, {}, {}), book.ledger.stored(report, {}, {}), book.ledger.handed_over(report, {});
  Tally tally = book.ledger.tally();
  EXPECT_EQ(tally.recipients, 2U);
  EXPECT_EQ(tally.reports, 1U);
  EXPECT_THAT(tally.fates, ElementsAre(1, 0, 1, 0, 0, 0));
  EXPECT_THAT(tally.report_fates, ElementsAre(1, 0, 0, 0, 0, 0));
  EXPECT_EQ(tally.extra_copies, 0U) << "a report's copies are not counted among the mail's";
}

TEST(Ledger, KeepsThePromiseOfMailThatWentRight) {
  Book book;
  kStored(book), kHandedOver(book);
  book.add("ann@contoso.com");
  EXPECT_THAT(book.broken(), IsEmpty());
}

TEST(Ledger, FindsAResponsibilityThatWasEndedTwice) {
  Book book;
  kStored(book), kHandedOver(book), kHandedOver(book), kReturned(book);
  EXPECT_THAT(book.broken(), ElementsAre("recipient 0 at bob@fabrikam.com: responsibility ended 2 times too often"));
}

// What is forgotten counts as if it were there, and its row is used again.
TEST(Ledger, ForgetsWhatIsOverAndCountsItAllTheSame) {
  Book kept, forgotten;
  forgotten.ledger.watch_ends();
  for (Book* book : {&kept, &forgotten}) {
    mail::RecipientId ann = book->add("ann@contoso.com"), eve = book->add("eve@fabrikam.com");
    kStored(*book), kStored(*book), kHandedOver(*book);
    book->ledger.returned(ann, {5, 1, 1}, blame_of("KB100001"));
    book->ledger.handed_over(eve, {});
  }
  EXPECT_EQ(forgotten.ledger.ended().size(), 3U);
  for (std::uint32_t row : {0, 1, 2}) {
    EXPECT_TRUE(forgotten.ledger.over({row}, 1));
    forgotten.ledger.forget({row}, 1, forgotten.plan.addresses);
  }
  Tally one = kept.ledger.tally(), other = forgotten.ledger.tally();
  EXPECT_EQ(one.recipients, other.recipients);
  EXPECT_THAT(other.fates, ::testing::ElementsAreArray(one.fates));
  EXPECT_EQ(one.extra_copies, other.extra_copies);
  EXPECT_EQ(kept.ledger.untold(), forgotten.ledger.untold());
  EXPECT_EQ(kept.broken(), forgotten.broken());
  EXPECT_EQ(forgotten.ledger.forgotten_blame().at(blame_of("KB100001")), 1U);
  mail::RecipientId next = forgotten.add("bob@fabrikam.com");
  EXPECT_EQ(forgotten.ledger.size(), 3U) << "a row of its own";
  EXPECT_EQ(forgotten.ledger.row(next).number, 3U) << "a number is never used again";
}

TEST(Ledger, FindsALossThatNoArticleExplains) {
  Book book;
  kHandedOver(book);
  EXPECT_THAT(book.broken(), ElementsAre("recipient 0 at bob@fabrikam.com: lost, and no article says why"));
  Book explained;
  explained.ledger.handed_over(explained.bob, blame_of("KB883522"));
  EXPECT_EQ(explained.ledger.fate(explained.bob), Fate::lost);
  EXPECT_THAT(explained.broken(), IsEmpty());
}

// ---- The oracles over a whole run

struct Verdict {
  std::uint64_t held;
  std::vector<std::string> failed;  // "<oracle>: <why>"
};
Verdict oracles(
    Book& book, void (*spoil)(Result&) = [](Result&) {}) {
  Result result;
  result.tally = book.ledger.tally();
  result.counters.ndr = result.tally.reports;
  spoil(result);
  Judged judged = judge_oracles(book.plan, book.ledger, result);
  Verdict verdict{judged.held, {}};
  for (const Failed& f : judged.failed) verdict.failed.push_back(f.text + ": " + f.why);
  return verdict;
}

// bob is returned and told so, ann gets the report.
void returned_and_told(Book& book) {
  kReturned(book);
  book.ledger.row(book.bob).ndr = 1;
  mail::RecipientId report = book.add("ann@contoso.com", true);
  book.ledger.stored(report, {}, {});
  book.ledger.handed_over(report, {});
}

TEST(Oracles, HoldForARunThatWentRight) {
  Book book;
  returned_and_told(book);
  Verdict verdict = oracles(book);
  EXPECT_EQ(verdict.held, 4U);
  EXPECT_THAT(verdict.failed, IsEmpty());
}

TEST(Oracles, EachOfThemFailsForItsOwnReason) {
  Book lost;
  returned_and_told(lost);
  mail::RecipientId eve = lost.add("eve@fabrikam.com");
  lost.ledger.handed_over(eve, {});
  EXPECT_THAT(oracles(lost).failed,
              ElementsAre("every recipient has exactly one fate: recipient 2 at eve@fabrikam.com: "
                          "lost, and no article says why"));
  Book book;
  returned_and_told(book);
  EXPECT_THAT(oracles(book, [](Result& r) { ++r.tally.recipients; }).failed,
              ElementsAre("the fates add up to the recipients: 1 fates, 2 recipients"));
  EXPECT_THAT(oracles(book, [](Result& r) { ++r.counters.delay; }).failed,
              ElementsAre("every report has a fate: 2 made, 1 in the ledger"));
  Book untold;
  kReturned(untold);
  EXPECT_THAT(oracles(untold).failed,
              ElementsAre("who is returned is told: 1 recipients were returned without a report"));
}

// A storm of reports about one recipient does not come round to none.
TEST(Oracles, AStormOfReportsIsNotTakenForNone) {
  Book book;
  kReturned(book);
  for (int i = 0; i < 256; ++i) {
    book.ledger.told(book.bob, true);
    book.ledger.handed_over(book.add("ann@contoso.com", true), blame_of("KB100001"));
  }
  EXPECT_THAT(oracles(book).failed, IsEmpty());
}

}  // namespace
}  // namespace deadletter::experiments
