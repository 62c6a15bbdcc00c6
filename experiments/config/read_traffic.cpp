#include "experiments/config/read_traffic.h"

#include "experiments/traffic/profile.h"
#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"
#include "sim/time.h"

namespace deadletter::experiments {
namespace {

using sim::Duration;

// What a run can bear, far above what people send.
constexpr std::uint64_t kLargestSize = std::uint64_t{2} << 30;
constexpr std::int64_t kLongestTraffic = Duration::days(3650).ns;
constexpr std::int64_t kMostMessages = 100'000'000;

// Text that is looked up when it is bound; `expected` says what.
json::Reader<Name> traffic_word(const std::string& title, const std::string& expected) {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::located(json::pattern(title, good, "^[^\\r\\n]+$", expected));
}
json::Reader<Name> traffic_domain() { return traffic_word("domain", "a domain such as \"contoso.com\""); }

json::Reader<std::string> one_word_of(const std::vector<std::string>& words) {
  return json::convert(json::word(words), [words](std::size_t i) { return words[i]; });
}

json::Reader<Uniform> uniform_reader() {
  return json::object<Uniform>("uniform traffic", "Poisson times, recipients drawn alike, log-normal sizes")
      .required("messages", &Uniform::messages, json::integer(1, kMostMessages), "All together")
      .required("over", &Uniform::over_ns, json::duration(Duration::seconds(1).ns, kLongestTraffic), "On the average")
      .optional("median", &Uniform::median, json::size(kLargestSize), "Of the size; 20KB unless it is given")
      .optional("sigma_percent", &Uniform::sigma_percent, json::integer(0, 500),
                "Standard deviation of its logarithm, in percent; 150 unless it is given")
      .optional("smallest", &Uniform::smallest, json::size(kLargestSize))
      .optional("largest", &Uniform::largest, json::size(kLargestSize));
}

json::Reader<BurstSettings> burst_reader() {
  auto who = traffic_word("address", "an address, a domain, the name of a server or a selector such as \"all\"");
  return json::object<BurstSettings>("burst", "Exactly so many messages, spread evenly over a short time")
      .required("messages", &BurstSettings::messages, json::integer(1, kMostMessages))
      .required("at", &BurstSettings::at_ns, json::duration(0, kLongestTraffic), "After the start")
      .required("over", &BurstSettings::over_ns, json::duration(1, kLongestTraffic))
      .required("from", &BurstSettings::from, who, "Who sends them, each as likely as the others")
      .required("to", &BurstSettings::to, who, "Who gets them, each message one of these");
}

json::Reader<Internet> internet_reader() {
  return json::object<Internet>("Internet", "What goes out and comes in")
      .optional("out", &Internet::out, json::fraction(), "Of the recipients of messages from inside; the profile's")
      .optional("in", &Internet::in, json::fraction(), "Of all messages: come from outside; the profile's")
      .optional("domains", &Internet::domains, json::list(traffic_domain(), {.fewest = 1}),
                "Foreign domains, or names with \"*\"; all unless it is given")
      .optional("law", &Internet::alike, json::choice<bool>({{"zipf", false}, {"equal", true}}),
                "zipf: the second domain has half of the first one's mail, the third a third, the default; equal")
      .optional("correspondents", &Internet::correspondents, json::integer(1, 1000),
                "People of each domain that takes any recipient; 4 unless it is given");
}

json::Reader<TrafficContent> content_reader() {
  return json::choice<TrafficContent>({{"none", {}},
                                       {"described", {Holding::note, true}},
                                       {"note", {Holding::note}},
                                       {"html", {Holding::html}},
                                       {"attachment", {Holding::attachment}},
                                       {"clear_signed", {Holding::clear_signed}},
                                       {"opaque_signed", {Holding::opaque_signed}},
                                       {"encrypted", {Holding::encrypted}},
                                       {"signed_in_signed", {Holding::signed_in_signed}},
                                       {"encrypted_then_signed", {Holding::encrypted_then_signed}}});
}

using Shape = json::ObjectReader<Traffic>;

Shape with_trace(const Shape& shape) {
  auto placement = json::object<Placement>("placement", "A share of the people in a domain")
                       .required("domain", &Placement::domain, traffic_domain())
                       .required("share", &Placement::share, json::fraction());
  return shape
      .optional("trace", &Traffic::trace, traffic_word("path", "the path of a CSV file"),
                "A CSV file with the columns time, sender, recipients")
      .optional("from", &Traffic::from, json::date(), "Of a trace: first day")
      .optional("more_than_per_day", &Traffic::more_than_per_day, json::integer(0, 1'000'000'000),
                "Of a trace: days with no more messages than that are left out and not counted")
      .optional("recipients", &Traffic::recipients, json::list(placement, {.fewest = 1}),
                "Of a trace: where recipients live");
}

Shape with_profile(const Shape& shape) {
  std::vector<std::string> names, classes, shares;
  for (const traffic::Profile& p : traffic::profiles()) names.push_back(p.name);
  for (const traffic::UserClass& c : traffic::user_classes()) classes.emplace_back(c.name);
  std::string meanings = "By a profile, what is otherwise:";
  for (const traffic::ShareInfo& s : traffic::share_table()) {
    bool elsewhere = s.share == traffic::Share::internet || s.share == traffic::Share::from_the_internet;
    if (elsewhere) continue;  // said as "internet"
    shares.emplace_back(s.name);
    meanings += std::string(shares.size() == 1 ? " " : "; ") + s.name + ", " + s.meaning;
  }
  return shape
      .optional("profile", &Traffic::profile, json::located(one_word_of(names)),
                "Mail as the people of an organization send it; deadletter list profiles tells of each")
      .optional("messages", &Traffic::messages, json::integer(1, kMostMessages),
                "By a profile: to be expected all together")
      .optional("per_mailbox", &Traffic::per_mailbox, json::integer(1, 100'000),
                "By a profile: that a mailbox sends on a working day; the profile's unless it is given")
      .optional("users", &Traffic::users, json::map(json::fraction(), one_word_of(classes)),
                "By a profile: the share of each class of users")
      .optional("skewed", &Traffic::skewed, json::boolean(),
                "By a profile: whether some send more than others; false: all alike")
      .optional("shares", &Traffic::shares, json::map(json::fraction(), one_word_of(shares)), meanings)
      .optional("hours", &Traffic::hours,
                json::list(json::integer(0, traffic::Week::kMostHour),
                           {.fewest = traffic::kHoursADay, .most = traffic::kHoursADay}),
                "By a profile: a weight for each hour of the day, from midnight on")
      .optional(
          "weekdays", &Traffic::weekdays,
          json::list(json::integer(0, traffic::Week::kMostDay), {.fewest = traffic::kDays, .most = traffic::kDays}),
          "With \"hours\": a weight for each day of the week, Monday first; all alike unless it is given")
      .optional("start_hour", &Traffic::start_hour, json::integer(0, 23),
                "By a profile: the hour of the local clocks when the run begins; that of \"start\" unless it is given")
      .optional("at", &Traffic::at_ns, json::duration(0, kLongestTraffic), "By a profile: from then on")
      .optional("over", &Traffic::over_ns, json::duration(Duration::seconds(1).ns, kLongestTraffic),
                "By a profile: so long; to the horizon unless it or \"days\" is given")
      .optional("internet", &Traffic::internet, internet_reader(), "By a profile: what goes out and comes in");
}

}  // namespace

json::Reader<Traffic> traffic_reader() {
  auto curve = json::choice<SizeCurve>({{"mail-2002", SizeCurve::mail_2002}});
  Shape shape = with_profile(with_trace(json::object<Traffic>("traffic", "Mail out of a trace, or made up")));
  shape =
      shape.optional("uniform", &Traffic::uniform, uniform_reader(), "Every mailbox sends as much, to anybody")
          .optional("burst", &Traffic::burst, burst_reader(), "Much mail within a short time")
          .optional("days", &Traffic::days, json::integer(0, 100000), "How many days; 0 = all")
          .optional("senders", &Traffic::senders,
                    traffic_word("senders", "a domain, or the name of a server or a selector"),
                    "The domain in which all senders of a trace live; by a profile a domain, a server, \"all\", "
                    "\"all exchange-2003\" or a name with \"*\": whose mailboxes send")
          .optional("size", &Traffic::size_asked, json::size(kLargestSize),
                    "Of each message: the trace has none. 10KB unless it is given; by a profile the profile's sizes")
          .optional("sizes", &Traffic::sizes, curve, "A measured curve of sizes instead")
          .optional("content", &Traffic::content, content_reader(),
                    "What each message holds, as a description; \"described\": by the profile's shares. Nobody "
                    "looks inside unless it is given")
          .exactly_one({"trace", "uniform", "profile", "burst"});
  return json::convert(json::located<Traffic>(shape), [](json::Located<Traffic> t) {
    t.value.place = std::move(t.place);
    t.value.size = t.value.size_asked.value_or(t.value.size);
    return std::move(t.value);
  });
}

}  // namespace deadletter::experiments
