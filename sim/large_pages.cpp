#include "sim/large_pages.h"

#include <cstdint>
#include <cstdlib>  // says whose C library it is

#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace deadletter::sim {
namespace {

constexpr std::uintptr_t kPage = std::uintptr_t{1} << 21;

bool limited(int resource) {
  rlimit limit{};
  return getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

// With its next block the heap grows by half of the machine's memory, or by what can be asked of it at once: these
// addresses are the process's from then on, and get memory as they are used. What is larger than 32 MiB is mapped by
// itself as ever.
bool use_large_pages() {
  constexpr std::uintptr_t kMost = (std::uintptr_t{1} << 31) - kPage;  // mallopt() takes an int
  constexpr int kPadding = 1 << 17, kLargestInHeap = 1 << 25;          // glibc's own; the most that it allows
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  if (limited(RLIMIT_AS) || limited(RLIMIT_DATA)) return false;
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return false;
  const std::uintptr_t half = static_cast<std::uintptr_t>(pages) * static_cast<std::uintptr_t>(page) / 2;
  const auto reserve = static_cast<int>(std::min(half, kMost));
  if (mallopt(M_MMAP_THRESHOLD, kLargestInHeap) != 1) return false;  // another heap, as that of a sanitizer
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, reserve);
  void* block = std::malloc(kBlock);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(block) + kPage - 1) / kPage * kPage;
  std::free(block);
  mallopt(M_TOP_PAD, kPadding);
  // Not where the heap had room for the block, nor where another one stands in for glibc's and has put it elsewhere.
  const bool grew = end - begin >= static_cast<std::uintptr_t>(reserve) - kPage;
  return grew && block != nullptr && begin < end && end - begin <= kMost + kBlock + kPage &&
         madvise(reinterpret_cast<void*>(begin), (end - begin) / kPage * kPage, MADV_HUGEPAGE) == 0;
}

}  // namespace deadletter::sim

#else

bool deadletter::sim::use_large_pages() { return false; }

#endif
