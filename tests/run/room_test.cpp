// What a machine has for a run, as its files say it.
#include "experiments/run/room.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

// A machine of which these files are all there is.
class Machine {
 public:
  Machine() { says("proc/meminfo", "MemTotal:  9000000 kB\nMemAvailable:   2048000 kB\nBuffers: 1 kB\n"); }
  Machine& says(const std::string& file, const std::string& text) {
    fs::create_directories(fs::path(folder_ / file).parent_path());
    testing::write_file(folder_ / file, text);
    return *this;
  }
  MemoryRoom room() const { return memory_room(folder_.path()); }

 private:
  testing::TemporaryFolder folder_;
};

std::string octets(std::uint64_t mib) { return std::to_string(mib * kMiB) + "\n"; }

TEST(Room, IsWhatIsFree) {
  MemoryRoom room = Machine().room();
  EXPECT_EQ(room.octets, 2000 * kMiB);
  EXPECT_STREQ(room.limited_by, "what is free");
}

TEST(Room, CountsWhatTheProcessHoldsAlready) {
  std::uint64_t page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_EQ(Machine().says("proc/self/statm", "99999 1000 10 1 0 1 0\n").room().octets, 2000 * kMiB + 1000 * page);
}

TEST(Room, AGroupOfVersionOneLimits) {
  Machine machine;
  machine.says("proc/self/cgroup", "5:devices:/x\n4:cpu,memory:/x\n0::/\n")
      .says("sys/fs/cgroup/memory/x/memory.limit_in_bytes", octets(500))
      .says("sys/fs/cgroup/memory/x/memory.usage_in_bytes", octets(100));
  EXPECT_EQ(machine.room().octets, 400 * kMiB);
  EXPECT_STREQ(machine.room().limited_by, "the limit of the control group");
  machine.says("sys/fs/cgroup/memory/x/memory.stat", "cache 1\ntotal_inactive_file 31457280\n");
  EXPECT_EQ(machine.room().octets, 430 * kMiB) << "of its use, a cache is given up";
}

TEST(Room, OfAGroupAndThoseAboveItTheTightestLimits) {
  Machine machine;
  machine.says("proc/self/cgroup", "0::/a/b\n")
      .says("sys/fs/cgroup/a/b/memory.max", "max\n")
      .says("sys/fs/cgroup/a/b/memory.current", octets(1))
      .says("sys/fs/cgroup/a/memory.max", octets(300))
      .says("sys/fs/cgroup/a/memory.current", octets(100));
  EXPECT_EQ(machine.room().octets, 200 * kMiB);
  machine.says("sys/fs/cgroup/a/b/memory.max", octets(51));
  EXPECT_EQ(machine.room().octets, 50 * kMiB);
}

TEST(Room, AGroupThatIsSeenFromOutsideAContainerIsLookedForAbove) {
  Machine machine;
  machine.says("proc/self/cgroup", "4:memory:/docker/0123\n")
      .says("sys/fs/cgroup/memory/memory.limit_in_bytes", octets(64))
      .says("sys/fs/cgroup/memory/memory.usage_in_bytes", octets(4));
  EXPECT_EQ(machine.room().octets, 60 * kMiB);
}

TEST(Room, AGroupThatIsOverItsLimitHasNone) {
  Machine machine;
  machine.says("proc/self/cgroup", "0::/\n")
      .says("sys/fs/cgroup/memory.max", octets(64))
      .says("sys/fs/cgroup/memory.current", octets(65));
  EXPECT_EQ(machine.room().octets, 0U);
}

TEST(Room, WhereNothingIsSaidThereIsNoLimit) {
  Machine machine;
  machine.says("proc/meminfo", "nothing of use\n").says("proc/self/cgroup", "no line of a group\n0::/\n");
  EXPECT_EQ(machine.room().octets, kNoLimit);
}

TEST(Room, ThisMachineHasSome) {
  EXPECT_GT(memory_room().octets, kMiB);
  EXPECT_LT(memory_room().octets, kNoLimit);
}

TEST(Room, OfADiskIsAskedForFoldersThatAreStillToBeMade) {
  testing::TemporaryFolder folder;
  auto here = disk_room(folder.path()), later = disk_room(folder / "to/be/made");
  ASSERT_TRUE(here && later);
  EXPECT_GT(*here, 0U);
  EXPECT_NEAR(static_cast<double>(*later), static_cast<double>(*here), 1e9);
  EXPECT_TRUE(disk_room("a/relative/one"));
}

}  // namespace
}  // namespace deadletter::experiments
