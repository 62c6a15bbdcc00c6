// Addresses: what is one, and which two are the same.
#include "models/mail/address.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace deadletter::mail {
namespace {

std::string x(std::size_t n) { return std::string(n, 'x'); }
// A domain of `n` octets in labels of at most 63.
std::string domain_of(std::size_t n) {
  std::string domain;
  for (; n > 63; n -= 64) domain += x(63) + ".";
  return domain + x(n);
}

TEST(Address, IsALocalPartAndADomain) {
  for (const std::string& good :
       {std::string("ann@contoso.com"), std::string("a@b"), std::string("first.last@mail.contoso.com"),
        std::string("!#$%&'*+-/=?^_`{|}~@contoso.com"), std::string("ann+tag@1and1.de"), std::string("a@x-y.com"),
        std::string("ANN@CONTOSO.COM"), std::string("0@0.0"), x(64) + "@contoso.com", "a@" + domain_of(252),
        x(63) + "@" + domain_of(190)})
    EXPECT_TRUE(valid_address(good)) << good;
  for (const std::string& bad : {std::string(""),
                                 std::string("@"),
                                 std::string("ann"),
                                 std::string("ann@"),
                                 std::string("@contoso.com"),
                                 std::string("ann@@contoso.com"),
                                 std::string("ann@b@contoso.com"),
                                 std::string(".ann@contoso.com"),
                                 std::string("ann.@contoso.com"),
                                 std::string("a..b@contoso.com"),
                                 std::string("ann@.com"),
                                 std::string("ann@contoso."),
                                 std::string("ann@contoso..com"),
                                 std::string("ann b@contoso.com"),
                                 std::string("\"ann\"@contoso.com"),
                                 std::string("ann@[192.0.2.1]"),
                                 std::string("ann(x)@contoso.com"),
                                 std::string("ann@con_toso.com"),
                                 std::string("<ann@contoso.com>"),
                                 std::string("ann@-contoso.com"),
                                 std::string("ann@contoso-.com"),
                                 std::string("ann@contoso.-"),
                                 std::string("ä@contoso.com"),
                                 std::string("ann@cöntoso.com"),
                                 std::string("ann@contoso.com\r\n"),
                                 std::string("a\0b@contoso.com", 15),
                                 x(65) + "@contoso.com",
                                 "ann@" + x(64) + ".com",
                                 "a@" + domain_of(254),
                                 x(64) + "@" + domain_of(190)})
    EXPECT_FALSE(valid_address(bad)) << bad;
}

TEST(AddressBook, TheDomainIsComparedWithoutCaseTheLocalPartAsItIsWritten) {
  AddressBook book;
  AddressId ann = book.intern("ann@Contoso.COM");
  EXPECT_EQ(book.intern("ann@contoso.com"), ann);
  EXPECT_EQ(book.intern("ann@CONTOSO.com"), ann);
  AddressId other = book.intern("Ann@contoso.com");
  EXPECT_NE(other, ann);
  EXPECT_EQ(book.text(ann), "ann@contoso.com");
  EXPECT_EQ(book.text(other), "Ann@contoso.com");
  EXPECT_EQ(book.domain(ann), book.domain(other));
  EXPECT_EQ(book.domain(ann), book.intern_domain("CONTOSO.com"));
  EXPECT_EQ(book.text(book.domain(ann)), "contoso.com");
  EXPECT_NE(book.intern_domain("fabrikam.com"), book.domain(ann));
  EXPECT_EQ(book.size(), 2U);
}

TEST(AddressBook, TextsAndIdentitiesStayWhenTheBookGrows) {
  AddressBook book;
  std::vector<AddressId> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back(book.intern(fmt::format("user{}@d{}.com", i, i % 70)));
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(book.text(ids[i]), fmt::format("user{}@d{}.com", i, i % 70));
    ASSERT_EQ(book.intern(book.text(ids[i])), ids[i]);
    ASSERT_EQ(book.text(book.domain(ids[i])), fmt::format("d{}.com", i % 70));
  }
}

TEST(AddressBook, TheNullReversePathHasNoText) {
  AddressBook book;
  EXPECT_EQ(book.text(kNullPath), "");
  EXPECT_FALSE(kNullPath.valid());
}

}  // namespace
}  // namespace deadletter::mail
