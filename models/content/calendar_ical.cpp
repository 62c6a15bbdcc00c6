#include "models/content/calendar_ical.h"

#include <libical/ical.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "models/content/calendar_lines.h"

namespace deadletter::content::calendar {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kLongestRule = 8'192;  // the lists of a rule with every second, minute and day have 4000 octets

struct Free {
  void operator()(icalparameter* parameter) const { icalparameter_free(parameter); }
  void operator()(icalvalue* value) const { icalvalue_free(value); }
};

// Some builds of libical abort on what they take for an error of the caller.
void tame() {
  static const bool tamed = [] {
    icalerror_set_errors_are_fatal(0);
    return true;
  }();
  static_cast<void>(tamed);
}

std::unique_ptr<icalparameter, Free> parameter(icalparameter_kind kind, std::string_view value) {
  if (value.size() > kLongestWord) return nullptr;
  tame();
  return std::unique_ptr<icalparameter, Free>{icalparameter_new_from_value_string(kind, std::string(value).c_str())};
}

}  // namespace

bool known_property(std::string_view name) {
  if (name.size() > kLongestWord) return false;
  tame();
  return icalproperty_string_to_kind(std::string(name).c_str()) != ICAL_NO_PROPERTY;
}

std::optional<PartStat> part_stat(std::string_view value) {
  auto read = parameter(ICAL_PARTSTAT_PARAMETER, value);
  if (!read) return std::nullopt;
  switch (icalparameter_get_partstat(read.get())) {
    case ICAL_PARTSTAT_NEEDSACTION:
      return PartStat::needs_action;
    case ICAL_PARTSTAT_ACCEPTED:
      return PartStat::accepted;
    case ICAL_PARTSTAT_TENTATIVE:
      return PartStat::tentative;
    case ICAL_PARTSTAT_DECLINED:
      return PartStat::declined;
    case ICAL_PARTSTAT_DELEGATED:
      return PartStat::delegated;
    default:
      return std::nullopt;
  }
}

std::optional<Role> role(std::string_view value) {
  auto read = parameter(ICAL_ROLE_PARAMETER, value);
  if (!read) return std::nullopt;
  switch (icalparameter_get_role(read.get())) {
    case ICAL_ROLE_CHAIR:
    case ICAL_ROLE_REQPARTICIPANT:
      return Role::required;
    case ICAL_ROLE_OPTPARTICIPANT:
    case ICAL_ROLE_NONPARTICIPANT:
      return Role::optional;
    default:
      return std::nullopt;
  }
}

std::optional<bool> rsvp(std::string_view value) {
  auto read = parameter(ICAL_RSVP_PARAMETER, value);
  if (!read) return std::nullopt;
  switch (icalparameter_get_rsvp(read.get())) {
    case ICAL_RSVP_TRUE:
      return true;
    case ICAL_RSVP_FALSE:
      return false;
    default:
      return std::nullopt;
  }
}

bool is_recurrence_rule(std::string_view value) {
  if (value.size() > kLongestRule) return false;
  // UNTIL is read here: for the zone of a time in UTC libical sets up all its zones, from the files of the system.
  std::string rest;
  bool bounded = false;
  for (std::string_view left = value; !left.empty();) {
    std::string_view clause = left.substr(0, left.find(';'));
    left.remove_prefix(std::min(left.size(), clause.size() + 1));
    std::string name = upper(clause.substr(0, 6));
    if (name == "UNTIL=" && !parse_calendar_time(clause.substr(6))) return false;
    if ((name == "UNTIL=" || name == "COUNT=") && std::exchange(bounded, true)) return false;
    if (name != "UNTIL=") rest += std::string(clause) + ";";
  }
  tame();
  std::unique_ptr<icalvalue, Free> rule{icalvalue_new_from_string(ICAL_RECUR_VALUE, rest.c_str())};
  return rule && icalvalue_get_recur(rule.get()).freq != ICAL_NO_RECURRENCE;
}

}  // namespace deadletter::content::calendar
