#include "models/builds/refusal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/builds/updates.h"

namespace deadletter::builds {
namespace {

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

// What contains the update on this part: its release or an update on it; empty when nothing does.
std::string container(std::string_view update, const Installed& part) {
  for (const std::string& contained : part.release->contains)
    if (has(with_contained(contained, ""), update)) return part.release->name;
  for (const std::string& installed : part.updates)
    if (installed != update && has(with_contained(installed, part.release->name), update)) return installed;
  return "";
}

// What the package asks of the updates that are there.
std::string refusal_beside(const Package& package, const Installed& part) {
  std::vector<std::string> there = updates({.text = "", .parts = {part}}), missing;
  for (const std::string& need : package.needs)
    if (!has(there, need)) missing.push_back(shown_update(need));
  if (!missing.empty()) return fmt::format("needs {}, found {}", fmt::join(missing, " and "), part.release->name);
  for (const std::string& installed : there) {
    const Package* other = find_package(installed, part.release->name);
    if (has(package.excludes, installed) || (other != nullptr && has(other->excludes, package.update)))
      return fmt::format("does not install beside {}", shown_update(installed));
  }
  return "";
}

}  // namespace

std::string refusal(const Package& package, const Installed& part) {
  if (has(part.updates, package.update)) return "it is installed already";
  std::string inside = container(package.update, part);
  return inside.empty() ? refusal_beside(package, part) : fmt::format("{} contains it already", inside);
}

std::string refusal(std::string_view update, std::string_view branch, const Installed& part) {
  std::vector<std::string> branches;
  for (const Package* package : packages_of(update)) {
    bool meant = branch.empty() || package->branch == branch;
    if (meant && package->branch == part.release->name) return refusal(*package, part);
    if (meant) branches.push_back(package->branch);
  }
  if (std::string inside = container(update, part); !inside.empty())
    return fmt::format("{} contains it already", inside);
  if (branches.empty()) return fmt::format("there is no package for {}", branch);
  return fmt::format("needs {}, found {}", any_of(branches), part.release->name);
}

std::string any_of(const std::vector<std::string>& words) {
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

}  // namespace deadletter::builds
