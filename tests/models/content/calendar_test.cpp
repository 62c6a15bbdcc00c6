// Calendar objects as products write them, and as they are written here.
#include "models/content/calendar.h"

#include <gtest/gtest.h>

#include "models/content/times.h"
#include "tests/models/content/calendar_samples.h"

namespace deadletter::content {
namespace {

using namespace testing;

std::vector<std::string> told(const ReadCalendar& read) {
  std::vector<std::string> lines;
  for (const CalendarProblem& problem : read.problems) lines.push_back(text(problem));
  return lines;
}
using Told = std::vector<std::string>;

std::string other(const Event& event, std::string_view name) {
  const std::string* value = event.other(name);
  return value == nullptr ? "(none)" : *value;
}

TEST(Calendar, AnExchange2003ReplyTellsWhenTheAttendeeAnswered) {
  ReadCalendar read = read_calendar(crlf(kExchange2003Reply));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(told(read), Told{});
  EXPECT_EQ(read.calendar->method, "REPLY");
  EXPECT_EQ(read.calendar->product, "Microsoft CDO for Microsoft Exchange");
  ASSERT_EQ(read.calendar->events.size(), 1u);
  const Event& event = read.calendar->events[0];
  EXPECT_EQ(event.attendees, (std::vector<Attendee>{{"bea@fabrikam.com", "Weber, Bea", PartStat::accepted}}));
  EXPECT_EQ(other(event, "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE"), "20070305T101500Z");
  EXPECT_EQ(other(event, "x-microsoft-cdo-replytime"), "20070305T101500Z");
  EXPECT_EQ(other(event, "CLASS"), "");
  EXPECT_EQ(event.sequence, 2);
  EXPECT_EQ(event.start->zone, "(GMT+01.00) Amsterdam/Berlin/Bern");
  EXPECT_EQ(text(*event.start), "20070308T140000");
  // The zone's own DTSTART of 1601 is no property of the event.
  ASSERT_EQ(read.calendar->zones.size(), 1u);
  EXPECT_NE(read.calendar->zones[0].find("\r\nDTSTART:16010101T030000\r\n"), std::string::npos);
}

TEST(Calendar, AnExchange2007ReplyDoesNot) {
  ReadCalendar read = read_calendar(crlf(kExchange2007Reply));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(told(read), Told{});
  const Event& event = read.calendar->events.at(0);
  EXPECT_EQ(event.summary, "Zugesagt: Budget 2007");
  EXPECT_EQ(event.attendees.at(0).status, PartStat::accepted);
  EXPECT_EQ(event.other("X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE"), nullptr);
  EXPECT_EQ(event.other("X-MICROSOFT-CDO-REPLYTIME"), nullptr);
  EXPECT_EQ(other(event, "X-MICROSOFT-CDO-BUSYSTATUS"), "BUSY");
}

TEST(Calendar, OutlookInvites) {
  ReadCalendar read = read_calendar(crlf(kOutlookRequest));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(told(read), Told{"line 20: VALARM is passed over"});
  const Event& event = read.calendar->events.at(0);
  EXPECT_EQ(event.organizer, "ann@contoso.com");
  EXPECT_EQ(event.organizer_name, "Lind, Ann");
  EXPECT_EQ(event.attendees,
            (std::vector<Attendee>{{"bea@fabrikam.com", "Weber, Bea", PartStat::needs_action, false, true},
                                   {"room7@contoso.com", "Room 7", PartStat::needs_action, true, false}}));
  EXPECT_EQ(event.description, "Agenda:\n1. Figures, old and new\n2. Path \\\\files\\budget\n");
  EXPECT_EQ(read.calendar->others, (std::vector<OtherProperty>{{"X-MS-OLK-FORCEINSPECTOROPEN", "", "TRUE"}}));
}

TEST(Calendar, OutlookWebAccessPublishesSeveralEventsWithoutTheirZone) {
  ReadCalendar read = read_calendar(kOwaPublish);
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(told(read), Told{});
  ASSERT_EQ(read.calendar->events.size(), 2u);
  const Event &stand_up = read.calendar->events[0], &holiday = read.calendar->events[1];
  EXPECT_EQ(stand_up.summary, " Stand-up");
  EXPECT_EQ(stand_up.start->zone, "(GMT+10:00) Canberra, Melbourne, Sydney");
  EXPECT_EQ(stand_up.rule, "FREQ=WEEKLY;UNTIL=20110828T140000Z;INTERVAL=1;BYDAY=TH,FR;WKST=SU");
  EXPECT_TRUE(holiday.start->date_only);
  EXPECT_EQ(text(*holiday.end), "20101227");
  EXPECT_EQ(read.calendar->zones.size(), 0u);
}

TEST(Calendar, ACancelledSeriesCarriesTheTimeThatWasNeverSet) {
  ReadCalendar read = read_calendar(crlf(kCancelledSeries));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(told(read), Told{});
  EXPECT_EQ(read.calendar->method, "REQUEST");
  for (const Event& event : read.calendar->events) {
    EXPECT_EQ(event.status, "CANCELLED");
    EXPECT_EQ(parse_ical_utc(other(event, "X-MICROSOFT-CDO-REPLYTIME")), FileTime{0});
  }
  EXPECT_EQ(text(*read.calendar->events[1].recurrence_id), "20070315T130000Z");
  EXPECT_EQ(other(read.calendar->events[1], "X-MICROSOFT-CDO-MODPROPS"), "BEGIN,DTEND,DTSTART,SUMMARY");
}

TEST(Calendar, LineEndsAreOfAnyKind) {
  for (std::string_view sample :
       {kExchange2003Reply, kExchange2007Reply, kOutlookRequest, kOwaPublish, kCancelledSeries}) {
    ReadCalendar good = read_calendar(crlf(sample));
    for (std::string_view end : {"\n", "\r", "\r\r\n", "\n\n"})
      EXPECT_EQ(read_calendar(with_ends(sample, end)).calendar, good.calendar);
    EXPECT_EQ(read_calendar("\xef\xbb\xbf" + crlf(sample)).calendar, good.calendar);
    EXPECT_EQ(read_calendar(with_ends(sample, "\r")).problems, good.problems);
  }
}

TEST(Calendar, WhatIsWrittenHasOneFormWhateverTheOrderItWasReadIn) {
  std::string expected = crlf(R"(BEGIN:VCALENDAR
PRODID:Microsoft CDO for Microsoft Exchange
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
ORGANIZER:mailto:ann@contoso.com
UID:series-1
SUMMARY:Canceled: Weekly figures
DTSTART:20070308T130000Z
DTSTAMP:20070306T080000Z
SEQUENCE:0
STATUS:CANCELLED
RRULE:FREQ=WEEKLY;COUNT=10;INTERVAL=1;BYDAY=TH
X-MICROSOFT-CDO-REPLYTIME:16010101T000000Z
END:VEVENT
BEGIN:VEVENT
UID:series-1
DTSTART:20070315T150000Z
RECURRENCE-ID:20070315T130000Z
SEQUENCE:0
STATUS:CANCELLED
X-MICROSOFT-CDO-REPLYTIME:16010101T000000Z
X-MICROSOFT-CDO-MODPROPS:BEGIN,DTEND,DTSTART,SUMMARY
END:VEVENT
END:VCALENDAR
)");
  EXPECT_EQ(write_calendar(*read_calendar(crlf(kCancelledSeries)).calendar), expected);
}

struct TimeCase {
  std::string_view written;
  const char* reads;  // nullptr: is no time
};
constexpr TimeCase kTimeCases[] = {
    {":20070308T130000Z", "20070308T130000Z"},
    {":20070308T130000", "20070308T130000"},
    {";VALUE=DATE:20070308", "20070308"},
    {":20070308", "20070308"},  // the value's shape decides, not its label
    {";VALUE=DATE-TIME:20070308T130000Z", "20070308T130000Z"},
    {":16010101T000000Z", "16010101T000000Z"},
    {":99991231T235959Z", "99991231T235959Z"},
    {":20040229T000000Z", "20040229T000000Z"},
    {":20051231T235960Z", "20060101T000000Z"},
    {": 20070308T130000Z ", "20070308T130000Z"},
    {":99991231T235960Z", nullptr},
    {":16001231T235959Z", nullptr},
    {":20061301T000000Z", nullptr},
    {":20070229T000000Z", nullptr},
    {":20070308T240000Z", nullptr},
    {":20070308t130000z", nullptr},
    {":2007-03-08T13:00", nullptr},
    {":+0070308T130000Z", nullptr},
    {":", nullptr},
    {":20070308T130000Z/PT1H", nullptr},
};

TEST(Calendar, TimesReachFrom1601To9999) {
  for (const TimeCase& c : kTimeCases) {
    SCOPED_TRACE(c.written);
    ReadCalendar read = read_calendar(event_of("DTSTART" + std::string(c.written)));
    ASSERT_TRUE(read.calendar);
    const auto& start = read.calendar->events.at(0).start;
    EXPECT_EQ(start ? text(*start) : "(none)", c.reads == nullptr ? "(none)" : c.reads);
    EXPECT_EQ(read.problems.empty(), c.reads != nullptr);
    EXPECT_EQ(read_calendar(write_calendar(*read.calendar)).calendar, read.calendar);
  }
}

TEST(Calendar, AZoneIsKeptByItsNameAndItsClockIsNotMoved) {
  struct {
    std::string_view line;
    CalendarTime time;
  } cases[] = {{"DTSTART;TZID=Pacific Standard Time:19700101T000001", {1, false, false, "Pacific Standard Time"}},
               {"DTSTART;TZID=\"A: b\":19700101T000001", {1, false, false, "A: b"}},
               {"DTSTART;VALUE=DATE;TZID=\"X\":19700102", {86'400, true, false, "X"}},
               {"dtstart;tzid=X:19700101T000001", {1, false, false, "X"}},
               {"DTSTART:19700101T000001", {1, false, false, ""}},
               {"DTSTART:16010101T000000", {-11'644'473'600, false, false, ""}}};
  for (const auto& c : cases) EXPECT_EQ(read_calendar(event_of(c.line)).calendar->events[0].start, c.time) << c.line;
}

TEST(Calendar, TextsAreEscaped) {
  struct {
    std::string_view plain, written;
  } cases[] = {{"a\nb", "a\\nb"},      {"a,b;c", "a\\,b\\;c"}, {"\\", "\\\\"}, {"\\n", "\\\\n"},
               {"a:\"b\"", "a:\"b\""}, {" two  ", " two  "},   {"\t", "\t"}};
  for (const auto& c : cases) {
    EXPECT_EQ(escape_text(c.plain), c.written);
    EXPECT_EQ(unescape_text(c.written), c.plain);
  }
  EXPECT_EQ(escape_text(std::string_view("a\r\nb\rc\0d", 8)), "a\\nb\\ncd");
  EXPECT_EQ(unescape_text("a\\Nb\\x \\"), "a\nb\\x \\");  // products forget to escape
}

TEST(Calendar, LinesFoldAt75OctetsAndNeverInsideACharacter) {
  for (std::size_t lead = 0; lead < 80; ++lead) {
    Event event;
    event.summary = std::string(lead, 'a');
    for (int i = 0; i < 60; ++i)
      event.summary += i % 3 == 0 ? "\xc3\xa9" : i % 3 == 1 ? "\xe2\x82\xac" : "\xf0\x9f\x93\x85";
    Calendar calendar{"", "", {}, {event}, {}};
    std::string octets = write_calendar(calendar);
    for (std::size_t at = 0; at < octets.size();) {
      std::size_t end = octets.find("\r\n", at);
      ASSERT_NE(end, std::string::npos);
      EXPECT_LE(end - at, 75u);
      std::size_t first = octets[at] == ' ' ? at + 1 : at;
      EXPECT_NE(octets[first] & 0xc0, 0x80) << "a line opens inside a character";
      at = end + 2;
    }
    EXPECT_EQ(read_calendar(octets).calendar, calendar);
  }
}

}  // namespace
}  // namespace deadletter::content
