// Whether a sender may post, asked of real directories: stories of who is in which group and what the list says.
#include "models/store/acl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/store/forest.h"

namespace deadletter::store::testing {
namespace {

using ::testing::ElementsAre;
using Kind = PostAnswer::Kind;

const std::vector<AclEntry> kEverybodyMayPost = {by_default(role("contributor")), anonymous(0)};
const PostAnswer kAllowed{};

// The BUILTIN groups that came with Windows Server 2003: rid, and whether only a root domain has it.
const std::pair<std::uint32_t, bool> kNewGroups[] = {{555, false}, {556, false}, {557, true}, {558, false},
                                                     {559, false}, {560, false}, {561, false}};

TEST(MayPost, AGroupThatTheListLacksAndSeveralDomainsHaveKeepsItsMembersOut) {
  for (std::size_t domains : {1U, 2U, 5U})
    for (auto [rid, root_only] : kNewGroups)
      for (std::size_t home = 0; home < domains; ++home) {
        Forest forest(domains);
        forest.store.builtin_groups.set(kShortList, {});
        ObjectId ann = forest.user("Ann", home);
        ASSERT_EQ(forest.put_in_builtin(ann, home, rid), home == 0 || !root_only);
        PostAnswer answer = forest.post(kEverybodyMayPost, {ann});
        if (domains == 1 || root_only) {
          EXPECT_EQ(answer, kAllowed) << rid << ": one object in the forest";
          continue;
        }
        EXPECT_EQ(answer.kind, Kind::refuse) << rid;
        EXPECT_EQ(answer.status, (mail::Status{5, 2, 1}));
        EXPECT_FALSE(answer.blame);
        EXPECT_EQ(answer.why, "S-1-5-32-" + std::to_string(rid) + " (" + directory::find_builtin(rid)->name +
                                  ") is not in the store's list of built-in groups, and " + std::to_string(domains) +
                                  " objects have it");
      }
}

TEST(MayPost, TheNewGroupsAreThoseOfTheirWindowsVersion) {
  std::vector<std::pair<std::uint32_t, bool>> groups;
  for (const directory::BuiltinGroup& group : directory::builtin_groups())
    if (group.since <= WindowsVersion::windows_2003 && !kShortList.holds(group.rid))
      groups.emplace_back(group.rid, group.root_only);
  EXPECT_TRUE(std::ranges::equal(groups, kNewGroups));
}

TEST(MayPost, WithTheWholeListNobodyIsKeptOut) {
  for (const directory::BuiltinGroup& group : directory::builtin_groups()) {
    Forest forest(std::vector<DomainSketch>(2, {.windows = WindowsVersion::windows_2008}));
    ObjectId ann = forest.user("Ann");
    ASSERT_TRUE(forest.put_in_builtin(ann, 0, group.rid));
    EXPECT_EQ(forest.post(kEverybodyMayPost, {ann}), kAllowed) << group.name;
  }
}

TEST(MayPost, GroupsOfTheListAndNoGroupKeepNobodyOut) {
  Forest forest(2);
  forest.store.builtin_groups.set(kShortList, {});
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben", 1);
  for (std::uint32_t rid = kShortList.first; rid <= kShortList.last; ++rid) forest.put_in_builtin(ann, 0, rid);
  ASSERT_EQ(forest.directory.token_groups(ann, forest.access().view).size(), 11U);
  EXPECT_EQ(forest.post(kEverybodyMayPost, {ann}), kAllowed);
  EXPECT_EQ(forest.post(kEverybodyMayPost, {ben}), kAllowed);
}

TEST(MayPost, AGroupThatOnlyOneDomainIsNewEnoughForIsNotAmbiguous) {
  Forest forest({{}, {.windows = WindowsVersion::windows_2000}});
  forest.store.builtin_groups.set(kShortList, {});
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben", 1);
  ASSERT_TRUE(forest.put_in_builtin(ann, 0, 555));
  ASSERT_FALSE(forest.put_in_builtin(ben, 1, 555));
  EXPECT_EQ(forest.post(kEverybodyMayPost, {ann}), kAllowed);
  EXPECT_EQ(forest.post(kEverybodyMayPost, {ben}), kAllowed);
}

TEST(MayPost, AGroupInsideSuchAGroupIsEnough) {
  Forest forest(2);
  forest.store.builtin_groups.set(kShortList, {});
  ObjectId ann = forest.user("Ann"), staff = forest.group(GroupType::security, "Staff", {ann});
  ASSERT_TRUE(forest.put_in_builtin(staff, 0, 559));
  EXPECT_EQ(forest.post(kEverybodyMayPost, {ann}).kind, Kind::refuse);
}

TEST(MayPost, TheListIsBlamedExactlyWhereALookUpThatItCausedEndsIt) {
  for (std::size_t domains : {1U, 2U})
    for (BuiltinRange list : {kShortList, BuiltinRange{}, BuiltinRange{555, 555}})
      for (std::uint32_t rid : {0U, 545U, 555U, 561U})
        for (const char* others : {"contributor", "none"}) {
          Forest forest(domains);
          forest.store.builtin_groups.set(list, Laid{Layer::quirk, "KB1"}, blame_of("KB1"));
          ObjectId ann = forest.user("Ann");
          ASSERT_EQ(forest.put_in_builtin(ann, 0, rid), rid != 0);
          PostAnswer answer = forest.post({by_default(role(others))}, {ann});
          bool ambiguous = domains == 2 && rid != 0 && !list.holds(rid);
          bool has_rights = role(others) != 0;
          EXPECT_EQ(articles(answer.blame), ambiguous ? "KB1" : "") << rid;
          EXPECT_EQ(answer.kind, !ambiguous && has_rights ? Kind::allow : Kind::refuse);
          if (ambiguous) continue;
          EXPECT_EQ(answer.why, has_rights ? "" : "needs create; has none by Default");
        }
}

TEST(MayPost, WhatAFailedLookUpMeansIsForTheDirectoryToSay) {
  Forest ignoring(2), retrying(2);
  ignoring.asks.lookup_failed.deviate(
      [](const directory::LookupFailedFacts&, const directory::LookupFailed&) { return directory::LookupFailed{}; },
      blame_of("KB100001"));
  retrying.asks.lookup_failed.deviate(
      [](const directory::LookupFailedFacts& f, const directory::LookupFailed& below) {
        bool many = f.purpose == directory::Purpose::acl && f.result == directory::Lookup::many;
        return many ? directory::LookupFailed{directory::LookupFailed::Kind::retry, {}} : below;
      },
      blame_of("KB100002"));
  for (Forest* forest : {&ignoring, &retrying}) {
    forest->store.builtin_groups.set(kShortList, {}, blame_of("KB1"));
    ASSERT_TRUE(forest->put_in_builtin(forest->user("Ann"), 0, 555));
  }
  ObjectId ann{static_cast<std::uint32_t>(ignoring.directory.size() - 1)};
  PostAnswer answer = ignoring.post(kEverybodyMayPost, {ann});
  EXPECT_EQ(answer.kind, Kind::allow);
  EXPECT_EQ(articles(answer.blame), "KB100001") << "passed over, whosever list it was";
  answer = retrying.post(kEverybodyMayPost, {ann});
  EXPECT_EQ(answer.kind, Kind::retry);
  EXPECT_FALSE(answer.status.known());
  EXPECT_EQ(articles(answer.blame), "KB1 KB100002");
}

TEST(MayPost, ASearchInOneDomainFindsItsOwnGroupsAndMissesTheOthers) {
  Forest forest(2);
  forest.store.builtin_groups.set(kShortList, {}, blame_of("KB1"));
  forest.asks.search_scope.set(directory::SearchScope::domain, {}, blame_of("KB2"));
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben");
  ASSERT_TRUE(forest.put_in_builtin(ann, 0, 555));
  ObjectId sales = forest.group(GroupType::security, "Sales", {ben}, 1);
  EXPECT_EQ(forest.post(kEverybodyMayPost, {ann}), kAllowed);
  PostAnswer answer = forest.post(kEverybodyMayPost, {ben});
  EXPECT_EQ(answer.kind, Kind::refuse);
  EXPECT_EQ(articles(answer.blame), "KB2") << "no BUILTIN group, hence not the list";
  EXPECT_EQ(answer.why,
            directory::text(forest.directory.object(sales).sid) + " (Sales) cannot be told: no object has it");
}

TEST(MayPost, ABuiltinGroupThatIsFoundOnceIsAGroupLikeAnyOther) {
  Forest forest(1);
  ObjectId ann = forest.user("Ann");
  ASSERT_TRUE(forest.put_in_builtin(ann, 0, 555));
  UpgradedAcl acl;
  acl.ntsd.push_back({AclEntry::Who::named, directory::builtin_sid(555), kCreate});
  EXPECT_EQ(forest.post(acl, {ann}).why, "needs create; no entry is its own, and there is no Default");
  forest.store.builtin_groups.set(kShortList, {});
  EXPECT_EQ(forest.post(acl, {ann}), kAllowed);
}

// ---- What the entries say

TEST(MayPost, TheSendersEntriesCountTogetherAndDefaultOnlyWithoutAny) {
  Forest forest(2);
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben"), cat = forest.user("Cat", 1), dan = forest.user("Dan");
  ObjectId olga = forest.user("Olga"), eve = forest.user("Eve");
  ObjectId writers = forest.group(GroupType::security, "Writers", {ann, cat}, 1);
  std::vector<AclEntry> acl = {forest.entry(ann, role("reviewer")),   forest.entry(ben, role("none")),
                               forest.entry(writers, role("author")), forest.entry(olga, kOwner),
                               forest.entry(eve, role("reviewer")),   by_default(role("contributor"))};
  EXPECT_EQ(forest.post(acl, {ann}), kAllowed) << "by her group";
  EXPECT_EQ(forest.post(acl, {cat}), kAllowed) << "by a group of another domain";
  EXPECT_EQ(forest.post(acl, {dan}), kAllowed) << "by Default";
  EXPECT_EQ(forest.post(acl, {olga}), kAllowed) << "an owner";
  EXPECT_EQ(forest.post(acl, {ben}).why, "needs create; has none by its own entries");
  PostAnswer answer = forest.post(acl, {eve});
  EXPECT_EQ(answer.why, "needs create; has reviewer by its own entries");
  EXPECT_EQ(answer.status, (mail::Status{5, 2, 1}));
  EXPECT_FALSE(answer.blame);
}

TEST(MayPost, WhomTheDirectoryDoesNotKnowIsAnonymousElseDefault) {
  Forest forest(1);
  Poster outside{};
  EXPECT_EQ(forest.post({by_default(0), anonymous(role("contributor"))}, outside), kAllowed);
  EXPECT_EQ(forest.post({by_default(role("author"))}, outside), kAllowed);
  EXPECT_EQ(forest.post({by_default(role("author")), anonymous(0)}, outside).why,
            "needs create; has none by Anonymous");
  EXPECT_EQ(forest.post({by_default(kVisible)}, outside).why, "needs create; has visible by Default");
  PostAnswer answer = forest.post(std::vector<AclEntry>{}, outside);
  EXPECT_EQ(answer.why, "needs create; no entry is its own, and there is no Default");
  EXPECT_EQ(answer.status, (mail::Status{5, 2, 1}));
}

TEST(MayPost, MembersOfADistributionGroupThatWasConvertedHaveItsEntry) {
  Forest forest(2);
  ObjectId ann = forest.user("Ann", 1), ben = forest.user("Ben"), dan = forest.user("Dan");
  ObjectId inner = forest.group(GroupType::distribution, "Inner", {ann}, 1);
  ObjectId middle = forest.group(GroupType::security, "Middle", {inner});
  ObjectId outer = forest.group(GroupType::distribution, "Outer", {middle, ben});
  UpgradedAcl acl = forest.upgraded({forest.entry(outer, role("contributor"))});
  EXPECT_THAT(acl.groups, ElementsAre(inner, middle, outer));
  EXPECT_EQ(forest.post(acl, {ann}), kAllowed);
  EXPECT_EQ(forest.post(acl, {ben}), kAllowed);
  EXPECT_EQ(forest.post(acl, {dan}).kind, Kind::refuse);
}

TEST(MayPost, ADomainLocalGroupCountsInItsOwnDomainOnly) {
  Forest forest(2);
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben", 1);
  ObjectId inner = forest.group(GroupType::distribution, "Inner", {ann, ben});
  ObjectId local = forest.directory.add(directory::Object{.kind = directory::Kind::group,
                                                          .name = "Local",
                                                          .domain = forest.domains[0],
                                                          .type = GroupType::security,
                                                          .scope = GroupScope::domain_local,
                                                          .members = {inner}});
  UpgradedAcl acl = forest.upgraded({forest.entry(local, role("author"))});
  EXPECT_THAT(acl.groups, ElementsAre(inner, local));
  EXPECT_EQ(forest.post(acl, {ann}), kAllowed);
  EXPECT_EQ(forest.post(acl, {ben}).kind, Kind::refuse);
}

// ---- Blame

TEST(MayPost, OnlyTheEntriesThatSpeakOfTheSenderPassOnWhatTheyWereMadeUnder) {
  Forest forest(1);
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben");
  auto sid = [&](ObjectId who) { return forest.directory.object(who).sid; };
  UpgradedAcl acl;
  acl.ntsd = {{AclEntry::Who::named, sid(ann), kCreate, blame_of("KB1")},
              {AclEntry::Who::named, sid(ann), kVisible, blame_of("KB2")},
              {AclEntry::Who::by_default, {}, 0, blame_of("KB3")},
              {AclEntry::Who::anonymous, {}, kCreate, blame_of("KB4")}};
  EXPECT_EQ(articles(forest.post(acl, {ann}).blame), "KB1 KB2");
  EXPECT_EQ(articles(forest.post(acl, {ben}).blame), "KB3");
  EXPECT_EQ(articles(forest.post(acl, {}).blame), "KB4");
  acl.ntsd.pop_back();
  EXPECT_EQ(articles(forest.post(acl, {}).blame), "KB3");
}

TEST(MayPost, WhoIsRefusedByAnUpgradeThatWasNotWholeBlamesWhatIsMissing) {
  Forest forest(1);
  forest.store.ignore_zombies.set(smtp::Switch::off, Laid{Layer::quirk, "KB2"}, blame_of("KB2"));
  ObjectId ann = forest.user("Ann"), olga = forest.user("Olga");
  UpgradedAcl acl = forest.upgraded({by_default(role("author")), forest.entry(olga, role("owner")), unknown("x", 2)});
  PostAnswer answer = forest.post(acl, {ann});
  EXPECT_EQ(articles(answer.blame), "KB2");
  EXPECT_EQ(answer.why,
            "needs create; no entry is its own, and there is no Default; the upgrade of the list was not whole");
  EXPECT_EQ(forest.post(acl, {olga}), kAllowed);
}

UpgradeEntry nested_left_alone(const UpgradeEntryFacts& f, const UpgradeEntry& below) {
  bool left = f.nested && f.parent == Principal::security_group && f.kind == Principal::distribution_group;
  return left ? UpgradeEntry::refused : below;
}

TEST(MayPost, WhoIsOnlyInAGroupThatWasWronglyLeftOutBlamesThat) {
  Forest forest(1);
  forest.store.upgrade_acl_entry.deviate(nested_left_alone, blame_of("KB100001"));
  ObjectId ann = forest.user("Ann"), ben = forest.user("Ben"), dan = forest.user("Dan");
  ObjectId inner = forest.group(GroupType::distribution, "Inner", {ann});
  ObjectId outer = forest.group(GroupType::security, "Outer", {inner, ben});
  UpgradedAcl acl = forest.upgraded({forest.entry(outer, role("author")), forest.entry(dan, role("author"))});
  PostAnswer answer = forest.post(acl, {ann});
  EXPECT_EQ(answer.kind, Kind::refuse);
  EXPECT_EQ(articles(answer.blame), "KB100001");
  EXPECT_EQ(forest.post(acl, {ben}), kAllowed);
  EXPECT_EQ(forest.post(acl, {dan}), kAllowed);
}

TEST(MayPost, ADeviationThatRefusesEverybodyIsSeenAndBlamed) {
  Forest forest(1);
  forest.store.post_right.deviate(
      [](const PostRightFacts&, const PostRight&) {
        return PostRight{false, {5, 7, 1}};
      },
      blame_of("KB100001"));
  ObjectId olga = forest.user("Olga"), ann = forest.user("Ann");
  std::vector<AclEntry> acl = {forest.entry(olga, role("owner")), by_default(role("author")), anonymous(kCreate)};
  for (Poster poster : {Poster{olga}, Poster{ann}, Poster{}}) {
    PostAnswer answer = forest.post(acl, poster);
    EXPECT_EQ(answer.kind, Kind::refuse);
    EXPECT_EQ(answer.status, (mail::Status{5, 7, 1}));
    EXPECT_EQ(articles(answer.blame), "KB100001");
  }
  EXPECT_EQ(forest.post(acl, {ann}).why, "needs create; has author by Default");
}

}  // namespace
}  // namespace deadletter::store::testing
