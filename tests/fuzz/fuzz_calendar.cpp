// Any octets as a calendar object: a value or none, with problems that can be printed. What was read is written, and
// reads as the same value, in lines that a mail system takes.
#include <cstdint>

#include "models/content/calendar.h"
#include "tests/fuzz/require.h"

using namespace deadletter;

namespace {

void check_lines(std::string_view octets) {
  for (std::string_view line : fuzz::lines_of(octets)) {
    REQUIRE(line.ends_with('\r') && line.size() <= 76);
    REQUIRE(line.find('\0') == line.npos && line.find('\r') == line.size() - 1);
  }
}

void check(const content::CalendarProblem& problem) {
  REQUIRE(!problem.reason.empty() && problem.reason.size() < 300);
  REQUIRE(problem.reason.find_first_of("\r\n") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto read = content::read_calendar({reinterpret_cast<const char*>(data), size});
  REQUIRE(read.calendar || !read.problems.empty());
  REQUIRE(read.problems.size() <= 101);
  for (const auto& problem : read.problems) check(problem);
  if (!read.calendar) return 0;
  std::string octets = content::write_calendar(*read.calendar);
  check_lines(octets);
  auto again = content::read_calendar(octets);
  REQUIRE(again.calendar == read.calendar);
  REQUIRE(content::write_calendar(*again.calendar) == octets);
  return 0;
}
