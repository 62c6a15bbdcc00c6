// The properties of an event, one by one: a content line to its place in the value.
//
// Internal to the calendar's readers and writers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/content/calendar.h"
#include "models/content/calendar_lines.h"

namespace deadletter::content::calendar {

struct TextPlace {
  std::string_view name;
  std::string Event::*member;
};
inline constexpr TextPlace kTexts[] = {{"UID", &Event::uid},
                                       {"SUMMARY", &Event::summary},
                                       {"LOCATION", &Event::location},
                                       {"DESCRIPTION", &Event::description}};

struct TimePlace {
  std::string_view name;
  std::optional<CalendarTime> Event::*member;
};
inline constexpr TimePlace kTimes[] = {{"DTSTART", &Event::start},
                                       {"DTEND", &Event::end},
                                       {"DTSTAMP", &Event::stamp},
                                       {"RECURRENCE-ID", &Event::recurrence_id}};

// Whether `others` of an event or of a calendar may hold a property of that name; without case.
bool other_of_event(std::string_view name);
bool other_of_calendar(std::string_view name);

class EventReader {
 public:
  explicit EventReader(Problems& problems) : problems_(problems) {}

  void begin() { seen_.clear(); }  // another event
  void read(const ContentLine& line, Event& event);

 private:
  bool once(const ContentLine& line, const std::string& name);
  void time(const ContentLine& line, std::optional<CalendarTime>& place);
  void organizer(const ContentLine& line, Event& event);
  void attendee(const ContentLine& line, Event& event);
  void sequence(const ContentLine& line, Event& event);
  void rule(const ContentLine& line, Event& event);

  Problems& problems_;
  std::vector<std::string> seen_{};  // of the properties that may occur once
};

}  // namespace deadletter::content::calendar
