// What is installed on a node, and what follows from it.
//
// A build is written "exchange-2003-sp2 on windows-2003-sp1+KB912341": releases, each with the updates put on it,
// called by either of their names (RU7, KB960384). An update has one package for each branch it was made for: installed
// on another, on what contains it already, without what it needs or beside what it excludes, it is refused with the
// reason. Another branch's package is forced by "KB870585@exchange-2003-rtm". An installation is a set of updates;
// nothing here compares version numbers.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/builds/node_behaviour.h"
#include "models/builds/product.h"
#include "models/quirks/quirk.h"

namespace deadletter::builds {

struct Installed {
  const Product* product;
  const Release* release;
  std::vector<std::string> updates;  // put on by hand, in their order, by their first names
};

struct Build {
  std::string text;
  std::vector<Installed> parts;  // the top one first
};

// A build that cannot be, and why. `word` is the part of the text that is to blame; `choices` what could stand there.
struct BuildError {
  std::string message;
  std::string word;
  std::vector<std::string> choices;
};

struct Refusal {
  std::string update;
  std::string reason;
};

struct ParsedBuild {
  Build build;
  std::vector<BuildError> errors;
  std::vector<Refusal> refused;  // updates that their installers would not install; not part of the build
};
ParsedBuild parse_build(std::string_view text, Kind kind = Kind::server);

// The text of a build with one update more on one of its parts.
std::string text_with(const Build& build, std::size_t part, std::string_view update);

// All updates of an installation, each once: those its releases contain, those put on, and what these contain.
std::vector<std::string> updates(const Build& build);

using Registry = std::vector<std::pair<std::string, std::uint64_t>>;

struct QuirkStanding {
  const quirks::Quirk* quirk;
  bool in_force = false;
  std::string why;  // "affects windows-2003-sp1", "taken out of force by …", "not under study", …
};

struct Resolved {
  NodeBehaviour behaviour;
  std::vector<QuirkStanding> quirks;  // of the catalogue, ascending
};

// Whether a quirk of the catalogue is under study; "all" studies every one.
struct UnderStudy {
  bool all = false;
  std::vector<std::string> articles;
  bool contains(std::string_view kb) const;
};

// The profiles of a build, before settings and quirks.
NodeBehaviour profile_of(const Build& build);
// Lays the quirks that are in force on top of `behaviour`, which has profile and configuration already.
Resolved resolve(const Build& build, NodeBehaviour behaviour, const Registry& registry, const UnderStudy& under_study);

// The registry value of that name on a product of the build, unless the product is hidden by one above it.
const RegistryValue* find_registry_value(const Build& build, std::string_view name);
std::vector<std::string> registry_names(const Build& build);

}  // namespace deadletter::builds
