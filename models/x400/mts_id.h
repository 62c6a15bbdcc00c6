// Identifiers of messages in the message transfer system, as the product's MTA writes them:
//
//   c=us;a= ;p=contoso;l=EX1-060301080000Z-1
//
// country, administration domain (a blank stands for "any"), private domain, and locally the server, the time of
// submission in UTC with a year of two digits, and a counter. Of two digits 50 to 99 mean 1950 to 1999 (UTCTime,
// X.680). The time is an argument: nothing here reads a clock.
//
// NOT MODELLED: the form of the Internet Mail Service, "l=EX1060301080000ABCD1234"; it is not read.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::x400 {

struct MtsId {
  std::string country = "us", administration = " ", organization;  // c, a, p
  std::string server;                                              // may hold '-'
  std::int64_t submitted_unix_s = 0;                               // from 1950 to 2049
  std::uint32_t counter = 0;
  friend bool operator==(const MtsId&, const MtsId&) = default;
};

// A part that would read as more than one ('=', ';', what is no printable ASCII) has '?' in its place.
std::string text(const MtsId& id);
// Nothing when it is not of this form or names a time that does not exist.
std::optional<MtsId> parse_mts_id(std::string_view text);

}  // namespace deadletter::x400
