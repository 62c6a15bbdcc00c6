// Runs a program as a person would, and keeps what it says.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace deadletter::testing {

struct Said {
  int status = 0;  // exit status, or 128 + signal
  std::string out, err;
};

struct Surroundings {
  std::string folder;                                // working folder; the present one when empty
  std::map<std::string, std::string> environment{};  // added to the present one
  std::string interrupt_when{};                      // sends SIGINT soon after this file has come; empty = never
};

// `words[0]` is the program.
Said run_command(const std::vector<std::string>& words, const Surroundings& surroundings = {});

// The program under test: that of the same build, or another one that $DEADLETTER_PROGRAM names.
std::string program();
Said deadletter(std::vector<std::string> arguments, const Surroundings& surroundings = {});

// A new empty folder that is removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);
// A file of the project.
std::string source_path(const std::string& relative);

// What Python's email package makes of a report (RFC 3464): `prints` are lines of Python that print, of the message
// `m`, its parts `text`, `status` and `original`, and the groups of fields `about` and `recipient`.
Said python_reads_report(const std::string& file, const std::string& prints);

}  // namespace deadletter::testing
