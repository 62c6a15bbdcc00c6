#include "tests/support/command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void become(const std::vector<std::string>& words, const Surroundings& surroundings,
                         const std::string& out, const std::string& err) {
  auto to_file = [](const std::string& path, int stream) {
    int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, stream);
  };
  to_file(out, STDOUT_FILENO);
  to_file(err, STDERR_FILENO);
  if (!surroundings.folder.empty() && chdir(surroundings.folder.c_str()) != 0) _exit(127);
  for (const auto& [name, value] : surroundings.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

Said run_command(const std::vector<std::string>& words, const Surroundings& surroundings) {
  TemporaryFolder folder;
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) become(words, surroundings, folder / "out", folder / "err");
  if (!surroundings.interrupt_when.empty()) {
    for (int i = 0; i < 6000 && !fs::exists(surroundings.interrupt_when); ++i) usleep(10'000);
    usleep(200'000);
    kill(child, SIGINT);
  }
  int status = 0;
  waitpid(child, &status, 0);
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, read_file(folder / "out"), read_file(folder / "err")};
}

std::string program() {
  const char* other = std::getenv("DEADLETTER_PROGRAM");
  return other != nullptr ? other : DEADLETTER_BINARY;
}

Said deadletter(std::vector<std::string> arguments, const Surroundings& surroundings) {
  arguments.insert(arguments.begin(), program());
  return run_command(arguments, surroundings);
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "deadletter-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() { fs::remove_all(path_); }

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string source_path(const std::string& relative) { return std::string(DEADLETTER_SOURCE_DIR) + "/" + relative; }

Said python_reads_report(const std::string& file, const std::string& prints) {
  constexpr const char* kRead = R"(
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
assert not any(p.defects for p in m.walk()), [p.defects for p in m.walk()]
assert m.get_content_type() == 'multipart/report' and m.get_param('report-type') == 'delivery-status'
text, status, original = m.iter_parts()
about, recipient = status.get_payload()
)";
  return run_command({"/usr/bin/python3", "-c", kRead + prints, file});
}

}  // namespace deadletter::testing
