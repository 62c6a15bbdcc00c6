// The folder of a sweep, which several processes on several machines may fill at once.
//
//   sweep.json        the plan's hash, the build, the inputs and the cells (manifest.h)
//   cells/KEY/        a cell that is done: run.json, cell.json, and what its record level keeps. All of it or nothing:
//   it
//                     comes by a rename, the commit point. Its expectations may have failed; run.json says so.
//   cells/KEY.tmp/    a cell that is under way, or what a process that was killed left of it
//   failed/KEY/       a cell that did not come to an end: failure.json, stderr.txt. The next time it is run again.
//   running/KEY       locked (flock) by the process that runs the cell, as long as it lives. One that is not locked is
//                     of a process that was killed.
//   sweep.sqlite  sweep.md  sweep.html    what `collect` makes of the cells (collect.h)
//
// All processes see one file system, on which rename and flock work (NFS 3 and later do). A process may be killed at
// any instant; a power failure is NOT COVERED: nothing is synchronized to the disk.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/sweep/cells.h"

namespace deadletter::experiments {

enum class CellState : std::uint8_t { done, failed, running, missing };
const char* text(CellState state);

class SweepFolder {
 public:
  // Absolute from now on. Nothing is made yet.
  explicit SweepFolder(const std::string& path);

  const std::string& path() const { return path_; }
  std::string manifest() const { return path_ + "/sweep.json"; }
  std::string cell(const std::string& key) const { return path_ + "/cells/" + key; }
  std::string draft(const std::string& key) const { return cell(key) + ".tmp"; }
  std::string failed(const std::string& key) const { return path_ + "/failed/" + key; }
  std::string lock(const std::string& key) const { return path_ + "/running/" + key; }

  // Makes the folders that are not there. Throws CannotWrite.
  void make() const;

  bool is_done(const std::string& key) const;
  // What there is of a cell now. One that failed and runs again is running.
  CellState state(const std::string& key) const;
  // Of each cell, in their order.
  std::vector<CellState> states(const std::vector<SweepCell>& cells) const;

  // Whether there is nothing yet, or a sweep's: then it may be written to.
  bool is_free_or_own() const;
  // Removes what processes that were killed have left. What is locked stays, and what another machine is writing.
  void clear_leftovers() const;

  // The draft becomes the cell; a failure of before is forgotten. Throws CannotWrite.
  void commit(const std::string& key) const;
  // failed/KEY/ with these files. Throws CannotWrite.
  void fail(const std::string& key, const std::string& failure_json, const std::string& stderr_text) const;

 private:
  std::string path_;
};

// Holds the lock of a cell until it is gone, in this process and those that it forks.
class CellLock {
 public:
  // Nothing when another process runs the cell. Throws CannotWrite.
  static std::optional<CellLock> take(const SweepFolder& folder, const std::string& key);
  CellLock(CellLock&& other) noexcept;
  CellLock& operator=(CellLock&&) = delete;
  ~CellLock();

 private:
  CellLock(std::string path, int file) : path_(std::move(path)), file_(file) {}
  std::string path_;
  int file_;
};

// Beside `path`, a name that no other process writes to: what is whole is renamed from there.
std::string draft_of(const std::string& path);
void rename_draft(const std::string& draft, const std::string& path);
// Writes a draft and renames it: who reads finds the old file or the new one. All three throw CannotWrite.
void write_whole(const std::string& path, const std::string& text);

}  // namespace deadletter::experiments
