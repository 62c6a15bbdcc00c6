// What a run keeps of each address beside each other is what the plan and its directory say of it.
#include "experiments/run/address_facts.h"

#include <gtest/gtest.h>

#include "experiments/config/load.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using namespace experiments;

std::optional<Plan> planned(const std::string& file) {
  json::Problems problems;
  auto loaded = load_experiment(source_path(file), {}, problems);
  auto plan =
      loaded ? make_plan(*loaded, loaded->document.find("variants")->members()[0].key, {}, problems) : std::nullopt;
  EXPECT_TRUE(plan) << json::render(problems);
  return plan;
}

mail::AddressId id(Plan& plan, const std::string& address) { return plan.addresses.intern(address); }

TEST(AddressFacts, SayWhichAddressesTheCategorizerLooksUp) {
  auto plan = planned("experiments/articles/kb870585_builtin_group.json");
  ASSERT_TRUE(plan);
  AddressTable table(*plan);
  const AddressFacts& ann = table.of(id(*plan, "rdp@contoso.com"));
  EXPECT_FALSE(ann.looked_up || ann.folder || ann.one_off);
  EXPECT_TRUE(ann.known_domain);
  EXPECT_EQ(ann.octets, 15);
  const AddressFacts& offers = table.of(id(*plan, "offers@contoso.com"));
  EXPECT_TRUE(offers.folder);
  EXPECT_FALSE(offers.looked_up);
  EXPECT_TRUE(table.of(id(*plan, "minutes@contoso.com")).looked_up) << "only the board may send there";
}

TEST(AddressFacts, KnowWhatStandsForAFaxNumber) {
  auto plan = planned("experiments/articles/kb955778_fax_in_cached_mode.json");
  ASSERT_TRUE(plan);
  AddressTable table(*plan);
  std::size_t faxes = 0;
  for (std::uint32_t i = 0; i < plan->addresses.size(); ++i) {
    faxes += table.of(mail::AddressId{i}).one_off;
    EXPECT_EQ(table.of(mail::AddressId{i}).one_off, plan->one_offs.contains(mail::AddressId{i}));
  }
  EXPECT_GT(faxes, 0U);
  EXPECT_FALSE(table.of(id(*plan, "bob@fabrikam.com")).one_off);
  EXPECT_TRUE(table.of(id(*plan, "ann@contoso.com")).home.valid());
  EXPECT_NE(table.of(id(*plan, "bob@fabrikam.com")).home, table.of(id(*plan, "ann@contoso.com")).home);
}

}  // namespace
}  // namespace deadletter::testing
