// Security identifiers: their text, those that every Windows knows, and those that come from a domain's name.
#include "models/directory/sid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace deadletter::directory {
namespace {

TEST(Sid, ATextIsReadAndWrittenAlike) {
  for (const char* sid :
       {"S-1-0-0", "S-1-1-0", "S-1-5-7", "S-1-5-32-555", "S-1-5-21-1-2-3-1100", "S-1-5-21-4294967295-0-4294967295-500",
        "S-1-281474976710655-1", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"}) {
    auto read = parse_sid(sid);
    ASSERT_TRUE(read) << sid;
    EXPECT_EQ(text(*read), sid);
  }
  Sid users = *parse_sid("S-1-5-32-545");
  EXPECT_EQ(users.authority, 5U);
  EXPECT_EQ(users.count, 2U);
  EXPECT_EQ(users.sub[0], 32U);
  EXPECT_EQ(users.sub[1], 545U);
  EXPECT_EQ(users.sub[2], 0U);
}

TEST(Sid, WhatIsAlmostASidIsNone) {
  for (const char* wrong : {"",
                            "S",
                            "S-1",
                            "S-1-",
                            "S-1-5",
                            "S-1-5-",
                            "S-1--5",
                            "S-2-5-32",
                            "s-1-5-32-544",
                            "1-5-32-544",
                            "S-1-05-32",
                            "S-1-5-032",
                            "S-1-5-00",
                            "S-1-5-32-",
                            "S-1-5--32",
                            "S-1-5-+32",
                            "S-1-5-32 ",
                            " S-1-5-32",
                            "S-1-5-32-5x",
                            "S-1-0x5-32",
                            "S-1-5-0x20",
                            "S-1-5-4294967296",
                            "S-1-5-99999999999999999999999",
                            "S-1-281474976710656-1",
                            "S-01-5-32",
                            "S-1-5-32.544",
                            "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
                            "BUILTIN\\Users"})
    EXPECT_FALSE(parse_sid(wrong)) << wrong;
  EXPECT_FALSE(parse_sid(std::string_view("S-1-5-32\0", 9)));
}

TEST(Sid, NoneHasNoText) {
  EXPECT_FALSE(Sid{}.known());
  EXPECT_EQ(text(Sid{}), "");
}

TEST(Sid, WhateverCanBeReadIsWrittenAsItWasRead) {
  std::mt19937_64 random(1);
  std::size_t read = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string some = "S-1";
    for (auto parts = random() % 18; parts > 0; --parts) {
      some += "-" + std::to_string(random() >> (random() % 8 == 0 ? 30 : 33 + random() % 31));
      if (random() % 40 == 0) some.insert(random() % some.size(), 1, "S-10x "[random() % 6]);
    }
    auto sid = parse_sid(some);
    if (!sid) continue;
    ++read;
    ASSERT_EQ(text(*sid), some);
  }
  EXPECT_GT(read, 20'000U);
}

TEST(Sid, WhatADomainHoldsAddsItsRid) {
  Sid domain = *parse_sid("S-1-5-21-1-2-3");
  EXPECT_EQ(text(below(domain, 1100)), "S-1-5-21-1-2-3-1100");
  EXPECT_EQ(rid(below(domain, 1100)), 1100U);
  EXPECT_EQ(rid(domain), 3U);
  EXPECT_LT(domain, below(domain, 0));
  EXPECT_LT(below(domain, 999), below(domain, 1100));
}

TEST(Sid, ADomainHasTheSameSidInEveryRun) {
  EXPECT_EQ(text(domain_sid("contoso.com")), "S-1-5-21-1572351648-3393990228-2977735747");
  EXPECT_EQ(domain_sid("Contoso.COM"), domain_sid("contoso.com"));
}

TEST(Sid, EveryDomainHasItsOwn) {
  std::set<Sid> all;
  std::set<std::uint32_t> numbers;
  for (int i = 0; i < 5000; ++i) {
    Sid sid = domain_sid("d" + std::to_string(i) + ".contoso.com");
    EXPECT_EQ(sid.authority, 5U);
    EXPECT_EQ(sid.count, 4U);
    EXPECT_EQ(sid.sub[0], 21U);
    all.insert(sid);
    numbers.insert(sid.sub.begin() + 1, sid.sub.begin() + 4);
  }
  EXPECT_EQ(all.size(), 5000U);
  EXPECT_GT(numbers.size(), 14'990U) << "three numbers, each by itself";
}

TEST(Sid, BuiltinIsOneDomainEverywhere) {
  EXPECT_EQ(text(builtin_sid(544)), "S-1-5-32-544");
  struct Row {
    const char* sid;
    bool builtin;
  };
  for (const Row& row : {Row{"S-1-5-32-544", true},
                         {"S-1-5-32-0", true},
                         {"S-1-5-32-4294967295", true},
                         {"S-1-5-32", false},
                         {"S-1-5-32-544-1", false},
                         {"S-1-5-33-544", false},
                         {"S-1-1-32-544", false},
                         {"S-1-5-21-1-2-3-544", false},
                         {"S-1-5-11", false}})
    EXPECT_EQ(is_builtin(*parse_sid(row.sid)), row.builtin) << row.sid;
  EXPECT_FALSE(is_builtin(Sid{}));
}

TEST(Sid, EveryWindowsKnowsEveryone) {
  EXPECT_EQ(text(everyone()), "S-1-1-0");
  EXPECT_EQ(text(authenticated_users()), "S-1-5-11");
  EXPECT_EQ(text(anonymous_logon()), "S-1-5-7");
}

}  // namespace
}  // namespace deadletter::directory
