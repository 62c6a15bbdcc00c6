#include "models/routing/alike_domains.h"

#include <gtest/gtest.h>

namespace deadletter::routing {
namespace {

Network with(std::vector<std::vector<AddressSpace>> spaces) {
  Network network;
  for (auto& each : spaces) network.connectors.push_back({.name = "C", .spaces = std::move(each)});
  network.seal();
  return network;
}

TEST(AlikeDomains, AreThoseThatMatchTheSameSpaces) {
  Network network = with({{{.pattern = "*"}}, {{.pattern = "*.fabrikam.com"}, {.pattern = "fabrikam.com"}}});
  AlikeDomains alike(network);
  std::uint32_t any = alike.of(0, "d1.example");
  EXPECT_EQ(alike.of(1, "d2.example"), any);
  std::uint32_t below = alike.of(2, "emea.fabrikam.com");
  EXPECT_NE(below, any);
  EXPECT_EQ(alike.of(3, "ASIA.Fabrikam.com"), below) << "compared without case";
  EXPECT_NE(alike.of(4, "fabrikam.com"), below);
}

TEST(AlikeDomains, KnowADomainByItsNumber) {
  Network network = with({{{.pattern = "fabrikam.com"}}});
  AlikeDomains alike(network);
  std::uint32_t known = alike.of(7, "fabrikam.com");
  EXPECT_EQ(alike.of(7, ""), known) << "the name is not looked at again";
  EXPECT_NE(alike.of(8, "contoso.com"), known);
}

TEST(AlikeDomains, SpacesOfOtherTypesMatchNoDomain) {
  Network network = with({{{.type = "FAX", .pattern = "*"}}});
  AlikeDomains alike(network);
  EXPECT_EQ(alike.of(0, "a.example"), alike.of(1, "b.example"));
}

}  // namespace
}  // namespace deadletter::routing
