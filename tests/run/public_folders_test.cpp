// Posts into public folders in a run: who may, which replica takes them, and what a store logs about its lists.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

// ann on EX1, bob on EX2, kim outside; a folder with these permissions and replicas.
Outcome posts(const std::string& permissions, const std::vector<std::string>& from, const std::string& members = "",
              const std::string& replicas = R"(["EX1"])") {
  std::string mail;
  for (std::size_t i = 0; i < from.size(); ++i)
    mail += fmt::format(R"({}{{"id": "m{}", "at": "{}h", "from": "{}", "to": ["offers@contoso.com"]}})",
                        i == 0 ? "" : ", ", i + 1, i, from[i]);
  return run_over(fmt::format(R"({{
    "id": "folders",
    "servers": [
      {{"name": "EX1", "host": "ex1.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "ad_domain": "contoso.com", "mailboxes": ["ann@contoso.com"]}},
      {{"name": "EX2", "host": "ex2.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "ad_domain": "contoso.com", "mailboxes": ["bob@contoso.com"]}}],
    "domains": [{{"name": "contoso.com", "server": "EX1"}}],
    "foreign": [{{"domain": "fabrikam.com", "exchangers": [{{"host": "mx.fabrikam.com"}}]}}],
    "ad_domains": [{{"name": "contoso.com"}}],
    "directory": {{
      "groups": [{{"name": "Sales", "ad_domain": "contoso.com", "type": "security", "members": ["bob@contoso.com"]}}],
      "public_folders": [{{"path": "/Offers", "address": "offers@contoso.com", "replicas": {}, "permissions": {{{}}}}}]}},
    "places": ["lan"],
    "links": [
      {{"name": "l1", "between": ["EX1", "lan"], "bandwidth": "100Mbps", "latency": "1ms", "sharing": "latency"}},
      {{"name": "l2", "between": ["EX2", "lan"], "bandwidth": "100Mbps", "latency": "1ms", "sharing": "latency"}},
      {{"name": "l3", "between": ["mx.fabrikam.com", "lan"], "bandwidth": "100Mbps", "latency": "1ms", "sharing": "latency"}}]
  }})",
                              replicas, permissions),
                  fmt::format("\"mail\": [{}]{}{}", mail, members.empty() ? "" : ", ", members));
}
Outcome post(const std::string& permissions, const std::string& from, const std::string& members = "",
             const std::string& replicas = R"(["EX1"])") {
  return posts(permissions, {from}, members, replicas);
}

constexpr const char *kAnn = "ann@contoso.com", *kBob = "bob@contoso.com", *kKim = "kim@fabrikam.com";

struct RightsCase {
  const char *permissions, *from, *fate;
};

TEST(PublicFolders, RightsDecideWhoPosts) {
  for (RightsCase c :
       std::initializer_list<RightsCase>{{"", kAnn, "delivered"},  // Default is author
                                         {"", kKim, "returned"},   // Anonymous has nothing
                                         {R"("Anonymous": "contributor")", kKim, "delivered"},
                                         {R"("Default": "reviewer")", kAnn, "returned"},
                                         {R"("Default": "none", "ann@contoso.com": "contributor")", kAnn, "delivered"},
                                         {R"("Default": "none", "ann@contoso.com": "contributor")", kBob, "returned"},
                                         {R"("Default": "none", "Sales": "author")", kBob, "delivered"},
                                         {R"("Default": "none", "Sales": "author")", kAnn, "returned"},
                                         {R"("ann@contoso.com": "none")", kAnn, "returned"},
                                         {R"("Default": "none", "ann@contoso.com": "owner")", kAnn, "delivered"},
                                         {R"("Default": "none", "ann@contoso.com": "0x402")", kAnn, "delivered"},
                                         {R"("Default": "none", "ann@contoso.com": "visible")", kAnn, "returned"}}) {
    Recipient folder = post(c.permissions, c.from).recipient("m1");
    EXPECT_EQ(folder.fate, c.fate) << c.permissions << " " << c.from;
    EXPECT_EQ(folder.status, folder.fate == "returned" ? "5.2.1" : "") << c.permissions;
    EXPECT_TRUE(folder.ruled_by.empty());
  }
}

constexpr const char* kGone =
    R"("/o=contoso/ou=Old/cn=Recipients/cn=gone": "editor", "ann@contoso.com": "owner", "Default": "author")";

TEST(PublicFolders, ANameThatNobodyHasStopsTheUpgradeForAllButOwners) {
  EXPECT_EQ(post(kGone, kAnn).recipient("m1").fate, "delivered");
  Outcome bob = post(kGone, kBob);
  EXPECT_EQ(bob.recipient("m1").status, "5.2.1");
  EXPECT_FALSE(bob.lines("MSExchangeIS 9551").empty());
  EXPECT_FALSE(bob.lines("/o=contoso/ou=Old/cn=Recipients/cn=gone").empty());
}

TEST(PublicFolders, AnUpgradeThatWasNotWholeIsTriedAgainAtThePostAfter) {
  EXPECT_EQ(posts(kGone, {kBob, kBob, kAnn}).lines("MSExchangeIS 9551").size(), 3U);
  EXPECT_EQ(posts(R"("ann@contoso.com": "owner")", {kBob, kBob}).lines("MSExchangeIS").size(), 0U);
}

TEST(PublicFolders, ARegistryValueLeavesSuchNamesOut) {
  Outcome bob = post(kGone, kBob, R"("registry": {"EX1": {"Ignore zombie users": 1}})");
  EXPECT_EQ(bob.recipient("m1").fate, "delivered");
}

TEST(PublicFolders, TheOwnReplicaTakesThePostElseTheFirst) {
  Outcome own = post("", kBob, "", R"(["EX1", "EX2"])");
  EXPECT_EQ(told(own, "post").at(0).substr(0, 3), "EX2");
  EXPECT_TRUE(told(own, "connect").empty());
  Outcome other = post("", kBob, "", R"(["EX1"])");
  EXPECT_EQ(told(other, "post").at(0).substr(0, 3), "EX1");
}

TEST(PublicFolders, AReportHasNoSenderAndIsPutAside) {
  Outcome run = post(R"("Anonymous": "none")", "<>");
  EXPECT_EQ(run.recipient("m1").fate, "discarded");
  EXPECT_TRUE(run.held());
}

}  // namespace
}  // namespace deadletter::testing
