// Meeting objects in the shapes that the products of the time write; every name and number in them is invented.
#pragma once
#include <string>
#include <string_view>

namespace deadletter::content::testing {

// `lines` are parted by line feeds; each gets `end`.
inline std::string with_ends(std::string_view lines, std::string_view end) {
  std::string octets;
  for (char c : lines) octets += c == '\n' ? std::string(end) : std::string(1, c);
  return octets;
}
inline std::string crlf(std::string_view lines) { return with_ends(lines, "\r\n"); }

// An attendee on Exchange 2003 accepts: the critical change is the time of the reply.
inline constexpr std::string_view kExchange2003Reply = R"(BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft CDO for Microsoft Exchange
VERSION:2.0
BEGIN:VTIMEZONE
TZID:(GMT+01.00) Amsterdam/Berlin/Bern
X-MICROSOFT-CDO-TZID:4
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;WKST=MO;INTERVAL=1;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTAMP:20070305T101500Z
DTSTART;TZID="(GMT+01.00) Amsterdam/Berlin/Bern":20070308T140000
SUMMARY:Accepted: Budget 2007
UID:040000008200E00074C5B7101A82E00800000000A0B1
ATTENDEE;PARTSTAT=ACCEPTED;CN="Weber, Bea":MAILTO:bea@fabrikam.com
DTEND;TZID="(GMT+01.00) Amsterdam/Berlin/Bern":20070308T150000
SEQUENCE:2
CLASS:
STATUS:CONFIRMED
X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE:20070305T101500Z
X-MICROSOFT-CDO-OWNERAPPTID:-1423071552
X-MICROSOFT-CDO-REPLYTIME:20070305T101500Z
END:VEVENT
END:VCALENDAR
)";

// The same on Exchange 2007: neither critical change nor time of the reply, and parameters in every property.
inline constexpr std::string_view kExchange2007Reply = R"(BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2007
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=ACCEPTED;CN=Bea Weber:MAILTO:bea@fabrikam.com
SUMMARY;LANGUAGE=de-DE:Zugesagt: Budget 2007
DTSTART;TZID=W. Europe Standard Time:20070308T140000
DTEND;TZID=W. Europe Standard Time:20070308T150000
UID:040000008200E00074C5B7101A82E00800000000A0B1
CLASS:PUBLIC
DTSTAMP:20070305T101502Z
SEQUENCE:2
X-MICROSOFT-CDO-APPT-SEQUENCE:2
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-INSTTYPE:0
END:VEVENT
END:VCALENDAR
)";

// Outlook invites; a fold in the middle of a word, and an alarm.
inline constexpr std::string_view kOutlookRequest = R"(BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 12.0 MIMEDIR//EN
VERSION:2.0
METHOD:REQUEST
X-MS-OLK-FORCEINSPECTOROPEN:TRUE
BEGIN:VEVENT
ATTENDEE;CN="Weber, Bea";RSVP=TRUE:mailto:bea@fabri
	kam.com
ATTENDEE;CN=Room 7;ROLE=OPT-PARTICIPANT;RSVP=FALSE:mailto:room7@contoso.com
DESCRIPTION:Agenda:\n1. Figures\, old and new\n2. Path \\\\files\\budget\n
DTEND:20070308T140000Z
DTSTAMP:20070301T090000Z
DTSTART:20070308T130000Z
LOCATION:Room 7
ORGANIZER;CN="Lind, Ann":mailto:ann@contoso.com
SEQUENCE:0
SUMMARY:Budget 2007
TRANSP:OPAQUE
UID:uid-of-outlook
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
)";

// Outlook Web Access publishes: several events, zones that no VTIMEZONE explains, no end of the last line.
inline constexpr std::string_view kOwaPublish = R"(BEGIN:VCALENDAR
METHOD:PUBLISH
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
X-WR-CALNAME:Team
BEGIN:VEVENT
SUMMARY: Stand-up
DTSTART;TZID="(GMT+10:00) Canberra, Melbourne, Sydney":20101028T133000
RRULE:FREQ=WEEKLY;UNTIL=20110828T140000Z;INTERVAL=1;BYDAY=TH,FR;WKST=SU
END:VEVENT
BEGIN:VEVENT
SUMMARY: Holiday
DTSTART;VALUE=DATE:20101224
DTEND;VALUE=DATE:20101227
END:VEVENT
END:VCALENDAR)";

// A series is called off by an organizer on Exchange 2003 whose attendee never answered in time.
inline constexpr std::string_view kCancelledSeries = R"(BEGIN:VCALENDAR
METHOD:REQUEST
PRODID:Microsoft CDO for Microsoft Exchange
VERSION:2.0
BEGIN:VEVENT
DTSTAMP:20070306T080000Z
DTSTART:20070308T130000Z
SUMMARY:Canceled: Weekly figures
UID:series-1
ORGANIZER:MAILTO:ann@contoso.com
STATUS:CANCELLED
RRULE:FREQ=WEEKLY;COUNT=10;INTERVAL=1;BYDAY=TH
X-MICROSOFT-CDO-REPLYTIME:16010101T000000Z
END:VEVENT
BEGIN:VEVENT
RECURRENCE-ID:20070315T130000Z
DTSTART:20070315T150000Z
UID:series-1
STATUS:CANCELLED
X-MICROSOFT-CDO-REPLYTIME:16010101T000000Z
X-MICROSOFT-CDO-MODPROPS:BEGIN,DTEND,DTSTART,SUM
 MARY
END:VEVENT
END:VCALENDAR
)";

// An event of these lines in a calendar of one event; the first of them is line 3.
inline std::string event_of(std::string_view lines) {
  return crlf("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + std::string(lines) + "\nEND:VEVENT\nEND:VCALENDAR\n");
}

}  // namespace deadletter::content::testing
