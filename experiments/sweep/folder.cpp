#include "experiments/sweep/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "experiments/run/cannot_write.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

void remove(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) throw CannotWrite(path, error.message());
}

void rename(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw CannotWrite(to, error.message());
}

void write(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw CannotWrite(path, errno == 0 ? "is the disk full?" : std::strerror(errno));
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

// sweep.json.HOST-PID.tmp of this machine, and no process has that number.
bool is_left_over(const std::string& name) {
  std::size_t host = name.find("." + host_name() + "-");
  if (host == name.npos || !name.ends_with(".tmp")) return false;
  std::size_t dash = host + host_name().size() + 1;
  int pid = std::atoi(name.c_str() + dash + 1);
  return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

// A lock of which nobody knows who holds it counts as held.
bool is_locked(const std::string& path) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool locked = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(file);
  return locked;
}

}  // namespace

const char* text(CellState state) {
  switch (state) {
    case CellState::done:
      return "done";
    case CellState::failed:
      return "failed";
    case CellState::running:
      return "running";
    case CellState::missing:
      return "missing";
  }
  return "";
}

SweepFolder::SweepFolder(const std::string& path) {
  path_ = fs::absolute(path).lexically_normal().string();
  if (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
}

void SweepFolder::make() const {
  for (const char* name : {"cells", "failed", "running"}) {
    std::error_code error;
    fs::create_directories(fs::path(path_) / name, error);
    if (error) throw CannotWrite((fs::path(path_) / name).string(), error.message());
  }
}

bool SweepFolder::is_done(const std::string& key) const {
  std::error_code error;
  return fs::exists(cell(key), error);
}

CellState SweepFolder::state(const std::string& key) const {
  std::error_code error;
  if (is_done(key)) return CellState::done;
  if (is_locked(lock(key))) return CellState::running;
  return fs::exists(failed(key), error) ? CellState::failed : CellState::missing;
}

std::vector<CellState> SweepFolder::states(const std::vector<SweepCell>& cells) const {
  std::vector<CellState> all;
  for (const SweepCell& cell : cells) all.push_back(state(cell.key));
  return all;
}

bool SweepFolder::is_free_or_own() const {
  std::error_code error;
  if (!fs::exists(path_, error) || fs::exists(manifest(), error)) return true;
  // A process that was killed before it had written the manifest.
  return fs::is_directory(path_, error) && std::ranges::all_of(names_in(path_), [](const std::string& name) {
           return name == "cells" || name == "failed" || name == "running" || name.starts_with("sweep.json.");
         });
}

void SweepFolder::clear_leftovers() const {
  for (const std::string& name : names_in(path_))
    if (is_left_over(name)) remove(path_ + "/" + name);
  for (const std::string& key : names_in(path_ + "/running"))
    (void)CellLock::take(*this, key);  // removes the file with the lock
  for (const char* folder : {"/cells", "/failed"})
    for (const std::string& name : names_in(path_ + folder)) {
      std::string key = name.substr(0, name.find('.'));
      if (key == name) continue;
      if (auto lock = CellLock::take(*this, key)) remove(path_ + folder + "/" + name);
    }
}

void SweepFolder::commit(const std::string& key) const {
  rename(draft(key), cell(key));
  remove(failed(key));
}

void SweepFolder::fail(const std::string& key, const std::string& failure_json, const std::string& stderr_text) const {
  std::string draft = failed(key) + ".tmp";
  remove(draft);
  std::error_code error;
  fs::create_directories(draft, error);
  if (error) throw CannotWrite(draft, error.message());
  write(draft + "/failure.json", failure_json);
  write(draft + "/stderr.txt", stderr_text);
  remove(failed(key));
  rename(draft, failed(key));
}

std::optional<CellLock> CellLock::take(const SweepFolder& folder, const std::string& key) {
  std::string path = folder.lock(key);
  for (;;) {
    int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) throw CannotWrite(path, std::strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
      close(file);
      return std::nullopt;
    }
    // Who held it before may have removed the file in between: then this lock is of a file that nobody else sees.
    struct stat here {
    }, there{};
    if (fstat(file, &here) == 0 && stat(path.c_str(), &there) == 0 && here.st_ino == there.st_ino)
      return CellLock(path, file);
    close(file);
  }
}

CellLock::CellLock(CellLock&& other) noexcept : path_(std::move(other.path_)), file_(other.file_) { other.file_ = -1; }

CellLock::~CellLock() {
  if (file_ < 0) return;
  unlink(path_.c_str());
  close(file_);
}

std::string draft_of(const std::string& path) { return fmt::format("{}.{}-{}.tmp", path, host_name(), getpid()); }

void rename_draft(const std::string& draft, const std::string& path) { rename(draft, path); }

void write_whole(const std::string& path, const std::string& text) {
  std::string draft = draft_of(path);
  write(draft, text);
  rename(draft, path);
}

}  // namespace deadletter::experiments
