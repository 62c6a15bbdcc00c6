// Writing: the order of properties is that of calendar.h. Each property is one line that is built whole, then folded.
#include <fmt/format.h>

#include "models/content/calendar.h"
#include "models/content/calendar_event.h"
#include "models/content/calendar_lines.h"

namespace deadletter::content {
namespace {

using calendar::fold;
using calendar::quote_parameter;
using calendar::without_controls;

class CalendarWriter {
 public:
  void write(const Calendar& calendar) {
    raw("BEGIN", "VCALENDAR");
    raw("PRODID", escape_text(calendar.product));
    raw("VERSION", "2.0");
    raw("METHOD", calendar.method);
    for (const OtherProperty& property : calendar.others)
      if (calendar::other_of_calendar(property.name)) other(property);
    for (const std::string& zone : calendar.zones) write_zone(zone);
    for (const Event& event : calendar.events) write(event);
    raw("END", "VCALENDAR");
  }
  std::string take() { return std::move(octets_); }

 private:
  // Nothing of an empty value.
  void raw(std::string_view name, std::string_view value) {
    if (!value.empty()) octets_ += fold(fmt::format("{}:{}", name, without_controls(value)));
  }

  void write(const Event& event) {
    raw("BEGIN", "VEVENT");
    if (!event.organizer.empty() || !event.organizer_name.empty())
      person("ORGANIZER" + named(event.organizer_name), event.organizer);
    for (const Attendee& attendee : event.attendees) write(attendee);
    for (const auto& place : calendar::kTexts) raw(place.name, escape_text(event.*place.member));
    for (const auto& place : calendar::kTimes)
      if (event.*place.member) write(place.name, *(event.*place.member));
    raw("SEQUENCE", fmt::format("{}", event.sequence));
    raw("STATUS", event.status);
    raw("RRULE", event.rule);
    for (const OtherProperty& property : event.others)
      if (calendar::other_of_event(property.name)) other(property);
    raw("END", "VEVENT");
  }

  static std::string named(const std::string& name) { return name.empty() ? "" : ";CN=" + quote_parameter(name); }

  void person(const std::string& head, const std::string& address) { raw(head, "mailto:" + address); }

  void write(const Attendee& attendee) {
    std::string head = "ATTENDEE" + named(attendee.name);
    head += attendee.optional ? ";ROLE=OPT-PARTICIPANT" : ";ROLE=REQ-PARTICIPANT";
    head += fmt::format(";PARTSTAT={}", text(attendee.status));
    if (attendee.rsvp) head += ";RSVP=TRUE";
    person(head, attendee.address);
  }

  void write(std::string_view name, const CalendarTime& time) {
    std::string value = text(time);
    std::string head(name);
    if (time.date_only) head += ";VALUE=DATE";
    if (!time.zone.empty() && (time.date_only || !time.utc)) head += ";TZID=" + quote_parameter(time.zone);
    raw(head, value);
  }

  void other(const OtherProperty& property) {
    if (!calendar::readable_name(property.name)) return;
    std::string head = property.name, parameters = without_controls(property.parameters);
    if (!parameters.empty() && calendar::readable_parameters(parameters)) head += ";" + parameters;
    octets_ += fold(without_controls(head + ":" + property.value));
  }

  // What a reader makes of it, when that is one zone and nothing else.
  void write_zone(const std::string& zone) {
    Calendar read = read_calendar("BEGIN:VCALENDAR\r\n" + zone + "\r\nEND:VCALENDAR\r\n").calendar.value_or(Calendar{});
    if (read.zones.size() == 1 && read == Calendar{"", "", read.zones, {}, {}}) octets_ += read.zones[0];
  }

  std::string octets_;
};

}  // namespace

std::string write_calendar(const Calendar& calendar) {
  CalendarWriter writer;
  writer.write(calendar);
  return writer.take();
}

}  // namespace deadletter::content
