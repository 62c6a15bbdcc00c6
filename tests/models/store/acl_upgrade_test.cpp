// How an access control list keyed by names becomes one keyed by SIDs, and what becomes of an entry, over all facts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/store/forest.h"

namespace deadletter::store::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Who = AclEntry::Who;

constexpr DomainSketch kMixed{.level = FunctionalLevel::windows_2000_mixed};

// "Ann author, Default author": whose entries are enforced, in order.
std::string enforced(const Forest& forest, const UpgradedAcl& acl) {
  std::string text;
  for (const Ace& ace : acl.ntsd) {
    auto named = forest.directory.by_sid(ace.sid, {});
    std::string who = ace.who == Who::by_default ? "Default" : "Anonymous";
    if (ace.who == Who::named) who = named.size() == 1 ? forest.directory.object(named[0]).name : "?";
    text += (text.empty() ? "" : ", ") + who + " " + rights_text(ace.rights);
  }
  return text;
}

AclEvent event(std::uint32_t id, const AclEntry& entry) { return {id, entry.legacy_dn, entry.rights}; }

struct Office : Forest {
  explicit Office(const std::vector<DomainSketch>& sketches = {{}}) : Forest(sketches) {}
  ObjectId ann = user("Ann"), ben = user("Ben"), olga = user("Olga");
  std::vector<AclEntry> with(AclEntry last) const {
    return {by_default(role("author")), anonymous(0), entry(ann, role("author")), entry(olga, role("owner")),
            std::move(last)};
  }
};

TEST(AclUpgrade, AListOfKnownNamesIsPromotedWholeInItsOrder) {
  Office office;
  UpgradedAcl acl = office.upgraded(office.with(office.entry(office.ben, kCreate)));
  EXPECT_EQ(enforced(office, acl), "Default author, Anonymous none, Ann author, Olga owner, Ben create");
  EXPECT_TRUE(acl.whole);
  EXPECT_THAT(acl.events, IsEmpty());
  EXPECT_FALSE(acl.blame);
  EXPECT_EQ(acl.ntsd[2].sid, office.directory.object(office.ann).sid);
  EXPECT_TRUE(office.upgraded({}).whole);
}

TEST(AclUpgrade, OneUnknownNameStopsEverythingButTheOwners) {
  Office office;
  AclEntry gone = unknown("gone", 0x41b);
  UpgradedAcl acl = office.upgraded(office.with(gone));
  EXPECT_EQ(enforced(office, acl), "Olga owner");
  EXPECT_FALSE(acl.whole);
  EXPECT_THAT(acl.events, ElementsAre(event(9551, gone)));
  AclEntry lost_owner = unknown("lost", kOwner);
  acl = office.upgraded({by_default(kAllRights), lost_owner, gone});
  EXPECT_EQ(enforced(office, acl), "") << "neither an owner that is not there, nor Default";
  EXPECT_THAT(acl.events, ElementsAre(event(9551, lost_owner), event(9551, gone)));
}

TEST(AclUpgrade, WithZombiesIgnoredTheOthersArePromoted) {
  Office office;
  office.store.ignore_zombies.set(smtp::Switch::on, {});
  AclEntry gone = unknown("gone", 0x41b);
  UpgradedAcl acl = office.upgraded(office.with(gone));
  EXPECT_EQ(enforced(office, acl), "Default author, Anonymous none, Ann author, Olga owner");
  EXPECT_TRUE(acl.whole);
  EXPECT_THAT(acl.events, ElementsAre(event(9551, gone)));
}

TEST(AclUpgrade, WhatHasNoSidAndWhatIsThereTwiceIsAZombie) {
  Office office;
  ObjectId contact = office.add(Kind::contact, "Cora"), folder = office.add(Kind::public_folder, "Offers");
  directory::Object twin{.kind = Kind::user, .name = "Ann again", .domain = office.domains[0]};
  twin.legacy_dn = office.directory.legacy_dn(office.ben);
  office.directory.add(twin);
  for (ObjectId who : {contact, folder, office.ben}) {
    AclEntry entry = office.entry(who, kCreate);
    UpgradedAcl acl = office.upgraded(office.with(entry));
    EXPECT_THAT(acl.events, ElementsAre(event(9551, entry)));
    EXPECT_EQ(enforced(office, acl), "Olga owner");
  }
  EXPECT_FALSE(office.upgraded({{Who::named, "", kCreate}}).whole);
}

