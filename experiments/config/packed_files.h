// Files that are not on the disk but came along in one file with others, such as a capsule's: while an object of this
// class lives, read_source() reads nothing else.
#pragma once
#include <map>
#include <string>

namespace deadletter::experiments {

class PackedFiles {
 public:
  // By absolute, normal path. One object at a time.
  explicit PackedFiles(std::map<std::string, std::string> files);
  ~PackedFiles();
  PackedFiles(const PackedFiles&) = delete;
  PackedFiles& operator=(const PackedFiles&) = delete;

  static bool in_use();
  // Null when there is no such file among them.
  static const std::string* find(const std::string& path);

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace deadletter::experiments
