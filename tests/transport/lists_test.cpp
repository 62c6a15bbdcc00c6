// Distribution lists on their way through an organization: who becomes a recipient, who may send, and what each server
// knows of the directory.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "tests/support/run_experiment.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

// Two servers in one routing group, two domains of one forest; ann and bob on EX1, cid and dan on EX2.
Outcome send(const std::string& directory, const std::string& mail, const std::string& members = "") {
  return run_over(fmt::format(R"({{
    "id": "lists",
    "servers": [
      {{"name": "EX1", "host": "ex1.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "ad_domain": "contoso.com",
        "mailboxes": ["ann@contoso.com", "bob@contoso.com"]}},
      {{"name": "EX2", "host": "ex2.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "ad_domain": "emea.contoso.com",
        "mailboxes": ["cid@contoso.com", "dan@contoso.com"]}}],
    "domains": [{{"name": "contoso.com", "server": "EX1"}}],
    "foreign": [{{"domain": "fabrikam.com", "exchangers": [{{"host": "mx.fabrikam.com"}}]}}],
    "ad_domains": [{{"name": "contoso.com"}}, {{"name": "emea.contoso.com", "parent": "contoso.com"}}],
    "directory": {},
    "places": ["internet"],
    "links": [
      {{"name": "l1", "between": ["EX1", "internet"], "bandwidth": "100Mbps", "latency": "1ms", "sharing": "latency"}},
      {{"name": "l2", "between": ["EX2", "internet"], "bandwidth": "100Mbps", "latency": "1ms", "sharing": "latency"}},
      {{"name": "l3", "between": ["mx.fabrikam.com", "internet"], "bandwidth": "100Mbps", "latency": "1ms", "sharing": "latency"}}]
  }})",
                              directory),
                  fmt::format("\"mail\": [{}]{}{}", mail, members.empty() ? "" : ", ", members));
}

std::string to(const std::string& list, const std::string& from = "ann@contoso.com", const std::string& at = "0s",
               const std::string& id = "m1") {
  std::string recipients;
  for (std::size_t begin = 0; begin < list.size();) {
    std::size_t end = std::min(list.find(' ', begin), list.size());
    recipients += (recipients.empty() ? "\"" : ", \"") + list.substr(begin, end - begin) + "\"";
    begin = end + 1;
  }
  return fmt::format(R"({{"id": "{}", "at": "{}", "from": "{}", "to": [{}]}})", id, at, from, recipients);
}

// "ann delivered, sales expanded" of a mail, in the order of its rows.
std::string fates_of(const Outcome& run, std::size_t mail = 0) {
  std::vector<std::string> words;
  const json::Value& recipients = *run.result.find("mail")->items()[mail].find("recipients");
  for (const json::Value& r : recipients.items()) {
    std::string address = r.find("address")->as_string();
    words.push_back(address.substr(0, address.find('@')) + " " + r.find("fate")->as_string());
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

constexpr const char* kSales =
    R"({"groups": [{"name": "Sales", "address": "sales@contoso.com", "ad_domain": "contoso.com",
                    "members": ["bob@contoso.com", "cid@contoso.com"]}]})";

TEST(Lists, MembersBecomeRecipientsAndTheListIsExpanded) {
  Outcome run = send(kSales, to("sales@contoso.com"));
  EXPECT_EQ(fates_of(run), "sales expanded, bob delivered, cid delivered");
  EXPECT_EQ(run.number("/fates/expanded"), 1);
  EXPECT_EQ(run.number("/recipients"), 3);
  EXPECT_TRUE(run.held());
}

TEST(Lists, WhoIsNamedBesideTheListGetsOneCopy) {
  Outcome run = send(kSales, to("cid@contoso.com sales@contoso.com"));
  EXPECT_EQ(fates_of(run), "cid delivered, sales expanded, bob delivered");
  EXPECT_EQ(run.number("/copies/extra"), 0);
}

TEST(Lists, WhoIsInTwoListsGetsOneCopy) {
  Outcome run = send(R"({"groups": [
      {"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com", "members": ["bob@contoso.com", "dan@contoso.com"]},
      {"name": "B", "address": "b@contoso.com", "ad_domain": "contoso.com", "members": ["dan@contoso.com", "cid@contoso.com"]}]})",
                     to("a@contoso.com b@contoso.com"));
  EXPECT_EQ(fates_of(run), "a expanded, b expanded, bob delivered, dan delivered, cid delivered");
}

TEST(Lists, AListThatContainsItselfEnds) {
  Outcome run = send(R"({"groups": [
      {"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com", "members": ["B", "bob@contoso.com"]},
      {"name": "B", "address": "b@contoso.com", "ad_domain": "contoso.com", "members": ["A", "cid@contoso.com"]}]})",
                     to("a@contoso.com"));
  EXPECT_EQ(fates_of(run), "a expanded, cid delivered, bob delivered");
}

TEST(Lists, AnEmptyListIsExpandedToNobody) {
  Outcome run = send(R"({"groups": [{"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com"}]})",
                     to("a@contoso.com"));
  EXPECT_EQ(fates_of(run), "a expanded");
  EXPECT_TRUE(run.held());
}

