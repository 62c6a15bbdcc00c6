// Large pages: the program asks the system for them where it can be.
#include "sim/large_pages.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>

#include "tests/support/command.h"
#include "tests/support/in_child.h"
#include "tests/support/sanitizers.h"

namespace deadletter::sim {
namespace {

// What a run of the program says of its heap while it lasts: "marked" as to be had in large pages ("hg", proc(5)), or
// nothing. `limit` comes before it.
std::string heap_of_the_program(const std::string& limit) {
  testing::TemporaryFolder folder;
  const char* watch = R"(
    "$0" run "$1" -q --set messages=100000 --set fidelity=session --out "$2" > /dev/null &
    for i in $(seq 200); do
      sed -n '/\[heap\]/,/^VmFlags/p' /proc/$!/smaps 2> /dev/null | grep -q '^VmFlags:.* hg' && echo marked && break
      sleep 0.005
    done
    wait $!)";
  testing::Said said = testing::run_command({"sh", "-c", limit + watch, testing::program(),
                                             testing::source_path("experiments/scale/relay.json"), folder / "run"});
  EXPECT_EQ(said.status, 0) << said.err;
  return said.out;
}

TEST(LargePages, TheHeapOfTheProgramIsInThemUnlessItIsLimited) {
  if (testing::kSanitized && testing::program() == DEADLETTER_BINARY) GTEST_SKIP() << "the sanitizer is the allocator";
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) GTEST_SKIP() << "the system has none";
  EXPECT_EQ(heap_of_the_program(""), "marked\n");
  EXPECT_EQ(heap_of_the_program("ulimit -d 8000000;"), "");
}

TEST(LargePages, WithALimitOfAddressSpaceNothingIsTaken) {
  EXPECT_EQ(testing::in_child([] {
              rlimit limit{};
              getrlimit(RLIMIT_DATA, &limit);
              limit.rlim_cur = std::uint64_t{1} << 40;
              setrlimit(RLIMIT_DATA, &limit);
              return std::string(use_large_pages() ? "taken" : "left");
            }),
            "left");
}

}  // namespace
}  // namespace deadletter::sim
