// Large pages: the system is asked for them where it can be, and nothing else changes.
#include "sim/large_pages.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/in_child.h"

namespace deadletter::sim {
namespace {

// Whether the memory that `address` lies in is marked as to be had in large pages ("hg", proc(5)).
bool marked(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::size_t dash = line.find('-');
    if (dash != line.npos && line.find(' ') > dash && line.find(':') > dash && line[0] != 'V')
      inside = std::stoull(line, nullptr, 16) <= wanted && wanted < std::stoull(line.substr(dash + 1), nullptr, 16);
    if (inside && line.starts_with("VmFlags:")) return line.find(" hg") != line.npos;
  }
  return false;
}

TEST(LargePages, WhatIsAllocatedAfterwardsIsInThem) {
  if (testing::in_child([] { return std::string(use_large_pages() ? "yes" : "no"); }) == "no")
    GTEST_SKIP() << "another heap, as that of a sanitizer, a limit, or a heap that has room already";
  EXPECT_EQ(testing::in_child([] {
              use_large_pages();
              std::vector<std::string> blocks(10'000, std::string(1'000, 'x'));
              std::string all;
              for (const std::string& block : blocks) all += block;
              bool whole = all == std::string(10'000'000, 'x');
              return std::string(whole && marked(blocks[5'000].data()) ? "as asked" : "not");
            }),
            "as asked");
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
