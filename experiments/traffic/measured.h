// What was counted in real mail: the numbers behind the profiles.
//
// email-Eu: 234,760 messages among the people of a research institution, 804 days of 2003 to 2005 (SNAP
// email-Eu-core-temporal). The offset of its clock is unknown and the names of days follow from the volume; its mail
// sets in at 8, as an office's does, so that nothing is shifted.
// Enron: 21,635 messages among 156 employees, 1998 to 2002 (patperry/interaction-proc). Its time of day mixes zones and
// is not used.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "experiments/traffic/choice.h"
#include "experiments/traffic/week.h"

namespace deadletter::traffic {

const std::array<std::uint32_t, kHoursADay>& hours_of_email_eu();  // of a business day
Week week_of_email_eu();                                           // each hour as it was
const std::vector<std::uint64_t>& recipients_of_email_eu();        // of messages that go to somebody else
const std::vector<std::uint64_t>& recipients_of_enron();
const std::array<std::uint32_t, kDays>& days_of_enron();
std::vector<Band> senders_of_enron();  // a band each, 152 of the 156

}  // namespace deadletter::traffic
