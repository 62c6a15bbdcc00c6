// What a transcript says, taken apart: who did what when.
#pragma once
#include <string>
#include <vector>

#include "tests/support/run_experiment.h"

namespace deadletter::testing {

struct Line {
  double at_s = 0;
  std::string node, kind, words;
};
std::vector<Line> lines_of(const Outcome& run);

// The lines of these kinds ("submit relay deliver") that hold `words`: "A2 enqueue m1 for A-B".
std::vector<std::string> told(const Outcome& run, const std::string& kinds, const std::string& words = "");
// When this was said, in seconds after the start; `line` as told() has it, or the beginning of it.
std::vector<double> times(const Outcome& run, const std::string& line);
// The same for what must have been said exactly once; -1 when it was not.
double time_of(const Outcome& run, const std::string& line);

constexpr double minutes(double n) { return n * 60; }
constexpr double hours(double n) { return n * 3600; }

// The fates of every recipient of every named mail, and oracles: "delivered 96, returned 2".
std::string fates(const Outcome& run);

}  // namespace deadletter::testing
