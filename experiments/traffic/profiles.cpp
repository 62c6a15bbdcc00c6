// The profiles themselves. Each figure is told with its source as it is set.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "experiments/traffic/measured.h"
#include "experiments/traffic/profile.h"

namespace deadletter::traffic {
namespace {

constexpr const char* kEu = "email-Eu (SNAP email-Eu-core-temporal), 234,760 messages of 804 days";
constexpr const char* kEnron = "Enron (patperry/interaction-proc), 21,635 messages among 156 employees";
constexpr const char* kMmb = "LoadSim's MMB profile, Compaq ECG082/0898";
constexpr const char* kNoFigure = "no figure was found";

using Days = std::array<std::uint32_t, kDays>;
constexpr Days kMondayToFriday = {2000, 2000, 2000, 2000, 2000, 0, 0};
constexpr Days kEveryDay = {2000, 2000, 2000, 2000, 2000, 2000, 2000};

std::string percent(std::uint64_t millionths) { return fmt::format("{:.3g} %", static_cast<double>(millionths) / 1e4); }

// Sets a profile's figures and tells of each.
class Maker {
 public:
  Maker(std::string name, std::string about) : made_{.name = std::move(name), .about = std::move(about)} {}

  Maker& tell(std::string what, std::string value, Evidence evidence, std::string source) {
    made_.figures.push_back({std::move(what), std::move(value), evidence, std::move(source)});
    return *this;
  }
  Maker& week(const Week& week, std::string hours, Evidence evidence, std::string source) {
    made_.week = week;
    return tell("hours", std::move(hours), evidence, std::move(source));
  }
  Maker& volume(std::uint64_t per_thousand, Evidence evidence, std::string source) {
    made_.a_day_per_thousand = per_thousand;
    return tell("a mailbox", fmt::format("{:g} messages on a working day", static_cast<double>(per_thousand) / 1000),
                evidence, std::move(source));
  }
  Maker& classes(const std::vector<std::uint64_t>& percents, Evidence evidence, const std::string& source) {
    made_.senders = bands_of(percents);
    made_.a_day_per_thousand = a_day_per_thousand(percents);
    std::vector<std::string> mix;
    for (std::size_t i = 0; i < percents.size(); ++i)
      if (percents[i] > 0) mix.push_back(fmt::format("{} % {}", percents[i], user_classes()[i].name));
    tell("users", fmt::format("{}", fmt::join(mix, ", ")), evidence, source);
    for (std::size_t i = 0; i < percents.size(); ++i)
      if (percents[i] > 0)
        tell(fmt::format("{} user", user_classes()[i].name),
             fmt::format("{} messages on a working day", user_classes()[i].a_day), user_classes()[i].evidence,
             user_classes()[i].source);
    return *this;
  }
  Maker& skew_of_enron() {
    made_.senders = senders_of_enron();
    return tell("senders", "the busiest 10 of 152 send 36.7 %", Evidence::observed, kEnron);
  }
  Maker& recipients(const std::vector<std::uint64_t>& weights, Evidence evidence, std::string source) {
    made_.recipients = weights;
    double sum = 0, messages = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      messages += static_cast<double>(weights[i]);
      sum += static_cast<double>(weights[i] * (i + 1));
    }
    return tell("recipients",
                fmt::format("{:.2f} a message; one: {:.1f} %", sum / messages,
                            100 * static_cast<double>(weights[0]) / messages),
                evidence, std::move(source));
  }
  Maker& sizes(const Sizes& sizes, std::string words, Evidence evidence, std::string source) {
    made_.sizes = sizes;
    return tell("sizes", std::move(words), evidence, std::move(source));
  }
  Maker& sizes_of_2002() {
    return sizes(Sizes::mail_2002(), "a measured curve: half below 4.2 KB, 54 KB on the average", Evidence::observed,
                 "johannes.jakeapp.com 2009-08, from a post to freebsd-net of October 2002; planning has 50 KB on the "
                 "average (technet dd901772)");
  }
  Maker& share(Share which, std::uint32_t millionths, Evidence evidence, std::string source) {
    made_.shares[static_cast<std::size_t>(which)] = millionths;
    return tell(share_table()[static_cast<std::size_t>(which)].name, percent(millionths), evidence, std::move(source));
  }
  Maker& near_ones() {
    share(Share::same_server, 400'000, Evidence::assumed, kNoFigure);
    return share(Share::same_site, 300'000, Evidence::assumed, kNoFigure);
  }
  Profile made() const { return made_; }

 private:
  Profile made_;
};

// Weights of one, two, … recipients of which each after the first comes with the same chance, as a mean asks for.
std::vector<std::uint64_t> geometric(std::uint64_t more_per_thousand) {
  std::vector<std::uint64_t> weights;
  std::uint64_t weight = std::uint64_t{1} << 36;
  for (; weights.size() < 40; weight = weight * more_per_thousand / 1000) weights.push_back(weight);
  return weights;
}

constexpr std::array<std::uint32_t, kHoursADay> hours_at_work(std::size_t from, std::size_t hours) {
  std::array<std::uint32_t, kHoursADay> curve{};
  for (std::size_t h = from; h < from + hours; ++h) curve[h] = 1000;
  return curve;
}

Profile office_day() {
  return Maker("office-day", "A company that works from Monday to Friday, with light to very heavy users.")
      .week(Week::of(hours_of_email_eu(), kMondayToFriday),
            "of a business day: mail sets in at 8, 10.9 % from 10 to 11", Evidence::observed,
            std::string(kEu) + "; that Saturday and Sunday are free is assumed")
      .classes({20, 50, 25, 5}, Evidence::assumed, "the mix: " + std::string(kNoFigure))
      .recipients(recipients_of_enron(), Evidence::observed, kEnron)
      .sizes_of_2002()
      .share(Share::attachments, 166'667, Evidence::documented, std::string(kMmb) + ": 16 of 96 messages")
      .share(Share::signed_mail, 10'000, Evidence::assumed, kNoFigure)
      .share(Share::meetings, 50'000, Evidence::assumed,
             "MMB has 5 calendar updates to 14.18 messages; how many are sent is not told")
      .share(Share::lists, 50'000, Evidence::assumed, "MMB has 30 %, a test of servers")
      .share(Share::folders, 5'000, Evidence::assumed, kNoFigure)
      .share(Share::internet, 200'000, Evidence::assumed, kNoFigure)
      .share(Share::from_the_internet, 200'000, Evidence::assumed, kNoFigure)
      .near_ones()
      .made();
}

Profile institute_week() {
  return Maker("institute-week", "The people of a research institution among themselves: little mail, weekends too.")
      .week(week_of_email_eu(), "each of the 168 hours as it was", Evidence::observed,
            std::string(kEu) + "; names of days deduced from the volume")
      .volume(318, Evidence::inferred, std::string(kEu) + ", what went to somebody else, over 998 people")
      .skew_of_enron()
      .recipients(recipients_of_email_eu(), Evidence::observed, kEu)
      .sizes_of_2002()
      .near_ones()
      .made();
}

Profile enron_like() {
  return Maker("enron-like", "The employees of a trading company among themselves: few of them write most of it.")
      .week(Week::of(hours_of_email_eu(), days_of_enron()), "of a business day of email-Eu, days of Enron",
            Evidence::observed, std::string(kEu) + "; " + kEnron + ", whose hours mix time zones")
      .volume(1850, Evidence::observed, std::string(kEnron) + ": a mean active day; a floor, internal mail only")
      .skew_of_enron()
      .recipients(recipients_of_enron(), Evidence::observed, kEnron)
      .sizes_of_2002()
      .near_ones()
      .made();
}

Profile planning_2007() {
  sim::LogNormal size{.median = 16622, .sigma = 1.5, .smallest = 512, .largest = 10'000'000};
  return Maker("planning-2007", "A capacity test of Exchange 2007: LoadGen's heavy users in eight even hours.")
      .week(Week::of(hours_at_work(8, 8), kEveryDay), "8 to 16, all alike, every day", Evidence::documented,
            "Dell BP1013: 132 tasks in a day of 8 hours; when it begins is assumed")
      .classes({0, 0, 100, 0}, Evidence::documented, "technet dd901772: hub tests with LoadGen Heavy")
      .recipients(geometric(750), Evidence::inferred, "Dell BP1013: 80 received for 20 sent; the shape is assumed")
      .sizes(Sizes::log_normal(size), "log-normal, 50 KB on the average, sigma 1.5", Evidence::documented,
             "technet dd901772 (the average); the shape is assumed")
      .near_ones()
      .made();
}

Profile planning_2000() {
  const std::vector<Sizes::Row> mmb = {{1024, 60}, {2048, 16},     {4096, 4},     {10240, 6},
                                       {15360, 4}, {16 * 1024, 4}, {43 * 1024, 2}};
  return Maker("planning-2000", "A capacity test of Exchange 5.5 to 2003: LoadSim's MMB users in eight even hours.")
      .week(Week::of(hours_at_work(8, 8), kEveryDay), "8 to 16, all alike, every day", Evidence::assumed,
            "LoadSim's day of 8 hours, recalled")
      .volume(14180, Evidence::documented, kMmb)
      .recipients(recipients_of_enron(), Evidence::inferred,
                  std::string(kMmb) + ": 4.7 when lists are opened, 3 of them members: 1.7 remain, as " + kEnron)
      .sizes(Sizes::table(mmb), "1 KB: 60, 2: 16, 4: 4, 10: 6, 15: 4, 16: 4, 43: 2, of 96", Evidence::documented, kMmb)
      .share(Share::attachments, 166'667, Evidence::documented, std::string(kMmb) + ": 16 of 96 messages")
      .share(Share::lists, 300'000, Evidence::documented, std::string(kMmb) + ": lists of 10 members")
      .near_ones()
      .made();
}

Profile gateway_day() {
  constexpr std::array<std::uint32_t, kHoursADay> received = {0,  0,  0,  0,  0,  0,  19, 58, 74, 90, 88, 80,
                                                              73, 84, 80, 82, 63, 56, 34, 34, 31, 27, 22, 7};
  sim::LogNormal size{.median = 63163, .sigma = 1.5, .smallest = 512, .largest = 20'000'000};
  return Maker("gateway-day",
               "What a hospital's gateway takes from the Internet on a day: newer than the rest, for shape.")
      .week(Week::of(received, kEveryDay), "6 to 24, 9.0 % from 9 to 10", Evidence::observed,
            "a gateway's report of 14,448 messages, pastebin ykkiPZBT")
      .volume(25'000, Evidence::assumed, std::string(kNoFigure) + "; here: that it receives")
      .recipients(geometric(254), Evidence::inferred,
                  "the other gateway of the same site: 1.34 deliveries a message (pastebin R4u4KeQz); the shape is "
                  "assumed")
      .sizes(Sizes::log_normal(size), "log-normal, 190 KB on the average, sigma 1.5", Evidence::observed,
             "both reports (the average); the shape is assumed")
      .share(Share::from_the_internet, kMillion, Evidence::observed, "what a gateway takes in")
      .made();
}

}  // namespace

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> all = {office_day(),    institute_week(), enron_like(),
                                           planning_2007(), planning_2000(),  gateway_day()};
  return all;
}

}  // namespace deadletter::traffic
