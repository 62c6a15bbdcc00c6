#include "experiments/cli/out_folder.h"

#include <fmt/format.h>

#include <filesystem>

namespace deadletter::cli {
namespace fs = std::filesystem;

std::string fresh_folder(const std::string& stem) {
  std::error_code error;
  fs::create_directories("runs", error);
  for (int n = 1; !error; ++n) {
    std::string path = fmt::format("runs/{}-{}", stem, n);
    if (fs::create_directory(path, error)) return path;
  }
  fmt::print(stderr, "the folder runs cannot be made or written: {}; --out names another\n", error.message());
  return {};
}

bool claim_folder(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error) && (!fs::is_directory(path, error) || !fs::is_empty(path, error))) {
    fmt::print(stderr, "--out {}: it is there already and not empty; nothing is overwritten. Name a new folder.\n",
               path);
    return false;
  }
  fs::create_directories(path, error);
  if (error) fmt::print(stderr, "--out {}: cannot be made: {}\n", path, error.message());
  return !error;
}

}  // namespace deadletter::cli
