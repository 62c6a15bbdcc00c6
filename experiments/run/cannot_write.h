// A file of a run that could not be written: the disk is full, or the place allows no writing. A limit of the machine,
// neither a mistake of the experiment nor of the program.
#pragma once
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace deadletter::experiments {

struct CannotWrite : std::runtime_error {
  CannotWrite(const std::string& path, std::string_view why)
      : std::runtime_error(fmt::format("cannot write {}: {}", path, why)) {}
};

}  // namespace deadletter::experiments
