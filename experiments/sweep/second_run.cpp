#include "experiments/sweep/second_run.h"

#include <fmt/format.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

enum class Memory : bool { as_ever, other };

void move_memory() {
  int now = personality(0xffffffff);
  if (now >= 0) personality(static_cast<unsigned long>(now ^ ADDR_NO_RANDOMIZE) | ADDR_COMPAT_LAYOUT);
  const char* before = std::getenv("GLIBC_TUNABLES");
  std::string tunables =
      "glibc.malloc.perturb=165:glibc.malloc.mmap_threshold=65536:glibc.malloc.tcache_count=0:"
      "glibc.malloc.top_pad=4096";
  if (before != nullptr && *before != '\0') tunables += std::string(":") + before;
  setenv("GLIBC_TUNABLES", tunables.c_str(), 1);
}

[[noreturn]] void become(std::vector<std::string> words, Memory memory) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (memory == Memory::other) move_memory();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv("/proc/self/exe", arguments.data());
  _exit(kCellBug);
}

// The cell into an empty folder, by a process of its own.
CellStatus run_apart(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder, const std::string& into,
                     Memory memory, bool every_event) {
  fs::remove_all(into);
  fs::create_directories(into);
  std::vector<std::string> words{"deadletter", "sweep",  sweep.plan.path, "--out", folder.path(),
                                 "--cells",    cell.key, "--into",        into};
  if (every_event) words.push_back("--every-event");
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) become(words, memory);
  int ended = 0;
  while (child > 0 && waitpid(child, &ended, 0) < 0 && errno == EINTR) continue;
  if (child < 0) return kCellResource;
  return WIFEXITED(ended) ? static_cast<CellStatus>(WEXITSTATUS(ended)) : kCellBug;
}

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder).string());
  std::ranges::sort(files);
  // What cell.json says is told by run.json more exactly.
  std::ranges::stable_partition(files, [](const std::string& name) { return name != "cell.json"; });
  return files;
}

std::string octets(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Folders that are gone when this is.
struct Scratch {
  std::string path;
  ~Scratch() {
    std::error_code error;
    fs::remove_all(path, error);
  }
};

std::string which_record(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder) {
  Scratch first{folder.cell(cell.key) + ".events"}, again{folder.cell(cell.key) + ".again-events"};
  if (run_apart(sweep, cell, folder, first.path, Memory::as_ever, true) != kCellDone ||
      run_apart(sweep, cell, folder, again.path, Memory::other, true) != kCellDone)
    return "Run once more with every event, it came to no end: the first record that differs is not known.\n";
  std::string record = first_record(first.path + "/transcript.txt", again.path + "/transcript.txt");
  return record.empty() ? "Run once more with every event, the transcripts were the same.\n" : record;
}

}  // namespace

std::uint64_t injected_difference() {
  const char* bug = std::getenv("DEADLETTER_INJECTED_BUG");
  if (bug == nullptr || std::string_view(bug) != "seed-from-address") return 0;
  // So large that it is mapped on its own.
  std::vector<char> memory(std::size_t{8} << 20);
  return reinterpret_cast<std::uintptr_t>(memory.data()) >> 12 & 0xffffff;
}

std::string first_difference(const std::string& folder, const std::string& other) {
  auto files = files_of(folder), others = files_of(other);
  if (files != others) {
    auto [mine, theirs] = std::ranges::mismatch(files, others);
    bool ours = mine != files.end() && (theirs == others.end() || *mine < *theirs);
    return ours ? *mine : *theirs;
  }
  auto found = std::ranges::find_if(
      files, [&](const std::string& f) { return octets(folder + "/" + f) != octets(other + "/" + f); });
  return found == files.end() ? "" : *found;
}

std::string first_record(const std::string& transcript, const std::string& other) {
  std::ifstream first(transcript, std::ios::binary), second(other, std::ios::binary);
  std::string before, mine, theirs;
  for (std::uint64_t record = 1;; ++record) {
    bool more = static_cast<bool>(std::getline(first, mine)), others = static_cast<bool>(std::getline(second, theirs));
    if (!more && !others) return "";
    if (more == others && mine == theirs) {
      before = mine;
      continue;
    }
    std::string text = fmt::format("The first record that differs is number {}:\n", record);
    text +=
        fmt::format("  first   {}\n  second  {}\n", more ? mine : "(nothing more)", others ? theirs : "(nothing more)");
    return before.empty() ? text : text + fmt::format("behind    {}\n", before);
  }
}

CellStatus run_again(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder) {
  Scratch again{folder.cell(cell.key) + ".again"};
  CellStatus status = run_apart(sweep, cell, folder, again.path, Memory::other, false);
  if (status == kCellInterrupted || status == kCellResource) return status;
  if (status != kCellDone) {
    fmt::print(stderr, "with other memory the run ended with status {}\n", static_cast<int>(status));
    return kCellNotDeterministic;
  }
  std::string file = first_difference(folder.draft(cell.key), again.path);
  if (file.empty()) return kCellDone;
  fmt::print(stderr, "with other memory the run leaves another {}\n{}", file, which_record(sweep, cell, folder));
  return kCellNotDeterministic;
}

}  // namespace deadletter::experiments
