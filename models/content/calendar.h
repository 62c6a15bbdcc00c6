// Calendar objects (RFC 5545) as values, and the methods by which meetings are arranged (RFC 5546). libical knows the
// words and the rules of recurrence; lines are read and written here, for products write them in many ways.
//
// What the converters need of a meeting has a place of its own; other properties are kept as they are, in their order.
//
// read_calendar accepts any octets, in time linear in them:
//   * line ends of any kind, a lost blank at a fold, raw 8-bit octets (Latin-1), control octets (dropped), quoted and
//     bare TZIDs, missing VTIMEZONEs, missing ENDs, properties without a value;
//   * of several VCALENDARs in a stream it reads the first: Exchange 2003 and 2007 do not support several;
//   * components nested deeper than 64 levels are hostile, and the object is refused.
// What is passed over, mended or cannot be used is told as a problem with its line; nothing throws. Of a property that
// may occur once the first that can be used counts.
//
// write_calendar gives the same octets for the same value: CR LF, lines folded at 75 octets between characters.
//   VCALENDAR   PRODID VERSION METHOD, others, VTIMEZONEs, VEVENTs
//   VEVENT      ORGANIZER ATTENDEEs UID SUMMARY LOCATION DESCRIPTION DTSTART DTEND DTSTAMP RECURRENCE-ID SEQUENCE
//   STATUS
//               RRULE, others
// What is empty is left out. No value adds a line or a property: in texts a line break is written "\n", elsewhere it is
// dropped as every control octet is; parameters of `others` that are malformed, names there that are none or have a
// place above, zones that are no VTIMEZONE and times outside 1601 to 9999 are left out.
//
// A value that was read is read again from what is written of it.
//
// NOT MODELLED: VTODO, VJOURNAL, VFREEBUSY, VALARM (passed over); the arithmetic of recurrences (a rule is kept as
// text) and of zones; parameters of properties with a place above, but for those that have a place too (LANGUAGE,
// SENT-BY, CUTYPE and the like are not kept).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/content/times.h"

namespace deadletter::content {

// DATE or DATE-TIME: a wall clock reading, with what is known of its zone. Of a DATE the reading is midnight.
struct CalendarTime {
  std::int64_t wall_s = 0;  // the reading as if it were UTC: seconds since 1970-01-01
  bool date_only = false, utc = false;
  std::string zone{};  // TZID; empty: UTC, or floating
  friend bool operator==(const CalendarTime&, const CalendarTime&) = default;
};
// "20060301", "20060301T080000", "20060301T080000Z": from 1601 to 9999. A leap second is the second after it.
std::optional<CalendarTime> parse_calendar_time(std::string_view text);
std::string text(const CalendarTime& time);  // without its zone; empty outside 1601 to 9999

enum class PartStat : std::uint8_t { needs_action, accepted, tentative, declined, delegated };
struct Attendee {
  std::string address;  // without "mailto:"
  std::string name{};
  PartStat status = PartStat::needs_action;
  bool optional = false, rsvp = false;  // optional: OPT-PARTICIPANT or NON-PARTICIPANT, and written as the first
  friend bool operator==(const Attendee&, const Attendee&) = default;
};

struct OtherProperty {
  std::string name;        // "X-MICROSOFT-CDO-BUSYSTATUS"
  std::string parameters;  // as written, without the leading ";"; may be empty
  std::string value;       // as written: escape_text and unescape_text, where it is TEXT
  friend bool operator==(const OtherProperty&, const OtherProperty&) = default;
};

struct Event {
  std::string uid, summary, location, description, organizer, organizer_name;
  std::optional<CalendarTime> start, end, stamp, recurrence_id;
  std::int64_t sequence = 0;
  std::string status, rule;  // STATUS, upper case; RRULE's value
  std::vector<Attendee> attendees;
  std::vector<OtherProperty> others;  // all that has no place above, in order

  const std::string* other(std::string_view name) const;  // the value of the first of that name, without case
  friend bool operator==(const Event&, const Event&) = default;
};

struct Calendar {
  std::string method;              // "REQUEST", upper case; empty when missing
  std::string product;             // PRODID
  std::vector<std::string> zones;  // VTIMEZONE components, lines as written but CRLF and folded anew
  std::vector<Event> events;
  std::vector<OtherProperty> others{};  // of the VCALENDAR, in order; VERSION is not kept
  friend bool operator==(const Calendar&, const Calendar&) = default;
};

struct CalendarProblem {
  std::size_t line = 0;  // from 1; 0: of the object as a whole
  std::string reason;
  friend bool operator==(const CalendarProblem&, const CalendarProblem&) = default;
};
std::string text(const CalendarProblem& problem);  // "line 12: DTSTART \"20061301T000000Z\" is no date-time"

struct ReadCalendar {
  std::optional<Calendar> calendar;       // nothing when there is no VCALENDAR that can be used
  std::vector<CalendarProblem> problems;  // by line; of more than 100 the rest is counted in a last one
};
ReadCalendar read_calendar(std::string_view octets);

std::string write_calendar(const Calendar& calendar);

// TEXT values (RFC 5545, 3.3.11): "\\", "\;", "\,", "\n". Another backslash is read as itself, for products write
// "\\server\share" bare.
std::string escape_text(std::string_view text);
std::string unescape_text(std::string_view value);

const char* text(PartStat status);  // "NEEDS-ACTION"

}  // namespace deadletter::content
