// What mail by a profile and bursts have in common when they are bound.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "experiments/config/bind_content.h"
#include "experiments/config/plan.h"
#include "experiments/traffic/mix.h"

namespace deadletter::experiments {

// Of a source: the number of its server, or this and the number of its foreign domain.
inline constexpr std::uint64_t kOutsideKey = 0x80000000;
// Of draws: apart for every traffic of an experiment, so that one more changes no other's.
inline std::uint64_t source_key(const Plan& plan, std::uint64_t of) {
  return std::uint64_t{plan.traffic.size()} << 32 | of;
}

std::array<std::uint32_t, traffic::kKinds> contents_of(const Traffic& traffic, Plan& plan, ContentBinder& content);
traffic::Sizes sizes_of(const Traffic& traffic, const traffic::Sizes& otherwise);
// Appends addresses, and says where they are.
traffic::Span append(std::vector<mail::AddressId>& all, const std::vector<mail::AddressId>& more);

}  // namespace deadletter::experiments
