// Rights by number and by name, and who may put something into a folder: over all facts, with a table as the oracle,
// read from the top, the first row that fits.
#include "models/store/rights.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "models/store/behaviour.h"

namespace deadletter::store {
namespace {

constexpr Rights kMasks = 0x800;  // 0 to 0x7ff: every right there is, and 0x4, which is none

TEST(Rights, ARoleIsTheNumberThatOutlookWrites) {
  const std::pair<const char*, Rights> numbers[] = {
      {"none", 0},       {"contributor", 0x402},       {"reviewer", 0x401},
      {"author", 0x41b}, {"publishing_author", 0x49b}, {"nonediting_author", 0x413},
      {"editor", 0x47b}, {"publishing_editor", 0x4fb}, {"owner", 0x7fb},
  };
  EXPECT_EQ(roles().size(), std::size(numbers));
  for (auto [name, number] : numbers) {
    EXPECT_EQ(parse_rights(name), number) << name;
    EXPECT_EQ(rights_text(number), name);
  }
}

TEST(Rights, SingleRightsAreDifferentBitsAndTogetherAllOfThem) {
  Rights all = 0;
  std::set<std::string> names;
  for (const Role& role : roles()) names.insert(role.name);
  for (const Role& right : single_rights()) {
    EXPECT_EQ(right.rights & (right.rights - 1), 0U) << right.name;
    EXPECT_EQ(all & right.rights, 0U) << right.name;
    EXPECT_TRUE(names.insert(right.name).second) << right.name << " is the name of something else";
    EXPECT_EQ(parse_rights(right.name), right.rights);
    all |= right.rights;
  }
  EXPECT_EQ(all, kAllRights);
}

TEST(Rights, EveryMaskIsReadBackAsItIsPrintedAndAsANumber) {
  std::set<std::string> texts;
  for (Rights mask = 0; mask < kMasks; ++mask) {
    std::string text = rights_text(mask);
    EXPECT_EQ(parse_rights(text), mask) << text;
    EXPECT_TRUE(texts.insert(text).second) << text;
    std::string number = fmt::format("{:#x}", mask);
    EXPECT_EQ(parse_rights(number), mask) << number;
    EXPECT_EQ(text.starts_with("0x"), (mask & 0x4) != 0) << text;
  }
  EXPECT_EQ(rights_text(kCreate | kReadAny), "read_any+create");
  EXPECT_EQ(rights_text(kOwner), "folder_owner");
  EXPECT_EQ(parse_rights("visible+create"), kCreate | kVisible) << "in any order";
  EXPECT_EQ(parse_rights("0xffffffff"), 0xffffffffU);
  EXPECT_EQ(rights_text(0xffffffffU), "0xffffffff");
}

TEST(Rights, WhatIsNoneIsNotRead) {
  for (const char* bad : {"",
                          " ",
                          "+",
                          "create+",
                          "+create",
                          "create++visible",
                          "create + visible",
                          "create,visible",
                          "create+create",
                          "Create",
                          "AUTHOR",
                          "author+contact",
                          "create+0x2",
                          "none+create",
                          "authors",
                          "0x",
                          "0xg",
                          "0X41b",
                          "0x41B",
                          "41b",
                          "1051",
                          "-0x1",
                          "0x 1",
                          "0x100000000",
                          "0x000000001",
                          "author\n",
                          "all"})
    EXPECT_EQ(parse_rights(bad), std::nullopt) << bad;
  EXPECT_EQ(parse_rights(std::string_view("create\0", 7)), std::nullopt);
}

// ---- store.post_right

// What the answer is taken from.
enum class Speaks { everything, entries, by_default, anonymous, nothing };

// Empty: whatever it is.
struct Row {
  const char* because;
  std::optional<bool> owner, has_entries, inside, has_default, has_anonymous;
  Speaks then;
};

constexpr std::optional<bool> any = std::nullopt;

const Row kRows[] = {
    // because                                     owner entr. inside Def. Anon.
    {"an owner may do everything", true, any, any, any, any, Speaks::everything},
    {"who has entries is judged by them alone", any, true, any, any, any, Speaks::entries},
    {"others inside are judged by Default", any, any, true, true, any, Speaks::by_default},
    {"nobody speaks for them without it", any, any, true, any, any, Speaks::nothing},
    {"who is from outside is anonymous", any, any, any, any, true, Speaks::anonymous},
    {"and else like the others", any, any, any, true, any, Speaks::by_default},
    {"nobody speaks for outsiders", any, any, any, any, any, Speaks::nothing},
};

bool fits(const std::optional<bool>& wanted, bool value) { return !wanted || *wanted == value; }

const Row& row_of(const PostRightFacts& f) {
  return *std::ranges::find_if(kRows, [&](const Row& row) {
    return fits(row.owner, f.owner) && fits(row.has_entries, f.entries.has_value()) &&
           fits(row.inside, f.authenticated) && fits(row.has_default, f.by_default.has_value()) &&
           fits(row.has_anonymous, f.anonymous.has_value());
  });
}

bool expected(const PostRightFacts& f) {
  auto lacks_nothing = [&](Rights has) { return (f.wanted & ~has) == 0; };
  switch (row_of(f).then) {
    case Speaks::everything:
      return true;
    case Speaks::entries:
      return lacks_nothing(*f.entries);
    case Speaks::by_default:
      return lacks_nothing(*f.by_default);
    case Speaks::anonymous:
      return lacks_nothing(*f.anonymous);
    case Speaks::nothing:
      break;
  }
  return false;
}

std::vector<std::optional<Rights>> none_or_a_role() {
  std::vector<std::optional<Rights>> list{std::nullopt};
  for (const Role& role : roles()) list.push_back(role.rights);
  return list;
}

// Every mask or no entry, Default and Anonymous none or any role, owner or not, inside or not.
template <class Visit>
void every_fact(Rights wanted, Visit visit) {
  const auto others = none_or_a_role();
  for (Rights mask = 0; mask <= kMasks; ++mask)  // the last one stands for no entry
    for (const auto& by_default : others)
      for (const auto& anonymous : others)
        for (bool owner : {false, true})
          for (bool authenticated : {false, true}) {
            auto entries = mask == kMasks ? std::nullopt : std::optional(mask);
            visit(PostRightFacts{authenticated, entries, by_default, anonymous, owner, wanted});
          }
}

std::size_t differences(const StoreBehaviour& behaviour, Rights wanted) {
  std::size_t count = 0;
  every_fact(wanted, [&](const PostRightFacts& facts) {
    const PostRight refused{false, {5, 2, 1}};
    count += behaviour.post_right.rule(facts).outcome == (expected(facts) ? PostRight{} : refused) ? 0 : 1;
  });
  return count;
}

TEST(PostRight, FollowsTheTableForAllFacts) {
  EXPECT_EQ(differences(StoreBehaviour{}, kCreate), 0U);
  EXPECT_EQ(differences(StoreBehaviour{}, kCreate | kVisible), 0U) << "several rights are needed all";
  std::set<const Row*> used;
  every_fact(kCreate, [&](const PostRightFacts& facts) { used.insert(&row_of(facts)); });
  for (const Row& row : kRows) EXPECT_TRUE(used.contains(&row)) << row.because;
}

TEST(PostRight, EveryRightIsJudgedByItsOwnBit) {
  StoreBehaviour behaviour;
  for (const Role& right : single_rights())
    for (Rights mask = 0; mask < kMasks; ++mask) {
      bool has_it = (mask / right.rights) % 2 == 1;
      EXPECT_EQ(behaviour.post_right.rule({true, mask, 0, 0, false, right.rights}).outcome.allowed, has_it) << mask;
      EXPECT_EQ(behaviour.post_right.rule({false, {}, 0, mask, false, right.rights}).outcome.allowed, has_it) << mask;
    }
}

TEST(PostRight, ADeviationInOneCaseIsADifferenceFromTheTable) {
  StoreBehaviour behaviour;
  behaviour.post_right.deviate(
      [](const PostRightFacts& f, const PostRight& below) {
        bool contributor = f.authenticated && !f.owner && f.entries == Rights{kCreate | kVisible};
        return contributor ? PostRight{false, {5, 2, 1}} : below;
      },
      blame_of("KB100001"));
  EXPECT_EQ(differences(behaviour, kCreate), 100U) << "Default and Anonymous none or one of nine";
}

TEST(PostRight, ADeviationThatRefusesEverythingIsSeenAndNamed) {
  StoreBehaviour behaviour;
  behaviour.post_right.deviate(
      [](const PostRightFacts&, const PostRight&) {
        return PostRight{false, {5, 2, 1}};
      },
      blame_of("KB100001"));
  std::size_t allowed = 0;
  every_fact(kCreate, [&](const PostRightFacts& facts) {
    bool wrongly = expected(facts);
    allowed += wrongly ? 1 : 0;
    ASSERT_EQ(behaviour.post_right.rule(facts).blame, wrongly ? blame_of("KB100001") : Blame{});
  });
  EXPECT_GT(allowed, 0U);
  EXPECT_EQ(differences(behaviour, kCreate), allowed);
}

}  // namespace
}  // namespace deadletter::store
