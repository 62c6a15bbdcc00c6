// Which types of addresses a store tells its clients that they may send to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "models/store/behaviour.h"

namespace deadletter::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kBuiltIn = {"SMTP", "X400", "EX"};

AddressTypes types(const StoreBehaviour& behaviour, std::vector<TypedConnector> connectors) {
  return behaviour.address_types.rule({kBuiltIn, std::move(connectors)}).outcome;
}

struct Row {
  bool enabled, scoped, own_site, routes_alike;
  bool counts;
};

const Row kRows[] = {
    // enabled scoped own    alike  counts
    {true, false, true, true, true},   {true, false, false, true, true},  // for the whole organization
    {true, true, true, true, true},                                       // for this site
    {true, true, false, true, false},                                     // for another site
    {true, false, true, false, false}, {true, false, false, false, false}, {true, true, true, false, false},
    {true, true, false, false, false},  // on servers that route otherwise
    {false, false, true, true, false}, {false, false, false, true, false}, {false, true, true, true, false},
    {false, true, false, true, false}, {false, false, true, false, false}, {false, false, false, false, false},
    {false, true, true, false, false}, {false, true, false, false, false},  // switched off
};

std::size_t differences(const StoreBehaviour& behaviour) {
  std::size_t count = 0;
  for (const Row& row : kRows) {
    AddressTypes got = types(behaviour, {{{"FAX"}, row.scoped, row.own_site, row.routes_alike, row.enabled}});
    AddressTypes with{"EX", "FAX", "SMTP", "X400"}, without{"EX", "SMTP", "X400"};
    count += got == (row.counts ? with : without) ? 0 : 1;
  }
  return count;
}

TEST(StoreAddressTypes, AConnectorCountsAsTheTableSaysForAllFacts) {
  EXPECT_EQ(std::size(kRows), 16U);
  for (const Row& one : kRows)
    EXPECT_EQ(std::ranges::count_if(kRows,
                                    [&](const Row& other) {
                                      return one.enabled == other.enabled && one.scoped == other.scoped &&
                                             one.own_site == other.own_site && one.routes_alike == other.routes_alike;
                                    }),
              1)
        << "every case once";
  EXPECT_EQ(differences(StoreBehaviour{}), 0U);
}

TEST(StoreAddressTypes, ScopedConnectorsLeftOutAreADifferenceFromTheTableAndNamed) {
  StoreBehaviour behaviour;
  behaviour.address_types.deviate(
      [](const AddressTypesFacts& facts, const AddressTypes& below) {
        AddressTypes kept = below;
        for (const TypedConnector& connector : facts.connectors)
          if (connector.scoped && connector.own_site) std::erase(kept, connector.types.at(0));
        return kept;
      },
      blame_of("KB100001"));
  EXPECT_EQ(differences(behaviour), 1U);
  TypedConnector fax{{"FAX"}, true, true, true, true}, sms{{"SMS"}, false, true, true, true};
  EXPECT_EQ(behaviour.address_types.rule({kBuiltIn, {fax}}).blame, blame_of("KB100001"));
  EXPECT_EQ(behaviour.address_types.rule({kBuiltIn, {sms}}).blame, Blame{});
}

TEST(StoreAddressTypes, ThoseOfAllConnectorsAreMergedInOrderEachOnce) {
  StoreBehaviour behaviour;
  TypedConnector smtp{{"SMTP"}, false, false, true, true};
  TypedConnector faxes{{"SMS", "FAX"}, false, true, true, true};
  TypedConnector site{{"FAX", "NOTES"}, true, true, true, true};
  TypedConnector elsewhere{{"GWISE", "FAX"}, true, false, true, true};
  EXPECT_THAT(types(behaviour, {site, elsewhere, smtp, faxes}),
              ElementsAre("EX", "FAX", "NOTES", "SMS", "SMTP", "X400"));
  EXPECT_EQ(types(behaviour, {site, elsewhere, smtp, faxes}), types(behaviour, {faxes, smtp, elsewhere, site}));
  EXPECT_THAT(types(behaviour, {elsewhere}), ElementsAre("EX", "SMTP", "X400")) << "nor what is built in is lost";
  EXPECT_THAT(behaviour.address_types.rule({{}, {elsewhere}}).outcome, IsEmpty());
  EXPECT_THAT(behaviour.address_types.rule({{}, {}}).outcome, IsEmpty());
}

TEST(StoreAddressTypes, TheListIsMadeWhenTheStoreStarts) {
  EXPECT_EQ(*StoreBehaviour{}.address_types_read, ReadAt::start);
}

}  // namespace
}  // namespace deadletter::store
