#include "tests/support/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

// To look for leaks takes a third of the time of a short process under the sanitizers. Every fourth command is looked
// through, always the same ones; all the others' octets are watched as ever.
bool looked_through_for_leaks(const std::vector<std::string>& words) {
  std::uint32_t hash = 2166136261U;
  for (const std::string& word : words)
    if (word.find('/') == word.npos)  // folders have other names each time
      for (char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % 4 == 0;
}

// "NAME=value" of the present environment with what is added.
std::vector<std::string> environment_of(const std::vector<std::string>& words, const Surroundings& surroundings) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view both = *entry;
    std::size_t equals = both.find('=');
    if (equals != both.npos) all[std::string(both.substr(0, equals))] = both.substr(equals + 1);
  }
  if (!looked_through_for_leaks(words)) all["ASAN_OPTIONS"] += ":detect_leaks=0";
  for (const auto& [name, value] : surroundings.environment) all[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : all) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

// Not by fork(): that copies the page tables of a process whose sanitizer maps terabytes.
pid_t start(const std::vector<std::string>& words, const Surroundings& surroundings, const std::string& out,
            const std::string& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kAnew = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), kAnew, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), kAnew, 0600);
  if (!surroundings.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, surroundings.folder.c_str());
  const auto environment = environment_of(words, surroundings);
  pid_t child = 0;
  int error =
      posix_spawnp(&child, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? child : -1;
}

}  // namespace

Said run_command(const std::vector<std::string>& words, const Surroundings& surroundings) {
  TemporaryFolder folder;
  const pid_t child = start(words, surroundings, folder / "out", folder / "err");
  if (child < 0) return {127, "", "cannot run " + words[0]};
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
