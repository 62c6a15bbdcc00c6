// What a mix makes: senders, recipients, places, kinds, bursts, each against the figures that it was given.
#include "experiments/traffic/mix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include "experiments/traffic/measured.h"
#include "tests/support/allocations.h"
#include "tests/traffic/chi_square.h"

namespace deadletter::testing {
namespace {

using traffic::Kind;
using traffic::Mix;
using traffic::Share;
using traffic::Source;
using traffic::Span;

constexpr std::uint32_t kServer = 30, kServers = 4, kPeople = kServer * kServers;  // two servers a site
constexpr Span kLists{kPeople, 5}, kFolders{kPeople + 5, 2}, kFaxes{kPeople + 7, 10}, kOutside{kPeople + 17, 80};
constexpr std::uint64_t kMessages = 40'000;

traffic::Shares shares() {
  traffic::Shares all{};
  auto set = [&](Share share, std::uint32_t value) { all[static_cast<std::size_t>(share)] = value; };
  set(Share::attachments, 166'667), set(Share::signed_mail, 10'000), set(Share::meetings, 50'000);
  set(Share::meeting_updates, 2'000), set(Share::lists, 50'000), set(Share::folders, 5'000), set(Share::faxes, 1'000);
  set(Share::internet, 200'000), set(Share::same_server, 400'000), set(Share::same_site, 300'000);
  return all;
}

// Address n is the n-th of the order.
Mix small(const traffic::Shares& shares, const std::vector<std::uint64_t>& counts, std::uint32_t mailboxes = kServer) {
  traffic::Week week = traffic::week_of_email_eu();
  traffic::Pace pace(week, {}, {}, {sim::Duration::days(7).ns});
  Mix mix(pace, traffic::RankLaw({{1, 3}, {2, 1}}), counts, traffic::Sizes::table({{1000, 1}}), shares);
  std::uint32_t people = mailboxes * kServers;
  for (std::uint32_t i = 0; i < people + 97; ++i) mix.addresses.push_back({i});
  auto behind = [&](Span span) { return Span{span.begin - kPeople + people, span.count}; };
  for (std::uint32_t s = 0; s < kServers; ++s)
    mix.sources.push_back({.key = s,
                           .senders = {s * mailboxes, mailboxes},
                           .server = {s * mailboxes, mailboxes},
                           .site = {s / 2 * 2 * mailboxes, 2 * mailboxes},
                           .organization = {0, people},
                           .lists = behind(kLists),
                           .folders = behind(kFolders),
                           .faxes = behind(kFaxes),
                           .mean_gap = pace.mean_gap(kMessages, 1, kServers)});
  mix.outside = {behind(kOutside), 4, traffic::Alias(std::vector<std::uint64_t>(20, 1))};
  return mix;
}

using Recipients = std::vector<mail::AddressId>;
// Each message of the first server.
void draw(const Mix& mix, std::uint64_t messages,
          const std::function<void(const Mix::Message&, const Recipients&)>& see, std::uint64_t seed = 1) {
  sim::Chance chance(seed);
  Recipients to;
  for (std::uint64_t n = 0; n < messages; ++n) {
    auto message = mix.draw(chance, mix.sources[0], n, to);
    see(message, to);
  }
}

TEST(Mix, RecipientsAMessageFollowTheMeasuredCounts) {
  Mix mix = small({}, traffic::recipients_of_enron());
  std::vector<std::uint64_t> counts(traffic::recipients_of_enron().size());
  draw(mix, kMessages, [&](const auto&, const Recipients& to) { ++counts[to.size() - 1]; });
  const auto& weights = traffic::recipients_of_enron();
  EXPECT_GT(probability(counts, {weights.begin(), weights.end()}), kUnlikely);
  const auto& others = traffic::recipients_of_email_eu();
  std::vector<double> wrong(others.begin(), others.end());
  wrong.resize(counts.size(), 1);
  EXPECT_LT(probability(counts, wrong), kUnlikely);
}

TEST(Mix, WhatMessagesHoldFollowsTheShares) {
  Mix mix = small(shares(), {1});
  std::vector<std::uint64_t> counts(traffic::kKinds);
  draw(mix, kMessages, [&](const Mix::Message& m, const auto&) { ++counts[static_cast<std::size_t>(m.kind)]; });
  EXPECT_GT(probability(counts, {771'333, 166'667, 10'000, 50'000, 2'000}), kUnlikely);
  EXPECT_LT(probability(counts, {761'333, 166'667, 20'000, 50'000, 2'000}), kUnlikely);
}

// The own server, the rest of the site, the other site, outside, lists, folders, telephone numbers.
std::vector<std::uint64_t> places(const Mix& mix) {
  std::vector<std::uint64_t> counts(7);
  draw(mix, kMessages, [&](const auto&, const Recipients& to) {
    std::uint32_t at = to[0].value;
    if (at >= kOutside.begin)
      ++counts[3];
    else if (at < kPeople)
      ++counts[at < kServer ? 0 : at < 2 * kServer ? 1 : 2];
    else
      ++counts[at < kFolders.begin ? 4 : at < kFaxes.begin ? 5 : 6];
  });
  return counts;
}

// Of those who may be anywhere a quarter is on the own server by chance, and a quarter elsewhere in the site; of those
// of the site a half on the own server. Where a sender himself is drawn, it is the next one in order.
TEST(Mix, RecipientsAreWhereTheSharesSay) {
  Mix mix = small(shares(), {1});
  double rest = 1 - 0.05 - 0.005 - 0.001, inside = rest * 0.8;
  double own = 0.4 + 0.3 / 2 + 0.3 / 4, site = 0.3 / 2 + 0.3 / 4, far = 0.3 / 2;
  auto counts = places(mix);
  EXPECT_GT(probability(counts, {inside * own, inside * site, inside * far, rest * 0.2, 0.05, 0.005, 0.001}),
            kUnlikely);
  EXPECT_LT(probability(counts, {inside * far, inside * site, inside * own, rest * 0.2, 0.05, 0.005, 0.001}),
            kUnlikely);
}

TEST(Mix, SendersFollowTheirRanksAndSendersOutsideAreAlike) {
  Mix mix = small({}, {1});
  std::vector<std::uint64_t> counts(kServer);
  draw(mix, kMessages, [&](const Mix::Message& m, const auto&) { ++counts[m.sender.value]; });
  std::vector<double> weights(kServer, 0.5);
  std::fill_n(weights.begin(), kServer / 3, 3);
  EXPECT_GT(probability(counts, weights), kUnlikely);
  mix.sources[0].plain = true;
  counts.assign(kServer, 0);
  draw(mix, kMessages, [&](const Mix::Message& m, const auto&) { ++counts[m.sender.value]; });
  EXPECT_GT(probability(counts, std::vector<double>(kServer, 1)), kUnlikely);
  EXPECT_LT(probability(counts, weights), kUnlikely);
}

TEST(Mix, NobodyGetsAMessageTwiceAndNobodyWritesToHimself) {
  for (std::uint32_t mailboxes : {1U, 2U, 10U}) {
    Mix mix = small(shares(), std::vector<std::uint64_t>(traffic::kMostRecipients, 1), mailboxes);
    draw(mix, 2000, [&](const Mix::Message& m, const Recipients& to) {
      std::set<mail::AddressId> once(to.begin(), to.end());
      ASSERT_EQ(once.size(), to.size());
      ASSERT_FALSE(once.contains(m.sender));
      ASSERT_GE(to.size(), 1U);
    });
  }
}

TEST(Mix, WhoHasNobodyElseWritesToHimself) {
  Mix mix = small({}, {0, 1});
  mix.sources[0].senders = mix.sources[0].server = mix.sources[0].site = mix.sources[0].organization = {7, 1};
  mix.outside = {};
  draw(mix, 10,
       [&](const Mix::Message&, const Recipients& to) { EXPECT_THAT(to, ::testing::ElementsAre(mail::AddressId{7})); });
}

TEST(Mix, MessagesAreTheSameForOneSeedWhateverOthersAreDrawnBefore) {
  Mix mix = small(shares(), traffic::recipients_of_enron());
  std::vector<Recipients> one, other;
  draw(mix, 500, [&](const auto&, const Recipients& to) { one.push_back(to); });
  sim::Chance chance(1);
  other.resize(500);
  for (std::uint64_t n = 500; n-- > 0;) mix.draw(chance, mix.sources[0], n, other[n]);
  EXPECT_EQ(one, other);
  other.clear();
  draw(
      mix, 500, [&](const auto&, const Recipients& to) { other.push_back(to); }, 2);
  EXPECT_NE(one, other);
}

TEST(Mix, ServersSendTheirPartOfTheWhole) {
  Mix mix = small({}, {1});
  mix.sources[3].mean_gap *= 2;
  std::vector<std::uint64_t> counts;
  for (const Source& source : mix.sources) {
    std::optional<sim::Instant> at = sim::Instant{};
    std::uint64_t sent = 0;
    while ((at = mix.next(sim::Chance(1), source, sent, *at))) ++sent;
    counts.push_back(sent);
  }
  auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  EXPECT_NEAR(all, kMessages * 7.0 / 8, 4 * 200);  // four deviations of a Poisson distribution
  EXPECT_GT(probability(counts, {2, 2, 2, 1}), kUnlikely);
  EXPECT_LT(probability(counts, {1, 1, 1, 1}), kUnlikely);
  EXPECT_EQ(mix.expected_until({sim::Duration::days(7).ns}, 900), 900U);
}

TEST(Mix, ABurstHasExactlyItsMessagesEvenlySpread) {
  Mix mix = small({}, {1});
  Source& source = mix.sources[0];
  source.burst = traffic::Burst{1000, {500}, {100'000}};
  std::vector<std::int64_t> times;
  std::optional<sim::Instant> at = sim::Instant{};
  while ((at = mix.next(sim::Chance(1), source, times.size(), *at))) times.push_back(at->ns);
  ASSERT_EQ(times.size(), 1000U);
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_GE(times[i], 500 + static_cast<std::int64_t>(i) * 100);
    EXPECT_LT(times[i], 600 + static_cast<std::int64_t>(i) * 100);
  }
}

TEST(Mix, AMessageAllocatesNothing) {
  Mix mix = small(shares(), traffic::recipients_of_enron());
  Recipients to;
  to.reserve(traffic::kMostRecipients);
  sim::Chance chance(1);
  auto before = allocations();
  for (std::uint64_t n = 0; n < 1000; ++n) mix.draw(chance, mix.sources[0], n, to);
  EXPECT_EQ(allocations(), before);
}

}  // namespace
}  // namespace deadletter::testing
