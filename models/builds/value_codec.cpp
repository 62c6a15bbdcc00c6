#include "models/builds/value_codec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "sim/json/calendar.h"
#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"

namespace deadletter::builds {
namespace {

using sim::Duration;
constexpr std::int64_t kLongest = Duration::days(3650).ns;

json::Reader<Duration> any_duration() {
  return json::convert(json::duration(0, kLongest), [](std::int64_t ns) { return Duration{ns}; });
}
json::Reader<Duration> positive_duration() {
  return json::convert(json::duration(1, kLongest), [](std::int64_t ns) { return Duration{ns}; });
}

std::string text_of(Duration d) { return json::format_duration(d.ns); }

template <class E>
using Words = std::vector<std::pair<std::string, E>>;

const Words<smtp::TimerScope> kScopes = {{"per_read", smtp::TimerScope::per_read},
                                         {"per_reply", smtp::TimerScope::per_reply}};
const Words<smtp::CodeFrom> kCodeFrom = {{"last_line", smtp::CodeFrom::last_line},
                                         {"first_line", smtp::CodeFrom::first_line}};
const Words<smtp::Rcpt552> kRcpt552 = {{"permanent", smtp::Rcpt552::permanent}, {"surplus", smtp::Rcpt552::surplus}};
const Words<smtp::BackPressure> kPressure = {
    {"normal", smtp::BackPressure::normal}, {"medium", smtp::BackPressure::medium}, {"high", smtp::BackPressure::high}};
const Words<smtp::Switch> kSwitch = {{"off", smtp::Switch::off}, {"on", smtp::Switch::on}};
const Words<transport::ExpiryStatus> kExpiry = {{"4.4.7", transport::ExpiryStatus::expired_4_4_7},
                                                {"last_status", transport::ExpiryStatus::last_status},
                                                {"5.0.0", transport::ExpiryStatus::generic_5_0_0}};
const Words<transport::ReportShape> kShape = {{"rfc3464", transport::ReportShape::rfc3464},
                                              {"windows_smtp", transport::ReportShape::windows_smtp},
                                              {"exchange_2007", transport::ReportShape::exchange_2007},
                                              {"postfix", transport::ReportShape::postfix},
                                              {"exchange_2003", transport::ReportShape::exchange_2003},
                                              {"x400_report", transport::ReportShape::x400_report}};

const Words<routing::RouterKind> kRouters = {{"dns", routing::RouterKind::dns},
                                             {"link_state", routing::RouterKind::link_state},
                                             {"sites", routing::RouterKind::sites}};

const Words<transport::ConvertAt> kConvertAt = {{"attempt", transport::ConvertAt::attempt},
                                                {"categorizer", transport::ConvertAt::categorizer}};

// Days since 1899-12-30, as the range counts them.
std::int64_t variant_day(json::Date date) {
  return json::days_since_1970(date) + content::kVariantOfUnixEpoch / 86'400;
}
std::string variant_text(std::int64_t day) {
  return json::format_date(json::date_of_day(day - content::kVariantOfUnixEpoch / 86'400));
}
const Words<scanner::Infected> kInfected = {{"clean_or_delete", scanner::Infected::clean_or_delete},
                                            {"clean_or_block", scanner::Infected::clean_or_block},
                                            {"delete", scanner::Infected::delete_item},
                                            {"block", scanner::Infected::block}};

const Words<store::ReadAt> kReadAt = {{"service_start", store::ReadAt::start}, {"change", store::ReadAt::change}};
const Words<client::ListRead> kListRead = {{"session_start", client::ListRead::session_start},
                                           {"change", client::ListRead::change}};
const Words<directory::SearchScope> kSearchScope = {{"domain", directory::SearchScope::domain},
                                                    {"forest", directory::SearchScope::forest}};

std::optional<store::BuiltinRange> parse_range(std::string_view text) {
  if (text == "all") return store::BuiltinRange{};
  store::BuiltinRange range;
  const char* end = text.data() + text.size();
  auto [dots, error] = std::from_chars(text.data(), end, range.first);
  if (error != std::errc{} || std::string_view(dots, end).substr(0, 2) != "..") return std::nullopt;
  auto [stop, second] = std::from_chars(dots + 2, end, range.last);
  if (second != std::errc{} || stop != end || range.last < range.first) return std::nullopt;
  return range;
}

template <class E>
std::string word(const Words<E>& words, E value) {
  for (const auto& [name, meaning] : words)
    if (meaning == value) return name;
  return "?";
}

using Timers = smtp::ClientTimers;
const std::vector<std::pair<std::string, Duration Timers::*>> kTimers = {
    {"CONNECT", &Timers::connect}, {"GREETING", &Timers::greeting}, {"EHLO", &Timers::ehlo},  {"MAIL", &Timers::mail},
    {"RCPT", &Timers::rcpt},       {"DATA", &Timers::data},         {"BODY", &Timers::block}, {"DOT", &Timers::dot},
    {"RSET", &Timers::rset},       {"QUIT", &Timers::quit}};

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& ladder : transport::ladder_presets()) names.push_back(ladder.preset);
  return names;
}

}  // namespace

json::Reader<Duration> value_reader(Duration*) { return any_duration(); }
json::Reader<std::uint64_t> value_reader(std::uint64_t*) {
  return json::convert(json::integer(0, std::numeric_limits<std::int64_t>::max()),
                       [](std::int64_t n) { return static_cast<std::uint64_t>(n); });
}
json::Reader<std::vector<std::string>> value_reader(std::vector<std::string>*) {
  return json::list(json::pattern(
      "EHLO keyword",
      [](std::string_view t) { return !t.empty() && t.size() < 500 && t.find_first_of("\r\n") == t.npos; },
      "^[^\\r\\n]{1,499}$", "an EHLO keyword with its parameters, such as \"SIZE 10485760\""));
}
json::Reader<Timers> value_reader(Timers*) {
  auto reader = json::object<Timers>("timers", "How long the client waits at each stage");
  for (const auto& [name, member] : kTimers) reader = reader.optional(name, member, positive_duration());
  return reader;
}
json::Reader<smtp::TimerScope> value_reader(smtp::TimerScope*) { return json::choice(kScopes); }
json::Reader<smtp::CodeFrom> value_reader(smtp::CodeFrom*) { return json::choice(kCodeFrom); }
json::Reader<smtp::Rcpt552> value_reader(smtp::Rcpt552*) { return json::choice(kRcpt552); }
json::Reader<smtp::BackPressure> value_reader(smtp::BackPressure*) { return json::choice(kPressure); }
json::Reader<smtp::Switch> value_reader(smtp::Switch*) { return json::choice(kSwitch); }

json::Reader<transport::Ladder> value_reader(transport::Ladder*) {
  auto named = json::word(preset_names());
  auto written = json::list(positive_duration(), {.fewest = 1});
  return json::convert(
      json::one_of("the name of a retry ladder or a list of durations such as [\"15m\", \"30m\"]", named, written),
      [](const std::variant<std::size_t, std::vector<Duration>>& value) {
        if (value.index() == 0) return transport::ladder_presets()[std::get<0>(value)];
        return transport::Ladder{std::get<1>(value), ""};
      });
}
json::Reader<transport::Glitch> value_reader(transport::Glitch*) {
  auto count = json::convert(json::integer(0, 1000), [](std::int64_t n) { return static_cast<std::uint32_t>(n); });
  return json::object<transport::Glitch>("glitch", "Short retries before the ladder begins")
      .required("interval", &transport::Glitch::interval, positive_duration(), "Between two of them")
      .required("count", &transport::Glitch::count, count, "How many");
}
json::Reader<transport::GlitchStages> value_reader(transport::GlitchStages*) {
  return json::convert(json::list(json::word({"connect", "busy", "message"})),
                       [](const std::vector<std::size_t>& words) {
                         transport::GlitchStages stages{false, false, false};
                         for (std::size_t w : words)
                           (w == 0 ? stages.connect : w == 1 ? stages.busy : stages.message) = true;
                         return stages;
                       });
}
json::Reader<transport::ExpiryStatus> value_reader(transport::ExpiryStatus*) { return json::choice(kExpiry); }
json::Reader<transport::ReportShape> value_reader(transport::ReportShape*) { return json::choice(kShape); }
json::Reader<routing::RouterKind> value_reader(routing::RouterKind*) { return json::choice(kRouters); }
json::Reader<transport::ConvertAt> value_reader(transport::ConvertAt*) { return json::choice(kConvertAt); }
json::Reader<content::VariantRange> value_reader(content::VariantRange*) {
  struct Days {
    json::Date first, last;
  };
  auto shape = json::object<Days>("range of dates", "Both days belong to it")
                   .required("first", &Days::first, json::date(), "The first day")
                   .required("last", &Days::last, json::date(), "The last day");
  return json::convert(shape, [](const Days& d) {
    return content::VariantRange{variant_day(d.first), variant_day(d.last)};
  });
}
json::Reader<std::string> value_reader(std::string*) { return json::text({.shortest = 1, .longest = 200}); }

json::Reader<x400::Retries> value_reader(x400::Retries*) {
  auto count = json::convert(json::integer(0, 100'000), [](std::int64_t n) { return static_cast<std::uint32_t>(n); });
  return json::object<x400::Retries>("retries", "How often a failed attempt is made again")
      .required("count", &x400::Retries::count, count, "How often")
      .required("interval", &x400::Retries::interval, positive_duration(), "Between two attempts");
}
json::Reader<x400::Lifetimes> value_reader(x400::Lifetimes*) {
  return json::object<x400::Lifetimes>("by_priority", "A duration for each priority of a message")
      .required("urgent", &x400::Lifetimes::urgent, positive_duration())
      .required("normal", &x400::Lifetimes::normal, positive_duration())
      .required("non_urgent", &x400::Lifetimes::non_urgent, positive_duration());
}
json::Reader<x400::AssociationTimes> value_reader(x400::AssociationTimes*) {
  auto messages =
      json::convert(json::integer(1, 1'000'000), [](std::int64_t n) { return static_cast<std::uint64_t>(n); });
  return json::object<x400::AssociationTimes>("association", "How long an association lives, and how many there are")
      .required("lifetime", &x400::AssociationTimes::lifetime, positive_duration(), "Without mail")
      .required("disconnect", &x400::AssociationTimes::disconnect, positive_duration(), "Wait for the end")
      .required("threshold", &x400::AssociationTimes::threshold, messages, "Mail that waits before another is opened");
}
json::Reader<scanner::Exclusions> value_reader(scanner::Exclusions*) {
  auto pattern = json::pattern("what is not scanned", scanner::is_exclusion,
                               "^(?=.{1,255}$)\\.?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$",
                               "a message class such as \"IPM.Note.SMIME\" or an ending such as \".zip\"");
  return json::convert(json::list(pattern),
                       [](std::vector<std::string> patterns) { return scanner::Exclusions{std::move(patterns)}; });
}
json::Reader<scanner::Infected> value_reader(scanner::Infected*) { return json::choice(kInfected); }
json::Reader<store::BuiltinRange> value_reader(store::BuiltinRange*) {
  auto good = [](std::string_view t) { return parse_range(t).has_value(); };
  return json::convert(json::pattern("relative identifiers", good, "^(all|[0-9]+\\.\\.[0-9]+)$",
                                     "\"all\", or the first and last relative identifier such as \"544..554\""),
                       [](const std::string& t) { return *parse_range(t); });
}
json::Reader<store::ReadAt> value_reader(store::ReadAt*) { return json::choice(kReadAt); }
json::Reader<client::ListRead> value_reader(client::ListRead*) { return json::choice(kListRead); }
json::Reader<directory::SearchScope> value_reader(directory::SearchScope*) { return json::choice(kSearchScope); }

std::string value_text(Duration value) { return text_of(value); }
std::string value_text(std::uint64_t value) { return fmt::format("{}", value); }
std::string value_text(const std::vector<std::string>& value) { return fmt::format("{}", fmt::join(value, ", ")); }
std::string value_text(const Timers& value) {
  std::vector<std::string> parts;
  for (const auto& [name, member] : kTimers) parts.push_back(fmt::format("{} {}", name, text_of(value.*member)));
  return fmt::format("{}", fmt::join(parts, ", "));
}
std::string value_text(smtp::TimerScope value) { return word(kScopes, value); }
std::string value_text(smtp::CodeFrom value) { return word(kCodeFrom, value); }
std::string value_text(smtp::Rcpt552 value) { return word(kRcpt552, value); }
std::string value_text(smtp::BackPressure value) { return word(kPressure, value); }
std::string value_text(smtp::Switch value) { return word(kSwitch, value); }
std::string value_text(const transport::Ladder& value) {
  std::vector<std::string> parts;
  for (Duration d : value.steps) parts.push_back(text_of(d));
  std::string list = fmt::format("{}", fmt::join(parts, ", "));
  return value.preset.empty() ? list : fmt::format("{} ({})", value.preset, list);
}
std::string value_text(transport::Glitch value) {
  return value.count == 0 ? "none" : fmt::format("{} × {}", value.count, text_of(value.interval));
}
std::string value_text(transport::GlitchStages value) {
  std::vector<std::string> parts;
  if (value.connect) parts.emplace_back("connect");
  if (value.busy) parts.emplace_back("busy");
  if (value.message) parts.emplace_back("message");
  return fmt::format("{}", fmt::join(parts, ", "));
}
std::string value_text(transport::ExpiryStatus value) { return word(kExpiry, value); }
std::string value_text(transport::ReportShape value) { return word(kShape, value); }
std::string value_text(routing::RouterKind value) { return word(kRouters, value); }
std::string value_text(transport::ConvertAt value) { return word(kConvertAt, value); }
std::string value_text(content::VariantRange value) {
  return fmt::format("{} to {}", variant_text(value.first_day), variant_text(value.last_day));
}
std::string value_text(const std::string& value) { return value; }
std::string value_text(x400::Retries value) {
  return value.count == 0 ? "none" : fmt::format("{} × {}", value.count, text_of(value.interval));
}
std::string value_text(const x400::Lifetimes& value) {
  return fmt::format("urgent {}, normal {}, non_urgent {}", text_of(value.urgent), text_of(value.normal),
                     text_of(value.non_urgent));
}
std::string value_text(const x400::AssociationTimes& value) {
  return fmt::format("lifetime {}, disconnect {}, threshold {}", text_of(value.lifetime), text_of(value.disconnect),
                     value.threshold);
}
std::string value_text(const scanner::Exclusions& value) {
  return value.patterns.empty() ? "none" : value_text(value.patterns);
}
std::string value_text(scanner::Infected value) { return word(kInfected, value); }
std::string value_text(store::BuiltinRange value) {
  return value == store::BuiltinRange{} ? "all" : fmt::format("{}..{}", value.first, value.last);
}
std::string value_text(store::ReadAt value) { return word(kReadAt, value); }
std::string value_text(client::ListRead value) { return word(kListRead, value); }
std::string value_text(directory::SearchScope value) { return word(kSearchScope, value); }

}  // namespace deadletter::builds