TEST(Lists, AContactIsSentToWhereItIs) {
  Outcome run = send(R"({"contacts": [{"address": "kim@fabrikam.com", "ad_domain": "contoso.com"}],
                         "groups": [{"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com",
                                     "members": ["kim@fabrikam.com"]}]})",
                     to("a@contoso.com"));
  EXPECT_EQ(fates_of(run), "a expanded, kim delivered");
  EXPECT_FALSE(run.lines("RCPT TO:<kim@fabrikam.com>").empty());
}

TEST(Lists, MailFromOutsideIsExpandedByTheServerThatTakesItIn) {
  Outcome run = send(kSales, to("sales@contoso.com", "kim@fabrikam.com"));
  EXPECT_EQ(fates_of(run), "sales expanded, bob delivered, cid delivered");
}

TEST(Lists, OnlyTheExpansionServerOpensAListThatHasOne) {
  Outcome run = send(R"({"groups": [{"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com",
                                     "expansion_server": "EX2", "members": ["bob@contoso.com"]}]})",
                     to("a@contoso.com"));
  EXPECT_EQ(fates_of(run), "a expanded, bob delivered");
  ASSERT_EQ(told(run, "expand").size(), 1U);
  EXPECT_EQ(told(run, "expand")[0].substr(0, 3), "EX2");
}

// A global catalog has the members of universal groups only.
TEST(Lists, AGlobalGroupOfAnotherDomainLeadsNowhereWhereItsMembersAreNotHeld) {
  const std::string directory =
      R"({"controllers": [{"name": "DC1", "ad_domain": "contoso.com"}, {"name": "DC2", "ad_domain": "emea.contoso.com"}],
      "groups": [{"name": "A", "address": "a@contoso.com", "ad_domain": "emea.contoso.com", "scope": "global"EXPANSION,
                  "members": ["cid@contoso.com"]}]})";
  auto with = [&](const std::string& expansion) {
    std::string text = directory;
    return text.replace(text.find("EXPANSION"), 9, expansion);
  };
  EXPECT_EQ(fates_of(send(with(""), to("a@contoso.com"))), "a expanded");
  EXPECT_EQ(fates_of(send(with(R"(, "expansion_server": "EX2")"), to("a@contoso.com"))), "a expanded, cid delivered");
}

// dan joins at EMEA's controller; EX1 asks another one, in another site, which hears of it an hour later.
TEST(Lists, ANewMemberIsSeenOnceTheChangeHasBeenReplicated) {
  const std::string directory = R"({"within_site": "1h",
      "controllers": [{"name": "DC1", "ad_domain": "contoso.com"}, {"name": "DC2", "ad_domain": "emea.contoso.com"}],
      "groups": [{"name": "A", "address": "a@contoso.com", "ad_domain": "emea.contoso.com", "members": ["bob@contoso.com"]}]})";
  const std::string change =
      R"("directory_changes": [{"at": "2h", "add": "dan@contoso.com", "to": "A", "controller": "DC2"}])";
  std::string mail = to("a@contoso.com", "ann@contoso.com", "150m", "too_early") + ", " +
                     to("a@contoso.com", "dan@contoso.com", "151m", "where_it_happened") + ", " +
                     to("a@contoso.com", "ann@contoso.com", "190m", "later");
  Outcome run = send(directory, mail, change);
  EXPECT_EQ(fates_of(run, 0), "a expanded, bob delivered");
  EXPECT_EQ(fates_of(run, 1), "a expanded, bob delivered, dan delivered");
  EXPECT_EQ(fates_of(run, 2), "a expanded, bob delivered, dan delivered");
}

struct RestrictionCase {
  const char *accept, *from, *fate;
};

TEST(Lists, WhoMayNotSendToAListIsToldSo) {
  for (RestrictionCase c :
       std::initializer_list<RestrictionCase>{{R"({"authenticated_only": true})", "ann@contoso.com", "expanded"},
                                              {R"({"authenticated_only": true})", "kim@fabrikam.com", "returned"},
                                              {R"({"only_from": ["bob@contoso.com"]})", "bob@contoso.com", "expanded"},
                                              {R"({"only_from": ["bob@contoso.com"]})", "ann@contoso.com", "returned"},
                                              {R"({"only_from": ["Sales"]})", "cid@contoso.com", "expanded"},
                                              {R"({"only_from": ["Sales"]})", "dan@contoso.com", "returned"},
                                              {R"({"only_from": ["Sales"]})", "kim@fabrikam.com", "returned"}}) {
    Outcome run = send(fmt::format(R"({{"groups": [
          {{"name": "Sales", "ad_domain": "contoso.com", "members": ["cid@contoso.com"]}},
          {{"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com", "members": ["bob@contoso.com"], "accept": {}}}]}})",
                                   c.accept),
                       to("a@contoso.com", c.from));
    Recipient list = run.recipient("m1");
    EXPECT_EQ(list.fate, c.fate) << c.accept << " " << c.from;
    EXPECT_EQ(list.status, list.fate == "returned" ? "5.7.1" : "") << c.from;
  }
}

