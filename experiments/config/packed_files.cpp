#include "experiments/config/packed_files.h"

#include <cassert>
#include <filesystem>

namespace deadletter::experiments {
namespace {

const std::map<std::string, std::string>* packed = nullptr;

}  // namespace

PackedFiles::PackedFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {
  assert(packed == nullptr);
  packed = &files_;
}

PackedFiles::~PackedFiles() { packed = nullptr; }

bool PackedFiles::in_use() { return packed != nullptr; }

const std::string* PackedFiles::find(const std::string& path) {
  auto found = packed->find(std::filesystem::absolute(path).lexically_normal().string());
  return found == packed->end() ? nullptr : &found->second;
}

}  // namespace deadletter::experiments
