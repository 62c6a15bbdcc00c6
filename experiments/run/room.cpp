#include "experiments/run/room.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

std::optional<std::uint64_t> number_of_text(std::string_view text) {
  std::uint64_t n = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc() && end != text.data() ? std::optional(n) : std::nullopt;
}

// A file that holds one number; nothing when it is not there, or says "max".
std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream stream(file);
  std::string word;
  return stream >> word ? number_of_text(word) : std::nullopt;
}

// The number behind a name in lines of "NAME 123" or "NAME: 123 kB".
std::optional<std::uint64_t> named_in(const fs::path& file, std::string_view name) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string first, second;
    words >> first >> second;
    if (first == name) return number_of_text(second);
  }
  return std::nullopt;
}

// Pages of this process: of its address space, and of them those in memory.
struct Pages {
  std::uint64_t space = 0, resident = 0;
};
Pages held(const fs::path& root) {
  Pages pages;
  std::ifstream(root / "proc/self/statm") >> pages.space >> pages.resident;
  auto octets = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return {pages.space * octets, pages.resident * octets};
}

std::uint64_t less(std::uint64_t all, std::uint64_t taken) { return all > taken ? all - taken : 0; }

struct GroupFiles {
  const char *limit, *usage, *cache;  // cache: the entry of memory.stat that is given up when memory is short
};

// A limit of a group holds for those inside it, so that of the group and all above it the tightest counts. A group that
// is not there belongs to the view from outside a container: then the one above it is ours.
std::uint64_t group_room(const fs::path& mount, const std::string& group, const GroupFiles& files) {
  std::uint64_t room = kNoLimit;
  for (fs::path at = fs::path(group).relative_path();; at = at.parent_path()) {
    fs::path folder = mount / at;
    auto limit = number_in(folder / files.limit), usage = number_in(folder / files.usage);
    std::uint64_t cache = named_in(folder / "memory.stat", files.cache).value_or(0);
    if (limit && usage) room = std::min(room, less(*limit, less(*usage, cache)));
    if (at.empty()) return room;
  }
}

// Lines of /proc/self/cgroup are NUMBER:CONTROLLERS:GROUP; those of version 2 name no controller.
std::uint64_t groups_room(const fs::path& root) {
  std::uint64_t room = kNoLimit;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    std::size_t one = line.find(':'), two = line.find(':', one + 1);
    if (one == line.npos || two == line.npos) continue;
    std::string controllers = "," + line.substr(one + 1, two - one - 1) + ",", group = line.substr(two + 1);
    if (controllers == ",,")
      room =
          std::min(room, group_room(root / "sys/fs/cgroup", group, {"memory.max", "memory.current", "inactive_file"}));
    else if (controllers.find(",memory,") != controllers.npos)
      room = std::min(room, group_room(root / "sys/fs/cgroup/memory", group,
                                       {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}));
  }
  return room;
}

std::uint64_t plus(std::uint64_t room, std::uint64_t held) { return room > kNoLimit - held ? kNoLimit : room + held; }

}  // namespace

MemoryRoom memory_room(const std::string& root) {
  Pages own = held(root);
  MemoryRoom room;
  auto limit = [&](std::uint64_t more, const char* what) {
    if (plus(more, own.resident) < room.octets) room = {plus(more, own.resident), what};
  };
  if (auto free = named_in(fs::path(root) / "proc/meminfo", "MemAvailable:")) limit(*free * 1024, "what is free");
  limit(groups_room(root), "the limit of the control group");
  struct rlimit space {};
  if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
    limit(less(space.rlim_cur, own.space), "the limit of the address space (ulimit -v)");
  return room;
}

std::optional<std::uint64_t> disk_room(const std::string& folder) {
  std::error_code error;
  for (fs::path at = fs::absolute(folder, error); !error; at = at.parent_path()) {
    fs::space_info space = fs::space(at, error);
    // What is no disk at all (/proc) says of itself that it has no room.
    if (!error && space.capacity > 0) return space.available;
    if (at == at.root_path()) break;
    error.clear();
  }
  return std::nullopt;
}

}  // namespace deadletter::experiments
