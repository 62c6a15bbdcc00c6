// Blame travels across messages, services and days, shown with a toy: two services and two invented quirks.
//
// The directory service writes a table of routes when it starts; the store keeps one item for each reply that came, the
// transport reads both when it sends something about that item, days later and for somebody else.
//   KB100001: a route with a scope is written as unusable, though it is not. Felt by who reads the row.
//   KB100002: the time of a reply is left out of its item. Felt by who reads the item and finds no time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "models/behaviour/point.h"
#include "sim/time.h"
#include "tests/support/allocations.h"

namespace deadletter {
namespace {

using sim::Duration;
using sim::Instant;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// ---- what the toy decides
struct RouteFacts {
  bool scoped;
};
enum class Route { usable, unusable };
struct TimeFacts {
  bool good;
};
enum class Keep { write, omit };

constexpr PointInfo kRouteInfo{"toy.route", "scoped",         "usable | unusable", "Every route is usable.",
                               "",          Evidence::assumed};
constexpr PointInfo kKeepInfo{"toy.keep_time",  "good", "write | omit", "A good value is written.", "",
                              Evidence::assumed};

struct ToyBehaviour {
  DecisionPoint<RouteFacts, Route> route{kRouteInfo, [](const RouteFacts&) { return Route::usable; }};
  DecisionPoint<TimeFacts, Keep> keep_time{kKeepInfo,
                                           [](const TimeFacts& f) { return f.good ? Keep::write : Keep::omit; }};
};

void lay_kb100001(ToyBehaviour& b) {
  b.route.deviate([](const RouteFacts& f, const Route& below) { return f.scoped ? Route::unusable : below; },
                  blame_of("KB100001"));
}
void lay_kb100002(ToyBehaviour& b) {
  b.keep_time.deviate([](const TimeFacts&, const Keep&) { return Keep::omit; }, blame_of("KB100002"));
}

// ---- the toy
struct Message {
  Blame blame;
  bool returned = false, undated = false;
};

// Rows are written once, at the start of the service, and hold until it starts again.
class Directory {
 public:
  struct Row {
    bool usable = false;
    Blame blame;  // of the ruling under which it was written
  };
  void start(const ToyBehaviour& behaviour) {
    for (std::size_t scoped = 0; scoped < 2; ++scoped) {
      auto ruling = behaviour.route.rule({scoped == 1});
      rows_[scoped] = {ruling.outcome == Route::usable, ruling.blame};
    }
  }
  const Row& row(bool scoped) const { return rows_[scoped ? 1 : 0]; }

 private:
  Row rows_[2];
};

class Store {
 public:
  struct Item {
    std::optional<Instant> replied;
    Blame blame;  // also of what is not there
  };
  void reply_arrives(const ToyBehaviour& behaviour, std::size_t item, Instant now, Message& reply) {
    auto ruling = behaviour.keep_time.rule({true});
    Item& kept = items_[item];
    if (ruling.outcome == Keep::write) kept.replied = now;
    kept.blame = join(kept.blame, ruling.blame);
    reply.blame = join(reply.blame, ruling.blame);
  }
  const Item& item(std::size_t item) const { return items_[item]; }

 private:
  Item items_[2];
};

void transport_sends(const Directory& directory, const Store& store, bool scoped, std::size_t item, Message& message) {
  const auto& row = directory.row(scoped);
  message.blame = join(message.blame, row.blame);
  message.returned = !row.usable;
  if (message.returned) return;
  const auto& read = store.item(item);
  message.blame = join(message.blame, read.blame);
  message.undated = !read.replied.has_value();
}

// Day 0: the directory starts. Day 1: a reply comes for item 0, none for item 1. Day 8: four messages go out.
struct Week {
  ToyBehaviour behaviour;
  Directory directory;
  Store store;
  Message reply, plain, scoped, unanswered;