TEST(Lists, AFurtherAddressOfAMailboxIsTheSameMailbox) {
  Outcome run = send(R"({"users": [{"address": "bob@contoso.com", "proxies": ["robert@contoso.com"]}],
                         "groups": [{"name": "A", "address": "a@contoso.com", "ad_domain": "contoso.com",
                                     "members": ["bob@contoso.com"]}]})",
                     to("robert@contoso.com a@contoso.com"));
  EXPECT_EQ(fates_of(run), "robert delivered, a expanded");
}

// 5,000 people in 50 lists in 5 lists in one, in a forest of five domains; some are in several lists, two lists contain
// the whole, and a hundred join an hour before the mail at controllers that tell the others later.
TEST(Lists, FiveThousandRecipientsOverNestedListsInFiveDomainsGetOneCopyEach) {
  constexpr int kDomains = 5, kPeople = 5000, kLists = 50;
  std::string servers, domains = R"({"name": "contoso.com"})", links, controllers, groups;
  for (int d = 0; d < kDomains; ++d) {
    std::string mailboxes, domain = d == 0 ? "contoso.com" : fmt::format("d{}.contoso.com", d);
    for (int p = d; p < kPeople; p += kDomains)
      mailboxes += fmt::format("{}\"p{}@contoso.com\"", mailboxes.empty() ? "" : ", ", p);
    servers +=
        fmt::format(R"({}{{"name": "EX{}", "host": "ex{}.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1",
        "ad_domain": "{}", "mailboxes": [{}]}})",
                    d == 0 ? "" : ", ", d, d, domain, mailboxes);
    if (d > 0) domains += fmt::format(R"(, {{"name": "{}", "parent": "contoso.com"}})", domain);
    links += fmt::format(
        R"({}{{"name": "l{}", "between": ["EX{}", "core"], "bandwidth": "1Gbps", "latency": "1ms", "sharing": "latency"}})",
        d == 0 ? "" : ", ", d, d);
    controllers += fmt::format(R"({{"name": "DC{}", "ad_domain": "{}"}}, )", d, domain);
  }
  controllers += R"({"name": "OTHER", "ad_domain": "contoso.com"})";
  for (int l = 0; l < kLists; ++l) {
    std::string members;
    for (int p = l * 98; p < (l + 1) * 98 + 4; ++p)
      members += fmt::format("\"p{}@contoso.com\", ", p);  // 4 in the next, too
    if (l % 25 == 7) members += "\"All\", ";
    members.resize(members.size() - 2);
    groups += fmt::format(R"({{"name": "L{}", "ad_domain": "contoso.com", "members": [{}]}}, )", l, members);
  }
  for (int m = 0; m < 5; ++m) {
    std::string members;
    for (int l = m; l < kLists; l += 5) members += fmt::format("{}\"L{}\"", members.empty() ? "" : ", ", l);
    groups += fmt::format(R"({{"name": "M{}", "ad_domain": "contoso.com", "members": [{}]}}, )", m, members);
  }
  groups +=
      R"({"name": "All", "address": "all@contoso.com", "ad_domain": "contoso.com", "members": ["M0", "M1", "M2", "M3", "M4"]})";
  std::string changes;
  for (int p = 4904; p < kPeople; ++p)
    changes += fmt::format(R"({}{{"at": "1h", "add": "p{}@contoso.com", "to": "L0", "controller": "{}"}})",
                           changes.empty() ? "" : ", ", p, p % kDomains == 0 ? "DC0" : "OTHER");
  auto run = [&](const std::string& at) {
    return run_over(
        fmt::format(R"({{"id": "lists", "servers": [{}], "domains": [{{"name": "contoso.com", "server": "EX0"}}],
                         "ad_domains": [{}], "directory": {{"within_site": "30m", "controllers": [{}], "groups": [{}]}},
                         "places": ["core"], "links": [{}]}})",
                    servers, domains, controllers, groups, links),
        fmt::format(R"("horizon": "12h", "mail": [{}], "directory_changes": [{}])",
                    to("all@contoso.com", "p0@contoso.com", at), changes));
  };
  Outcome whole = run("2h");
  EXPECT_EQ(whole.number("/fates/delivered"), kPeople) << whole.problems.substr(0, 500);
  EXPECT_EQ(whole.number("/copies/extra"), 0);
  EXPECT_EQ(whole.number("/recipients"), kPeople + 1);
  std::set<std::string> addresses;
  for (const json::Value& r : whole.result.find("mail")->items()[0].find("recipients")->items())
    EXPECT_TRUE(addresses.insert(r.find("address")->as_string()).second) << "twice: " << r.find("address")->as_string();
  // Of the 96 who have just joined, EX0's controller knows those that joined at itself.
  Outcome early = run("70m");
  EXPECT_EQ(early.number("/fates/delivered"), 4904 + 20 - 1);
  EXPECT_TRUE(early.held());
}

}  // namespace
}  // namespace deadletter::testing
