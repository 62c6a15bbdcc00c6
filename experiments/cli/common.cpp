#include "experiments/cli/common.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "experiments/cli/commands.h"

namespace deadletter::cli {
namespace {

std::atomic<bool> of_this_process{false};
std::atomic<bool>* stop = &of_this_process;

void on_signal(int number) {
  *stop = true;
  std::signal(number, SIG_DFL);  // a second one ends the process at once
}

}  // namespace

void add_format(CLI::App& command, Format& format) {
  command
      .add_option_function<std::string>(
          "--format", [&format](const std::string& word) { format = word == "json" ? Format::json : Format::text; },
          "How the result is printed")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
}

int report_problems(const json::Problems& problems, Format format) {
  if (format == Format::json)
    fmt::print("{}\n", json::to_json(problems).dump(2));
  else
    fmt::print(stderr, "{}", json::render(problems));
  return kUsage;
}

bool read_sets(const std::vector<std::string>& words, std::vector<experiments::Set>& sets) {
  for (const std::string& word : words) {
    auto set = experiments::parse_set(word);
    if (!set) {
      fmt::print(stderr, "--set {}: expected PATH=VALUE, such as /mail/0/size=20KB or gap=5s\n", word);
      return false;
    }
    sets.push_back(*set);
  }
  return true;
}

int write_result(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    fmt::print(stderr, "{}: it cannot be written\n", path);
    return kUsage;
  }
  fmt::print(stderr, "{}: {} octets\n", path, text.size());
  return kHeld;
}

const std::atomic<bool>& stop_flag() { return *stop; }

void catch_signals() {
  void* shared = mmap(nullptr, sizeof *stop, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared != MAP_FAILED) stop = new (shared) std::atomic<bool>(false);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool colour() {
  const char* no = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (no == nullptr || *no == '\0');
}

}  // namespace deadletter::cli
