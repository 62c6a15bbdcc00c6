// Address spaces of connectors: how they are written, what they match, and which of two is the more particular one.
#include <gtest/gtest.h>

#include <utility>

#include "tests/support/routing_sketch.h"
#include "topologies/organization.h"

namespace deadletter::testing {
namespace {

using namespace routing;

// ---- How particular a space is

struct Particular {
  const char *type, *pattern, *asked_type, *address;
  int rank;  // 0: does not match; of the rest a higher one is more particular
};

const Particular kParticular[] = {
    {"FAX", "*", "FAX", "+498912345", 1},
    {"FAX", "+*", "FAX", "+498912345", 2},
    {"FAX", "+49*", "FAX", "+498912345", 3},
    {"FAX", "+4989*", "FAX", "+498912345", 4},
    {"FAX", "+49891234*", "FAX", "+498912345", 5},
    {"FAX", "+498912345", "FAX", "+498912345", 6},
    {"FAX", "+498912345*", "FAX", "+498912345", 5},  // the prefix may be all of it
    {"FAX", "+4989*", "FAX", "+498", 0},
    {"FAX", "+4989*", "FAX", "+4930123", 0},
    {"FAX", "+4989*", "FAX", "0+498912345", 0},
    {"FAX", "+498912345", "FAX", "+4989123456", 0},
    {"FAX", "+498912345", "FAX", "+49891234", 0},
    {"FAX", "*45", "FAX", "+498912345", 0},  // only at the end of a pattern
    {"FAX", "*.x.com", "FAX", "a.x.com", 0},
    {"fax", "abc*", "FAX", "ABCD", 2},  // without case
    {"FAX", "abcd", "fax", "ABCD", 6},
    {"FAX", "*", "SMS", "+498912345", 0},
    {"FAX", "*", "SMTP", "x.com", 0},
    {"SMTP", "*", "FAX", "+498912345", 0},
    {"SMTP", "*", "SMTP", "a.mail.x.com", 1},
    {"SMTP", "*.x.com", "SMTP", "a.mail.x.com", 3},
    {"SMTP", "*.mail.x.com", "smtp", "A.MAIL.x.com", 4},
    {"SMTP", "a.mail.x.com", "SMTP", "a.mail.X.com", 6},
    {"SMTP", "*.x.com", "SMTP", "x.com", 0},
    {"SMTP", "*.x.com", "SMTP", "ax.com", 0},
    {"SMTP", "x.com", "SMTP", "a.x.com", 0},
    {"smtp", "a.mail*", "SMTP", "a.mail.x.com", 0},  // a prefix is for other types
};

std::uint32_t particular(const Particular& p) { return match({p.type, p.pattern, 1}, p.asked_type, p.address); }

TEST(AddressSpaceMatch, OfSmtpItIsAboutTheEndOfTheDomainOfOtherTypesAboutTheBeginningOfTheAddress) {
  for (const Particular& p : kParticular)
    EXPECT_EQ(particular(p) > 0, p.rank > 0)
        << p.type << ":" << p.pattern << " of " << p.asked_type << ":" << p.address;
}

TEST(AddressSpaceMatch, ALongerPatternIsMoreParticularAndTheAddressItselfMost) {
  for (const Particular& p : kParticular)
    for (const Particular& q : kParticular) {
      if (std::string_view(p.asked_type) != q.asked_type || std::string_view(p.address) != q.address) continue;
      if (p.rank == 0 || p.rank >= q.rank) continue;
      EXPECT_LT(particular(p), particular(q)) << p.pattern << " and " << q.pattern << " of " << p.address;
    }
}

TEST(AddressSpaceMatch, OfSeveralSpacesOfAConnectorTheMostParticularOneCountsWithItsCost) {
  Sketch sketch("group A a1; out Both FAX:*!1 from a1; out Narrow FAX:+4989*!20 from a1");
  Network network = sketch.network();
  ServerId a1 = sketch.server("a1");
  auto answer = [&](const char* number) {
    return describe(network, Router(network, sketch.behaviour(a1), a1).to_address("FAX", number, 1, nullptr).hop);
  };
  for (bool narrow_first : {false, true}) {
    auto& spaces = network.connectors[0].spaces;
    spaces = {{"FAX", "*", 1}, {"FAX", "+4989*", 50}};
    if (narrow_first) std::swap(spaces[0], spaces[1]);
    EXPECT_EQ(answer("+498912345"), "connector Narrow");
    EXPECT_EQ(answer("+4930"), "connector Both");
    spaces[narrow_first ? 0 : 1].cost = 19;
    EXPECT_EQ(answer("+498912345"), "connector Both");
  }
}

// ---- How a space is written

TEST(AddressSpaceText, IsATypeAPatternAndACost) {
  struct Good {
    const char *text, *type, *pattern;
    std::uint32_t cost;
  };
  for (const Good& g : {Good{"FAX:*;1", "FAX", "*", 1}, Good{"FAX:+4989*;10", "FAX", "+4989*", 10},
                        Good{"FAX:+498912345", "FAX", "+498912345", 1}, Good{"sms:*;10000", "sms", "*", 10000},
                        Good{"SMTP:*.x.com;2", "SMTP", "*.x.com", 2}, Good{"SMTP:x.com", "SMTP", "x.com", 1}}) {
    auto space = topologies::parse_address_space(g.text);
    ASSERT_TRUE(space) << g.text;
    EXPECT_EQ(space->type, g.type) << g.text;
    EXPECT_EQ(space->pattern, g.pattern) << g.text;
    EXPECT_EQ(space->cost, g.cost) << g.text;
  }
}

TEST(AddressSpaceText, HasItsAsteriskWhereTheTypeMatches) {
  for (const char* bad : {"",
                          "FAX",
                          ":*;1",
                          "FAX:",
                          "FAX:;1",
                          "FAX:*;0",
                          "FAX:*;10001",
                          "FAX:*;",
                          "FAX:*;x",
                          "FAX:*;-1",
                          "F-X:*",
                          "FAX:*49;1",
                          "FAX:+4*9;1",
                          "FAX:**;1",
                          "FAX:*.x.com;1",
                          "FAX:+49 89*;1",
                          "FAX:a:b;1",
                          "SMTP:x.*;1",
                          "SMTP:+4989*;1",
                          "SMTP:*x.com;1",
                          "SMTP:*.;1",
                          "ABCDEFGHIJKLMNOPQ:*;1"})
    EXPECT_FALSE(topologies::parse_address_space(bad)) << bad;
}

// SMTP is SMTP in small letters, too: match() compares types without case.
TEST(AddressSpaceText, ATypeIsComparedWithoutCase) {
  EXPECT_TRUE(topologies::parse_address_space("smtp:*.x.com;1"));
  EXPECT_FALSE(topologies::parse_address_space("smtp:x*;1"));
}

}  // namespace
}  // namespace deadletter::testing
