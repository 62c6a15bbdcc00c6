// Decision points and attributes: what lies on top of what, and what is named.
#include "models/behaviour/point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/allocations.h"

namespace deadletter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// How long a line may be, by length: the answers tell who gave them.
struct Facts {
  int length;
};
enum class Line { as_is, split, encode, cut };
using Point = DecisionPoint<Facts, Line>;

constexpr PointInfo kInfo{"toy.line", "length",         "as_is | split | encode | cut", "Long lines are split.",
                          "",         Evidence::assumed};

Line standard(const Facts& f) { return f.length > 100 ? Line::split : Line::as_is; }
Line product(const Facts& f) { return f.length > 50 ? Line::split : Line::as_is; }
// Each deviation is about some lengths only and leaves the rest as below.
Line encode_long(const Facts& f, const Line& below) { return f.length > 200 ? Line::encode : below; }
Line cut_encoded(const Facts&, const Line& below) { return below == Line::encode ? Line::cut : below; }

const Blame kFirst = blame_of("KB100001"), kSecond = blame_of("KB100002");

TEST(DecisionPoint, EachLayerSeesWhatTheOneBelowItMade) {
  struct Row {
    bool profile, first, second;
    int length;
    Line outcome;
    std::vector<std::string> named;
  };
  const Row rows[] = {
      {false, false, false, 60, Line::as_is, {}}, {false, false, false, 150, Line::split, {}},
      {true, false, false, 60, Line::split, {}},  // the product's own answer is nobody's doing
      {false, true, false, 150, Line::split, {}}, {false, true, false, 250, Line::encode, {"KB100001"}},
      {false, false, true, 250, Line::split, {}},  // there is nothing for the second to act on
      {false, true, true, 150, Line::split, {}},  {false, true, true, 250, Line::cut, {"KB100001", "KB100002"}},
      {true, true, true, 60, Line::split, {}},    {true, true, true, 250, Line::cut, {"KB100001", "KB100002"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(::testing::Message() << row.profile << row.first << row.second << " " << row.length);
    Point point(kInfo, standard);
    if (row.profile) point.answer_as(product, {Layer::profile, "toy product"});
    if (row.first) point.deviate(encode_long, kFirst);
    if (row.second) point.deviate(cut_encoded, kSecond);
    auto ruling = point.rule({row.length});
    EXPECT_EQ(ruling.outcome, row.outcome);
    EXPECT_EQ(names(ruling.blame), row.named);
  }
}

// Two articles at one point apply in the order in which they are laid, and the order matters.
TEST(DecisionPoint, TheOtherOrderGivesAnotherAnswer) {
  Point point(kInfo, standard);
  point.deviate(cut_encoded, kFirst);
  point.deviate(encode_long, kSecond);
  auto ruling = point.rule({250});
  EXPECT_EQ(ruling.outcome, Line::encode);
  EXPECT_THAT(names(ruling.blame), ElementsAre("KB100002"));
}

TEST(DecisionPoint, SaysWhoLaidWhat) {
  Point point(kInfo, standard);
  EXPECT_EQ(point.laid().layer, Layer::standard);
  EXPECT_THAT(point.deviating(), IsEmpty());
  point.answer_as(product, {Layer::profile, "toy product"});
  point.deviate(encode_long, kFirst);
  point.deviate(cut_encoded, kSecond);
  EXPECT_EQ(point.laid().by, "toy product");
  EXPECT_THAT(point.deviating(), ElementsAre(kFirst, kSecond));
  EXPECT_STREQ(point.info().name, "toy.line");
}

TEST(DecisionPoint, UndisturbedItAsksForNoMemory) {
  Point point(kInfo, standard);
  auto before = testing::allocations();
  Blame blame;
  int split = 0;
  for (int i = 0; i < 1000; ++i) {
    auto ruling = point.rule({i});
    split += ruling.outcome == Line::split;
    blame = join(blame, ruling.blame);
  }
  EXPECT_EQ(testing::allocations(), before);
  EXPECT_EQ(split, 899);
  EXPECT_FALSE(blame);
}

TEST(TheAllocationCounter, Counts) {
  auto before = testing::allocations();
  auto text = std::make_unique<std::string>(1000, 'x');
  EXPECT_EQ(testing::allocations(), before + 2);
}

constexpr AttributeInfo kLimitInfo{"toy.limit", "longest line", "octets", "RFC 5322", Evidence::documented};

TEST(Attribute, KnowsWhoSetItAndBlamesOnlyAnArticle) {
  Attribute<std::uint64_t> limit(kLimitInfo, 998);
  EXPECT_EQ(*limit, 998U);
  EXPECT_EQ(limit.laid().layer, Layer::standard);
  limit.set(500, {Layer::profile, "toy product"});
  limit.set(600, {Layer::configuration, "the experiment"});
  EXPECT_EQ(*limit, 600U);
  EXPECT_EQ(limit.laid().by, "the experiment");
  EXPECT_FALSE(limit.blame());
  limit.set(72, {Layer::quirk, "KB100001"}, kFirst);
  EXPECT_EQ(limit.blame(), kFirst);
  // Whoever sets it after that is no article.
  limit.set(998, {Layer::configuration, "the experiment"});
  EXPECT_FALSE(limit.blame());
}

}  // namespace
}  // namespace deadletter
