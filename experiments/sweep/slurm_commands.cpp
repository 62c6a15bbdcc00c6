#include "experiments/sweep/slurm_commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace deadletter::experiments {
namespace {

constexpr const char* kFields = "%j|%F|%K|%T|%r";

struct Said {
  int status = 0;  // 127: it could not be started
  std::string out, err;
};

std::string octets(int file) {
  std::string text;
  char block[1 << 16];
  for (ssize_t n = 0; (n = pread(file, block, sizeof block, static_cast<off_t>(text.size()))) > 0;)
    text.append(block, static_cast<std::size_t>(n));
  close(file);
  return text;
}

// A person's own settings of squeue would choose among the tasks.
void forget_settings_of_squeue() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (std::string_view(*entry).starts_with("SQUEUE_"))
      names.emplace_back(*entry, static_cast<std::size_t>(std::strchr(*entry, '=') - *entry));
  for (const std::string& name : names) unsetenv(name.c_str());
}

Said ask(std::vector<std::string> words) {
  int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
  std::fflush(nullptr);
  pid_t child = out < 0 || err < 0 ? -1 : fork();
  if (child == 0) {
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    forget_settings_of_squeue();
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int ended = 127 << 8;
  while (child > 0 && waitpid(child, &ended, 0) < 0 && errno == EINTR) continue;
  return {WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended), octets(out), octets(err)};
}

std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != text.npos && !text.empty(); text.remove_prefix(end + 1)) {
    end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == text.npos) break;
  }
  return parts;
}

std::string why_of(const std::string& command, const Said& said) {
  if (said.status == 127) return fmt::format("{} could not be started", command);
  std::string words = said.err.empty() ? said.out : said.err;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  return fmt::format("{} ended with status {}{}{}", command, said.status, words.empty() ? "" : ": ", words);
}

bool in_path(const std::string& command) {
  const char* path = std::getenv("PATH");
  auto folders = parts_of(path == nullptr ? "" : path, ':');
  return std::ranges::any_of(
      folders, [&](const std::string& folder) { return access((folder + "/" + command).c_str(), X_OK) == 0; });
}

// States of squeue(1), JOB STATE CODES. What is none of these has ended: the cells of a task that is taken for ended by
// mistake are submitted again, which does no harm; those of one that is taken for live would never run.
SlurmTask::State state_of(std::string_view word) {
  constexpr std::array pending{"PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"};
  constexpr std::array running{"RUNNING",   "CONFIGURING", "COMPLETING", "SUSPENDED",
                               "STAGE_OUT", "SIGNALING",   "STOPPED",    "RESIZING"};
  if (std::ranges::find(pending, word) != pending.end()) return SlurmTask::State::pending;
  if (std::ranges::find(running, word) != running.end()) return SlurmTask::State::running;
  return SlurmTask::State::ended;
}

}  // namespace

std::string why_no_slurm() {
  std::vector<std::string> missing;
  for (const char* command : {"sbatch", "squeue", "sinfo"})
    if (!in_path(command)) missing.emplace_back(command);
  if (missing.empty()) return "";
  return fmt::format(
      "--engine slurm: {} {} not in PATH. It takes a machine that submits to the cluster: a login node, or this one "
      "with Slurm's commands (Debian's slurm-client), the cluster's slurm.conf and munge.key, and munged running.",
      fmt::join(missing, ", "), missing.size() == 1 ? "is" : "are");
}

SlurmAnswer<std::string> submit_to_slurm(const std::string& script) {
  Said said = ask({"sbatch", "--parsable", script});
  // NUMBER, or NUMBER;CLUSTER where there are several.
  std::string number = said.out.substr(0, said.out.find_first_not_of("0123456789"));
  if (said.status != 0 || number.empty()) return {{}, why_of("sbatch", said)};
  return {number};
}

SlurmAnswer<std::vector<SlurmTask>> slurm_tasks(const std::vector<std::string>& names) {
  std::vector<SlurmTask> tasks;
  if (names.empty()) return {tasks};
  Said said = ask({"squeue", "-h", "-r", "-t", "all", fmt::format("--name={}", fmt::join(names, ",")), "-o", kFields});
  if (said.status != 0) return {{}, why_of("squeue", said)};
  for (const std::string& line : parts_of(said.out, '\n'))
    if (auto task = parse_slurm_task(line)) tasks.push_back(*task);
  return {tasks};
}

SlurmAnswer<std::vector<std::string>> slurm_partitions() {
  Said said = ask({"sinfo", "-h", "-o", "%R"});
  if (said.status != 0) return {{}, why_of("sinfo", said)};
  auto names = parts_of(said.out, '\n');
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return {names};
}

std::optional<SlurmTask> parse_slurm_task(const std::string& line) {
  auto fields = parts_of(line, '|');
  if (fields.size() != 5) return std::nullopt;
  unsigned number = 0;
  const std::string& id = fields[2];
  auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (id.empty() || error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return SlurmTask{fields[0], fields[1], number, state_of(fields[3]), fields[3], fields[4]};
}

}  // namespace deadletter::experiments
