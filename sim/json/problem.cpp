// Collecting, ordering and printing problems.
#include "sim/json/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sim/json/excerpt.h"
#include "sim/json/suggest.h"
#include "sim/json/utf8.h"

namespace deadletter::json {
namespace {

constexpr std::size_t kChoicesShown = 12;
constexpr std::size_t kLongestMessage = 1000;

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + harmless(word);
  return out;
}

std::vector<std::string> shown_choices(const Problem& problem) {
  if (!problem.word.empty()) return nearest(problem.word, problem.choices, kChoicesShown);
  return {problem.choices.begin(), problem.choices.begin() + kChoicesShown};
}

std::string heading(const Problem& problem) {
  const auto [line, column] = problem.position;
  std::string place = problem.file;
  if (!place.empty() && problem.position.known()) place += fmt::format(":{}:{}", line, column);
  return harmless(place.empty() ? problem.message : place + ": " + problem.message);
}

}  // namespace

Problem problem_at(const Place& place, std::string message) {
  Problem problem;
  if (place.source) problem.file = place.source->name;
  problem.position = place.position;
  problem.pointer = place.pointer;
  problem.message = std::move(message);
  problem.source = place.source;
  return problem;
}

Problem problem_at(const Place& place, std::string message, std::string word, std::vector<std::string> choices) {
  Problem problem = problem_at(place, std::move(message));
  problem.word = std::move(word);
  problem.choices = std::move(choices);
  return problem;
}

Place place_of_part(const Place& place, std::string_view text, std::string_view part) {
  const std::size_t at = text.find(part);
  if (!place.source || !place.position.known() || at == std::string_view::npos) return place;
  const std::string_view line = line_of(place.source->text, place.position.line).value_or("");
  std::size_t start = 0;
  for (int column = 1; column < place.position.column && start < line.size(); ++column)
    start += decode(line, start).size;
  if (start >= line.size() || line[start] != '"' || line.substr(start + 1, text.size()) != text) return place;
  Place inside = place;
  inside.position.column += 1 + static_cast<int>(count_code_points(text.substr(0, at)));
  return inside;
}

void Problems::add(Problem problem) {
  ++count_;
  const auto same = [&problem](const Problem& other) {
    return problem.position == other.position && problem.file == other.file && problem.message == other.message;
  };
  if (std::any_of(kept_.begin(), kept_.end(), same)) return;
  if (kept_.size() == kKept) {
    ++left_out_;
    return;
  }
  problem.message = shorten(problem.message, kLongestMessage);
  if (problem.hint.empty() && !problem.word.empty()) problem.hint = suggest(problem.word, problem.choices);
  kept_.push_back(std::move(problem));
}

void Problems::add(const Problems& others) {
  for (const Problem& problem : others.kept_) add(problem);
  count_ += others.count_ - others.kept_.size();
  left_out_ += others.left_out_;
}

std::vector<Problem> Problems::sorted() const {
  std::vector<Problem> out = kept_;
  std::stable_sort(out.begin(), out.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.position) < std::tie(b.file, b.position);
  });
  return out;
}

std::string render(const Problem& problem) {
  std::string out = heading(problem) + "\n";
  const Excerpt quoted = problem.source ? excerpt(*problem.source, problem.position) : Excerpt{};
  if (!quoted.line.empty()) out += fmt::format("  {}\n  {}\n", quoted.line, quoted.caret);
  if (problem.choices.size() > kChoicesShown) {
    out += fmt::format("  valid: {}, … ({} in all)\n", join(shown_choices(problem)), problem.choices.size());
  } else if (!problem.choices.empty()) {
    out += fmt::format("  valid: {}\n", join(problem.choices));
  }
  if (!problem.hint.empty()) out += fmt::format("  did you mean {}?\n", show(problem.hint));
  return out;
}

std::string render(const Problems& problems) {
  std::string out;
  for (const Problem& problem : problems.sorted()) out += render(problem);
  if (problems.left_out() > 0) out += fmt::format("… and {} more\n", problems.left_out());
  return out;
}

Value to_json(const Problems& problems) {
  Value errors = Value::array();
  for (const Problem& problem : problems.sorted()) {
    Value choices = Value::array();
    for (const std::string& choice : problem.choices) choices.push_back(choice);
    Value error = Value::object();
    error.set("file", problem.file).set("line", problem.position.line).set("column", problem.position.column);
    error.set("pointer", problem.pointer).set("message", problem.message).set("choices", std::move(choices));
    errors.push_back(std::move(error));
  }
  return Value::object().set("errors", std::move(errors));
}

}  // namespace deadletter::json
