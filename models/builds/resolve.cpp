// The only code that knows builds and quirks at once.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "models/builds/installation.h"
#include "models/builds/updates.h"

namespace deadletter::builds {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool remedied(const quirks::Remedy& remedy, const std::vector<std::string>& installed, const Registry& registry) {
  bool all_updates = std::ranges::all_of(remedy.updates, [&](const auto& u) { return holds(installed, u); });
  bool all_switches = std::ranges::all_of(remedy.registry, [&](const auto& s) {
    return std::ranges::find(registry, std::pair{s.name, s.value}) != registry.end();
  });
  return all_updates && all_switches;
}

// The products whose behaviour the node shows: the top one and those below it, down to the one that sends and receives.
std::span<const Installed> behaving(const Build& build) {
  auto end = std::ranges::find_if(build.parts, [](const Installed& part) { return part.product->transport; });
  return {build.parts.begin(), end == build.parts.end() ? end : end + 1};
}

std::string affected_release(const quirks::Change& change, const Build& build) {
  for (const Installed& part : build.parts)
    if (holds(change.affects, part.release->name)) return part.release->name;
  return "";
}

// Which part of the build answers for a change: the releases it names; a change of the SMTP service that Exchange 2000
// and 2003 use belongs to Windows, whose transport it is. A product with a transport of its own hides the one below.
bool hidden(const quirks::Change& change, const Build& build) {
  return std::ranges::none_of(behaving(build),
                              [&](const Installed& part) { return holds(change.affects, part.release->name); });
}

QuirkStanding lay(const quirks::Quirk& quirk, const Build& build, const Registry& registry, bool studied,
                  NodeBehaviour& behaviour) {
  QuirkStanding standing{&quirk, false, ""};
  std::vector<std::string> installed = updates(build);
  Blame blame = blame_of(quirk.kb);
  if (quirk.changes.empty()) standing.why = "changes nothing: documented behaviour";
  for (const quirks::Change& change : quirk.changes) {
    std::string release = affected_release(change, build);
    if (release.empty()) {
      // Of an article about several products, what is said of the node's own stands.
      if (standing.why.empty()) standing.why = fmt::format("does not affect {}", build.text);
    } else if (hidden(change, build)) {
      standing.why =
          fmt::format("{} does not send through the SMTP service of {}", build.parts.front().release->name, release);
    } else if (auto remedy = std::ranges::find_if(change.remedies,
                                                  [&](const auto& r) { return remedied(r, installed, registry); });
               remedy != change.remedies.end()) {
      standing.why = fmt::format("taken out of force by {}", remedy->text);
      if (remedy->aftermath != nullptr && studied) remedy->aftermath(behaviour, blame_of(quirk.kb + " aftermath"));
    } else if (!studied) {
      standing.why = fmt::format("affects {}, but is not under study", release);
    } else {
      standing.in_force = true;
      standing.why = fmt::format("affects {}", release);
      change.lay(behaviour, blame);
    }
  }
  return standing;
}

}  // namespace

std::vector<std::string> updates(const Build& build) {
  std::vector<std::string> all;
  auto add = [&](const std::string& update, std::string_view branch) {
    for (const std::string& each : with_contained(update, branch))
      if (!holds(all, each)) all.push_back(each);
  };
  for (const Installed& part : build.parts) {
    for (const std::string& update : part.release->contains) add(update, "");
    for (const std::string& update : part.updates) add(update, part.release->name);
  }
  return all;
}

bool UnderStudy::contains(std::string_view kb) const { return all || holds(articles, kb); }

NodeBehaviour profile_of(const Build& build) {
  NodeBehaviour behaviour;
  auto parts = behaving(build);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    if (part->product->profile != nullptr) part->product->profile(behaviour);
  return behaviour;
}

Resolved resolve(const Build& build, NodeBehaviour behaviour, const Registry& registry, const UnderStudy& under_study) {
  Resolved resolved{std::move(behaviour), {}};
  for (const quirks::Quirk& quirk : quirks::catalogue())
    resolved.quirks.push_back(lay(quirk, build, registry, under_study.contains(quirk.kb), resolved.behaviour));
  return resolved;
}

const RegistryValue* find_registry_value(const Build& build, std::string_view name) {
  for (const Installed& part : behaving(build))
    for (const RegistryValue& value : part.product->registry)
      if (value.name == name) return &value;
  return nullptr;
}

std::vector<std::string> registry_names(const Build& build) {
  std::vector<std::string> names;
  for (const Installed& part : behaving(build))
    for (const RegistryValue& value : part.product->registry) names.push_back(value.name);
  return names;
}

}  // namespace deadletter::builds
