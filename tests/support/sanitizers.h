// Whether the tests run under AddressSanitizer, where a run takes ten times as long and the allocator is the
// sanitizer's.
#pragma once

namespace deadletter::testing {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;  // gcc
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer);  // clang
#else
constexpr bool kSanitized = false;
#endif

}  // namespace deadletter::testing
