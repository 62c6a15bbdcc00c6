#include "models/content/held_calendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/content/calendar_lines.h"
#include "models/content/mime.h"

namespace deadletter::content {
namespace {

using calendar::quoted;
using calendar::upper;

// Line ends in `octets`, counted as the reader of calendars counts them.
std::size_t line_ends(std::string_view octets) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < octets.size(); ++i)
    if (octets[i] == '\n' || (octets[i] == '\r' && octets.substr(i, 2) != "\r\n")) ++count;
  return count;
}

bool opens_calendar(std::string_view octets) {
  if (octets.starts_with("\xef\xbb\xbf")) octets.remove_prefix(3);
  octets.remove_prefix(std::min(octets.size(), octets.find_first_not_of(" \t\r\n")));
  return upper(octets.substr(0, 6)) == "BEGIN:";
}

bool says_calendar(const Entity& leaf) { return leaf.type == "text/calendar"; }

bool attached_ics(const Entity& leaf) {
  bool named = upper(leaf.parameter("name")).ends_with(".ICS") ||
               upper(leaf.field("Content-Disposition")).find(".ICS") != std::string::npos;
  return leaf.type == "application/ics" || named;
}

void collect(const Entity& entity, bool (*wanted)(const Entity&), std::vector<const Entity*>& found) {
  if (entity.parts.empty() && wanted(entity)) found.push_back(&entity);
  for (const Entity& part : entity.parts) collect(part, wanted, found);
}

// The text/calendar parts, then the other attachments, each in their order.
std::vector<const Entity*> calendar_parts(const Entity& message) {
  std::vector<const Entity*> found;
  collect(message, says_calendar, found);
  collect(
      message, [](const Entity& leaf) { return !says_calendar(leaf) && attached_ics(leaf); }, found);
  return found;
}

// How many lines of the file come before the content of a part; nothing when it does not lie there as it is.
std::optional<std::size_t> lines_before(const Entity& part, std::string_view file) {
  if (part.begin > part.end || part.end > file.size()) return std::nullopt;
  std::string_view entity = file.substr(part.begin, part.end - part.begin);
  std::size_t body = 0;  // after the first empty line
  while (body < entity.size()) {
    std::size_t end = entity.find('\n', body);
    std::string_view line = entity.substr(body, end == entity.npos ? end : end - body);
    body = end == entity.npos ? entity.size() : end + 1;
    if (line.empty() || line == "\r") break;
  }
  if (part.content.empty() || !entity.substr(body).starts_with(part.content)) return std::nullopt;
  return line_ends(file.substr(0, part.begin + body));
}

std::string latin_to_utf8(std::string_view octets) {
  std::string text;
  for (char c : octets) {
    auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x80) text += static_cast<char>(0xc0 | octet >> 6);
    text += octet >= 0x80 ? static_cast<char>(0x80 | (octet & 0x3f)) : c;
  }
  return text;
}

// What the header of a part says of its object, against the object.
void compare_header(const Entity& part, ReadCalendar& read) {
  std::string charset = upper(part.parameter("charset")), method = upper(part.parameter("method"));
  constexpr std::string_view known[] = {"", "UTF-8", "UTF8", "US-ASCII", "ISO-8859-1", "LATIN1"};
  if (std::ranges::find(known, charset) == std::end(known))
    read.problems.push_back({0, fmt::format("charset {} of the part is read as if it were UTF-8, or Latin-1 where it "
                                            "is none",
                                            quoted(charset))});
  if (read.calendar && !method.empty() && method != read.calendar->method)
    read.problems.push_back({0, fmt::format("method {} in the Content-Type, METHOD {} in the object: the object counts",
                                            quoted(method), quoted(read.calendar->method))});
}

ReadCalendar read_part(const Entity& part, std::string_view file) {
  std::string charset = upper(part.parameter("charset"));
  bool latin = charset == "ISO-8859-1" || charset == "LATIN1";
  ReadCalendar read = read_calendar(latin ? latin_to_utf8(part.content) : part.content);
  auto before = lines_before(part, file);
  for (CalendarProblem& problem : read.problems) {
    if (problem.line == 0) continue;
    if (before)
      problem.line += *before;
    else
      problem.reason += " (a line of the decoded part)";
  }
  compare_header(part, read);
  return read;
}

}  // namespace

ReadCalendar read_held_calendar(std::string_view octets) {
  if (opens_calendar(octets)) return read_calendar(octets);
  std::optional<Entity> message = read_mime(octets);
  if (!message) return {std::nullopt, {{0, "the parts of the message nest too deep: it is refused"}}};
  std::vector<const Entity*> parts = calendar_parts(*message);
  if (parts.empty()) {
    // A calendar with something before it is no message, and its reader says more of it.
    if (octets.find("BEGIN:VCALENDAR") != octets.npos) return read_calendar(octets);
    return {std::nullopt, {{0, "neither a calendar nor a message that holds one (text/calendar, .ics)"}}};
  }
  ReadCalendar read = read_part(*parts[0], octets);
  auto differs = [&](const Entity* part) { return part->content != parts[0]->content; };
  if (auto others = std::ranges::count_if(parts.begin() + 1, parts.end(), differs); others > 0)
    read.problems.push_back({0, fmt::format("{} more calendar part in the message: only the first is read", others)});
  return read;
}

}  // namespace deadletter::content
