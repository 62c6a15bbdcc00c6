// The updates that there are: rollups of the catalogue, and the packages that quirks bring.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/builds/package.h"
#include "models/builds/product.h"

namespace deadletter::builds {

// Of the catalogue first, then of the quirks in ascending order of articles.
const std::vector<Package>& packages();

// The packages of an update, one for each of its branches. It may be called by either of its names.
std::vector<const Package*> packages_of(std::string_view name);
// The one for a branch; null when there is none.
const Package* find_package(std::string_view name, std::string_view branch);

// Every name of an update that some release of the product takes; of all products when it takes none.
std::vector<std::string> update_names(const Product& product);

// The update itself and all that it contains, directly and through others. `branch` may be empty: on any.
std::vector<std::string> with_contained(std::string_view update, std::string_view branch);

// "KB960384 (RU7)", or the name alone.
std::string shown_update(const Package& package);
std::string shown_update(std::string_view update);

// One function a file of packages.
std::vector<Package> exchange_rollups();

}  // namespace deadletter::builds
