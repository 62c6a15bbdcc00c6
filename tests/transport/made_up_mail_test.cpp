// Mail that is made up while a run goes on, and the sizes of mail of 2002.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/command.h"
#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

Organization four_mailboxes() { return Organization().group("A", {"A1", "A2", "A3", "A4"}); }

constexpr int kMessages = 2400, kEach = 600;
constexpr double kMeanGap = 50 * 3600.0 / kEach;  // all in 50 hours, from four

const Outcome& uniform() {
  static const Outcome run =
      four_mailboxes().run({}, R"("horizon": "100h", "traffic": [{"uniform": {"messages": 2400, "over": "50h"}}])");
  return run;
}

double number_before(const std::string& words, const std::string& unit) {
  auto end = words.find(unit);
  return std::stod(words.substr(words.rfind(' ', end - 1) + 1));
}

TEST(MadeUpMail, EverybodySendsAsMuchAndAllOfItArrives) {
  std::map<std::string, int> sent;
  for (const Line& line : lines_of(uniform()))
    if (line.kind == "submit") ++sent[line.node];
  EXPECT_THAT(sent, ::testing::ElementsAre(::testing::Pair("A1", kEach), ::testing::Pair("A2", kEach),
                                           ::testing::Pair("A3", kEach), ::testing::Pair("A4", kEach)));
  EXPECT_EQ(uniform().number("/messages"), kMessages);
  EXPECT_EQ(uniform().number("/recipients"), kMessages);
  EXPECT_EQ(fates(uniform()), "delivered 2400");
}

TEST(MadeUpMail, GapsAreThoseOfAPoissonProcess) {
  std::map<std::string, double> last;
  double sum = 0, squares = 0;
  for (const Line& line : lines_of(uniform()))
    if (line.kind == "submit") {
      double gap = line.at_s - std::exchange(last[line.node], line.at_s);
      sum += gap, squares += gap * gap;
    }
  double mean = sum / kMessages, variance = squares / kMessages - mean * mean;
  EXPECT_NEAR(mean / kMeanGap, 1, 4 / std::sqrt(kMessages));
  EXPECT_NEAR(variance / (kMeanGap * kMeanGap), 1, 4 * std::sqrt(8.0 / kMessages));
}

TEST(MadeUpMail, SizesAreLogNormal) {
  std::vector<double> sizes;
  for (const Line& line : lines_of(uniform()))
    if (line.kind == "submit") sizes.push_back(number_before(line.words, " octets"));
  std::ranges::sort(sizes);
  auto share = [&](double above) {
    return static_cast<double>(sizes.end() - std::ranges::upper_bound(sizes, above)) / kMessages;
  };
  auto expected = [](double times) { return 0.5 * std::erfc(std::log(times) / 1.5 / std::sqrt(2.0)); };
  for (double times : {0.2, 1.0, 3.0, 10.0}) {
    double p = expected(times);
    EXPECT_NEAR(share(20480 * times), p, 4 * std::sqrt(p * (1 - p) / kMessages)) << times;
  }
  EXPECT_GE(sizes.front(), 512);
  EXPECT_LE(sizes.back(), 10'000'000);
}

// 16 pairs of 150 each, 15 degrees of freedom: above 37.7 once in a thousand.
TEST(MadeUpMail, RecipientsAreDrawnAlikeTheSenderAmongThem) {
  std::map<std::string, std::string> sender;  // by message
  std::map<std::string, int> pairs;
  for (const Line& line : lines_of(uniform())) {
    std::string message = line.words.substr(0, line.words.find(' '));
    if (line.kind == "submit") sender[message] = line.node;
    if (line.kind == "deliver") ++pairs[sender.at(message) + line.node];
  }
  ASSERT_EQ(pairs.size(), 16U);
  double chi_square = 0;
  for (const auto& [pair, count] : pairs) chi_square += (count - 150.0) * (count - 150.0) / 150;
  EXPECT_LT(chi_square, 37.7);
}

TEST(MadeUpMail, IsTheSameForOneSeedAndAnotherForAnother) {
  auto run = [](int seed) {
    return four_mailboxes()
        .run({}, fmt::format(R"("seed": {}, "traffic": [{{"uniform": {{"messages": 40, "over": "1h"}}}}])", seed))
        .text("/fingerprint");
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

// Of ten thousand messages of 2002 so many were below 2 KB, 4 KB, … 4 MB.
TEST(SizesOf2002, FollowTheMeasuredCurve) {
  TemporaryFolder folder;
  std::string trace = "time,sender,recipients\n";
  constexpr int kSent = 5000;
  for (int n = 0; n < kSent; ++n) trace += fmt::format("{},1,2\n", 1'064'021'027 + n * 30);
  write_file(folder / "trace.csv", trace);
  Organization world = Organization().group("A", {"A1"}).place("net").wan("A", "net");
  world.foreign("fabrikam.com", {"mx.fabrikam.com"}, "net");
  Outcome run = world.run({}, fmt::format(R"("horizon": "7d", "traffic": [{{"trace": "{}", "senders": "contoso.com",
      "recipients": [{{"domain": "fabrikam.com", "share": 1}}], "sizes": "mail-2002"}}])",
                                          folder / "trace.csv"));
  std::vector<double> sizes;
  for (const Line& line : lines_of(run))
    if (line.kind == "submit") sizes.push_back(number_before(line.words, " octets"));
  ASSERT_EQ(sizes.size(), static_cast<std::size_t>(kSent));
  const double below[] = {.2353, .4917, .6760, .7958, .8536, .9047, .9330, .9574, .9724, .9849, .9996, 1};
  double limit = 2048;
  for (double p : below) {
    auto count = static_cast<double>(std::ranges::count_if(sizes, [&](double s) { return s < limit; }));
    EXPECT_NEAR(count / kSent, p, 4 * std::sqrt(p * (1 - p) / kSent)) << limit;
    limit *= 2;
  }
  EXPECT_GE(*std::ranges::min_element(sizes), 512);
}

}  // namespace
}  // namespace deadletter::testing
