#include "experiments/cli/version.h"

#include <fmt/format.h>

#include "experiments/run/runner.h"
#include "sim/engine.h"

namespace deadletter::cli {

std::string version_text() {
#ifdef NDEBUG
  constexpr const char* build = "optimized";
#else
  constexpr const char* build = "with assertions";
#endif
  return fmt::format("{}\nbuild: {}, {}\nSimGrid {}\nrun format {}", experiments::program_version(), build, __VERSION__,
                     sim::simgrid_version(), experiments::kRunFormat);
}

}  // namespace deadletter::cli
