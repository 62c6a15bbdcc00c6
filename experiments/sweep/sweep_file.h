// sweep.sqlite: every cell of a sweep with its factors and figures, for other programs. Equal cells give an equal file,
// octet for octet.
#pragma once
#include <memory>
#include <string>

#include "experiments/sweep/cell_result.h"

namespace deadletter::experiments {

class SweepFile {
 public:
  // Begins a draft beside `path`. Throws CannotWrite, as do add() and finish().
  SweepFile(const std::string& path, const Sweep& sweep);
  ~SweepFile();
  SweepFile(const SweepFile&) = delete;
  SweepFile& operator=(const SweepFile&) = delete;

  void add(const SweepCell& cell, bool twice, const CellResult& result);
  // The draft becomes the file.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace deadletter::experiments
