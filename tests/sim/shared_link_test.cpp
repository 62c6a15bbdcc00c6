// A link shared equally, against an exact rational computation of the same schedule.
#include "sim/shared_link.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace deadletter::sim {
namespace {

struct Start {
  Instant at;
  std::uint64_t octets;
};

// What the engine does with a link: starts at their dates, and asks again at each date that next_done() names.
std::map<std::uint32_t, Instant> carry(std::uint64_t bandwidth_bps, const std::vector<Start>& starts) {
  SharedLink link(bandwidth_bps);
  std::map<std::uint32_t, Instant> done;
  std::size_t next = 0;
  while (next < starts.size() || !link.idle()) {
    bool starting = next < starts.size() && starts[next].at < link.next_done();
    Instant now = starting ? starts[next].at : link.next_done();
    if (starting) {
      link.start(now, static_cast<std::uint32_t>(next), starts[next].octets, {});
      ++next;
    } else {
      auto ended = link.take_done(now);
      EXPECT_FALSE(ended.empty()) << "next_done() named a date at which nothing was done";
      for (auto d : ended) done[d.transfer] = now;
    }
  }
  return done;
}

// The exact ends of the same transfers, as reduced fractions of a nanosecond.
class Exact {
 public:
  __extension__ using Wide = __int128;
  Exact(std::uint64_t bandwidth_bps, const std::vector<Start>& starts) : starts_(starts) { run(bandwidth_bps); }
  // The end as the fraction num/den nanoseconds.
  struct Fraction {
    Wide num = 0, den = 1;
  };
  const std::vector<Fraction>& ends() const { return ends_; }

 private:
  static Wide gcd(Wide a, Wide b) { return b == 0 ? a : gcd(b, a % b); }
  static Fraction reduced(Wide num, Wide den) {
    Wide g = gcd(num < 0 ? -num : num, den);
    return {num / g, den / g};
  }
  static Fraction plus(Fraction x, Fraction y) { return reduced(x.num * y.den + y.num * x.den, x.den * y.den); }
  static Fraction minus(Fraction x, Fraction y) { return plus(x, {-y.num, y.den}); }
  static bool less(Fraction x, Fraction y) { return x.num * y.den < y.num * x.den; }

