// Ranges of mailboxes: what they stand for, and what is none.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "topologies/graph.h"
#include "topologies/load.h"
#include "topologies/mailboxes.h"

namespace deadletter::testing {
namespace {

using namespace topologies;

std::string topology(const std::string& mailboxes, const std::string& more = "") {
  return fmt::format(R"({{"id": "x", "servers": [
    {{"name": "EX1", "host": "ex1.contoso.com", "build": "exchange-2003-sp2 on windows-2003-sp1", "ad_domain": "contoso.com",
     "mailboxes": [{}]}}],
    "ad_domains": [{{"name": "contoso.com"}}],
    "domains": [{{"name": "contoso.com", "server": "EX1"}}], "places": ["lan"]{},
    "links": [{{"name": "l", "between": ["EX1", "lan"], "bandwidth": "1Gbps", "latency": "1ms"}}]}})",
                     mailboxes, more);
}
std::optional<Organization> organization(const std::string& text, json::Problems& problems) {
  return load(std::make_shared<json::Source>(json::Source{"topology", text}), problems);
}
std::vector<std::string> addresses(const std::string& mailboxes) {
  json::Problems problems;
  auto made = organization(topology(mailboxes), problems);
  EXPECT_TRUE(made) << json::render(problems);
  std::vector<std::string> all;
  if (made) each_mailbox(made->hosts[0].mailboxes, [&](const std::string& m) { all.push_back(m); });
  return all;
}
std::string refusal(const std::string& mailboxes) {
  json::Problems problems;
  EXPECT_FALSE(organization(topology(mailboxes), problems)) << mailboxes;
  return json::render(problems);
}

using List = std::vector<std::string>;

TEST(Mailboxes, ARangeStandsForAsMany) {
  EXPECT_EQ(
      addresses(R"("ann@contoso.com", "u{9..11}.s1@contoso.com", "bob@contoso.com")"),
      (List{"ann@contoso.com", "u9.s1@contoso.com", "u10.s1@contoso.com", "u11.s1@contoso.com", "bob@contoso.com"}));
  EXPECT_EQ(addresses(R"("{0..0}@CONTOSO.com")"), List{"0@CONTOSO.com"});
}

TEST(Mailboxes, BracesAloneAreAnAddress) {
  EXPECT_EQ(addresses(R"("u{1-5}@contoso.com", "{a}.{b}@contoso.com")"),
            (List{"u{1-5}@contoso.com", "{a}.{b}@contoso.com"}));
}

TEST(Mailboxes, WhatIsNoRangeIsSaidAtItsPlace) {
  const std::pair<const char*, const char*> rows[] = {
      {"u{5..1}@contoso.com", "it ends at 1, before it begins at 5"},
      {"u{1..}@contoso.com", "expected two whole numbers"},
      {"u{..2}@contoso.com", "expected two whole numbers"},
      {"u{01..9}@contoso.com", "expected two whole numbers"},
      {"u{-1..9}@contoso.com", "expected two whole numbers"},
      {"u{1..2..3}@contoso.com", "expected two whole numbers"},
      {"u{1..9999999999}@contoso.com", "expected two whole numbers"},
      {"u{1..2}{1..2}@contoso.com", "expected one pair of braces"},
      {"u{{1..2}}@contoso.com", "expected one pair of braces"},
      {"u@c{1..2}.com", "before the @"},
      {"u{1..2}", "before the @"},
      {"u{0..1000000}@contoso.com", "it has 1000001 mailboxes, a topology has 1000000 at most"},
      {".u{1..2}@contoso.com", "\".u1@contoso.com\" is no address"},
      {"u{1..2}.@contoso.com", "is no address"},
      {"u{1..2}@fabrikam.com", "is in no domain of the organization"},
  };
  for (auto [entry, said] : rows) {
    std::string text = refusal(fmt::format("\"{}\"", entry));
    EXPECT_NE(text.find(said), std::string::npos) << text;
    EXPECT_TRUE(text.starts_with("topology:3:20: ")) << text;
  }
}

TEST(Mailboxes, RangesThatMeetAreDoubles) {
  std::string text = refusal(R"("u{1..20}@contoso.com", "u1{0..9}@Contoso.com")");
  for (int n = 10; n < 20; ++n)
    EXPECT_NE(text.find(fmt::format("the address u{}@contoso.com is used already", n)), std::string::npos) << text;
  EXPECT_EQ(text.find("u1@"), std::string::npos);
  EXPECT_NE(refusal(R"("u{1..3}@contoso.com", "u2@contoso.com")").find("u2@contoso.com is used"), std::string::npos);
}

TEST(Mailboxes, ThereAreAMillionAtMostInAll) {
  EXPECT_NE(refusal(R"("a{1..600000}@contoso.com", "b{1..400001}@contoso.com")").find("more than 1000000 mailboxes"),
            std::string::npos);
}

TEST(Mailboxes, ADirectoryKnowsEachOfThem) {
  constexpr const char* kDirectory =
      R"(, "directory": {"users": [{"address": "u2@contoso.com", "name": "Ann"}],
          "groups": [{"name": "all", "ad_domain": "contoso.com", "members": ["u3@contoso.com"]}]})";
  json::Problems problems;
  auto made = organization(topology(R"("u{1..3}@contoso.com")", kDirectory), problems);
  EXPECT_TRUE(made) << json::render(problems);
  EXPECT_FALSE(organization(topology(R"("u{1..2}@contoso.com")", kDirectory), problems));
}

TEST(Mailboxes, ASeriesIsWrittenAsItIsRead) {
  for (std::int64_t count : {1, 2, 1000}) {
    std::string why;
    auto series = parse_mailboxes(mailbox_series("u", 1, count, ".s1@contoso.com"), why);
    ASSERT_TRUE(series) << why;
    EXPECT_EQ(series->count(), count);
    EXPECT_EQ(series->at(series->last), fmt::format("u{}.s1@contoso.com", count));
  }
}

}  // namespace
}  // namespace deadletter::testing
