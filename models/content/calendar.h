// Calendar objects (RFC 5545) as values, and the methods by which meetings are arranged (RFC 5546). libical reads them.
//
// What the converters need of a meeting has a place of its own; other properties are kept as they are, in their order.
//
// NOT MODELLED: VTODO, VJOURNAL, VFREEBUSY, VALARM (passed over); the arithmetic of recurrences (a rule is kept as
// text).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/content/times.h"

namespace deadletter::content {

// DATE or DATE-TIME: a wall clock reading, with what is known of its zone.
struct CalendarTime {
  std::int64_t wall_s = 0;  // the reading as if it were UTC: seconds since 1970-01-01
  bool date_only = false, utc = false;
  std::string zone{};  // TZID; empty: UTC, or floating
  friend bool operator==(const CalendarTime&, const CalendarTime&) = default;
};

enum class PartStat : std::uint8_t { needs_action, accepted, tentative, declined, delegated };
struct Attendee {
  std::string address;  // without "mailto:"
  std::string name{};
  PartStat status = PartStat::needs_action;
  bool optional = false, rsvp = false;
  friend bool operator==(const Attendee&, const Attendee&) = default;
};

struct OtherProperty {
  std::string name;        // "X-MICROSOFT-CDO-BUSYSTATUS"
  std::string parameters;  // as written, without the leading ";"; may be empty
  std::string value;
  friend bool operator==(const OtherProperty&, const OtherProperty&) = default;
};

struct Event {
  std::string uid, summary, location, description, organizer, organizer_name;
  std::optional<CalendarTime> start, end, stamp, recurrence_id;
  std::int64_t sequence = 0;
  std::string status, rule;  // STATUS; RRULE's value
  std::vector<Attendee> attendees;
  std::vector<OtherProperty> others;  // all that has no place above, in order

  const std::string* other(std::string_view name) const;  // the value of the first of that name, without case
  friend bool operator==(const Event&, const Event&) = default;
};

struct Calendar {
  std::string method;              // "REQUEST"; empty when missing
  std::string product;             // PRODID
  std::vector<std::string> zones;  // VTIMEZONE components as written, CRLF line ends
  std::vector<Event> events;
  friend bool operator==(const Calendar&, const Calendar&) = default;
};

struct CalendarProblem {
  std::size_t line = 0;  // from 1; 0: of the object as a whole
  std::string reason;
};
struct ReadCalendar {
  std::optional<Calendar> calendar;       // nothing when there is no VCALENDAR that can be used
  std::vector<CalendarProblem> problems;  // also of what was passed over
};
// Accepts what products really write: line ends of any kind, raw 8-bit octets, quoted TZIDs, missing VTIMEZONEs.
ReadCalendar read_calendar(std::string_view octets);

// CRLF line ends, lines folded at 75 octets; the same octets for the same value.
std::string write_calendar(const Calendar& calendar);

const char* text(PartStat status);

}  // namespace deadletter::content
