// The fingerprint: whatever happened differently shows, in its own ingredient and in the whole.
#include "sim/fingerprint.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace deadletter::sim {
namespace {

const Record kRecord{{1'000'000}, 3, 4, 5, 6, 7, 8};

Fingerprint::Digest digest_of(const std::function<void(Fingerprint&)>& what) {
  Fingerprint fingerprint;
  what(fingerprint);
  return fingerprint.digest();
}

TEST(Fingerprint, EachIngredientChangesItsOwnPartAndTheWhole) {
  auto base = [](Fingerprint& f) {
    f.event(kRecord, "one");
    f.chance(1, 2, 3, 4);
    f.report(kRecord, "report");
    f.fate("a fate");
  };
  struct Row {
    const char* name;
    std::function<void(Fingerprint&)> more;
    std::string Fingerprint::Digest::*part;
  };
  const Row rows[] = {
      {"events", [](Fingerprint& f) { f.event(kRecord, ""); }, &Fingerprint::Digest::events},
      {"chance", [](Fingerprint& f) { f.chance(1, 2, 3, 4); }, &Fingerprint::Digest::chance},
      {"reports", [](Fingerprint& f) { f.report(kRecord, ""); }, &Fingerprint::Digest::reports},
      {"fates", [](Fingerprint& f) { f.fate("a fate"); }, &Fingerprint::Digest::fates},
  };
  Fingerprint::Digest usual = digest_of(base);
  EXPECT_EQ(digest_of(base), usual);
  for (const Row& row : rows) {
    Fingerprint::Digest changed = digest_of([&](Fingerprint& f) { base(f), row.more(f); });
    EXPECT_NE(changed.whole, usual.whole) << row.name;
    for (const Row& other : rows)
      EXPECT_EQ(changed.*other.part != usual.*other.part, &other == &row) << row.name << " and " << other.name;
  }
}

TEST(Fingerprint, TheSameThingInAnotherIngredientIsAnotherRun) {
  auto as_event = digest_of([](Fingerprint& f) { f.event(kRecord, "x"); });
  auto as_report = digest_of([](Fingerprint& f) { f.report(kRecord, "x"); });
  EXPECT_EQ(as_event.events, as_report.reports);
  EXPECT_NE(as_event.whole, as_report.whole);
}

// Every field counts, and at its own place: no two of these records may look alike.
TEST(Fingerprint, EachFieldOfARecordCountsWhereItStands) {
  std::set<std::string> seen;
  auto add = [&](Record r) {
    EXPECT_TRUE(seen.insert(digest_of([&](Fingerprint& f) { f.event(r, ""); }).events).second);
  };
  add({});
  for (auto field : {&Record::node, &Record::subject, &Record::a, &Record::b})
    for (std::uint32_t value : {1U, 0x10000U}) {
      Record r;
      r.*field = value;
      add(r);
    }
  for (auto field : {&Record::kind, &Record::detail})
    for (std::uint16_t value : {1, 0x100}) {
      Record r;
      r.*field = value;
      add(r);
    }
  for (std::int64_t ns : {std::int64_t{1}, std::int64_t{1} << 32, std::int64_t{-1}}) add({{ns}});
}

TEST(Fingerprint, OrderCounts) {
  auto one_two = digest_of([](Fingerprint& f) { f.event({{1}}, ""), f.event({{2}}, ""); });
  auto two_one = digest_of([](Fingerprint& f) { f.event({{2}}, ""), f.event({{1}}, ""); });
  EXPECT_NE(one_two.events, two_one.events);
}

TEST(Fingerprint, DrawsAndFatesCountInAnyOrderButNotAnyNumber) {
  auto one_two =
      digest_of([](Fingerprint& f) { f.fate("1"), f.fate("2"), f.chance(1, 1, 1, 1), f.chance(2, 2, 2, 2); });
  auto two_one =
      digest_of([](Fingerprint& f) { f.fate("2"), f.fate("1"), f.chance(2, 2, 2, 2), f.chance(1, 1, 1, 1); });
  auto twice = digest_of([](Fingerprint& f) { f.fate("1"), f.fate("2"), f.fate("2"), f.chance(1, 1, 1, 1); });
  EXPECT_EQ(one_two, two_one);
  EXPECT_NE(one_two.fates, twice.fates);
  EXPECT_NE(one_two.chance, twice.chance);
}

TEST(Fingerprint, KnowsWhereATextEndsAndThatThereIsNone) {
  std::set<std::string> seen;
  for (auto [first, second] : {std::pair{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"", ""}})
    EXPECT_TRUE(
        seen.insert(digest_of([&](Fingerprint& f) { f.event(kRecord, first), f.event(kRecord, second); }).events)
            .second)
        << first << " | " << second;
  EXPECT_TRUE(seen.insert(digest_of([](Fingerprint& f) { f.event(kRecord, ""); }).events).second);
  EXPECT_TRUE(seen.insert(digest_of([](Fingerprint&) {}).events).second);
  EXPECT_TRUE(
      seen.insert(digest_of([](Fingerprint& f) { f.event(kRecord, std::string_view("\0", 1)); }).events).second);
}

TEST(Fingerprint, AskingChangesNothing) {
  Fingerprint asked, left_alone;
  for (int i = 0; i < 100; ++i) {
    asked.event(kRecord, "x"), left_alone.event(kRecord, "x");
    (void)asked.digest();
  }
  EXPECT_EQ(asked.digest(), left_alone.digest());
  EXPECT_EQ(asked.events_seen(), 100U);
}

TEST(Fingerprint, IsSixteenHexadecimalDigits) {
  for (const std::string& part :
       {digest_of([](Fingerprint&) {}).whole, hash_octets(""), hash_octets(std::string(1000, 'x'))})
    EXPECT_EQ(part.find_first_not_of("0123456789abcdef"), part.npos) << part;
  // XXH3 of nothing, as xxHash publishes it.
  EXPECT_EQ(hash_octets(""), "2d06800538d394c2");
}

TEST(Fingerprint, MarksLieAtWholeMultiplesOfAStrideThatDoubles) {
  Fingerprint fingerprint;
  std::uint64_t last = 0;
  for (std::uint64_t n = 1; n <= 100'000; ++n) {
    fingerprint.event({{static_cast<std::int64_t>(n)}, 1, 2, 3, 4, 5, 6}, "");
    ASSERT_LE(fingerprint.marks().size(), Fingerprint::kMostMarks);
  }
  for (const Fingerprint::Mark& mark : fingerprint.marks()) {
    EXPECT_EQ(mark.events, last + 2048);
    EXPECT_EQ(mark.at.ns, static_cast<std::int64_t>(mark.events));
    last = mark.events;
  }
  EXPECT_GT(last, 97'000U);
}

TEST(Fingerprint, MarksAreAlikeUpToTheFirstDifference) {
  auto marks_of = [](std::uint64_t other) {
    Fingerprint fingerprint;
    for (std::uint64_t n = 1; n <= 5'000; ++n)
      fingerprint.event({{static_cast<std::int64_t>(n)}, 1, 2, 3, n == other ? 1U : 0U, 5, 6}, "");
    return fingerprint.marks();
  };
  auto one = marks_of(0), another = marks_of(1'000);
  ASSERT_EQ(one.size(), another.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_EQ(one[i].hash == another[i].hash, one[i].events < 1'000) << one[i].events;
}

}  // namespace
}  // namespace deadletter::sim