  explicit Week(void (*quirks)(ToyBehaviour&)) {
    quirks(behaviour);
    directory.start(behaviour);
    store.reply_arrives(behaviour, 0, Instant{} + Duration::days(1), reply);
    day_8();
  }
  void day_8() {
    plain = scoped = unanswered = {};
    transport_sends(directory, store, false, 0, plain);
    transport_sends(directory, store, true, 0, scoped);
    transport_sends(directory, store, false, 1, unanswered);
  }
};

TEST(BlameTravels, NobodyIsBlamedWhereNothingDeviates) {
  Week week([](ToyBehaviour&) {});
  for (const Message* m : {&week.reply, &week.plain, &week.scoped, &week.unanswered}) {
    EXPECT_FALSE(m->blame);
    EXPECT_FALSE(m->returned);
  }
  EXPECT_FALSE(week.plain.undated);
  EXPECT_TRUE(week.unanswered.undated);
}

TEST(BlameTravels, ARowWrittenAtServiceStartIsFeltByWhoReadsItAWeekLater) {
  Week week(lay_kb100001);
  EXPECT_TRUE(week.scoped.returned);
  EXPECT_THAT(names(week.scoped.blame), ElementsAre("KB100001"));
  // The other row was written under the as-designed ruling.
  EXPECT_FALSE(week.plain.returned);
  EXPECT_THAT(names(week.plain.blame), IsEmpty());
}

TEST(BlameTravels, AnAbsentValueIsBlamedOnItsContainerByTheNextMessageToReadIt) {
  Week week(lay_kb100002);
  EXPECT_THAT(names(week.reply.blame), ElementsAre("KB100002"));
  EXPECT_TRUE(week.plain.undated);
  EXPECT_THAT(names(week.plain.blame), ElementsAre("KB100002"));
  // An item that never had a reply has no time either, and no article is the reason.
  EXPECT_TRUE(week.unanswered.undated);
  EXPECT_THAT(names(week.unanswered.blame), IsEmpty());
}

TEST(BlameTravels, WhoIsRuledByIsTheUnionOfAllThatWasRead) {
  Week week([](ToyBehaviour& b) { lay_kb100001(b), lay_kb100002(b); });
  EXPECT_THAT(names(week.plain.blame), ElementsAre("KB100002"));
  // Returned before it read the item: the omission had no hand in it.
  EXPECT_THAT(names(week.scoped.blame), ElementsAre("KB100001"));
  // A message that reads what two earlier ones left behind.
  Message both;
  both.blame = join(week.scoped.blame, week.plain.blame);
  EXPECT_THAT(names(both.blame), ElementsAre("KB100001", "KB100002"));
}

TEST(BlameTravels, ARestartWithTheHotfixMendsTheTableButNotWhatWasStored) {
  Week week([](ToyBehaviour& b) { lay_kb100001(b), lay_kb100002(b); });
  week.behaviour = {};  // both hotfixes are installed
  week.day_8();
  EXPECT_TRUE(week.scoped.returned) << "the service has not been started since";
  week.directory.start(week.behaviour);
  week.day_8();
  EXPECT_FALSE(week.scoped.returned);
  EXPECT_THAT(names(week.scoped.blame), ElementsAre("KB100002"));
  EXPECT_TRUE(week.scoped.undated);
}

TEST(BlameTravels, WhereNothingDeviatesItAsksForNoMemory) {
  auto none = [](ToyBehaviour&) {};
  Week warm(none);
  auto before = testing::allocations();
  for (int i = 0; i < 100; ++i) {
    warm.directory.start(warm.behaviour);
    warm.store.reply_arrives(warm.behaviour, 0, Instant{} + Duration::days(i), warm.reply);
    warm.day_8();
  }
  EXPECT_EQ(testing::allocations(), before);
}

// Nor where something does deviate, once each union has been met.
TEST(BlameTravels, ADeviationCostsMemoryOnlyTheFirstTime) {
  Week warm([](ToyBehaviour& b) { lay_kb100001(b), lay_kb100002(b); });
  auto before = testing::allocations();
  for (int i = 0; i < 100; ++i) {
    warm.directory.start(warm.behaviour);
    warm.store.reply_arrives(warm.behaviour, 0, {}, warm.reply);
    warm.day_8();
  }
  EXPECT_EQ(testing::allocations(), before);
}

}  // namespace
}  // namespace deadletter
