// Generated calendars: what is written reads as the same value, and is written the same again.
#include <gtest/gtest.h>

#include "models/content/calendar.h"
#include "sim/random.h"

namespace deadletter::content {
namespace {

// Values of all kinds, drawn by (case, place).
class Generator {
 public:
  explicit Generator(std::uint64_t number) : number_(number) {}

  Calendar calendar() {
    Calendar made{pick({"", "REQUEST", "REPLY", "CANCEL", "COUNTER"}), string(), {}, {}, {}};
    if (below(2) == 1) made.zones.push_back(zone());
    for (auto n = below(4); n > 0; --n) made.events.push_back(event());
    made.others = others();
    return made;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return chance_.below(bound, sim::Purpose("calendar"), number_, n_++); }
  std::string pick(std::vector<std::string> from) { return from[below(from.size())]; }

  std::string string() {
    std::string made;
    for (auto n = below(4) == 0 ? below(120) : below(12); n > 0; --n)
      made += pick({"a",
                    "Z",
                    " ",
                    "\t",
                    ",",
                    ";",
                    ":",
                    "\\",
                    "\"",
                    "^",
                    "\n",
                    "^n",
                    "\\n",
                    "=",
                    "\xc3\xa9",
                    "\xe2\x82\xac",
                    "\xf0\x9f\x93\x85",
                    "END:VEVENT",
                    "\nBEGIN:VEVENT\n",
                    "'",
                    "\xc2\x85"});
    return made;
  }
  std::string address() {
    return pick({"", "ann@contoso.com", "mailto:x", "o'x=\"a b\";,@c", "/o=Org/ou=\xc3\x89/cn=a"});
  }
  std::string zone() {
    return pick({"BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\n",
                 "BEGIN:VTIMEZONE\r\nTZID:a\\, b\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nEND:STANDARD\r\n"
                 "END:VTIMEZONE\r\n"});
  }
  std::optional<CalendarTime> time() {
    if (below(4) == 0) return std::nullopt;
    CalendarTime made;
    made.wall_s = static_cast<std::int64_t>(below(265'046'774'400)) - 11'644'473'600;
    if (below(8) == 0) made.wall_s = below(2) == 0 ? -11'644'473'600 : 253'402'300'799;
    made.date_only = below(3) == 0;
    if (made.date_only) made.wall_s -= (made.wall_s % 86'400 + 86'400) % 86'400;
    made.utc = !made.date_only && below(2) == 0;
    if (!made.utc) made.zone = string();
    return made;
  }
  std::vector<OtherProperty> others() {
    std::vector<OtherProperty> made;
    for (auto n = below(4); n > 0; --n)
      made.push_back({pick({"X-MICROSOFT-CDO-REPLYTIME", "x-low", "CLASS", "NEW-ONE", "categories"}),
                      pick({"", "FMTTYPE=text/html", "A=\"b:c;d\";E=f", "LANGUAGE=de"}),
                      pick({"", " ", "16010101T000000Z", "a,b;c\\n:\"", "\xc3\xa9", std::string(200, 'x')})});
    return made;
  }
  Event event() {
    Event made;
    made.uid = string(), made.summary = string(), made.location = string(), made.description = string();
    made.organizer = address(), made.organizer_name = string();
    made.start = time(), made.end = time(), made.stamp = time(), made.recurrence_id = time();
    made.sequence = static_cast<std::int64_t>(below(5)) - 1;
    made.status = pick({"", "CONFIRMED", "CANCELLED"});
    made.rule = pick({"", "FREQ=DAILY;COUNT=3", "FREQ=NEVER"});
    for (auto n = below(4); n > 0; --n)
      made.attendees.push_back({address(), string(), static_cast<PartStat>(below(5)), below(2) == 1, below(2) == 1});
    made.others = others();
    return made;
  }

  sim::Chance chance_{20070308};
  std::uint64_t number_, n_ = 0;
};

TEST(Calendar, WhatIsWrittenReadsAsTheSameValue) {
  for (std::uint64_t number = 0; number < 500; ++number) {
    Calendar calendar = Generator(number).calendar();
    std::string octets = write_calendar(calendar);
    ReadCalendar read = read_calendar(octets);
    ASSERT_EQ(read.calendar, calendar) << "case " << number << "\n" << octets;
    ASSERT_EQ(write_calendar(*read.calendar), octets);
  }
}

}  // namespace
}  // namespace deadletter::content
