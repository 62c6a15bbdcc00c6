#include "sim/large_pages.h"

#include <cstdint>
#include <cstdlib>  // says whose C library it is

#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace deadletter::sim {
namespace {

constexpr std::uintptr_t kPage = std::uintptr_t{1} << 21;

bool limited(int resource) {
  rlimit limit{};
  return getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

// The heap is made as large as half of the machine's memory and given back: its addresses stay the process's, and get
// memory as they are used. A block of that size would otherwise be mapped by itself, as large blocks still are.
bool use_large_pages() {
  constexpr int kMostMapped = 65536, kLargestInHeap = 1 << 25;  // glibc's own; the most that it allows
  if (limited(RLIMIT_AS) || limited(RLIMIT_DATA)) return false;
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return false;
  const std::uintptr_t half = static_cast<std::uintptr_t>(pages) * static_cast<std::uintptr_t>(page) / 2;
  if (mallopt(M_MMAP_MAX, 0) != 1) return false;  // another heap, as that of a sanitizer
  mallopt(M_TRIM_THRESHOLD, -1);
  void* heap = std::malloc(half);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(heap) + kPage - 1) / kPage * kPage;
  std::free(heap);
  mallopt(M_MMAP_MAX, kMostMapped);
  mallopt(M_MMAP_THRESHOLD, kLargestInHeap);
  // Not where another heap stands in for glibc's and has put the block elsewhere.
  return heap != nullptr && begin < end && end - begin <= 2 * half &&
         madvise(reinterpret_cast<void*>(begin), (end - begin) / kPage * kPage, MADV_HUGEPAGE) == 0;
}

}  // namespace deadletter::sim

#else

bool deadletter::sim::use_large_pages() { return false; }

#endif
