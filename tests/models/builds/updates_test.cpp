// Updates: rollups contain those before them, a service pack what it states, and an installer refuses the rest.
#include "models/builds/updates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "models/builds/installation.h"
#include "models/builds/refusal.h"

namespace deadletter::builds {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> updates_of(const char* text) {
  ParsedBuild parsed = parse_build(text);
  EXPECT_THAT(parsed.errors, IsEmpty()) << text;
  EXPECT_THAT(parsed.refused, IsEmpty()) << text;
  return updates(parsed.build);
}

std::string refused(const char* text) {
  ParsedBuild parsed = parse_build(text);
  EXPECT_THAT(parsed.errors, IsEmpty()) << text;
  return parsed.refused.empty() ? "" : parsed.refused.front().reason;
}

TEST(Updates, AreCalledByEitherOfTheirNames) {
  EXPECT_EQ(updates_of("exchange-2007-sp1+RU7 on windows-2003-sp2"),
            updates_of("exchange-2007-sp1+KB960384 on windows-2003-sp2"));
  EXPECT_EQ(shown_update("KB960384"), "KB960384 (RU7)");
  EXPECT_EQ(shown_update("KB912341"), "KB912341");
  EXPECT_EQ(refused("exchange-2007-sp1+RU7+KB960384 on windows-2003-sp2"), "it is installed already");
}

// The same words mean another rollup on each release.
TEST(Updates, TheirSpokenNamesBelongToTheRelease) {
  auto last = [](const char* text) { return parse_build(text).build.parts.front().updates.back(); };
  EXPECT_EQ(last("exchange-2007-rtm+RU1 on windows-2003-sp2"), "RU1");
  EXPECT_EQ(last("exchange-2007-sp1+RU1 on windows-2003-sp2"), "KB945684");
  EXPECT_EQ(last("exchange-2007-sp2+RU1 on windows-2003-sp2"), "KB971534");
  EXPECT_EQ(last("exchange-2007-sp2+RU1@exchange-2007-sp2 on windows-2003-sp2"), "KB971534");
  EXPECT_EQ(last("exchange-2000-sp3+rollup-2004-08 on windows-2000-sp4"), "KB870540");
}

TEST(Updates, ARollupContainsThoseBeforeItAndAServicePackWhatItStates) {
  EXPECT_THAT(updates_of("exchange-2007-sp1+RU3 on windows-2003-sp1"), ElementsAre("KB949870", "KB948016", "KB945684"));
  EXPECT_THAT(updates_of("exchange-2007-sp1+RU2+RU3 on windows-2003-sp1"),
              ElementsAre("KB948016", "KB945684", "KB949870"));
  EXPECT_THAT(updates_of("exchange-2000-sp3+KB870540 on windows-2000-sp4"),
              ElementsAre("KB870540", "KB836488", "rollup-2003-09"));
  EXPECT_THAT(updates_of("exchange-2007-sp1 on windows-2003-sp1"), IsEmpty());
  std::vector<std::string> sp2 = updates_of("exchange-2007-sp2 on windows-2003-sp1");
  EXPECT_EQ(sp2.size(), 7U);
  EXPECT_THAT(sp2, Contains("KB960384"));
  EXPECT_THAT(sp2, Not(Contains("KB968012")));
}

TEST(Updates, AreRefusedWithTheReason) {
  const std::pair<const char*, const char*> rows[] = {
      {"exchange-2007-sp1+RU7+RU6 on windows-2003-sp2", "KB960384 contains it already"},
      {"exchange-2007-sp2+KB960384 on windows-2003-sp2", "exchange-2007-sp2 contains it already"},
      {"exchange-2007-sp2+KB945684 on windows-2003-sp2", "exchange-2007-sp2 contains it already"},
      {"exchange-2007-sp2+RU6 on windows-2003-sp2",
       "needs exchange-2007-rtm or exchange-2007-sp1, found exchange-2007-sp2"},
      {"exchange-2007-sp3+RU1 on windows-2003-sp2",
       "needs exchange-2007-rtm, exchange-2007-sp1 or exchange-2007-sp2, found exchange-2007-sp3"},
      {"exchange-2007-rtm+KB960384 on windows-2003-sp2", "needs exchange-2007-sp1, found exchange-2007-rtm"},
      {"exchange-2007-sp2+RU1@exchange-2007-sp1 on windows-2003-sp2",
       "needs exchange-2007-sp1, found exchange-2007-sp2"},
      {"exchange-2003-sp1+rollup-2008-03 on windows-2003-sp1",
       "needs exchange-2000-sp3 or exchange-2003-sp2, found exchange-2003-sp1"},
  };
  for (const auto& [text, reason] : rows) EXPECT_EQ(refused(text), reason) << text;
}

// What a package asks of the updates beside it counts whatever brought those.
TEST(Updates, APackageNeedsAndExcludesOthers) {
  auto part = [](const char* release, std::vector<std::string> updates) {
    FoundRelease found = find_release(release);
    return Installed{found.product, found.release, std::move(updates)};
  };
  Package hotfix{.update = "KB999999", .branch = "exchange-2000-sp3", .needs = {"KB870540"}};
  EXPECT_EQ(refusal(hotfix, part("exchange-2000-sp3", {})), "needs KB870540 (rollup-2004-08), found exchange-2000-sp3");
  EXPECT_EQ(refusal(hotfix, part("exchange-2000-sp3", {"KB836488"})),
            "needs KB870540 (rollup-2004-08), found exchange-2000-sp3");
  EXPECT_EQ(refusal(hotfix, part("exchange-2000-sp3", {"KB870540"})), "");
  EXPECT_EQ(refusal(hotfix, part("exchange-2000-sp3", {"rollup-2008-08"})), "");
  EXPECT_EQ(refusal(hotfix, part("exchange-2000-sp3", {"rollup-2008-08", "KB999999"})), "it is installed already");
  Package lonely{.update = "KB999998", .branch = "exchange-2007-sp1", .excludes = {"KB945684"}};
  EXPECT_EQ(refusal(lonely, part("exchange-2007-sp1", {})), "");
  EXPECT_EQ(refusal(lonely, part("exchange-2007-sp1", {"KB948016"})), "does not install beside KB945684 (RU1)");
}

TEST(Updates, AMistypedOneIsComparedWithThoseOfItsProduct) {
  auto choices = [](const char* text) { return parse_build(text).errors.at(0).choices; };
  EXPECT_THAT(choices("exchange-2003-sp2+rollup-2008 on windows-2003-sp1"),
              UnorderedElementsAre("rollup-2008-03", "rollup-2008-08", "KB843242", "KB870585", "KB938650"));
  EXPECT_THAT(choices("exchange-2007-sp1+KB960385 on windows-2003-sp1"), Contains("KB960384"));
  EXPECT_THAT(choices("exchange-2007-sp1+KB960385 on windows-2003-sp1"), Not(Contains("KB912341")));
  EXPECT_THAT(choices("postfix-2.4+KB912342"), Contains("KB912341")) << "a product without updates is shown all";
}

TEST(Updates, OfTheCatalogueFitTogether) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const Package& package : packages()) {
    EXPECT_NE(find_release(package.branch).release, nullptr) << package.update << " is for " << package.branch;
    for (const std::string& name : {package.update, package.also})
      EXPECT_TRUE(name.empty() || seen.insert({name, package.branch}).second) << name << " on " << package.branch;
    for (const auto* list : {&package.contains, &package.needs, &package.excludes})
      for (const std::string& other : *list) EXPECT_THAT(packages_of(other), Not(IsEmpty())) << package.update;
  }
  for (const Product& product : products())
    for (const Release& release : product.releases)
      for (const std::string& update : release.contains) EXPECT_THAT(packages_of(update), Not(IsEmpty())) << update;
}

TEST(Updates, OfExchangeAreAllDocumented) {
  for (const Package& package : exchange_rollups()) {
    EXPECT_FALSE(package.file.empty() || package.date.empty() || package.source.empty()) << package.update;
    EXPECT_EQ(package.known, Known::documented) << package.update;
  }
}

}  // namespace
}  // namespace deadletter::builds