  void run(std::uint64_t bandwidth_bps) {
    // Work left of a transfer: its time in nanoseconds if it were alone.
    std::map<std::size_t, Fraction> left;
    ends_.resize(starts_.size());
    Fraction now;
    std::size_t next = 0;
    while (next < starts_.size() || !left.empty()) {
      auto n = static_cast<Wide>(left.size());
      auto least =
          std::ranges::min_element(left, [](const auto& x, const auto& y) { return less(x.second, y.second); });
      Fraction until;
      bool ending = !left.empty();
      if (ending) until = plus(now, reduced(least->second.num * n, least->second.den));
      if (next < starts_.size() && (!ending || !less(until, {starts_[next].at.ns, 1}))) {
        until = {starts_[next].at.ns, 1};
        ending = false;
      }
      Fraction passed = minus(until, now);
      Fraction share = n == 0 ? Fraction{} : reduced(passed.num, passed.den * n);
      for (auto& [i, work] : left) work = minus(work, share);
      now = until;
      if (ending) {
        for (auto it = left.begin(); it != left.end();) {
          if (it->second.num == 0) {
            ends_[it->first] = now;
            it = left.erase(it);
          } else {
            ++it;
          }
        }
      } else {
        left[next] = reduced(static_cast<Wide>(starts_[next].octets) * 8 * 1'000'000'000, bandwidth_bps);
        ++next;
      }
    }
  }

  const std::vector<Start>& starts_;
  std::vector<Fraction> ends_;
};

void expect_exact(std::uint64_t bandwidth_bps, const std::vector<Start>& starts) {
  auto done = carry(bandwidth_bps, starts);
  Exact exact(bandwidth_bps, starts);
  ASSERT_EQ(done.size(), starts.size());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    auto [num, den] = exact.ends()[i];
    Exact::Wide at = done.at(static_cast<std::uint32_t>(i)).ns;
    ASSERT_GE(at * den, num) << "transfer " << i << " is done too early";
    ASSERT_LE(at * den, num + 2 * den) << "transfer " << i << " is late by more than 2 ns";
  }
}

TEST(SharedLink, EqualTransfersTogetherTakeAsManyTimesAsLong) {
  for (std::uint64_t n : {1, 2, 3, 7, 100, 1000}) {
    std::vector<Start> starts(n, {{0}, 1'000'000});
    auto done = carry(8'000'000, starts);  // one alone: exactly a second
    for (const auto& [transfer, at] : done) EXPECT_EQ(at.ns, static_cast<std::int64_t>(n) * 1'000'000'000) << n;
  }
}

TEST(SharedLink, WhoComesLaterSlowsDownWhoIsThere) {
  // 1 MB alone for half a second, then both share: the first needs a second more, the second half a second after that.
  auto done = carry(8'000'000, {{{0}, 1'000'000}, {{500'000'000}, 1'000'000}});
  EXPECT_EQ(done.at(0).ns, 1'500'000'000);
  EXPECT_EQ(done.at(1).ns, 2'000'000'000);
}

TEST(SharedLink, TransfersDoneTogetherComeInTheOrderOfTheirIdentity) {
  SharedLink link(8'000'000);
  for (std::uint32_t t : {5U, 1U, 9U}) link.start({0}, t, 1000, Duration::milliseconds(t));
  auto done = link.take_done(link.next_done());
  ASSERT_EQ(done.size(), 3U);
  EXPECT_EQ(done[0].transfer, 1U);
  EXPECT_EQ(done[1].transfer, 5U);
  EXPECT_EQ(done[2].transfer, 9U);
  EXPECT_EQ(done[2].latency, Duration::milliseconds(9));
}

TEST(SharedLink, NothingAtAllIsDoneAtOnce) {
  SharedLink link(56'000);
  link.start({77}, 1, 0, {});
  EXPECT_EQ(link.next_done(), (Instant{77}));
  EXPECT_EQ(link.take_done({77}).size(), 1U);
  EXPECT_EQ(link.next_done(), Instant::never());
}

TEST(SharedLink, AFailureTakesEveryTransferAndTheNextOneStartsAfresh) {
  SharedLink link(8'000);
  link.start({0}, 1, 1000, {});
  link.start({0}, 2, 5000, {});
  EXPECT_EQ(link.take_all({500'000'000}).size(), 2U);
  EXPECT_TRUE(link.idle());
  link.start({600'000'000}, 3, 1000, {});
  EXPECT_EQ(link.next_done().ns, 1'600'000'000);
}

// Bandwidths from a modem to a backbone; starts at random, often together, sizes of every order. The exact fractions
// have denominators that multiply with every change of the number of transfers, so the schedules are short.
TEST(SharedLink, StaggeredStartsAgreeWithExactFractionsNeverEarlyNeverTwoNanosecondsLate) {
  std::mt19937_64 random(3);
  for (std::uint64_t bandwidth : {9'600ULL, 56'000ULL, 2'000'000ULL, 1'000'000'000ULL})
    for (int round = 0; round < 100; ++round) {
      std::vector<Start> starts;
      std::int64_t at = 0;
      for (int i = 0; i < 5; ++i) {
        if (random() % 3 != 0) at += static_cast<std::int64_t>(random() % 2'000'000'000);
        starts.push_back({{at}, 1 + random() % (random() % 2 == 0 ? 300 : 20'000)});
      }
      expect_exact(bandwidth, starts);
      if (HasFatalFailure()) return;
    }
}

// Many on a slow link: every start and end rounds, and rounding must not add up. All come within the first octet's
// time, so that the exact end follows from the work alone: the last one is done when all octets are through.
TEST(SharedLink, ManyChangesOnASlowLinkDoNotAddUp) {
  std::mt19937_64 random(4);
  for (std::uint64_t bandwidth : {9'600ULL, 56'000ULL}) {
    std::vector<Start> starts;
    std::uint64_t octets = 0;
    for (int i = 0; i < 300; ++i) {
      starts.push_back({{i * 1000}, 100 + random() % 1000});
      octets += starts.back().octets;
    }
    auto done = carry(bandwidth, starts);
    Instant last;
    for (const auto& [transfer, at] : done) last = std::max(last, at);
    Exact::Wide exact = Exact::Wide{octets} * 8 * 1'000'000'000;  // over bandwidth, in ns
    EXPECT_GE(last.ns * Exact::Wide{bandwidth}, exact);
    EXPECT_LE(last.ns * Exact::Wide{bandwidth}, exact + 2 * Exact::Wide{bandwidth});
  }
}

// Who has the link to itself: the engine asks for the time without a link.
TEST(SharedLink, TimeAloneIsThatOfALinkThatCarriesNothingElse) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t octets = random() >> (24 + random() % 40),
                        bandwidth_bps = 1000 + (random() >> (24 + random() % 40));
    SharedLink link(bandwidth_bps);
    const Instant now{static_cast<std::int64_t>(random() >> 10)};
    link.start(now, 0, octets, {});
    EXPECT_EQ(link.next_done(), now + SharedLink::time_alone(octets, bandwidth_bps)) << octets << " " << bandwidth_bps;
  }
}

}  // namespace
}  // namespace deadletter::sim
