#include "experiments/sweep/local_engine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "experiments/run/cannot_write.h"
#include "experiments/sweep/cell_result.h"
#include "experiments/sweep/run_cell.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostSaid = 64 << 10;
constexpr int kTickMs = 250;
// Who kills a whole task, as Slurm does, kills its processes one after the other.
constexpr auto kKillSpreads = std::chrono::seconds(2);

// A cell under way. `alive` is a pipe whose other end only its process holds: it is readable when that has ended.
struct Running {
  const SweepCell* cell;
  pid_t pid;
  int alive, said;
};

// Nobody but the sweep waits for a cell: with the sweep it ends.
void end_with_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCellInterrupted);
}

CellStatus run_guarded(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder,
                       const std::atomic<bool>* stop) {
  try {
    return run_cell(sweep, cell, folder, stop);
  } catch (const CannotWrite& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kCellResource;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\nThis is a bug of deadletter.\n", error.what());
    return kCellBug;
  }
}

Running start(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder, const std::atomic<bool>* stop) {
  int ends[2];
  int said = memfd_create("stderr", MFD_CLOEXEC);
  if (said < 0 || pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no file descriptors left");
  std::fflush(nullptr);
  pid_t parent = getpid(), pid = fork();
  if (pid < 0) throw std::runtime_error("cannot start a process");
  if (pid == 0) {
    end_with_parent(parent);
    dup2(said, STDERR_FILENO);
    CellStatus status = run_guarded(sweep, cell, folder, stop);
    std::fflush(nullptr);
    _exit(status);
  }
  close(ends[1]);
  return {&cell, pid, ends[0], said};
}

std::string what_it_said(int file) {
  std::string text(kMostSaid, '\0');
  ssize_t n = pread(file, text.data(), text.size(), 0);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  close(file);
  return text;
}

// The status of a process that a signal ended: who is killed from outside had most likely taken too much memory.
int status_of(int ended, std::string& said) {
  if (WIFEXITED(ended)) return WEXITSTATUS(ended);
  said += fmt::format("{}its process was ended by signal {}{}\n", said.empty() || said.ends_with('\n') ? "" : "\n",
                      WTERMSIG(ended), WTERMSIG(ended) == SIGKILL ? ": had it taken too much memory?" : "");
  return WTERMSIG(ended) == SIGKILL ? kCellResource : kCellBug;
}

class Pool {
 public:
  Pool(const Sweep& sweep, const SweepFolder& folder, const LocalOptions& options, std::size_t cells)
      : sweep_(sweep), folder_(folder), options_(options) {
    state_.cells = state_.waiting = cells;
  }
  // The ends of pipes and files only: a process that is still there ends with this one.
  ~Pool() {
    for (const Running& r : running_) close(r.alive), close(r.said);
  }

  bool stopped() const { return options_.stop != nullptr && *options_.stop; }
  bool full() const { return running_.size() >= std::max(1u, options_.jobs); }
  bool empty() const { return running_.empty(); }
  bool some_elsewhere() const { return elsewhere_; }

  void begin(const SweepCell& cell) {
    running_.push_back(start(sweep_, cell, folder_, options_.stop));
    ++state_.running, --state_.waiting;
  }
  void wait() {
    if (options_.tick) options_.tick(state_);
    std::vector<pollfd> files;
    for (const Running& r : running_) files.push_back({r.alive, POLLIN, 0});
    if (poll(files.data(), files.size(), kTickMs) > 0)
      for (std::size_t i = files.size(); i-- > 0;)
        if (files[i].revents != 0) {
          Running ended = running_[i];
          running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
          end(ended);
        }
  }

 private:
  void end(const Running& r) {
    int ended = 0;
    while (waitpid(r.pid, &ended, 0) < 0 && errno == EINTR) continue;
    close(r.alive);
    std::string said = what_it_said(r.said);
    // If we are next, the run is not a failed one: it has ended with us, and is done anew.
    if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL) std::this_thread::sleep_for(kKillSpreads);
    int status = status_of(ended, said);
    --state_.running;
    if (status == kCellDone)
      ++state_.done;
    else if (status == kCellElsewhere)
      elsewhere_ = true;
    else if (status != kCellInterrupted)
      failed(*r.cell, status, said);
  }
  void failed(const SweepCell& cell, int status, const std::string& said) {
    ++state_.failed;
    std::error_code error;
    fs::remove_all(folder_.draft(cell.key), error);
    folder_.fail(cell.key, failure_file(sweep_.plan, cell, status, said).dump(1) + "\n", said);
  }

  const Sweep& sweep_;
  const SweepFolder& folder_;
  const LocalOptions& options_;
  std::vector<Running> running_;
  EngineState state_;
  bool elsewhere_ = false;
};

}  // namespace

EngineEnd LocalEngine::run(const Sweep& sweep, const SweepFolder& folder,
                           const std::vector<const SweepCell*>& missing) {
  Pool pool(sweep, folder, options_, missing.size());
  for (std::size_t next = 0; next < missing.size() || !pool.empty();) {
    while (next < missing.size() && !pool.full() && !pool.stopped()) pool.begin(*missing[next++]);
    if (pool.stopped() && pool.empty()) break;
    pool.wait();
  }
  if (pool.stopped()) return {EngineEnd::How::interrupted};
  if (pool.some_elsewhere()) return {EngineEnd::How::under_way};
  return {};
}

}  // namespace deadletter::experiments
