// Expectations: each kind once true and once false, with what a person reads when it is false.
#include "experiments/run/expect.h"

#include <gtest/gtest.h>

namespace deadletter::experiments {
namespace {

Comparison comparison(const char* text) {
  auto parsed = parse_comparison(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Comparison{});
}

// m1 to bob was returned after three copies, and twice delayed; to eve it waits in a queue in Retry. m2 was delivered.
Result result() {
  Result r;
  RecipientResult bob{.address = "bob@fabrikam.com", .fate = Fate::returned, .status = "4.4.7", .copies = 3};
  bob.attempts = 193, bob.ndr = 1, bob.delay = 2, bob.delivered_s = 2.5;
  bob.ruled_by = {"KB100001", "KB100002"};
  RecipientResult eve{.address = "eve@fabrikam.com", .fate = Fate::waiting, .queue_state = "retry"};
  RecipientResult ann{.address = "ann@contoso.com", .fate = Fate::delivered, .copies = 1};
  ann.attempts = 1, ann.delivered_s = 90;
  r.mail = {{"m1", {bob, eve}}, {"m2", {ann}}};
  r.messages = 2, r.tally.recipients = 3, r.counters.attempts = 195, r.counters.retries = 192, r.counters.hops = 4;
  r.counters.ndr = 1, r.counters.delay = 2, r.tally.extra_copies = 2;
  r.tally.fates[static_cast<int>(Fate::delivered)] = 1;
  r.tally.fates[static_cast<int>(Fate::returned)] = 5, r.tally.fates[static_cast<int>(Fate::waiting)] = 6;
  r.tally.fates[static_cast<int>(Fate::discarded)] = 7, r.tally.fates[static_cast<int>(Fate::lost)] = 8;
  r.tally.fates[static_cast<int>(Fate::expanded)] = 9;
  r.refusals = {{"KB912341", "needs windows-2003-sp1, found windows-2003-rtm"}};
  return r;
}

Name name(const char* value) { return {value, {}}; }

// "held", or "<expectation> | <why>" of what failed.
std::string judged(const Expectation& expectation) {
  Plan plan;
  plan.expectations = {expectation};
  Judged judged = judge_expectations(plan, result());
  std::string text;
  for (const Failed& f : judged.failed) text += (text.empty() ? "" : "\n") + f.text + " | " + f.why;
  if (judged.held > 0) text += (text.empty() ? "" : "\n") + std::string("held ") + std::to_string(judged.held);
  return text;
}

Expectation of(const char* mail, const char* recipient) {
  Expectation e;
  e.mail = name(mail), e.recipient = name(recipient);
  return e;
}

struct Row {
  void (*ask)(Expectation&);
  const char* said;  // nullptr: it holds
};

TEST(Expectations, OfAMailHoldOrSayWhatWasFound) {
  const Row rows[] = {
      {[](Expectation& e) { e.fate = "returned"; }, nullptr},
      {[](Expectation& e) { e.fate = "delivered"; }, "fate delivered | fate is returned, expected delivered"},
      {[](Expectation& e) { e.status = "4.4.7"; }, nullptr},
      {[](Expectation& e) { e.status = "5.1.1"; }, "status 5.1.1 | status is 4.4.7, expected 5.1.1"},
      {[](Expectation& e) { e.copies = comparison(">=2"); }, nullptr},
      {[](Expectation& e) { e.copies = comparison("1"); }, "copies 1 | 3 copies, expected 1"},
      {[](Expectation& e) { e.attempts = comparison("190..193"); }, nullptr},
      {[](Expectation& e) { e.attempts = comparison("190..192"); },
       "attempts 190..192 | 193 attempts, expected 190..192"},
      {[](Expectation& e) {
         e.reports = {comparison("1"), {}};
       },
       nullptr},
      {[](Expectation& e) {
         e.reports = {comparison("0"), {}};
       },
       "ndr 0 | 1 failure reports, expected 0"},
      {[](Expectation& e) {
         e.reports = {{}, comparison("2")};
       },
       nullptr},
      {[](Expectation& e) {
         e.reports = {{}, comparison("<2")};
       },
       "delay <2 | 2 delay notices, expected <2"},
      {[](Expectation& e) { e.within_ns = 2'500'000'000; }, nullptr},
      {[](Expectation& e) { e.within_ns = 2'000'000'000; }, "within 2 s | delivered after 2.5 s, expected within 2 s"},
      {[](Expectation& e) {
         e.ruled_by = {"KB100002", "KB100001"};
       },
       nullptr},
      {[](Expectation& e) { e.ruled_by = {"KB100001"}; },
       "ruled by KB100001 | ruled by KB100001, KB100002, expected KB100001"},
      {[](Expectation& e) { e.ruled_by = std::vector<std::string>{}; },
       "ruled by nothing | ruled by KB100001, KB100002, expected nothing"},
      {[](Expectation& e) { e.queue_state = "none"; }, nullptr},
      {[](Expectation& e) { e.queue_state = "retry"; }, "queue state retry | queue state is none, expected retry"},
      // All that differs is said at once.
      {[](Expectation& e) { e.fate = "delivered", e.status = "4.4.7", e.copies = comparison("1"); },
       "fate delivered, status 4.4.7, copies 1 | fate is returned, expected delivered; 3 copies, expected 1"},
  };
  for (const Row& row : rows) {
    Expectation e = of("m1", "bob@fabrikam.com");
    row.ask(e);
    std::string said = judged(e);
    if (row.said == nullptr) {
      EXPECT_EQ(said, "held 1");
      continue;
    }
    std::string wanted = row.said;
    std::size_t bar = wanted.find(" | ");
    EXPECT_EQ(said, "mail m1 to bob@fabrikam.com, " + wanted.substr(0, bar) +
                        " | m1 to bob@fabrikam.com: " + wanted.substr(bar + 3));
  }
}

TEST(Expectations, OfARecipientWithoutReportDeliveryOrQueue) {
  Expectation eve = of("m1", "eve@fabrikam.com");
  eve.within_ns = 1'000'000'000;
  EXPECT_EQ(judged(eve),
            "mail m1 to eve@fabrikam.com, within 1 s | m1 to eve@fabrikam.com: never delivered, expected "
            "within 1 s");
  eve = of("m1", "eve@fabrikam.com");
  eve.queue_state = "retry", eve.fate = "waiting", eve.status = "none", eve.ruled_by = std::vector<std::string>{};
  EXPECT_EQ(judged(eve), "held 1");
}

TEST(Expectations, OfAMailWithoutARecipientAreAskedOfEachOfThem) {
  Expectation all;
  all.mail = name("m1");
  all.copies = comparison("<=3");
  EXPECT_EQ(judged(all), "held 2");
  all.copies = comparison("3");
  EXPECT_EQ(judged(all), "mail m1, copies 3 | m1 to eve@fabrikam.com: 0 copies, expected 3\nheld 1");
}

TEST(Expectations, OfAMailThatWasNeverSubmittedFail) {
  Expectation none;
  none.mail = name("m9");
  none.fate = "delivered";
  EXPECT_EQ(judged(none), "mail m9, fate delivered | the mail was never submitted");
  EXPECT_EQ(judged(of("m2", "bob@fabrikam.com")), "mail m2 to bob@fabrikam.com | the mail was never submitted");
}

TEST(Expectations, OfTheWholeRunByEveryMetric) {
  const std::pair<const char*, const char*> values[] = {
      {"messages", "2"},      {"recipients", "3"},      {"fates.delivered", "1"}, {"fates.returned", "5"},
      {"fates.waiting", "6"}, {"fates.discarded", "7"}, {"fates.lost", "8"},      {"copies.extra", "2"},
      {"attempts", "195"},    {"retries", "192"},       {"reports.ndr", "1"},     {"reports.delay", "2"},
      {"hops", "4"},          {"fates.expanded", "9"}};
  EXPECT_EQ(std::size(values), metric_names().size());
  for (const auto& [metric, value] : values) {
    Expectation e;
    e.metric = name(metric), e.value = comparison(value);
    EXPECT_EQ(judged(e), "held 1") << metric;
    e.value = comparison(">=1000");
    EXPECT_EQ(judged(e), std::string(metric) + " >=1000 | " + metric + " is " + value + ", expected >=1000");
  }
}

TEST(Expectations, OfAnInstallationThatShouldBeRefused) {
  Expectation e;
  e.install = name("KB912341"), e.refused = "needs windows-2003-sp1";
  EXPECT_EQ(judged(e), "held 1");
  e.refused = "contains it already";
  EXPECT_EQ(judged(e),
            "install KB912341 refused: contains it already | refused because: needs windows-2003-sp1, found "
            "windows-2003-rtm");
  e.install = name("KB870585");
  EXPECT_EQ(judged(e), "install KB870585 refused: contains it already | it was installed, or not asked for");
}

TEST(Comparisons, HoldAtTheirBounds) {
  struct Row {
    const char* text;
    std::vector<std::int64_t> hold, fail;
  };
  const Row rows[] = {
      {"3", {3}, {2, 4, 0, -3}}, {">=2", {2, 3, 1'000'000'000'000}, {1, 0}}, {">2", {3}, {2}}, {"<=2", {0, 2}, {3}},
      {"<2", {1, 0}, {2}},       {"15..18", {15, 16, 18}, {14, 19}},         {"0", {0}, {1}},
  };
  for (const Row& row : rows) {
    Comparison c = comparison(row.text);
    EXPECT_EQ(c.text, row.text);
    for (std::int64_t value : row.hold) EXPECT_TRUE(c.holds(value)) << row.text << " " << value;
    for (std::int64_t value : row.fail) EXPECT_FALSE(c.holds(value)) << row.text << " " << value;
  }
  for (const char* bad :
       {"", "x", "=3", ">", "3..", "..3", "3..2", "3...4", "3 4", "1.5", ">=x", "99999999999999999999"})
    EXPECT_FALSE(parse_comparison(bad)) << bad;
}

}  // namespace
}  // namespace deadletter::experiments
