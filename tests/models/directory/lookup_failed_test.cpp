// What follows when a lookup does not bring one object, over all facts.
#include <gtest/gtest.h>

#include <map>

#include "models/directory/behaviour.h"

namespace deadletter::directory {
namespace {

std::string outcome(const DirectoryBehaviour& behaviour, Purpose purpose, Lookup result) {
  LookupFailed failed = behaviour.lookup_failed.rule({purpose, result}).outcome;
  const char* kinds[] = {"ignore", "refuse", "retry"};
  std::string said = kinds[static_cast<int>(failed.kind)];
  return failed.kind == LookupFailed::Kind::refuse ? said + " " + mail::text(failed.status) : said;
}

struct Row {
  Purpose purpose;
  const char* none;
  const char* many;
};

constexpr Row kRows[] = {
    {Purpose::acl, "refuse 5.2.1", "refuse 5.2.1"},       {Purpose::restriction, "refuse 5.7.1", "refuse 5.7.1"},
    {Purpose::recipient, "refuse 5.1.1", "refuse 5.1.4"}, {Purpose::expansion, "ignore", "refuse 5.1.4"},
    {Purpose::route, "refuse 5.4.4", "refuse 5.4.4"},
};

TEST(LookupFailed, FollowsTheTableForAllFacts) {
  DirectoryBehaviour behaviour;
  for (const Row& row : kRows) {
    EXPECT_EQ(outcome(behaviour, row.purpose, Lookup::one), "ignore");
    EXPECT_EQ(outcome(behaviour, row.purpose, Lookup::none), row.none);
    EXPECT_EQ(outcome(behaviour, row.purpose, Lookup::many), row.many);
    EXPECT_EQ(outcome(behaviour, row.purpose, Lookup::error), "retry");
  }
}

TEST(LookupFailed, ADeviationInOneCaseIsADifferenceFromTheTable) {
  DirectoryBehaviour behaviour;
  behaviour.lookup_failed.deviate(
      [](const LookupFailedFacts& facts, const LookupFailed& below) {
        return facts.purpose == Purpose::restriction ? LookupFailed{LookupFailed::Kind::refuse, {5, 1, 1}} : below;
      },
      blame_of("KB100001"));
  EXPECT_EQ(outcome(behaviour, Purpose::restriction, Lookup::none), "refuse 5.1.1");
  EXPECT_EQ(outcome(behaviour, Purpose::acl, Lookup::none), "refuse 5.2.1");
  EXPECT_EQ(behaviour.lookup_failed.rule({Purpose::restriction, Lookup::none}).blame, blame_of("KB100001"));
  EXPECT_EQ(behaviour.lookup_failed.rule({Purpose::acl, Lookup::none}).blame, Blame{});
}

TEST(DirectoryBehaviour, NamesEachOfItsDecisionsOnce) {
  DirectoryBehaviour behaviour;
  EXPECT_EQ(*behaviour.search_scope, SearchScope::forest);
  std::string names;
  DirectoryBehaviour::each(behaviour, [&](auto& decision) { names += std::string(decision.info().name) + " "; });
  EXPECT_EQ(names, "directory.lookup_failed directory.search_scope ");
}

}  // namespace
}  // namespace deadletter::directory
