// The organization of a report: servers, exchangers and places with the links between them, laid out.
//
// The same organization gives the same picture, to the last digit, on every machine: arithmetic that IEEE 754 rounds
// exactly, in a fixed order, and no other program (which is why the layout of dot is not used).
#pragma once
#include "sim/json/value.h"
#include "topologies/organization.h"

namespace deadletter::experiments::report {

// Null for more hosts and places than a picture can show.
inline constexpr std::size_t kMostNodes = 600;
json::Value picture_of(const topologies::Organization& organization);

}  // namespace deadletter::experiments::report
