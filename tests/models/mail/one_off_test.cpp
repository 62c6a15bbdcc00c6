// One-off addresses of other types than SMTP: what is one, and how it travels by SMTP.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "models/mail/address.h"

namespace deadletter::mail {
namespace {

std::string digits(std::size_t n) { return std::string(n, '7'); }

struct Typed {
  std::string text, type, value;
};

const Typed kTyped[] = {
    {"[FAX:0171020225]", "FAX", "0171020225"},
    {"[SMS:0171020225]", "SMS", "0171020225"},
    {"[F:1]", "F", "1"},
    {"[fax:1]", "FAX", "1"},
    {"[Fax:Ann]", "FAX", "Ann"},  // the value stays as it is written
    {"[X400:c=DE;a=tel]", "X400", "c=DE;a=tel"},
    {"[MHS2BIG8:1]", "MHS2BIG8", "1"},
    {"[FAX:+49 (89) 1234/5-6]", "FAX", "+49 (89) 1234/5-6"},
    {"[FAX: 1]", "FAX", " 1"},
    {"[FAX:a:b]", "FAX", "a:b"},
    {"[FAX::]", "FAX", ":"},
    {"[FAX:Smith@0171020225]", "FAX", "Smith@0171020225"},
    {"[FAX:~!\"#$%&'()*+,-./]", "FAX", "~!\"#$%&'()*+,-./"},
    {"[SMTP1:a@b.com]", "SMTP1", "a@b.com"},
    {"[FAX:" + digits(100) + "]", "FAX", digits(100)},
};

TEST(OneOff, IsATypeAndAValueInBrackets) {
  for (const Typed& t : kTyped) {
    auto parsed = parse_one_off(t.text);
    ASSERT_TRUE(parsed) << t.text;
    EXPECT_EQ(parsed->type, t.type) << t.text;
    EXPECT_EQ(parsed->value, t.value) << t.text;
  }
}

TEST(OneOff, AsTextItReadsAsItself) {
  for (const Typed& t : kTyped) {
    OneOff address{t.type, t.value};
    EXPECT_EQ(text(address), "[" + t.type + ":" + t.value + "]");
    EXPECT_EQ(parse_one_off(text(address)), address) << t.text;
  }
}

TEST(OneOff, IsNothingElse) {
  for (const std::string& bad :
       {std::string(""), std::string("[]"), std::string("[:]"), std::string("[FAX]"), std::string("[FAX:]"),
        std::string("[:1]"), std::string("[::1]"), std::string("FAX:1"), std::string("[FAX:12"), std::string("FAX:1]"),
        std::string(" [FAX:1]"), std::string("[FAX:1] "), std::string("[FAX:1]]"), std::string("[[FAX:1]"),
        std::string("[FAX:1[2]"), std::string("[FAX:1]2]"), std::string("[ FAX:1]"), std::string("[FAX :1]"),
        std::string("[F-X:1]"), std::string("[F_X:1]"), std::string("[FÄX:1]"), std::string("[FAX:Zürich]"),
        std::string("[FAX:1\t2]"), std::string("[FAX:1\r\n]"), std::string("[FAX:1\x7f]"), std::string("[FAX:1\0]", 8),
        std::string("[FAX;1]"), std::string("ann@contoso.com"), std::string("ann@[192.0.2.1]"),
        std::string("[FAXGROUP9:1]"),
        // An SMTP address is written as it is.
        std::string("[SMTP:ann@contoso.com]"), std::string("[smtp:ann@contoso.com]"), "[FAX:" + digits(101) + "]"})
    EXPECT_FALSE(parse_one_off(bad)) << bad;
}

TEST(OneOff, TwoAreTheSameWhenTypeAndValueAre) {
  EXPECT_EQ(parse_one_off("[fax:1]"), parse_one_off("[FAX:1]"));
  EXPECT_NE(parse_one_off("[FAX:1]"), parse_one_off("[SMS:1]"));
  EXPECT_NE(parse_one_off("[FAX:1]"), parse_one_off("[FAX:2]"));
  EXPECT_NE(parse_one_off("[FAX:ann]"), parse_one_off("[FAX:Ann]"));
}

struct Travels {
  const char *type, *value, *as;
};

TEST(Encapsulated, LettersDigitsAndHyphenStandForThemselvesASlashIsAnUnderscoreOthersAreTheirCode) {
  for (const Travels& t :
       {Travels{"FAX", "0171020225", "IMCEAFAX-0171020225"}, Travels{"SMS", "azAZ-09", "IMCEASMS-azAZ-09"},
        Travels{"FAX", "/", "IMCEAFAX-_"}, Travels{"FAX", "a//b", "IMCEAFAX-a__b"}, Travels{"FAX", "_", "IMCEAFAX-+5F"},
        Travels{"FAX", "+4989", "IMCEAFAX-+2B4989"}, Travels{"FAX", "+2B", "IMCEAFAX-+2B2B"},
        Travels{"FAX", "49 (89)", "IMCEAFAX-49+20+2889+29"}, Travels{"FAX", "Smith@1.2", "IMCEAFAX-Smith+401+2E2"},
        Travels{"X400", "c=DE;o=\"~", "IMCEAX400-c+3DDE+3Bo+3D+22+7E"},
        Travels{"NOTES", "Ann Lee/Sales/Contoso", "IMCEANOTES-Ann+20Lee_Sales_Contoso"}})
    EXPECT_EQ(encapsulated({t.type, t.value}, "contoso.com"), std::string(t.as) + "@contoso.com");
}

TEST(Encapsulated, IsAValidAddressForOrdinaryNumbers) {
  for (const char* number : {"0171020225", "+49 (89) 1234/5-6", "555-0100", "0", "..", "a.b.", "\"x\"", "<>", "@"})
    for (const char* domain : {"contoso.com", "a.b.c-d.example"}) {
      std::string address = encapsulated({"FAX", number}, domain);
      EXPECT_TRUE(valid_address(address)) << address;
      EXPECT_TRUE(address.ends_with("@" + std::string(domain))) << address;
    }
}

// Its local part has 64 octets at most, like that of any address.
TEST(Encapsulated, IsValidAsLongAsTheLocalPartIsShortEnough) {
  for (std::size_t n = 1; n <= 100; ++n) {
    EXPECT_EQ(valid_address(encapsulated({"FAX", digits(n)}, "contoso.com")), n <= 55) << n;
    EXPECT_EQ(valid_address(encapsulated({"FAX", std::string(n, '+')}, "contoso.com")), n <= 18) << n;
  }
}

// Whatever can be typed: two addresses never travel as one.
TEST(Encapsulated, DifferentAddressesTravelDifferently) {
  for (char a = ' '; a <= '~'; ++a)
    for (char b = ' '; b <= '~'; ++b) {
      if (a == '[' || a == ']' || b == '[' || b == ']') continue;
      std::string one(1, a), other(1, b);
      ASSERT_TRUE(valid_address(encapsulated({"FAX", one}, "contoso.com"))) << one;
      EXPECT_EQ(encapsulated({"FAX", one}, "x.com") == encapsulated({"FAX", other}, "x.com"), a == b) << one << other;
      EXPECT_NE(encapsulated({"FAX", one + other}, "x.com"), encapsulated({"FAX", one}, "x.com"));
    }
  EXPECT_NE(encapsulated({"FAX", "1"}, "x.com"), encapsulated({"SMS", "1"}, "x.com"));
}

}  // namespace
}  // namespace deadletter::mail
