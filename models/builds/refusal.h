// What the installer of an update says when it does not install it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/builds/installation.h"
#include "models/builds/package.h"

namespace deadletter::builds {

// Why a package that is made for the release of `part` does not install there; empty when it does.
std::string refusal(const Package& package, const Installed& part);

// The same for an update by one of its names, of which `branch`, when it is not empty, forces a package. What people
// call an update is meant of the release at hand (RU1 of a service pack); its article is the same everywhere.
std::string refusal(std::string_view update, std::string_view branch, const Installed& part);

// "a", "a or b", "a, b or c". Not for an empty list.
std::string any_of(const std::vector<std::string>& words);

}  // namespace deadletter::builds
