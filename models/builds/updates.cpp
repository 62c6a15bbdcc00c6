#include "models/builds/updates.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/quirks/quirk.h"

namespace deadletter::builds {
namespace {

void add_once(std::vector<std::string>& list, const std::string& word) {
  if (!word.empty() && std::ranges::find(list, word) == list.end()) list.push_back(word);
}

bool called(const Package& package, std::string_view name) { return package.update == name || package.also == name; }

}  // namespace

const std::vector<Package>& packages() {
  static const std::vector<Package> all = [] {
    std::vector<Package> list = exchange_rollups();
    for (const quirks::Quirk& quirk : quirks::catalogue())
      list.insert(list.end(), quirk.packages.begin(), quirk.packages.end());
    return list;
  }();
  return all;
}

std::vector<const Package*> packages_of(std::string_view name) {
  std::vector<const Package*> found;
  for (const Package& package : packages())
    if (!name.empty() && called(package, name)) found.push_back(&package);
  return found;
}

const Package* find_package(std::string_view name, std::string_view branch) {
  auto found =
      std::ranges::find_if(packages(), [&](const Package& p) { return p.branch == branch && called(p, name); });
  return found == packages().end() ? nullptr : &*found;
}

std::vector<std::string> update_names(const Product& product) {
  std::vector<std::string> own, all;
  for (const Package& package : packages())
    for (const std::string& name : {package.update, package.also}) {
      if (find_release(package.branch).product == &product) add_once(own, name);
      add_once(all, name);
    }
  return own.empty() ? all : own;
}

std::vector<std::string> with_contained(std::string_view update, std::string_view branch) {
  std::vector<std::string> list{std::string(update)};
  for (std::size_t i = 0; i < list.size(); ++i)
    for (const Package& package : packages())
      if (package.update == list[i] && (branch.empty() || package.branch == branch))
        for (const std::string& contained : package.contains) add_once(list, contained);
  return list;
}

std::string shown_update(const Package& package) {
  return package.also.empty() ? package.update : fmt::format("{} ({})", package.update, package.also);
}

std::string shown_update(std::string_view update) {
  auto found = std::ranges::find(packages(), update, &Package::update);
  return found == packages().end() ? std::string(update) : shown_update(*found);
}

}  // namespace deadletter::builds
