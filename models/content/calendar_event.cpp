#include "models/content/calendar_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "models/content/calendar_ical.h"

namespace deadletter::content::calendar {
namespace {

constexpr std::string_view kMailto = "MAILTO:";

std::string address_of(std::string_view value) {
  value = trimmed(value);
  if (upper(value.substr(0, kMailto.size())) == kMailto) value.remove_prefix(kMailto.size());
  return std::string(trimmed(value));
}

std::string not_this(const ContentLine& line, std::string_view what) {
  return fmt::format("{} {} is no {}", upper(line.name()), quoted(line.value()), what);
}

}  // namespace

bool other_of_event(std::string_view name) {
  std::string upper_name = upper(name);
  auto is = [&](const auto& place) { return place.name == upper_name; };
  constexpr std::string_view others[] = {"ORGANIZER", "ATTENDEE", "SEQUENCE", "STATUS", "RRULE", "BEGIN", "END"};
  return std::ranges::none_of(kTexts, is) && std::ranges::none_of(kTimes, is) &&
         std::ranges::find(others, upper_name) == std::end(others);
}

bool other_of_calendar(std::string_view name) {
  constexpr std::string_view others[] = {"METHOD", "PRODID", "VERSION", "BEGIN", "END"};
  return std::ranges::find(others, upper(name)) == std::end(others);
}

void EventReader::read(const ContentLine& line, Event& event) {
  if (other_of_event(line.name())) {
    event.others.push_back({std::string(line.name()), std::string(line.parameters()), std::string(line.value())});
    return;
  }
  std::string name = upper(line.name());
  if (name == "ATTENDEE") return attendee(line, event);
  if (!once(line, name)) return;
  for (const TextPlace& place : kTexts)
    if (place.name == name) event.*place.member = unescape_text(line.value());
  for (const TimePlace& place : kTimes)
    if (place.name == name) time(line, event.*place.member);
  if (name == "ORGANIZER") organizer(line, event);
  if (name == "SEQUENCE") sequence(line, event);
  if (name == "STATUS") event.status = upper(trimmed(line.value()));
  if (name == "RRULE") rule(line, event);
}

bool EventReader::once(const ContentLine& line, const std::string& name) {
  if (std::ranges::find(seen_, name) != seen_.end()) {
    problems_.add(line.line,
                  fmt::format("{} {} is not the first of its event: passed over", name, quoted(line.value())));
    return false;
  }
  seen_.push_back(name);
  return true;
}

void EventReader::time(const ContentLine& line, std::optional<CalendarTime>& place) {
  place = parse_calendar_time(trimmed(line.value()));
  if (!place) {
    problems_.add(line.line, not_this(line, line.value().size() == 8 ? "date" : "date-time"));
    seen_.pop_back();  // the next may do
    return;
  }
  for (Parameter& parameter : split_parameters(line.parameters())) {
    if (parameter.name != "TZID" || !place->zone.empty()) continue;
    if (place->utc)
      problems_.add(line.line,
                    fmt::format("{} is UTC: TZID {} is passed over", upper(line.name()), quoted(parameter.value)));
    else
      place->zone = std::move(parameter.value);
  }
}

void EventReader::organizer(const ContentLine& line, Event& event) {
  event.organizer = address_of(line.value());
  for (Parameter& parameter : split_parameters(line.parameters()))
    if (parameter.name == "CN") event.organizer_name = std::move(parameter.value);
}

void EventReader::attendee(const ContentLine& line, Event& event) {
  Attendee attendee{address_of(line.value())};
  auto take = [&](const Parameter& parameter, auto value, auto& place) {
    if (value)
      place = *value;
    else
      problems_.add(line.line, fmt::format("{} {} of an ATTENDEE is unknown: taken as if it were missing",
                                           parameter.name, quoted(parameter.value)));
  };
  for (Parameter& parameter : split_parameters(line.parameters())) {
    auto role_of = [&]() -> std::optional<bool> {
      auto known = role(parameter.value);
      return known ? std::optional(*known == Role::optional) : std::nullopt;
    };
    if (parameter.name == "PARTSTAT") take(parameter, part_stat(parameter.value), attendee.status);
    if (parameter.name == "RSVP") take(parameter, rsvp(parameter.value), attendee.rsvp);
    if (parameter.name == "ROLE") take(parameter, role_of(), attendee.optional);
    if (parameter.name == "CN") attendee.name = std::move(parameter.value);
  }
  event.attendees.push_back(std::move(attendee));
}

void EventReader::sequence(const ContentLine& line, Event& event) {
  std::string_view value = trimmed(line.value());
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc{} && end == value.data() + value.size()) {
    event.sequence = number;
    return;
  }
  problems_.add(line.line, not_this(line, "number"));
  seen_.pop_back();
}

void EventReader::rule(const ContentLine& line, Event& event) {
  event.rule = trimmed(line.value());
  if (!is_recurrence_rule(event.rule)) problems_.add(line.line, not_this(line, "recurrence rule") + ": kept as text");
}

}  // namespace deadletter::content::calendar
