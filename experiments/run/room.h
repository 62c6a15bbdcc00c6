// What the machine has for a run: memory and disk that are free, and what limits them.
//
// Only said by Linux (/proc, control groups 1 and 2, setrlimit); where nothing is said there is no limit.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace deadletter::experiments {

inline constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

// Octets that this process may come to hold, those that it holds already included.
struct MemoryRoom {
  std::uint64_t octets = kNoLimit;
  const char* limited_by = "nothing";  // in words: "what is free"
};

// `root`: where /proc and /sys are; elsewhere than "/" for tests only.
MemoryRoom memory_room(const std::string& root = "/");

// Octets that are free where `folder` is, or will be: of the nearest folder above it that is there. Nothing when that
// cannot be asked.
std::optional<std::uint64_t> disk_room(const std::string& folder);

}  // namespace deadletter::experiments
