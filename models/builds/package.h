// An update as its maker offers it for one branch.
//
// A branch is a release: an update made for several has a package for each, and its installer refuses every other.
// What a package brings along is stated, never read off a version number.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace deadletter::builds {

// How well names, builds and dates of the catalogue are known: from a document, or recalled without one.
enum class Known : std::uint8_t { documented, recalled };
const char* text(Known known);

struct Package {
  std::string update;                   // "KB912341"; one without an article is known by the name people give it
  std::string branch;                   // the release that it installs on: "windows-2003-sp1"
  std::string file{};                   // the file build it brings, may be empty
  std::vector<std::string> restarts{};  // services
  std::string also{};                   // its other name on this branch: "RU7"
  std::string title{};
  std::string date{};  // "2009-03-18", or as much of it as is known
  Known known = Known::documented;
  std::string source{};
  std::vector<std::string> contains{};  // updates that it brings along, and with each what that one contains
  std::vector<std::string> needs{};     // updates that must be there before
  std::vector<std::string> excludes{};  // updates beside which it does not install
};

}  // namespace deadletter::builds
