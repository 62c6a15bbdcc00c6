// The groups of the BUILTIN domain: which there are, and in which domains.
#include "models/directory/well_known.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/directory/directory.h"

namespace deadletter::directory {
namespace {

using enum WindowsVersion;

constexpr WindowsVersion kVersions[] = {nt4, windows_2000, windows_2003, windows_2003_sp1, windows_2008};

struct Row {
  std::uint32_t rid;
  const char* name;
  const char* domains;  // nt4, 2000, 2003, 2003 sp1, 2008: r in a root, c in a child, b in both, - in none
};

const Row kRows[] = {
    {544, "Administrators", "bbbbb"},
    {545, "Users", "bbbbb"},
    {546, "Guests", "bbbbb"},
    {547, "Power Users", "bbbbb"},
    {548, "Account Operators", "bbbbb"},
    {549, "Server Operators", "bbbbb"},
    {550, "Print Operators", "bbbbb"},
    {551, "Backup Operators", "bbbbb"},
    {552, "Replicator", "bbbbb"},
    {553, "RAS Servers", "-bbbb"},
    {554, "Pre-Windows 2000 Compatible Access", "-bbbb"},
    {555, "Remote Desktop Users", "--bbb"},
    {556, "Network Configuration Operators", "--bbb"},
    {557, "Incoming Forest Trust Builders", "--rrr"},
    {558, "Performance Monitor Users", "--bbb"},
    {559, "Performance Log Users", "--bbb"},
    {560, "Windows Authorization Access Group", "--bbb"},
    {561, "Terminal Server License Servers", "--bbb"},
    {562, "Distributed COM Users", "---bb"},
    {568, "IIS_IUSRS", "----b"},
    {569, "Cryptographic Operators", "----b"},
    {573, "Event Log Readers", "----b"},
    {574, "Certificate Service DCOM Access", "----b"},
};

TEST(WellKnown, EveryBuiltinGroupIsInTheDomainsOfItsTime) {
  for (std::size_t version = 0; version < std::size(kVersions); ++version) {
    Directory directory;
    Domain root{"contoso.com"};
    root.windows = kVersions[version];
    Domain child{"emea.contoso.com", directory.add(root)};
    child.windows = kVersions[version];
    DomainId emea = directory.add(child);
    std::size_t expected = 0;
    for (const Row& row : kRows) {
      char in = row.domains[version];
      EXPECT_EQ(directory.builtin({0}, row.rid).has_value(), in == 'b' || in == 'r') << row.name;
      EXPECT_EQ(directory.builtin(emea, row.rid).has_value(), in == 'b' || in == 'c') << row.name;
      expected += in == '-' ? 0 : in == 'b' ? 2 : 1;
    }
    EXPECT_EQ(directory.size(), expected) << "and no others, " << text(kVersions[version]);
  }
}

TEST(WellKnown, ADomainBringsTheGroupsOfItsOwnVersion) {
  Directory directory;
  Domain root{"contoso.com"}, child{"emea.contoso.com", DomainId{0}};
  root.windows = windows_2000, child.windows = windows_2003;
  directory.add(root), directory.add(child);
  EXPECT_FALSE(directory.builtin({0}, 555));
  EXPECT_TRUE(directory.builtin({1}, 555));
  EXPECT_FALSE(directory.builtin({2}, 555)) << "there is no such domain";
  EXPECT_FALSE(directory.builtin({1}, 1100)) << "there is no such group";
}

TEST(WellKnown, TheTableIsTheOneOfTheArticleAndNoOther) {
  ASSERT_EQ(builtin_groups().size(), std::size(kRows));
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    EXPECT_EQ(builtin_groups()[i].rid, kRows[i].rid);
    EXPECT_STREQ(builtin_groups()[i].name, kRows[i].name);
  }
}

// One public table has every group from here on one number too low.
TEST(WellKnown, PreWindows2000CompatibleAccessIs554) {
  EXPECT_EQ(find_builtin("Pre-Windows 2000 Compatible Access")->rid, 554U);
  EXPECT_STREQ(find_builtin(554U)->name, "Pre-Windows 2000 Compatible Access");
  EXPECT_STREQ(find_builtin(553U)->name, "RAS Servers");
  EXPECT_EQ(find_builtin("Remote Desktop Users")->rid, 555U);
}

TEST(WellKnown, OfSixGroupsItIsDocumentedThatTheyAreNew) {
  std::set<std::string> documented;
  for (const BuiltinGroup& group : builtin_groups())
    if (group.evidence == Evidence::documented) {
      documented.insert(group.name);
      EXPECT_EQ(group.since, windows_2003) << group.name;
    } else {
      EXPECT_EQ(group.evidence, Evidence::assumed) << group.name;
    }
  EXPECT_EQ(documented,
            (std::set<std::string>{"Network Configuration Operators", "Performance Log Users",
                                   "Performance Monitor Users", "Remote Desktop Users",
                                   "Terminal Server License Servers", "Windows Authorization Access Group"}));
}

TEST(WellKnown, AGroupIsFoundByItsNameWithoutCase) {
  for (const BuiltinGroup& group : builtin_groups()) {
    EXPECT_EQ(find_builtin(group.name), &group);
    EXPECT_EQ(find_builtin(group.rid), &group);
  }
  EXPECT_EQ(find_builtin("remote desktop USERS")->rid, 555U);
  for (const char* nobody : {"", "Remote Desktop", "Remote Desktop Users ", "Domain Users"})
    EXPECT_EQ(find_builtin(nobody), nullptr) << nobody;
  for (std::uint32_t rid : {0U, 543U, 563U, 567U, 570U, 575U, 4294967295U}) EXPECT_EQ(find_builtin(rid), nullptr);
}

TEST(WellKnown, AVersionIsWrittenByItsName) {
  std::string all;
  for (WindowsVersion version : kVersions) all += std::string(text(version)) + " ";
  EXPECT_EQ(all, "nt4 windows-2000 windows-2003 windows-2003-sp1 windows-2008 ");
  EXPECT_TRUE(std::ranges::is_sorted(kVersions));
}

TEST(WellKnown, ABuiltinGroupIsALocalSecurityGroupWithoutMail) {
  Directory directory;
  DomainId root = directory.add(Domain{"contoso.com"});
  const Object& group = directory.object(*directory.builtin(root, 555));
  EXPECT_EQ(group.kind, Kind::group);
  EXPECT_EQ(group.type, GroupType::security);
  EXPECT_EQ(group.scope, GroupScope::domain_local);
  EXPECT_EQ(group.domain, root);
  EXPECT_EQ(text(group.sid), "S-1-5-32-555");
  EXPECT_EQ(group.dn, "CN=Remote Desktop Users,CN=Builtin,DC=contoso,DC=com");
  EXPECT_EQ(directory.legacy_dn(*directory.builtin(root, 555)), "");
  EXPECT_TRUE(group.proxies.empty());
}

}  // namespace
}  // namespace deadletter::directory
