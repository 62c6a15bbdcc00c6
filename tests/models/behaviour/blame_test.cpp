// Blame: sets of articles, interned.
#include "models/behaviour/blame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace deadletter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Blame, OfNothingIsNothing) {
  EXPECT_FALSE(Blame{});
  EXPECT_THAT(names(Blame{}), IsEmpty());
  EXPECT_EQ(join({}, {}), Blame{});
}

TEST(Blame, OneArticleHasOneSetHoweverOftenItIsNamed) {
  Blame one = blame_of("KB100001");
  EXPECT_TRUE(one);
  EXPECT_EQ(blame_of(std::string("KB") + "100001"), one);
  EXPECT_NE(blame_of("KB100001 aftermath"), one);
  EXPECT_THAT(names(one), ElementsAre("KB100001"));
}

TEST(Blame, TheUnionIsTheSameWhateverTheOrder) {
  Blame a = blame_of("KB100001"), b = blame_of("KB100002"), c = blame_of("KB100003");
  Blame all = join(a, join(b, c));
  for (Blame other :
       {join(join(c, b), a), join(join(b, a), join(a, c)), join(all, all), join(all, b), join({}, all), join(all, {})})
    EXPECT_EQ(other, all);
  EXPECT_THAT(names(join(c, a)), ElementsAre("KB100001", "KB100003"));
  EXPECT_NE(join(a, b), join(a, c));
}

TEST(Blame, UnionsOfRandomSetsAreThoseOfSortedSetsOfNames) {
  std::mt19937_64 random(1);
  std::vector<std::pair<Blame, std::set<std::string>>> sets{{}};
  for (int i = 0; i < 12; ++i) sets.push_back({blame_of("R" + std::to_string(i)), {"R" + std::to_string(i)}});
  for (int i = 0; i < 500; ++i) {
    const auto& [one, one_names] = sets[random() % sets.size()];
    const auto& [other, other_names] = sets[random() % sets.size()];
    std::set<std::string> both = one_names;
    both.insert(other_names.begin(), other_names.end());
    Blame joined = join(one, other);
    ASSERT_EQ(names(joined), std::vector<std::string>(both.begin(), both.end()));
    for (const auto& [set, set_names] : sets) ASSERT_EQ(set == joined, set_names == both);
    if (sets.size() < 60) sets.emplace_back(joined, both);
  }
}

}  // namespace
}  // namespace deadletter
