// New virus signatures while a run goes on: the store is scanned again, and deliveries wait for the threads that this
// takes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Ann on EX1 writes to bob on EX2, whose store has a scanner: one thread unless there are more, ten seconds an item.
Outcome office(const std::string& mail, const std::string& scanner, const std::string& members, int threads = 1) {
  return run_over(
      R"({
    "id": "office",
    "servers": [
      {"name": "EX1", "host": "ex1.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "mailboxes": ["ann@contoso.com"]},
      {"name": "EX2", "host": "ex2.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "mailboxes": ["bob@contoso.com"]}],
    "domains": [{"name": "contoso.com", "server": "EX1"}],
    "links": [{"name": "lan", "between": ["EX1", "EX2"], "bandwidth": "1Gbps", "latency": "1ms", "sharing": "latency"}]
  })",
      fmt::format(
          R"("horizon": "3h", "mail": [{}], "attributes": {{"EX2": {{"scanner.enabled": "on", "scanner.threads": {},
              "scanner.time_per_item": "10s", "scanner.time_per_mb": "0s"{}}}}}{})",
          mail, threads, scanner, members));
}

std::string note(const std::string& id, int at_s) {
  return fmt::format(
      R"({{"id": "{}", "at": "{}s", "from": "ann@contoso.com", "to": ["bob@contoso.com"], "content": "note"}})", id,
      at_s);
}

const std::string kStore = R"(, "scanner.background": "on", "scanner.store_items": 1000)";
const std::string kUpdate = R"(, "changes": [{"at": "1h", "on": "EX2", "signatures": 2}])";

// From its sending on, in seconds.
double took(const Outcome& run, const std::string& mail) { return run.recipient(mail).delivered_s; }

TEST(Rescan, AllThreadsScanAtATimeAndNoMessageIsForgotten) {
  std::string mail;
  for (int i = 0; i < 9; ++i) mail += fmt::format("{}{}", i == 0 ? "" : ", ", note(fmt::format("m{}", i), 60));
  Outcome run = office(mail, "", "", /*threads=*/3);
  EXPECT_EQ(fates(run), "delivered 9");
  EXPECT_NEAR(took(run, "m8"), 30, 0.5) << "three at a time";
}

TEST(Rescan, ADeliveryWaitsForTheItemInHandOfTheBackground) {
  Outcome run = office(note("before", 3504) + ", " + note("after", 3604), kStore, kUpdate);
  EXPECT_NEAR(took(run, "before"), 10, 0.1);
  EXPECT_NEAR(took(run, "after"), 6 + 10, 0.1) << "the background is done with an item at 3610 s";
  EXPECT_THAT(told(run, "change", "virus signatures 2 come"), SizeIs(1));
  EXPECT_THAT(told(run, "scan", "items of the store begin on thread 1").size(), ::testing::Gt(100U));
}

TEST(Rescan, WithoutBackgroundScanningItDoesNot) {
  Outcome run = office(note("after", 3604), R"(, "scanner.store_items": 1000)", kUpdate);
  EXPECT_NEAR(took(run, "after"), 10, 0.1);
}

TEST(Rescan, WhatClientsOpenGoesBeforeADeliveryThatComesLater) {
  // One every 8 seconds, ten seconds' work each: after ten minutes 15 of them wait.
  std::string opens = R"(, "scanner.store_items": 1000000, "scanner.opens_per_hour": 450)";
  Outcome run = office(note("before", 3000) + ", " + note("after", 4204), opens, kUpdate);
  EXPECT_NEAR(took(run, "before"), 10, 0.1) << "nothing in the store is stale yet";
  EXPECT_NEAR(took(run, "after"), 75 * 10 - 596 + 10, 0.1) << "of 75 opens none is done sooner";
}

TEST(Rescan, AnAttributeThatRisesIsTheSame) {
  const std::string mail = note("after", 3604);
  Outcome update = office(mail, kStore, kUpdate);
  Outcome attribute =
      office(mail, kStore, R"(, "changes": [{"at": "1h", "on": "EX2", "attributes": {"scanner.signatures": 2}}])");
  EXPECT_EQ(took(attribute, "after"), took(update, "after"));
}

TEST(Rescan, WhatWasDeliveredIsScannedAgain) {
  Outcome run = office(note("m1", 60) + ", " + note("m2", 120), R"(, "scanner.background": "on")", kUpdate);
  EXPECT_THAT(told(run, "scan", "2 items of the store begin"), SizeIs(1));
}

TEST(Rescan, ClientsBeginToOpenMailInTheMorning) {
  std::string changes = R"(, "changes": [{"at": "1h", "on": "EX2", "signatures": 2},
                                         {"at": "2h", "on": "EX2", "attributes": {"scanner.opens_per_hour": 60}}])";
  Outcome run = office(note("m1", 60), R"(, "scanner.store_items": 1000000)", changes);
  EXPECT_TRUE(told(run, "scan", "what a client opens").size() > 0);
  EXPECT_GE(times(run, "EX2 scan what a client opens").front(), hours(2));
}

TEST(Rescan, WhoHasNoScannerOrLaterSignaturesGetsNone) {
  std::string both =
      R"(, "changes": [{"at": "1h", "on": "EX1", "signatures": 2}, {"at": "1h", "on": "EX2", "signatures": 1}])";
  Outcome run = office(note("m1", 60), "", both);
  EXPECT_THAT(run.problems, HasSubstr("EX1 has no scanner: its attribute scanner.enabled is off"));
  EXPECT_THAT(run.problems, HasSubstr("EX2 has virus signatures 1 already: 1 is not later"));
}

}  // namespace
}  // namespace deadletter::testing
