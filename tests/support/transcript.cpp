#include "tests/support/transcript.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

namespace deadletter::testing {
namespace {

// "2d 07:00:00.018" or "07:00:00".
double seconds_of(std::istream& in) {
  std::string word;
  in >> word;
  double days = 0;
  if (word.ends_with('d')) {
    days = std::stod(word);
    in >> word;
  }
  return days * 86400 + std::stod(word.substr(0, 2)) * 3600 + std::stod(word.substr(3, 2)) * 60 +
         std::stod(word.substr(6));
}

std::string text_of(const Line& line) { return line.node + " " + line.kind + " " + line.words; }

}  // namespace

std::vector<Line> lines_of(const Outcome& run) {
  if (!run.problems.empty()) throw std::logic_error("the experiment was refused:\n" + run.problems);
  std::vector<Line> lines;
  for (const std::string& text : run.transcript) {
    std::istringstream in(text);
    Line line{.at_s = seconds_of(in)};
    in >> line.node >> line.kind >> std::ws;
    std::getline(in, line.words);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> told(const Outcome& run, const std::string& kinds, const std::string& words) {
  std::vector<std::string> found;
  for (const Line& line : lines_of(run))
    if ((" " + kinds + " ").find(" " + line.kind + " ") != std::string::npos &&
        line.words.find(words) != std::string::npos)
      found.push_back(text_of(line));
  return found;
}

std::vector<double> times(const Outcome& run, const std::string& text) {
  std::vector<double> found;
  for (const Line& line : lines_of(run))
    if (text_of(line).starts_with(text)) found.push_back(line.at_s);
  return found;
}

double time_of(const Outcome& run, const std::string& line) {
  auto found = times(run, line);
  return found.size() == 1 ? found[0] : -1;
}

std::string fates(const Outcome& run) {
  if (!run.problems.empty()) throw std::logic_error("the experiment was refused:\n" + run.problems);
  std::string text;
  for (const char* fate : {"delivered", "returned", "waiting", "discarded", "lost"})
    if (auto count = run.number(std::string("/fates/") + fate); count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", fate, count);
  if (auto extra = run.number("/copies/extra"); extra > 0) text += fmt::format(", {} copies too many", extra);
  return run.held() ? text : text + ", and an oracle failed";
}

}  // namespace deadletter::testing
