// The lines of a calendar object (RFC 5545, 3.1), as products write them: octets to content lines and back.
//
// Reading promises, in time linear in the octets:
//   * a line ends at CR LF, CR or LF; a byte order mark before the first is passed over;
//   * a line that opens with a blank or a tab goes on with the line before it, also inside a UTF-8 character;
//   * a line that is no property (see below) has lost that blank on its way, and goes on with the line before it too;
//   * octets that are no UTF-8 become the Latin-1 characters they are; control octets, NUL among them, are dropped.
// The last three are reported.
//
// A property opens with a name and ":" or ";". Of names only those count that begin with "X-", that have no lower-case
// letter, or that a standard knows ("dtstart"): for the rest of a text may read "Please note: bring a pen".
//
// Internal to the calendar's readers and writers.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/content/calendar.h"

namespace deadletter::content::calendar {

// What is told of an object, in the order of its lines. Beyond the first hundred, problems are only counted.
class Problems {
 public:
  void add(std::size_t line, std::string reason);
  std::vector<CalendarProblem> take();

 private:
  std::vector<CalendarProblem> list_{};
  std::size_t unlisted_ = 0;
};

struct ContentLine {
  std::size_t line = 0;  // where it begins, from 1
  std::string text;      // unfolded, UTF-8, without control octets
  std::size_t name_size = 0, colon = 0;

  std::string_view name() const { return std::string_view(text).substr(0, name_size); }
  std::string_view parameters() const;  // without the leading ";"
  std::string_view value() const { return std::string_view(text).substr(colon + 1); }
};

std::vector<ContentLine> content_lines(std::string_view octets, Problems& problems);

// The parameters of a line one by one, "CN" and "Doe, John": without quotes, RFC 6868 undone.
struct Parameter {
  std::string name, value;
};
std::vector<Parameter> split_parameters(std::string_view parameters);
std::string quote_parameter(std::string_view value);  // the way back; control octets are dropped

// Whether a line "NAME;parameters:value" is read as these three again.
bool readable_name(std::string_view name);
bool readable_parameters(std::string_view parameters);

std::string fold(std::string_view line);  // in lines of at most 75 octets, never inside a character, each with CR LF
std::string without_controls(std::string_view text);
std::string upper(std::string_view ascii);
std::string_view trimmed(std::string_view text);  // of blanks and tabs at both ends
std::string quoted(std::string_view text);        // for a reason: in quotes, and no more of it than helps

}  // namespace deadletter::content::calendar
