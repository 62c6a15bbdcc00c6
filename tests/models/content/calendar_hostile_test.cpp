// Calendar objects that are broken, malicious or very large, and values that try to write more than themselves.
#include <gtest/gtest.h>

#include <random>

#include "models/content/calendar.h"
#include "tests/models/content/calendar_samples.h"

namespace deadletter::content {
namespace {

using namespace testing;
using Told = std::vector<std::string>;

Told told(std::string_view octets) {
  Told lines;
  for (const CalendarProblem& problem : read_calendar(octets).problems) lines.push_back(text(problem));
  return lines;
}

Event event_in(std::string_view octets) {
  ReadCalendar read = read_calendar(octets);
  return read.calendar && !read.calendar->events.empty() ? read.calendar->events[0] : Event{};
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

struct LineCase {
  std::string_view lines;  // of an event; the first is line 3
  Told told;
};

TEST(CalendarHostile, EveryProblemHasItsLineAndItsReason) {
  const LineCase cases[] = {
      {"SUMMARY:fine", {}},
      {"DTSTART:20061301T000000Z", {"line 3: DTSTART \"20061301T000000Z\" is no date-time"}},
      {"UID:a\nDTEND;VALUE=DATE:20070230", {"line 4: DTEND \"20070230\" is no date"}},
      {"SEQUENCE:one", {"line 3: SEQUENCE \"one\" is no number"}},
      {"SEQUENCE:99999999999999999999", {"line 3: SEQUENCE \"99999999999999999999\" is no number"}},
      {"RRULE:FREQ=SOMETIMES", {"line 3: RRULE \"FREQ=SOMETIMES\" is no recurrence rule: kept as text"}},
      {"UID:a\nuid:b", {"line 4: UID \"b\" is not the first of its event: passed over"}},
      {"DTSTART:bad\nDTSTART:20070308", {"line 3: DTSTART \"bad\" is no date-time"}},
      {"DTSTART;TZID=X:20070308T000000Z", {"line 3: DTSTART is UTC: TZID \"X\" is passed over"}},
      {"ATTENDEE;PARTSTAT=MAYBE:mailto:a@b",
       {"line 3: PARTSTAT \"MAYBE\" of an ATTENDEE is unknown: taken as if it were missing"}},
      {"ATTENDEE;ROLE=KING;RSVP=1:mailto:a@b",
       {"line 3: ROLE \"KING\" of an ATTENDEE is unknown: taken as if it were missing",
        "line 3: RSVP \"1\" of an ATTENDEE is unknown: taken as if it were missing"}},
      {"ATTENDEE;CN=\"open:mailto:a@b",
       {"line 3: \"ATTENDEE;CN=\"open:mailto:a@b\" has no \":\" after its parameters: passed over"}},
      {"X-A;B", {"line 3: \"X-A;B\" has no \":\" after its parameters: passed over"}},
      {"END:VTODO", {"line 3: END \"VTODO\" has no BEGIN"}},
      {"BEGIN:VALARM", {"line 3: VALARM is passed over", "line 3: VALARM has no END"}},
      {"SUMMARY:f\xfcr", {"line 3: octets that are no UTF-8, here the first of 1: taken as Latin-1"}},
      {"SUMMARY:a\x01"
       "b\x7f",
       {"line 3: control octets, here the first of 2: dropped"}},
  };
  for (const LineCase& c : cases) EXPECT_EQ(told(event_of(c.lines)), c.told) << c.lines;
}

TEST(CalendarHostile, WhatIsWrongWithTheWholeIsTold) {
  const LineCase cases[] = {
      {"", {"there is no BEGIN:VCALENDAR"}},
      {"hello\n", {"there is no BEGIN:VCALENDAR", "line 1: \"hello\" is no property: passed over"}},
      {" \n BEGIN:VCALENDAR\n",
       {"there is no BEGIN:VCALENDAR",
        "line 2: \" BEGIN:VCALENDAR\" goes on with a line before it, and there is none"}},
      {"SUBJECT:x\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
       {"line 1: \"SUBJECT:x\" stands outside a VCALENDAR: passed over"}},
      {"BEGIN:VEVENT\nEND:VEVENT\n",
       {"there is no BEGIN:VCALENDAR", "line 1: \"BEGIN:VEVENT\" stands outside a VCALENDAR: passed over"}},
      {"BEGIN:VCALENDAR\nVERSION:1.0\nMETHOD:A\nMETHOD:B\nEND:VCALENDAR\n",
       {"line 2: VERSION \"1.0\" is read as if it were \"2.0\"", "line 4: METHOD \"B\" is not the first: passed over"}},
      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n", {"line 1: VCALENDAR has no END", "line 2: VEVENT has no END"}},
      {"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:a\nEND:VCALENDAR\n",
       {"line 2: VTIMEZONE has no END", "line 2: VTIMEZONE is not whole: passed over"}},
      {"BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:a\nEND:VTODO\nEND:VCALENDAR\n", {"line 2: VTODO is passed over"}},
      {"BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
       {"line 3: 2 more VCALENDAR in the stream: passed over, only the first is read"}},
      {"BEGIN:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
       {"line 1: VCALENDAR has no END", "line 2: VCALENDAR begins in the one of line 1",
        "line 2: 1 more VCALENDAR in the stream: passed over, only the first is read"}},
  };
  for (const LineCase& c : cases) EXPECT_EQ(told(c.lines), c.told) << c.lines;
}

TEST(CalendarHostile, AFoldThatLostItsBlankIsMended) {
  std::string octets = event_of(
      "DESCRIPTION:We meet in the\nlarge hall: bring a pen\nand paper\nUID:1\nATTACH;FMTTYPE=a/b:\n https://a\nNote: "
      "b\nX-A:1");
  Event event = event_in(octets);
  EXPECT_EQ(event.description, "We meet in thelarge hall: bring a penand paper");
  EXPECT_EQ(event.uid, "1");
  EXPECT_EQ(event.others,
            (std::vector<OtherProperty>{{"ATTACH", "FMTTYPE=a/b", "https://aNote: b"}, {"X-A", "", "1"}}));
  EXPECT_EQ(told(octets),
            (Told{"line 4: \"large hall: bring a pen\" is no property: taken as the rest of line 3, which "
                  "lost the blank of its fold",
                  "line 9: \"Note: b\" is no property: taken as the rest of line 7, which lost the blank "
                  "of its fold"}));
}

TEST(CalendarHostile, OctetsThatAreNoUtf8AreLatin1) {
  EXPECT_EQ(event_in(event_of("SUMMARY:M\xfcller caf\xe9 \xc3\xa9")).summary, "M\xc3\xbcller caf\xc3\xa9 \xc3\xa9");
  // Overlong, a surrogate, beyond U+10FFFF, cut off.
  EXPECT_EQ(event_in(event_of("SUMMARY:\xc0\xaf")).summary, "\xc3\x80\xc2\xaf");
  EXPECT_EQ(event_in(event_of("SUMMARY:\xed\xa0\x80")).summary, "\xc3\xad\xc2\xa0\xc2\x80");
  EXPECT_EQ(event_in(event_of("SUMMARY:\xf4\x90\x80\x80")).summary, "\xc3\xb4\xc2\x90\xc2\x80\xc2\x80");
  EXPECT_EQ(event_in(event_of("SUMMARY:\xe2\x82")).summary, "\xc3\xa2\xc2\x82");
  // A fold may lie inside a character.
  EXPECT_EQ(event_in(event_of("SUMMARY:\xe2\x82\n \xac")).summary, "\xe2\x82\xac");
}

TEST(CalendarHostile, NulOctetsAreDropped) {
  using namespace std::string_literals;
  EXPECT_EQ(event_in(event_of("SUM\0MARY:a\0b"s)).summary, "ab");
  EXPECT_EQ(read_calendar(std::string(1000, '\0')).calendar, std::nullopt);
}

TEST(CalendarHostile, ComponentsNestTo64LevelsAndNoDeeper) {
  auto nested = [](std::size_t levels) {
    return crlf("BEGIN:VCALENDAR\n" + repeated("BEGIN:X\n", levels - 1) + repeated("END:X\n", levels - 1) +
                "END:VCALENDAR\n");
  };
  EXPECT_TRUE(read_calendar(nested(64)).calendar);
  EXPECT_FALSE(read_calendar(nested(65)).calendar);
  EXPECT_EQ(told(nested(65)).back(), "line 65: components nest deeper than 64 levels: the object is refused");
  EXPECT_FALSE(read_calendar(nested(20'000)).calendar);
}

TEST(CalendarHostile, OnlyAHundredProblemsAreListed) {
  ReadCalendar read = read_calendar(event_of(repeated("SEQUENCE:x\n", 1000)));
  ASSERT_EQ(read.problems.size(), 101u);
  EXPECT_EQ(text(read.problems[100]), "900 more problems are not listed");
}

TEST(CalendarHostile, ARuleThatIsNoneIsTold) {
  for (std::string good :
       {"FREQ=DAILY", "freq=weekly;until=20110828T140000Z;byday=TH,FR;wkst=SU", "FREQ=DAILY;UNTIL=20110828;",
        "UNTIL=20110828T140000;FREQ=DAILY", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"})
    EXPECT_EQ(told(event_of("RRULE:" + good)), Told{}) << good;
  for (std::string bad :
       {"", "UNTIL=20110828", "FREQ=DAILY;UNTIL=20111328", "FREQ=DAILY;UNTIL=20110828;COUNT=1", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;WHY=1", ";;"}) {
    EXPECT_EQ(told(event_of("RRULE:" + bad)).size(), 1u) << bad;
    EXPECT_EQ(event_in(event_of("RRULE:" + bad)).rule, bad);
  }
}

TEST(CalendarHostile, ReasonsStayShort) {
  std::string huge(10'000, 'X');
  for (const std::string& line : {"BEGIN:" + huge, "END:" + huge, "SEQUENCE:" + huge, "X-" + huge + ";A",
                                  "ATTENDEE;RSVP=" + huge + ":x", "RRULE:" + huge, std::string(10'000, '\xff')})
    for (const std::string& reason : told(event_of("UID:1\n" + line))) EXPECT_LT(reason.size(), 300u) << reason;
}

// A reader that is quadratic in any of these would need minutes.
TEST(CalendarHostile, TimeIsLinearInTheOctets) {
  const std::size_t n = 100'000;
  const std::string cases[] = {
      "SUMMARY:" + repeated("\\,", n),
      "SUMMARY:" + repeated("x", 8 * n),
      "SUMMARY:" + repeated("\n x", n),
      "SUMMARY:x" + repeated("\nx", n),
      "SUMMARY:" + repeated("\xff", 4 * n),
      "SUMMARY:" + repeated(std::string(1, '\0'), 4 * n),
      "SUMMARY" + repeated(";A=b", n) + ":x",
      "ATTENDEE" + repeated(";CN=b", n) + ":x",
      "ATTENDEE;CN=" + repeated("\"\"", n) + ":x",
      "ATTENDEE;CN=" + repeated("^", 2 * n) + ":x",
      "ATTENDEE;PARTSTAT=" + repeated("A", 2 * n) + ":x",
      "ATTENDEE" + repeated(";RSVP=TRUE", n) + ":x",
      "RRULE:FREQ=DAILY" + repeated(";BYDAY=MO", n),
      "RRULE:FREQ=DAILY;BYSECOND=1" + repeated(",1", 4'000),
      repeated("ATTENDEE:mailto:a\n", n / 4),
      repeated("X-A:b\n", n / 4),
      repeated("BEGIN:X\nEND:X\n", n / 4),
      repeated("END:X\n", n / 4),
      repeated("END:VEVENT\nBEGIN:VEVENT\n", n / 8),
      repeated("END:VEVENT\nBEGIN:VTIMEZONE\nEND:VTIMEZONE\nBEGIN:VEVENT\n", n / 8),
      repeated("END:VCALENDAR\nBEGIN:VCALENDAR\n", n / 4),
      repeated("A", 2 * n) + ":x",
      repeated("a", 2 * n) + ":x",
      repeated("DTSTART:x\n", n / 4),
      repeated("\r", 4 * n),
  };
  for (const std::string& lines : cases) {
    ReadCalendar read = read_calendar(event_of(lines));
    ASSERT_TRUE(read.calendar);
    EXPECT_EQ(read_calendar(write_calendar(*read.calendar)).calendar, read.calendar) << lines.substr(0, 40);
  }
}

TEST(CalendarHostile, NoValueWritesMoreThanItself) {
  for (std::string attack : {"x\r\nATTENDEE:mailto:evil@x", "x\nEND:VEVENT\nBEGIN:VEVENT", "\rBEGIN:VALARM",
                             "x\"\r\nX-EVIL:1", "\"", ":", "x;X-EVIL=\"", "\r\n\r\n", "END:VCALENDAR", "^", "\\"}) {
    SCOPED_TRACE(attack);
    Event event;
    event.uid = event.summary = event.location = event.description = event.status = event.rule = attack;
    event.organizer = event.organizer_name = attack;
    event.start = event.end = event.stamp = event.recurrence_id = CalendarTime{0, false, false, attack};
    event.attendees = {{attack, attack}, {attack, attack}};
    event.others = {{"X-A", attack, attack}, {attack, "", attack}, {"END", "", "VEVENT"},
                    {"Note", "", "x"},       {"uid", "", "evil"},  {"", "", "x"}};
    Calendar calendar{
        attack, attack, {attack, "BEGIN:VTIMEZONE\r\n" + attack + "\r\nEND:VTIMEZONE\r\n"}, {event, event}, {}};
    calendar.others = {{"METHOD", "", attack}, {"X-B", "", attack}};
    Calendar read = read_calendar(write_calendar(calendar)).calendar.value_or(Calendar{});
    ASSERT_EQ(read.events.size(), 2u);
    ASSERT_EQ(read.others.size(), 1u);
    for (const Event& one : read.events) {
      EXPECT_EQ(one.attendees.size(), 2u);
      ASSERT_EQ(one.others.size(), 1u);
      EXPECT_EQ(one.others[0].name, "X-A");
      EXPECT_TRUE(one.start && one.end && one.stamp && one.recurrence_id);
    }
    EXPECT_EQ(read_calendar(write_calendar(read)).calendar, read);
  }
}

TEST(CalendarHostile, TimesThatCannotBeWrittenAreLeftOut) {
  Event event;
  event.start = CalendarTime{253'402'300'800, false, true, ""};
  event.end = CalendarTime{-11'644'473'601, false, true, ""};
  event.stamp = CalendarTime{std::numeric_limits<std::int64_t>::max(), true, true, ""};
  event.recurrence_id = CalendarTime{std::numeric_limits<std::int64_t>::min(), false, false, "X"};
  Event read = event_in(write_calendar({"", "", {}, {event}, {}}));
  EXPECT_FALSE(read.start || read.end || read.stamp || read.recurrence_id);
}

TEST(CalendarHostile, AThousandDamagedObjectsReadAsSomethingThatCanBeWritten) {
  std::mt19937_64 random(1601);
  for (int round = 0; round < 1000; ++round) {
    std::string octets = crlf(round % 2 == 0 ? kExchange2003Reply : kCancelledSeries);
    for (int damage = 0; damage < 1 + round % 20; ++damage) {
      std::size_t at = random() % octets.size();
      if (random() % 2 == 0)
        octets[at] = static_cast<char>(random() % 256);
      else
        octets.erase(at, random() % 30);
    }
    ReadCalendar read = read_calendar(octets);
    if (!read.calendar) continue;
    ASSERT_EQ(read_calendar(write_calendar(*read.calendar)).calendar, read.calendar) << octets;
  }
}

}  // namespace
}  // namespace deadletter::content
