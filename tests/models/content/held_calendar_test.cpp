// A calendar as a person holds it: the file itself, or a message around it.
#include "models/content/held_calendar.h"

#include <gtest/gtest.h>

#include "tests/models/content/calendar_samples.h"

namespace deadletter::content {
namespace {

using namespace testing;
using Told = std::vector<std::string>;

Told told(const ReadCalendar& read) {
  Told lines;
  for (const CalendarProblem& problem : read.problems) lines.push_back(text(problem));
  return lines;
}

constexpr std::string_view kObject =
    "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\nDTEND:x\nEND:VEVENT\nEND:VCALENDAR\n";
constexpr std::string_view kBase64 =
    "QkVHSU46VkNBTEVOREFSCk1FVEhPRDpSRVBMWQpCRUdJTjpWRVZFTlQKVUlEOjEKRFRFTkQ6eApF\nTkQ6VkVWRU5UCkVORDpWQ0FMRU5EQVIK\n";

// A message of a text and one more part.
std::string message(std::string_view part) {
  return crlf(
      "From: bea@fabrikam.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
      "Content-Type: text/plain\n\nSee below.\n--b\n" +
      std::string(part) + "--b--\n");
}

TEST(HeldCalendar, AFileIsReadAsItIs) {
  ReadCalendar read = read_held_calendar(kObject);
  EXPECT_EQ(read.calendar, read_calendar(kObject).calendar);
  EXPECT_EQ(told(read), Told{"line 5: DTEND \"x\" is no date-time"});
  EXPECT_EQ(told(read_held_calendar("\xef\xbb\xbf\r\n" + std::string(kObject))),
            Told{"line 6: DTEND \"x\" is no date-time"});
}

TEST(HeldCalendar, AMessageGivesItsPartAndTheLinesOfTheMessage) {
  ReadCalendar read =
      read_held_calendar(message("Content-Type: text/calendar; method=REPLY\n\n" + std::string(kObject)));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(read.calendar->events.at(0).uid, "1");
  EXPECT_EQ(told(read), Told{"line 16: DTEND \"x\" is no date-time"});
}

TEST(HeldCalendar, OfAnEncodedPartTheLinesAreThePartsOwn) {
  for (std::string_view head :
       {"Content-Type: text/calendar\n", "Content-Type: application/octet-stream; name=Invite.ICS\n",
        "Content-Type: application/x\nContent-Disposition: attachment; filename=\"i.ics\"\n"}) {
    ReadCalendar read =
        read_held_calendar(message(std::string(head) + "Content-Transfer-Encoding: base64\n\n" + std::string(kBase64)));
    ASSERT_TRUE(read.calendar) << head;
    EXPECT_EQ(read.calendar, read_calendar(kObject).calendar);
    EXPECT_EQ(told(read), Told{"line 5: DTEND \"x\" is no date-time (a line of the decoded part)"});
  }
}

TEST(HeldCalendar, QuotedPrintableIsUndone) {
  ReadCalendar read = read_held_calendar(
      message("Content-Type: text/calendar; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
              "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:M=C3=A9 =\n=FC\nEND:VEVENT\nEND:VCALENDAR\n"));
  ASSERT_TRUE(read.calendar);
  // Latin-1 throughout, because the charset says so: not the UTF-8 that it could be.
  EXPECT_EQ(read.calendar->events.at(0).summary, "M\xc3\x83\xc2\xa9 \xc3\xbc");
}

TEST(HeldCalendar, TheObjectCountsWhereTheHeaderDiffers) {
  ReadCalendar read = read_held_calendar(message(
      "Content-Type: text/calendar; method=REQUEST; charset=koi8-r\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(read.calendar->method, "REPLY");
  EXPECT_EQ(told(read),
            (Told{"charset \"KOI8-R\" of the part is read as if it were UTF-8, or Latin-1 where it is none",
                  "method \"REQUEST\" in the Content-Type, METHOD \"REPLY\" in the object: the object counts"}));
}

TEST(HeldCalendar, ThePartComesBeforeTheAttachment) {
  std::string attached =
      "Content-Type: application/ics; name=a.ics\n\nBEGIN:VCALENDAR\nMETHOD:COUNTER\nEND:VCALENDAR\n--b\n";
  std::string part = "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n";
  ReadCalendar read = read_held_calendar(message(attached + part));
  ASSERT_TRUE(read.calendar);
  EXPECT_EQ(read.calendar->method, "REPLY");
  EXPECT_EQ(told(read), Told{"1 more calendar part in the message: only the first is read"});
}

TEST(HeldCalendar, WhatHoldsNoneIsToldSo) {
  Told none{"neither a calendar nor a message that holds one (text/calendar, .ics)"};
  EXPECT_EQ(told(read_held_calendar("")), none);
  EXPECT_EQ(told(read_held_calendar("hello")), none);
  EXPECT_EQ(told(read_held_calendar(message("Content-Type: text/html\n\nx\n"))), none);
  ReadCalendar late = read_held_calendar("Saved by a tool\n" + std::string(kObject));
  EXPECT_TRUE(late.calendar);
  EXPECT_EQ(late.problems.size(), 2u);
}

}  // namespace
}  // namespace deadletter::content
