// What libical knows of the words of a calendar: names of properties, values of parameters, rules of recurrence.
//
// Only its tables and its parser of rules are used, on texts of limited size. Its parser of whole objects is not: it
// splits lines in memory that grows in steps, drops what it does not understand, has no line numbers, and takes the
// blanks off a text. None of what is used asks a clock, the environment or a file of zones.
//
// Internal to the calendar's readers and writers.
#pragma once
#include <optional>
#include <string_view>

#include "models/content/calendar.h"

namespace deadletter::content::calendar {

bool known_property(std::string_view name);  // without case

// Values of PARTSTAT, ROLE and RSVP, without case; nothing when a standard does not know them.
std::optional<PartStat> part_stat(std::string_view value);
enum class Role { required, optional };
std::optional<Role> role(std::string_view value);  // CHAIR is required; NON-PARTICIPANT is optional
std::optional<bool> rsvp(std::string_view value);

bool is_recurrence_rule(std::string_view value);

}  // namespace deadletter::content::calendar
