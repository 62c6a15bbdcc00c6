// Who is in a group, as a controller sees it: what a global catalog holds, and what replication has brought.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/models/directory/sample.h"

namespace deadletter::directory {
namespace {

using testing::minute;
using testing::Names;
using testing::Sample;
using testing::two_forests;
using enum GroupScope;

// ---- What a controller holds

TEST(Membership, AGlobalCatalogHasTheMembersOfUniversalGroupsAndOfItsOwnDomains) {
  struct Row {
    GroupScope scope;
    const char* domain;
    const char* held_by;
  };
  const Row rows[] = {
      {universal, "emea.contoso.com", "gc emea-gc "},
      {global, "emea.contoso.com", "emea-gc "},
      {domain_local, "emea.contoso.com", "emea-gc "},
      {universal, "contoso.com", "gc emea-gc dc "},
      {global, "contoso.com", "gc dc "},
      {domain_local, "contoso.com", "gc dc "},
  };
  for (const Row& row : rows) {
    Sample sample = two_forests();
    sample.team(row.scope, "staff", row.domain, {"ann", "bob"});
    std::string held;
    for (const char* controller : {"gc", "emea-gc", "dc", "foreign"}) {
      bool holds = sample.directory().holds_members(sample.id("staff"), sample.at(controller));
      if (holds) held += std::string(controller) + " ";
      EXPECT_EQ(sample.members("staff", sample.at(controller)), holds ? "ann, bob" : "") << controller;
    }
    EXPECT_EQ(held, row.held_by) << row.domain;
    EXPECT_EQ(sample.members("staff", sample.at("")), "ann, bob") << "nobody in particular knows everything";
  }
}

TEST(Membership, AMemberIsInAGroupOnce) {
  Sample sample = two_forests();
  sample.list("staff", "contoso.com", {"bob", "ann", "bob"});
  sample.put("staff", {"ann", "carl"});
  EXPECT_EQ(sample.members("staff", sample.at("gc")), "bob, ann, carl");
}

// ---- Replication

TEST(Membership, AChangeIsSeenAtItsOriginAtOnceAndElsewhereAfterTheDelay) {
  Sample sample = two_forests();
  sample.list("staff", "contoso.com", {"ann"});
  sample.delay("gc", "emea-gc", 15);
  sample.add_at(10, "gc", "staff", "bob");
  sample.remove_at(20, "gc", "staff", "bob");
  sample.add_at(100, "gc", "staff", "bob");
  struct Row {
    std::int64_t now;
    const char* origin;
    const char* elsewhere;
  };
  for (const Row& row : {Row{0, "ann", "ann"},
                         {9, "ann", "ann"},
                         {10, "ann, bob", "ann"},
                         {19, "ann, bob", "ann"},
                         {20, "ann", "ann"},
                         {24, "ann", "ann"},
                         {25, "ann", "ann, bob"},
                         {34, "ann", "ann, bob"},
                         {35, "ann", "ann"},
                         {100, "ann, bob", "ann"},
                         {114, "ann, bob", "ann"},
                         {115, "ann, bob", "ann, bob"}}) {
    EXPECT_EQ(sample.members("staff", sample.at("gc", row.now)), row.origin) << "minute " << row.now;
    EXPECT_EQ(sample.members("staff", sample.at("dc", row.now)), row.origin) << "no delay was said; " << row.now;
    EXPECT_EQ(sample.members("staff", sample.at("emea-gc", row.now)), row.elsewhere) << "minute " << row.now;
  }
}

TEST(Membership, TheLaterOfTwoChangesHoldsWhicheverArrivesFirst) {
  Sample sample = two_forests();
  sample.list("staff", "contoso.com", {"bob"});
  sample.delay("gc", "emea-gc", 60);
  sample.add_at(2, "dc", "staff", "ann");     // arrives at once
  sample.remove_at(1, "gc", "staff", "ann");  // arrives at minute 61, and is the earlier one
  EXPECT_EQ(sample.members("staff", sample.at("emea-gc", 2)), "bob, ann");
  EXPECT_EQ(sample.members("staff", sample.at("emea-gc", 61)), "bob, ann");
}

TEST(Membership, OfTwoChangesAtOnceTheOneGivenLaterHolds) {
  Sample sample = two_forests();
  sample.list("staff", "contoso.com"), sample.list("board", "contoso.com");
  sample.add_at(1, "gc", "staff", "ann"), sample.remove_at(1, "dc", "staff", "ann");
  sample.remove_at(1, "dc", "board", "ann"), sample.add_at(1, "gc", "board", "ann");
  EXPECT_EQ(sample.members("staff", sample.at("gc", 1)), "");
  EXPECT_EQ(sample.members("board", sample.at("gc", 1)), "ann");
}

TEST(Membership, WhoWasThereKeepsItsPlaceAndWhoComesIsLast) {
  Sample sample = two_forests();
  sample.list("staff", "contoso.com", {"ann"});
  sample.add_at(5, "gc", "staff", "carl");
  sample.add_at(4, "gc", "staff", "bob");
  sample.remove_at(6, "gc", "staff", "ann");
  sample.add_at(7, "gc", "staff", "ann");
  sample.add_at(8, "gc", "staff", "bob");
  EXPECT_EQ(sample.members("staff", sample.at("gc", 6)), "bob, carl");
  EXPECT_EQ(sample.members("staff", sample.at("gc", 7)), "ann, bob, carl");
  EXPECT_EQ(sample.members("staff", sample.at("gc", 8)), "ann, carl, bob");
}

TEST(Membership, WhatTakesForEverIsNeverSeen) {
  Sample sample = two_forests();
  sample.list("staff", "contoso.com");
  sample.directory().set_delay({0}, {1}, {sim::Instant::never().ns});
  sample.add_at(1, "gc", "staff", "ann");
  EXPECT_EQ(sample.members("staff", {ControllerId{1}, minute(1'000'000)}), "");
  EXPECT_EQ(sample.members("staff", {ControllerId{0}, sim::Instant::never()}), "ann");
}

// Random changes, and beside them the plain reading of the rule: of those seen the latest holds.
TEST(Membership, WhateverChangesTheLatestThatIsSeenHolds) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    Sample sample = two_forests();
    sample.team(universal, "staff", "contoso.com", {"bob"});
    const Names where = {"gc", "emea-gc", "dc"}, who = {"ann", "bob", "carl"};
    std::int64_t delays[3][3] = {};
    for (int from = 0; from < 3; ++from)
      for (int to = 0; to < 3; ++to) {
        std::int64_t delay = static_cast<std::int64_t>(random() % 30);
        sample.delay(where[from], where[to], delay);
        delays[from][to] = from == to ? 0 : delay;
      }
    struct Made {
      std::int64_t at;
      std::size_t where, who;
      bool add;
    };
    std::vector<Made> made;
    for (int i = 0; i < 20; ++i) {
      made.push_back({static_cast<std::int64_t>(random() % 40), random() % 3, random() % 3, random() % 2 == 0});
      const Made& m = made.back();
      sample.directory().change({minute(m.at), ControllerId{static_cast<std::uint32_t>(m.where)}, sample.id("staff"),
                                 sample.id(who[m.who]), m.add});
    }
    for (std::size_t view = 0; view < 2; ++view)
      for (std::int64_t now = 0; now < 75; ++now) {
        std::set<std::string> expected;
        for (std::size_t person = 0; person < 3; ++person) {
          std::int64_t latest = -1;
          bool is_in = who[person] == "bob";
          for (const Made& m : made)
            if (m.who == person && m.at + delays[m.where][view] <= now && m.at >= latest) latest = m.at, is_in = m.add;
          if (is_in) expected.insert(who[person]);
        }
        std::set<std::string> seen;
        for (ObjectId id : sample.directory().members(sample.id("staff"), sample.at(where[view], now)))
          EXPECT_TRUE(seen.insert(sample.directory().object(id).name).second) << "twice";
        ASSERT_EQ(seen, expected) << "seed " << seed << ", minute " << now << " at " << where[view];
        for (const std::string& person : who)
          ASSERT_EQ(sample.token(person, sample.at(where[view], now)), seen.contains(person) ? "staff" : "") << seed;
      }
  }
}

}  // namespace
}  // namespace deadletter::directory
