// Keyed chance: the generator's published values, independence of order, exact fractions.
#include "sim/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <tuple>

#include "sim/fingerprint.h"

namespace deadletter::sim {
namespace {

constexpr Purpose kPurpose{"test"};

// A seed under which `kPurpose` gives the generator exactly this key.
std::uint64_t seed_for(std::uint64_t key) { return key ^ kPurpose.key * 0x9e3779b97f4a7c15ULL; }

// Philox4x32-10 as its authors publish it (Random123, kat_vectors): counter, key, first two words of the output.
TEST(KeyedChance, GivesThePublishedValuesOfPhilox) {
  struct Row {
    std::uint64_t counter_low, counter_high, key, drawn;
  };
  const Row rows[] = {
      {0, 0, 0, 0xe169c58d'6627e8d5},
      {~0ULL, ~0ULL, ~0ULL, 0x41c83b0e'408f276d},
      {0x85a308d3'243f6a88, 0x03707344'13198a2e, 0x299f31d0'a4093822, 0x94fdcceb'd16cfe09},
  };
  for (const Row& row : rows)
    EXPECT_EQ(Chance(seed_for(row.key)).draw(kPurpose, row.counter_low, row.counter_high), row.drawn);
}

// Our own keys: whoever changes how seed and purpose become a key changes every experiment with chance in it.
TEST(KeyedChance, KeepsTheDrawsOfEarlierVersions) {
  EXPECT_EQ(Purpose("session_failure").key, 10795317943275181978ULL);
  EXPECT_EQ(Chance(1).draw(Purpose("session_failure"), 7, 0), 148790112907706144ULL);
  EXPECT_EQ(Chance(912341).draw(Purpose("session_failure"), 7, 3), 12529383709118551253ULL);
}

TEST(KeyedChance, IsAFunctionOfItsKeyAloneWhateverWasDrawnBefore) {
  std::map<std::tuple<int, int, int>, std::uint64_t> forwards;
  const Purpose purposes[] = {Purpose("one"), Purpose("two")};
  Chance chance(42);
  for (int p = 0; p < 2; ++p)
    for (int entity = 0; entity < 50; ++entity)
      for (int n = 0; n < 20; ++n) forwards[{p, entity, n}] = chance.draw(purposes[p], entity, n);
  Chance again(42);
  for (auto it = forwards.rbegin(); it != forwards.rend(); ++it) {
    auto [p, entity, n] = it->first;
    again.happens({1, 2}, Purpose("three"), entity, n);
    ASSERT_EQ(again.draw(purposes[p], entity, n), it->second);
  }
  // And every part of the key tells: no two draws of the table are alike.
  std::map<std::uint64_t, int> seen;
  for (const auto& [key, drawn] : forwards) ASSERT_EQ(seen[drawn]++, 0);
  EXPECT_NE(Chance(43).draw(purposes[0], 0, 0), (forwards[{0, 0, 0}]));
}

TEST(KeyedChance, HappensAsOftenAsItsFractionSays) {
  constexpr int kDraws = 100'000;
  for (Probability p : {Probability{1, 10}, Probability{1, 3}, Probability{999, 1000}, Probability{1, 4'000'000'000}}) {
    Chance chance(2006);
    int happened = 0;
    for (int n = 0; n < kDraws; ++n) happened += chance.happens(p, kPurpose, 1, n);
    double share = static_cast<double>(p.numerator) / p.denominator;
    EXPECT_NEAR(happened, kDraws * share, 5 * std::sqrt(kDraws * share * (1 - share)) + 1);
  }
}

// The fraction is exact: a draw below 2^64 * 1/10 happens, the next one does not. Checked against the draws themselves.
TEST(KeyedChance, DecidesByTheExactFractionOfTheDraw) {
  __extension__ using Wide = unsigned __int128;
  Chance chance(5);
  for (int n = 0; n < 10'000; ++n) {
    std::uint64_t drawn = chance.draw(kPurpose, 3, n);
    ASSERT_EQ(chance.happens({1, 10}, kPurpose, 3, n), static_cast<Wide>(drawn) * 10 >> 64 == 0);
    ASSERT_LT(chance.below(7, kPurpose, 3, n), 7U);
    ASSERT_EQ(chance.below(1, kPurpose, 3, n), 0U);
  }
}

TEST(KeyedChance, ACertainAnswerDrawsNothing) {
  Fingerprint fingerprint;
  std::string before = fingerprint.digest().chance;
  Chance chance(1, &fingerprint);
  EXPECT_FALSE(chance.happens({0, 10}, kPurpose, 1, 1));
  EXPECT_TRUE(chance.happens({10, 10}, kPurpose, 1, 1));
  EXPECT_EQ(fingerprint.digest().chance, before);
  chance.happens({1, 10}, kPurpose, 1, 1);
  EXPECT_NE(fingerprint.digest().chance, before);
}

}  // namespace
}  // namespace deadletter::sim
