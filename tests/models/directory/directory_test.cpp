// The directory of a forest: what is found where, and by what names.
#include "models/directory/directory.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/directory/sample.h"

namespace deadletter::directory {
namespace {

using testing::Sample;

constexpr const char* kDomains[] = {"contoso.com", "emea.contoso.com", "asia.contoso.com", "amer.contoso.com",
                                    "it.emea.contoso.com"};

// A forest of the first `n` of them, each with a global catalog "gc0", "gc1", …
Sample forest(std::size_t n) {
  Sample sample;
  for (std::size_t i = 0; i < n; ++i) {
    sample.domain(kDomains[i]);
    sample.catalog("gc" + std::to_string(i), kDomains[i]);
    sample.plain("dc" + std::to_string(i), kDomains[i]);
  }
  return sample;
}

// ---- Searches by SID

struct SidRow {
  std::size_t domains;
  const char* controller;
  SearchScope scope;
  std::size_t of_every_domain, of_the_root;  // how often such a group is found
};

TEST(Directory, ABuiltinSidIsFoundOnceForEachDomainInSight) {
  const SidRow rows[] = {
      {1, "gc0", SearchScope::forest, 1, 1}, {1, "dc0", SearchScope::forest, 1, 1},
      {1, "gc0", SearchScope::domain, 1, 1}, {1, "", SearchScope::forest, 1, 1},
      {2, "gc0", SearchScope::forest, 2, 1}, {2, "gc1", SearchScope::forest, 2, 1},
      {2, "dc1", SearchScope::forest, 1, 0}, {2, "gc1", SearchScope::domain, 1, 0},
      {2, "gc0", SearchScope::domain, 1, 1}, {2, "", SearchScope::domain, 2, 1},
      {5, "gc4", SearchScope::forest, 5, 1}, {5, "dc0", SearchScope::forest, 1, 1},
      {5, "gc4", SearchScope::domain, 1, 0}, {5, "", SearchScope::forest, 5, 1},
  };
  for (const SidRow& row : rows) {
    Sample sample = forest(row.domains);
    for (const BuiltinGroup& group : builtin_groups()) {
      auto found = sample.directory().by_sid(builtin_sid(group.rid), sample.at(row.controller), row.scope);
      bool is_there = group.since <= WindowsVersion::windows_2003;
      std::size_t expected = !is_there ? 0 : group.root_only ? row.of_the_root : row.of_every_domain;
      EXPECT_EQ(found.size(), expected) << group.name << ", " << row.domains << " domains, " << row.controller;
      EXPECT_TRUE(std::ranges::is_sorted(found));
    }
  }
}

TEST(Directory, AUsersSidIsFoundOnceWhateverTheNumberOfDomains) {
  for (std::size_t domains : {1U, 2U, 5U}) {
    Sample sample = forest(domains);
    const Object& ann = sample.directory().object(sample.user("ann", kDomains[domains - 1]));
    EXPECT_EQ(sample.names(sample.directory().by_sid(ann.sid, sample.at("gc0"))), "ann");
    EXPECT_EQ(sample.names(sample.directory().by_sid(ann.sid, sample.at("dc0"))), domains == 1 ? "ann" : "");
    EXPECT_TRUE(sample.directory().by_sid(below(ann.sid, 1), sample.at("gc0")).empty());
    EXPECT_TRUE(sample.directory().by_sid(Sid{}, sample.at("gc0")).empty());
  }
}

TEST(Directory, AnotherForestIsNotSearched) {
  Sample sample;
  for (const char* name : {"contoso.com", "emea.contoso.com", "fabrikam.com"}) sample.domain(name);
  sample.catalog("here", "emea.contoso.com");
  sample.catalog("there", "fabrikam.com");
  const Directory& d = sample.directory();
  EXPECT_EQ(d.by_sid(builtin_sid(544), sample.at("here")).size(), 2U);
  EXPECT_EQ(d.by_sid(builtin_sid(544), sample.at("there")).size(), 1U);
  EXPECT_EQ(d.by_sid(builtin_sid(544), sample.at("")).size(), 3U) << "nobody in particular answers of all forests";
  EXPECT_EQ(d.domains()[1].forest, d.domains()[0].forest);
  EXPECT_NE(d.domains()[2].forest, d.domains()[0].forest);
}

TEST(Directory, WithoutControllersEverythingIsKnownAtOnce) {
  Sample sample;
  sample.domain("contoso.com"), sample.domain("emea.contoso.com");
  sample.user("ann", "emea.contoso.com");
  ObjectId staff = sample.team(GroupScope::global, "staff", "emea.contoso.com");
  sample.directory().change({testing::minute(3), {}, staff, sample.id("ann"), true});
  View somebody{{7}, testing::minute(3)};
  EXPECT_EQ(sample.directory().by_sid(builtin_sid(544), somebody, SearchScope::domain).size(), 2U);
  EXPECT_EQ(sample.members("staff", somebody), "ann");
  EXPECT_EQ(sample.members("staff", sample.at("", 2)), "");
}

// ---- Searches by name

TEST(Directory, AnAddressIsFoundWithoutCaseAndByItsType) {
  Sample sample = forest(2);
  sample.user("ann", "contoso.com",
              {"SMTP:Ann@contoso.com", "smtp:a.smith@contoso.com", "X400:c=us;a= ;p=Contoso;s=Smith;"});
  sample.add(Kind::contact, "bob", "emea.contoso.com", {"SMTP:bob@fabrikam.com", "smtp:ANN@contoso.com"});
  const Directory& d = sample.directory();
  struct Row {
    const char* type;
    const char* address;
    const char* root_catalog;
    const char* root_controller;
    const char* child_controller;
  };
  const Row rows[] = {
      {"SMTP", "a.smith@contoso.com", "ann", "ann", ""},
      {"smtp", "A.SMITH@CONTOSO.COM", "ann", "ann", ""},
      {"X400", "C=US;A= ;P=contoso;S=smith;", "ann", "ann", ""},
      {"SMTP", "C=US;A= ;P=contoso;S=smith;", "", "", ""},
      {"SMTP", "bob@fabrikam.com", "bob", "", "bob"},
      {"SMTP", "ann@contoso.com", "ann, bob", "ann", "bob"},
      {"SMTP", "carl@contoso.com", "", "", ""},
      {"", "", "", "", ""},
  };
  for (const Row& row : rows) {
    auto found = [&](const char* controller) {
      return sample.names(d.by_address(row.type, row.address, sample.at(controller)));
    };
    EXPECT_EQ(found("gc0"), row.root_catalog) << row.address;
    EXPECT_EQ(found("gc1"), row.root_catalog) << row.address;
    EXPECT_EQ(found(""), row.root_catalog) << row.address;
    EXPECT_EQ(found("dc0"), row.root_controller) << row.address;
    EXPECT_EQ(found("dc1"), row.child_controller) << row.address;
  }
}

TEST(Directory, AnAddressThatOneObjectHasTwiceIsOneObject) {
  Sample sample = forest(1);
  sample.user("ann", "contoso.com", {"SMTP:ann@contoso.com", "smtp:ann@contoso.com"});
  EXPECT_EQ(sample.names(sample.directory().by_address("SMTP", "ann@contoso.com", sample.at("gc0"))), "ann");
}

TEST(Directory, ObjectsAreNamedByWhereTheyAre) {
  Sample sample = forest(2);
  sample.user("Ann", "emea.contoso.com");
  sample.user("Doe, \"John\"/X", "contoso.com");
  sample.add(Kind::public_folder, "Orders", "contoso.com");
  EXPECT_EQ(sample.directory().dn(sample.id("Ann")), "CN=Ann,CN=Users,DC=emea,DC=contoso,DC=com");
  EXPECT_EQ(sample.directory().legacy_dn(sample.id("Ann")),
            "/o=contoso/ou=First Administrative Group/cn=Recipients/cn=ann");
  EXPECT_EQ(sample.directory().dn(sample.id("Doe, \"John\"/X")), R"(CN=Doe\, \"John\"/X,CN=Users,DC=contoso,DC=com)");
  EXPECT_EQ(sample.directory().legacy_dn(sample.id("Doe, \"John\"/X")),
            "/o=contoso/ou=First Administrative Group/cn=Recipients/cn=doe, \"john\"_x");
  EXPECT_EQ(sample.directory().dn(sample.id("Orders")),
            "CN=Orders,CN=Microsoft Exchange System Objects,DC=contoso,DC=com");
  const Directory& d = sample.directory();
  EXPECT_EQ(sample.names(d.by_dn("cn=ann,cn=users,dc=EMEA,dc=contoso,dc=com", sample.at("gc0"))), "Ann");
  EXPECT_EQ(sample.names(d.by_dn("cn=ann,cn=users,dc=emea,dc=contoso,dc=com", sample.at("dc0"))), "");
  EXPECT_EQ(
      sample.names(d.by_legacy_dn("/O=Contoso/OU=first administrative group/cn=RECIPIENTS/cn=Ann", sample.at(""))),
      "Ann");
}

TEST(Directory, WhatIsGivenIsKept) {
  Sample sample = forest(1);
  Object ann{Kind::user, "Ann", DomainId{0}};
  ann.dn = "CN=Ann,OU=Sales,DC=contoso,DC=com";
  ann.legacy_dn = "/o=Contoso/ou=London/cn=Recipients/cn=AnnS";
  ann.sid = *parse_sid("S-1-5-21-1-2-3-500");
  const Object& kept = sample.directory().object(sample.directory().add(ann));
  EXPECT_EQ(kept.dn, ann.dn);
  EXPECT_EQ(kept.legacy_dn, ann.legacy_dn);
  EXPECT_EQ(kept.sid, ann.sid);
  EXPECT_EQ(sample.names(sample.directory().by_sid(ann.sid, sample.at("gc0"))), "Ann");
  ann.dn = "CN=Ann,OU=Buyers,DC=contoso,DC=com";
  sample.directory().add(ann);
  EXPECT_EQ(sample.names(sample.directory().by_legacy_dn(ann.legacy_dn, sample.at("gc0"))), "Ann, Ann");
}

TEST(Directory, TwoOfOneNameHaveTwoLegacyNames) {
  Sample sample = forest(2);
  std::string all;
  for (const char* domain : {"contoso.com", "emea.contoso.com", "emea.contoso.com"}) {
    std::string dn = sample.directory().legacy_dn(sample.user("Ann", domain));
    all += dn.substr(dn.rfind('=') + 1) + " ";
  }
  EXPECT_EQ(all, "ann ann2 ann3 ");
}

TEST(Directory, UsersAndGroupsGetRidsAsTheyCome) {
  Sample sample = forest(2);
  sample.user("ann", "contoso.com");
  sample.add(Kind::contact, "carl", "contoso.com");
  sample.list("staff", "emea.contoso.com");
  sample.add(Kind::public_folder, "orders", "contoso.com");
  sample.user("bob", "contoso.com");
  EXPECT_EQ(sample.object("ann").sid, below(domain_sid("contoso.com"), 1100));
  EXPECT_EQ(sample.object("staff").sid, below(domain_sid("emea.contoso.com"), 1101));
  EXPECT_EQ(sample.object("bob").sid, below(domain_sid("contoso.com"), 1102));
  EXPECT_FALSE(sample.object("carl").sid.known());
  EXPECT_FALSE(sample.object("orders").sid.known());
}

TEST(Directory, ADomainIsFoundWithoutCase) {
  Sample sample = forest(2);
  EXPECT_EQ(sample.directory().find_domain("EMEA.Contoso.com"), DomainId{1});
  EXPECT_EQ(sample.directory().find_domain("contoso"), std::nullopt);
  EXPECT_EQ(sample.directory().domains()[1].sid, domain_sid("emea.contoso.com"));
}

TEST(Directory, ALevelIsWrittenByItsName) {
  EXPECT_STREQ(text(FunctionalLevel::windows_2000_mixed), "windows-2000-mixed");
  EXPECT_STREQ(text(FunctionalLevel::windows_2000_native), "windows-2000-native");
  EXPECT_STREQ(text(FunctionalLevel::windows_2003), "windows-2003");
}

}  // namespace
}  // namespace deadletter::directory
