// Meeting objects between MAPI and iCalendar (MS-OXCICAL): the part of the conversion that deals with calendars.
//
// Internal to models/content.
#pragma once
#include "models/content/calendar.h"
#include "models/content/convert.h"
#include "models/content/mapper.h"

namespace deadletter::content {

// IPM.Schedule.Meeting.* and IPM.Appointment as a calendar object; the mapper says whether that failed.
Calendar calendar_of(const Message& message, Mapper& mapper, ToMime& out, const std::string& product,
                     const ReferenceTimes& times);

// A calendar object's first event as properties and rows of `message`, with the class that its method asks for.
void take_calendar(const Calendar& calendar, const std::string& sender, Mapper& mapper, const Trail& trail,
                   Message& message);

// PidLidGlobalObjectId and a UID are two ways to write one thing (MS-OXCICAL 2.1.3.1.1.20.26).
std::string uid_of(const Binary& global_object_id);
Binary global_object_id(const std::string& uid);

}  // namespace deadletter::content
