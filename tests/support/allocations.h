// How often the test program has asked for memory.
#pragma once
#include <cstdint>

namespace deadletter::testing {

// Calls of operator new in this thread so far.
std::uint64_t allocations();

}  // namespace deadletter::testing
