// Reads a topology file: shape first (read), then what its names refer to (bind). All problems at once.
#pragma once
#include <memory>
#include <optional>

#include "sim/json/problem.h"
#include "topologies/organization.h"

namespace deadletter::topologies {

std::optional<Organization> load(std::shared_ptr<const json::Source> source, json::Problems& problems);

// The published schema of topology files.
json::Value topology_schema();

}  // namespace deadletter::topologies