TEST(AclUpgrade, ADistributionGroupIsConvertedOnlyInNativeMode) {
  Office office({{}, kMixed, {.level = FunctionalLevel::windows_2003}});
  for (std::size_t domain : {0U, 1U, 2U}) {
    AclEntry list = office.entry(office.group(GroupType::distribution, "List", {office.ben}, domain), role("author"));
    UpgradedAcl acl = office.upgraded(office.with(list));
    std::string others = "Default author, Anonymous none, Ann author, Olga owner";
    EXPECT_EQ(enforced(office, acl), domain == 1 ? others : others + ", List author");
    EXPECT_TRUE(acl.whole) << "it is only left out";
    EXPECT_EQ(acl.events, domain == 1 ? std::vector{event(9552, list)} : std::vector<AclEvent>{});
    EXPECT_EQ(acl.groups.size(), domain == 1 ? 0U : 1U);
  }
  AclEntry team = office.entry(office.group(GroupType::security, "Team", {office.ben}, 1), role("author"));
  EXPECT_THAT(office.upgraded(office.with(team)).events, IsEmpty()) << "a security group is one already";
}

TEST(AclUpgrade, ANestedGroupThatCannotBeConvertedIsReportedAndDoesNotStopTheOthers) {
  Office office({{}, kMixed});
  ObjectId below = office.group(GroupType::distribution, "Below", {office.ben}, 1);
  ObjectId mixed = office.group(GroupType::distribution, "Mixed", {below}, 1);
  ObjectId native = office.group(GroupType::distribution, "Native", {office.ann, mixed});
  ObjectId team = office.group(GroupType::security, "Team", {mixed}, 1);
  ObjectId top = office.group(GroupType::security, "Top", {native, team, mixed});
  office.directory.add_member(native, top);  // a circle
  UpgradedAcl acl = office.upgraded(office.with(office.entry(top, role("reviewer"))));
  EXPECT_EQ(enforced(office, acl), "Default author, Anonymous none, Ann author, Olga owner, Top reviewer");
  EXPECT_TRUE(acl.whole);
  EXPECT_THAT(acl.events, ElementsAre(event(9556, office.entry(mixed, role("reviewer")))))
      << "once, and nothing about what is in it";
  EXPECT_THAT(acl.groups, ElementsAre(native, team, top));
  EXPECT_FALSE(acl.blame);
}

TEST(AclUpgrade, WhatIsInAGroupThatWasRefusedIsNotLookedAt) {
  Office office({{}, kMixed});
  ObjectId inner = office.group(GroupType::distribution, "Inner", {}, 1);
  AclEntry outer = office.entry(office.group(GroupType::distribution, "Outer", {inner}, 1), kCreate);
  EXPECT_THAT(office.upgraded({outer}).events, ElementsAre(event(9552, outer)));
}

// ---- Blame

TEST(AclUpgrade, AnEntryBlamesWhatPromotedItAndTheListWhatLeftOneOut) {
  Office office({kMixed});
  ObjectId inner = office.group(GroupType::distribution, "Inner", {});
  ObjectId outer = office.group(GroupType::security, "Outer", {inner});
  office.store.upgrade_acl_entry.deviate(
      [](const UpgradeEntryFacts& f, const UpgradeEntry& below) {
        if (f.kind == Principal::distribution_group && f.nested) return UpgradeEntry::promoted;
        return f.kind == Principal::user ? UpgradeEntry::refused : below;
      },
      blame_of("KB100001"));
  office.store.upgrade_acl_entry.deviate(
      [](const UpgradeEntryFacts& f, const UpgradeEntry& below) { return f.found ? below : UpgradeEntry::promoted; },
      blame_of("KB100002"));
  AclEntry ann = office.entry(office.ann, kCreate), gone = unknown("gone", kCreate);
  UpgradedAcl acl = office.upgraded({office.entry(outer, kOwner), by_default(0), ann});
  EXPECT_EQ(enforced(office, acl), "Outer folder_owner, Default none");
  EXPECT_EQ(articles(acl.ntsd.at(0).blame), "KB100001");
  EXPECT_EQ(articles(acl.ntsd.at(1).blame), "");
  EXPECT_THAT(acl.events, ElementsAre(event(9552, ann)));
  EXPECT_EQ(articles(acl.blame), "KB100001");
  acl = office.upgraded({gone});
  EXPECT_THAT(acl.events, ElementsAre(event(9551, gone))) << "nobody can be promoted who is not there";
  EXPECT_EQ(articles(acl.blame), "KB100002");
}

