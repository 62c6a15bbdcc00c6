// Large pages of memory: a run of a large organization reads here and there in hundreds of megabytes, and with pages of
// 4 KiB the processor looks up where they lie as often as it reads them.
#pragma once

namespace deadletter::sim {

// What the process allocates from now on, up to 2 GiB, lies in large pages where the system gives them: on Linux with
// the C library of GNU and transparent huge pages ("always" or "madvise" in
// /sys/kernel/mm/transparent_hugepage/enabled). Elsewhere, or when the process may only have so much address space
// (ulimit -v, -d), nothing happens: false. For the start of a program. Takes address space, and what a page leaves
// unused at the end of the heap.
bool use_large_pages();

}  // namespace deadletter::sim
