#include "models/content/calendar_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "models/content/calendar_ical.h"
#include "models/content/calendar_octets.h"

namespace deadletter::content::calendar {
namespace {

constexpr std::size_t kMostProblems = 100;

bool name_octet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// The first ":" outside quotes.
std::size_t colon_of(std::string_view text) {
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_quotes = !in_quotes;
    if (text[i] == ':' && !in_quotes) return i;
  }
  return std::string_view::npos;
}

struct Raw {
  std::size_t line;
  std::string text;
};

bool opens_property(std::string_view text) {
  auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, name_octet) - text.begin());
  bool delimited = end < text.size() && (text[end] == ':' || text[end] == ';');
  return delimited && readable_name(text.substr(0, end));
}

bool is_bracket(std::string_view text) {
  std::string name = upper(text.substr(0, 6));
  return name.starts_with("BEGIN:") || name.starts_with("END:");
}

// Splits at line ends and undoes the folding that a standard knows.
std::vector<Raw> unfold(std::string_view octets, Problems& problems) {
  std::vector<Raw> lines;
  std::size_t controls = 0, first_control = 0;
  if (octets.starts_with("\xef\xbb\xbf")) octets.remove_prefix(3);
  for (std::size_t number = 1; !octets.empty(); ++number) {
    std::size_t end = octets.find_first_of("\r\n");
    std::string line = without_controls(octets.substr(0, end));
    bool pair = end != octets.npos && octets.substr(end, 2) == "\r\n";
    std::size_t dropped = std::min(end, octets.size()) - line.size();
    if (controls == 0 && dropped > 0) first_control = number;
    controls += dropped;
    octets.remove_prefix(end == octets.npos ? octets.size() : end + (pair ? 2 : 1));
    if (line.empty()) continue;
    if (line[0] != ' ' && line[0] != '\t')
      lines.push_back({number, std::move(line)});
    else if (!lines.empty())
      lines.back().text.append(line, 1);
    else if (!trimmed(line).empty())
      problems.add(number, quoted(line) + " goes on with a line before it, and there is none");
  }
  if (controls > 0) problems.add(first_control, fmt::format("control octets, here the first of {}: dropped", controls));
  return lines;
}

// Joins what lost the blank of its fold. The line of a BEGIN or END takes nothing in: names of components are short.
std::vector<Raw> rejoin(std::vector<Raw> lines, Problems& problems) {
  std::vector<Raw> joined;
  bool in_run = false;
  for (Raw& line : lines) {
    if (opens_property(line.text)) {
      joined.push_back(std::move(line));
      in_run = false;
    } else if (joined.empty() || is_bracket(joined.back().text)) {
      problems.add(line.line, quoted(line.text) + " is no property: passed over");
    } else {
      if (!in_run)
        problems.add(line.line, fmt::format("{} is no property: taken as the rest of line {}, which lost the blank "
                                            "of its fold",
                                            quoted(line.text), joined.back().line));
      joined.back().text += line.text;
      in_run = true;
    }
  }
  return joined;
}

std::optional<ContentLine> split(std::size_t number, std::string text, Problems& problems) {
  ContentLine line{number, std::move(text), 0, 0};
  std::string_view all = line.text;
  line.name_size = static_cast<std::size_t>(std::ranges::find_if_not(all, name_octet) - all.begin());
  line.colon = colon_of(all);
  if (line.colon != all.npos && readable_name(line.name())) return line;
  problems.add(number, quoted(line.text) + " has no \":\" after its parameters: passed over");
  return std::nullopt;
}

}  // namespace

void Problems::add(std::size_t line, std::string reason) {
  if (list_.size() < kMostProblems)
    list_.insert(std::ranges::upper_bound(list_, line, {}, &CalendarProblem::line), {line, std::move(reason)});
  else
    ++unlisted_;
}

std::vector<CalendarProblem> Problems::take() {
  if (unlisted_ > 0) list_.push_back({0, fmt::format("{} more problems are not listed", unlisted_)});
  return std::move(list_);
}

std::string_view ContentLine::parameters() const {
  return std::string_view(text).substr(name_size, colon - name_size).substr(colon > name_size ? 1 : 0);
}

std::vector<ContentLine> content_lines(std::string_view octets, Problems& problems) {
  std::vector<ContentLine> lines;
  std::size_t latin = 0, first_latin = 0;
  for (Raw& raw : rejoin(unfold(octets, problems), problems)) {
    std::size_t before = latin;
    std::string text = clean_utf8(raw.text, latin);
    if (before == 0 && latin > 0) first_latin = raw.line;
    if (auto line = split(raw.line, std::move(text), problems)) lines.push_back(std::move(*line));
  }
  if (latin > 0)
    problems.add(first_latin, fmt::format("octets that are no UTF-8, here the first of {}: taken as Latin-1", latin));
  return lines;
}

std::vector<Parameter> split_parameters(std::string_view parameters) {
  std::vector<Parameter> split;
  while (!parameters.empty()) {
    bool in_quotes = false;
    std::size_t end = 0;
    for (; end < parameters.size() && (in_quotes || parameters[end] != ';'); ++end)
      if (parameters[end] == '"') in_quotes = !in_quotes;
    std::string_view one = parameters.substr(0, end);
    parameters.remove_prefix(std::min(parameters.size(), end + 1));
    std::size_t equals = one.find('=');
    if (equals == one.npos) continue;
    std::string_view value = one.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    split.push_back({upper(trimmed(one.substr(0, equals))), undo_circumflex(value)});
  }
  return split;
}

std::string quote_parameter(std::string_view value) {
  std::string text = without_controls(circumflex(value));
  return text.find_first_of(",;:") == text.npos ? text : "\"" + text + "\"";
}

bool readable_name(std::string_view name) {
  if (name.empty() || !std::ranges::all_of(name, name_octet)) return false;
  bool extension = name.starts_with("X-") || name.starts_with("x-");
  return extension || std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; }) || known_property(name);
}

bool readable_parameters(std::string_view parameters) {
  return std::ranges::count(parameters, '"') % 2 == 0 && colon_of(parameters) == parameters.npos;
}

}  // namespace deadletter::content::calendar