TEST(AclUpgrade, TheSettingIsBlamedForWhatItKeepsOutAndForWhatItLetsIn) {
  Office office;
  office.store.ignore_zombies.set(smtp::Switch::on, Laid{Layer::quirk, "KB1"}, blame_of("KB1"));
  UpgradedAcl acl = office.upgraded(office.with(unknown("gone", kCreate)));
  EXPECT_EQ(articles(acl.blame), "") << "the missing entry is missing either way";
  EXPECT_EQ(articles(acl.ntsd.at(2).blame), "KB1") << "Ann";
  EXPECT_EQ(articles(acl.ntsd.at(3).blame), "") << "Olga is an owner";
  EXPECT_FALSE(office.upgraded({office.entry(office.ann, kCreate)}).ntsd.at(0).blame) << "no zombie, no matter";
  office.store.ignore_zombies.set(smtp::Switch::off, Laid{Layer::quirk, "KB1"}, blame_of("KB1"));
  EXPECT_EQ(articles(office.upgraded(office.with(unknown("gone", kCreate))).blame), "KB1");
  EXPECT_FALSE(office.upgraded({office.entry(office.ann, kCreate)}).blame);
}

// ---- store.upgrade_acl_entry, over all facts

struct Row {
  bool found;
  Principal kind;
  bool native_mode;
  UpgradeEntry then;
};

const Row kRows[] = {
    {true, Principal::user, true, UpgradeEntry::promoted},
    {true, Principal::user, false, UpgradeEntry::promoted},
    {true, Principal::security_group, true, UpgradeEntry::promoted},
    {true, Principal::security_group, false, UpgradeEntry::promoted},
    {true, Principal::distribution_group, true, UpgradeEntry::promoted},
    {true, Principal::distribution_group, false, UpgradeEntry::refused},
    {true, Principal::other, true, UpgradeEntry::zombie},
    {true, Principal::other, false, UpgradeEntry::zombie},
    {false, Principal::user, true, UpgradeEntry::zombie},
    {false, Principal::user, false, UpgradeEntry::zombie},
    {false, Principal::security_group, true, UpgradeEntry::zombie},
    {false, Principal::security_group, false, UpgradeEntry::zombie},
    {false, Principal::distribution_group, true, UpgradeEntry::zombie},
    {false, Principal::distribution_group, false, UpgradeEntry::zombie},
    {false, Principal::other, true, UpgradeEntry::zombie},
    {false, Principal::other, false, UpgradeEntry::zombie},
};

constexpr Principal kPrincipals[] = {Principal::user, Principal::security_group, Principal::distribution_group,
                                     Principal::other};

std::size_t differences(const StoreBehaviour& behaviour) {
  std::size_t count = 0;
  for (const Row& row : kRows)
    for (bool nested : {false, true})
      for (Principal parent : kPrincipals) {
        auto outcome = behaviour.upgrade_acl_entry.rule({row.found, row.kind, nested, parent, row.native_mode}).outcome;
        count += outcome == row.then ? 0 : 1;
      }
  return count;
}

TEST(AclUpgrade, WhatBecomesOfAnEntryFollowsTheTableNestedOrNot) {
  std::size_t at = 0;
  for (bool found : {true, false})
    for (Principal kind : kPrincipals)
      for (bool native : {true, false}) {
        const Row& row = kRows[at++];
        EXPECT_TRUE(row.found == found && row.kind == kind && row.native_mode == native) << "every case once";
      }
  EXPECT_EQ(at, std::size(kRows));
  EXPECT_EQ(differences(StoreBehaviour{}), 0U);
}

TEST(AclUpgrade, NestedGroupsLeftAloneAreADifferenceFromTheTable) {
  StoreBehaviour behaviour;
  behaviour.upgrade_acl_entry.deviate(
      [](const UpgradeEntryFacts& f, const UpgradeEntry& below) {
        bool converts = f.kind == Principal::distribution_group && below == UpgradeEntry::promoted;
        return converts && f.nested && f.parent == Principal::security_group ? UpgradeEntry::refused : below;
      },
      blame_of("KB100001"));
  EXPECT_EQ(differences(behaviour), 1U);
}

}  // namespace
}  // namespace deadletter::store::testing
