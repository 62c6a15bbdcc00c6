// What did not hold in a sweep, grouped: cells that ended alike are one line and not a thousand.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "experiments/sweep/cell_result.h"

namespace deadletter::experiments {

// The same exit status, and the same expectations or the same first line of standard error but for numbers in it.
struct FailureGroup {
  static constexpr std::size_t kExamples = 3;
  int status = 0;
  std::string signature;
  std::size_t cells = 0;
  std::vector<const SweepCell*> examples;  // the first ones
};

class Failures {
 public:
  // Of a cell that held, nothing is kept. The cell outlives the object.
  void add(const SweepCell& cell, const CellResult& result);
  // The largest first.
  std::vector<FailureGroup> groups() const;
  // 0 when all held; else the gravest: 1 < 2 < 4 < 5 < 70.
  int status() const;

 private:
  std::map<std::pair<int, std::string>, FailureGroup> groups_;
};

// The words with "N" for each number and "KEY" for each key of a cell.
std::string without_numbers(const std::string& words);

// "an expectation failed", "a configuration error" …
std::string text_of_status(int status);

}  // namespace deadletter::experiments
