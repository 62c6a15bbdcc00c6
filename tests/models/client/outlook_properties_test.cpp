// What holds for a mail client whatever happens: random lives, watched from outside; and for each promise a client that
// breaks it and is found out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/random.h"
#include "tests/models/client/outlook_desk.h"

namespace deadletter::client {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = OutlookAction::Kind;

constexpr sim::Purpose kLife{"outlook life"};

Mode mode_of(std::uint64_t life) {
  constexpr Mode modes[] = {Mode::cached, Mode::online, Mode::cached, Mode::owa};
  return modes[life % 4];
}

class Life {
 public:
  Life(OutlookDesk& desk, std::uint64_t number) : desk_(desk), number_(number) {
    ClientBehaviour& b = desk.behaviour;
    b.upload.set(seconds({15, 15, 0, 1, 40}), {});
    b.download.set(seconds({30, 30, 0, 1, 50}), {});
    b.maximum.set(seconds({60, 60, 20, 45, 0}), {});
    b.oab.set(seconds({86'400, 86'400, 3'600, 90, 0}), {});
    if (below(3) == 0) b.address_types_read.set(ListRead::change, {});
  }

  void go(int events) {
    for (int i = 0; i < events; ++i) pass(), happen();
    finish();
  }
  std::uint32_t sent() const { return sent_; }

 private:
  std::uint64_t below(std::uint64_t bound) { return chance_.below(bound, kLife, number_, draws_++); }
  Duration seconds(std::vector<std::int64_t> choices) { return Duration::seconds(choices[below(choices.size())]); }

  // Whole seconds: much happens at the same moment, before or after the timers of that moment.
  void pass() {
    constexpr std::uint64_t most[] = {1, 2, 2, 10, 10, 30, 30, 100, 600, 100'000};
    Duration end = desk_.time() + Duration::seconds(static_cast<std::int64_t>(below(most[below(10)])));
    return below(2) == 0 ? desk_.run_until(end) : desk_.run_up_to(end);
  }
  void happen() {
    switch (below(16)) {
      case 0:
        return desk_.stop();
      case 1:
      case 2:
        return desk_.start();
      case 3:
        return desk_.network(false);
      case 4:
      case 5:
        return desk_.network(true);
      case 6:
      case 7:
      case 8:
      case 9:
        return desk_.arrive();
      default:
        return desk_.send(sent_++);
    }
  }
  // Half of the lives end with a reconnection, which waits for nothing, half with an open client.
  void finish() {
    if (below(2) == 0) desk_.stop();
    desk_.start(), desk_.network(true);
    if (desk_.watch().in_outbox() > 0 || desk_.watch().on_server() > 0)
      desk_.run_until(desk_.time() + std::max(*desk_.behaviour.maximum, *desk_.behaviour.download));
  }

  OutlookDesk& desk_;
  std::uint64_t number_, draws_ = 0;
  sim::Chance chance_{20'080'820};
  std::uint32_t sent_ = 0;
};

TEST(OutlookProperties, NothingIsLostOrDoubledAndAllIsInTimeAndInOrder) {
  std::uint64_t uploads = 0, downloads = 0, asks = 0, books = 0;
  for (std::uint64_t number = 0; number < 4'000; ++number) {
    OutlookDesk desk(mode_of(number));
    Life life(desk, number);
    life.go(60);
    ASSERT_THAT(desk.broken(), IsEmpty()) << "life " << number;
    ASSERT_EQ(desk.watch().in_outbox() + desk.outlook().in_outbox(), 0U) << "life " << number;
    ASSERT_EQ(desk.watch().on_server() + desk.outlook().to_download(), 0U) << "life " << number;
    ASSERT_EQ(desk.watch().submissions(), life.sent()) << "life " << number;
    uploads += desk.watch().submissions();
    downloads += desk.lines("downloads").size();
    asks += desk.lines("list").size();
    books += desk.lines("address book").size();
  }
  // The lives were rich enough to mean something.
  EXPECT_GT(uploads, 50'000U);
  EXPECT_GT(downloads, 20'000U);
  EXPECT_GT(asks, 5'000U);
  EXPECT_GT(books, 5'000U);
}

TEST(OutlookProperties, TheSameEventsGiveTheSameStory) {
  std::vector<std::string> stories[2];
  for (auto& story : stories) {
    OutlookDesk desk;
    Life(desk, 6).go(300);
    story = desk.lines();
  }
  EXPECT_GT(stories[0].size(), 100U);
  EXPECT_EQ(stories[0], stories[1]);
}

// ---- Clients that break a promise

struct Spoiled {
  const char* about;
  std::function<void(OutlookDesk::Actions&)> tamper;
  const char* found_as;
};

template <class Do>
auto at_first(Kind kind, Do act) {
  return [kind, act, done = false](OutlookDesk::Actions& actions) mutable {
    auto found = std::ranges::find(actions, kind, &OutlookAction::kind);
    if (done || found == actions.end()) return;
    act(actions, found);
    done = true;
  };
}

TEST(OutlookProperties, AClientThatBreaksAPromiseIsNoticed) {
  using Actions = OutlookDesk::Actions;
  using At = Actions::iterator;
  auto twice = [](Actions& actions, At at) { actions.insert(at, OutlookAction(*at)); };
  auto never = [](Actions& actions, At at) { actions.erase(at); };
  auto one_more = [](Actions&, At at) { ++at->count; };
  auto shifted = [](Duration by) {
    return [by](Actions& actions) {
      for (OutlookAction& action : actions) action.at = action.at + by;
    };
  };
  const Spoiled clients[] = {
      {"submits twice", at_first(Kind::submit, twice), "submitted out of its turn"},
      {"loses an item", at_first(Kind::submit, never), "submitted out of its turn 1"},
      {"submits the last first", [](Actions& actions) { std::ranges::reverse(actions); }, "submitted out of its turn"},
      {"downloads too much", at_first(Kind::download, one_more), "downloaded too few or too many"},
      {"does not download", at_first(Kind::download, never), "not fetched in time"},
      {"waits too long", shifted(Duration::seconds(61)), "waited longer than the maximum"},
      {"waits too little", shifted(Duration::seconds(-1)), "submitted when it was not due"},
      {"fetches a second late", shifted(Duration::seconds(1)), "not fetched in time"},
      {"fetches a second early", shifted(Duration::seconds(-1)), "downloaded when it was not due"},
      {"asks for no list", at_first(Kind::fetch_types, never), "submitted with an old list"},
      {"asks twice", at_first(Kind::fetch_types, twice), "asked twice in a session"},
      {"fetches no address book", at_first(Kind::fetch_book, never), "old address book"},
      {"fetches it twice", at_first(Kind::fetch_book, twice), "fetched the address book too early"},
  };
  for (const Spoiled& client : clients) {
    OutlookDesk desk;
    desk.tamper = client.tamper;
    desk.start();
    desk.run_until(Duration::seconds(5));
    for (std::uint32_t item : {0, 1, 2}) desk.send(item);
    desk.arrive(), desk.arrive();
    desk.run_until(Duration::minutes(10));
    EXPECT_THAT(desk.broken(), Contains(HasSubstr(client.found_as))) << client.about;
  }
}

TEST(OutlookProperties, AClientThatDoesNotKnowThatTheNetworkIsGoneIsNoticed) {
  OutlookDesk desk;
  desk.start(), desk.send(1), desk.arrive();
  desk.run_until(Duration::seconds(5));
  desk.watch().network(false);
  desk.run_until(Duration::minutes(1));
  EXPECT_THAT(desk.broken(), Contains(HasSubstr("00:00:15 not connected")));
  EXPECT_THAT(desk.broken(), Contains(HasSubstr("00:00:30 not connected")));
}

TEST(OutlookProperties, AClientThatAsksThoughItIsOnlineIsNoticed) {
  for (Mode mode : {Mode::online, Mode::owa}) {
    OutlookDesk desk(mode);
    desk.tamper = [](OutlookDesk::Actions& actions) {
      actions.push_back({.kind = Kind::fetch_types});
      actions.push_back({.kind = Kind::fetch_book});
    };
    desk.start();
    EXPECT_THAT(desk.broken(), Contains(HasSubstr("asked for a list")));
    EXPECT_THAT(desk.broken(), Contains(HasSubstr("fetched an address book")));
  }
}

}  // namespace
}  // namespace deadletter::client
