// The token of a user: the security groups that it is in, through others too.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/directory/sample.h"

namespace deadletter::directory {
namespace {

using testing::Names;
using testing::Sample;
using testing::two_forests;
using enum GroupScope;

TEST(Token, AUserIsInTheGroupsOfItsGroups) {
  Sample sample = two_forests();
  sample.team(global, "sales", "emea.contoso.com", {"ann"});
  sample.team(universal, "staff", "contoso.com", {"sales"});
  sample.team(domain_local, "printers", "emea.contoso.com", {"staff"});
  sample.directory().add_member(*sample.directory().builtin({1}, 555), sample.id("printers"));
  EXPECT_EQ(sample.token("ann"), "Remote Desktop Users, staff, sales, printers")
      << "by SID: that of a domain is not its rank";
  EXPECT_EQ(sample.token("bob"), "");
}

TEST(Token, GroupsAreAscendingBySid) {
  Sample sample = two_forests();
  Names all;
  for (int i = 0; i < 20; ++i) {
    all.push_back("g" + std::to_string(i));
    sample.team(universal, all.back(), i % 2 == 0 ? "contoso.com" : "emea.contoso.com", {"ann"});
  }
  auto groups = sample.directory().token_groups(sample.id("ann"), {});
  EXPECT_EQ(groups.size(), 20U);
  EXPECT_TRUE(std::ranges::is_sorted(groups, {}, [&](ObjectId id) { return sample.directory().object(id).sid; }));
}

// Of a user of emea, by where the group is.
TEST(Token, LocalGroupsOfOtherDomainsAndAllOfOtherForestsDoNotCount) {
  struct Row {
    const char* domain;
    GroupScope scope;
    bool counts;
  };
  for (const Row& row : {Row{"emea.contoso.com", domain_local, true},
                         {"emea.contoso.com", global, true},
                         {"emea.contoso.com", universal, true},
                         {"contoso.com", domain_local, false},
                         {"contoso.com", global, true},
                         {"contoso.com", universal, true},
                         {"fabrikam.com", domain_local, false},
                         {"fabrikam.com", global, false},
                         {"fabrikam.com", universal, false}}) {
    Sample sample = two_forests();
    sample.team(row.scope, "some", row.domain, {"ann"});
    EXPECT_EQ(sample.token("ann"), row.counts ? "some" : "") << row.domain << " " << static_cast<int>(row.scope);
  }
}

TEST(Token, ABuiltinGroupOfAnotherDomainDoesNotCount) {
  Sample sample = two_forests();
  for (std::uint32_t domain : {0U, 1U, 2U})
    sample.directory().add_member(*sample.directory().builtin({domain}, 555), sample.id("ann"));
  auto groups = sample.directory().token_groups(sample.id("ann"), {});
  EXPECT_EQ(groups, std::vector{*sample.directory().builtin({1}, 555)});
}

TEST(Token, ADistributionGroupGivesNoRightsAndPassesNoneOn) {
  Sample sample = two_forests();
  sample.list("readers", "emea.contoso.com", {"ann"});
  sample.team(universal, "staff", "emea.contoso.com", {"readers"});
  EXPECT_EQ(sample.token("ann"), "");
  sample.put("staff", {"ann"});
  EXPECT_EQ(sample.token("ann"), "staff");
}

TEST(Token, GroupsInACircleAreThereOnce) {
  Sample sample = two_forests();
  sample.team(universal, "a", "contoso.com", {"ann"});
  sample.team(universal, "b", "contoso.com", {"a"});
  sample.team(universal, "c", "contoso.com", {"b"});
  sample.put("a", {"c", "a"});
  EXPECT_EQ(sample.token("ann"), "a, b, c");
  EXPECT_EQ(sample.token("b"), "a, b, c");
}

TEST(Token, AGroupThatIsReachedTwiceIsThereOnce) {
  Sample sample = two_forests();
  sample.team(universal, "left", "contoso.com", {"ann"});
  sample.team(universal, "right", "contoso.com", {"ann"});
  sample.team(universal, "top", "contoso.com", {"left", "right"});
  EXPECT_EQ(sample.token("ann"), "left, right, top");
}

TEST(Token, TenThousandGroupsInsideOneAnotherAreNotTooDeep) {
  Sample sample = two_forests();
  std::string inner = "ann";
  for (int i = 0; i < 10'000; ++i) {
    std::string outer = "g" + std::to_string(i);
    sample.team(universal, outer, "contoso.com", {inner});
    inner = outer;
  }
  EXPECT_EQ(sample.directory().token_groups(sample.id("ann"), {}).size(), 10'000U);
}

TEST(Token, AChangeCountsWhenTheControllerHasIt) {
  Sample sample = two_forests();
  sample.team(global, "sales", "emea.contoso.com", {"bob"});
  sample.team(universal, "staff", "contoso.com", {"sales"});
  sample.delay("emea-gc", "gc", 15);
  sample.add_at(10, "emea-gc", "sales", "ann");
  sample.remove_at(30, "emea-gc", "sales", "ann");
  EXPECT_EQ(sample.token("ann", sample.at("emea-gc", 9)), "");
  EXPECT_EQ(sample.token("ann", sample.at("emea-gc", 10)), "staff, sales");
  EXPECT_EQ(sample.token("ann", sample.at("gc", 24)), "");
  EXPECT_EQ(sample.token("ann", sample.at("gc", 25)), "staff, sales");
  EXPECT_EQ(sample.token("ann", sample.at("emea-gc", 30)), "");
  EXPECT_EQ(sample.token("ann", sample.at("gc", 44)), "staff, sales");
  EXPECT_EQ(sample.token("ann", sample.at("gc", 45)), "");
}

TEST(Token, ACatalogThatHoldsNotTheMembersOfAGroupSaysTheSameOfItsUser) {
  Sample sample = two_forests();
  sample.directory().add_member(*sample.directory().builtin({1}, 555), sample.id("ann"));
  sample.team(global, "sales", "emea.contoso.com", {"ann"});
  for (const char* controller : {"gc", "emea-gc", "dc", ""})
    EXPECT_EQ(sample.token("ann", sample.at(controller)), "Remote Desktop Users, sales") << controller;
}

}  // namespace
}  // namespace deadletter::directory
