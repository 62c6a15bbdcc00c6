// A program of somebody else that uses the installed engine.
#include <cstdio>

#include "sim/engine.h"

int main() {
  std::printf("two days are %s\n", deadletter::sim::elapsed(deadletter::sim::Duration::days(2)).c_str());
  return deadletter::sim::simgrid_version().empty() ? 1 : 0;
}
