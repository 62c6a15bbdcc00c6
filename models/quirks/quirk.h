// A quirk is a Knowledge Base article as data: its header's fields are the article's sections.
//
//   number, title      -> kb, title
//   APPLIES TO         -> Change::affects
//   CAUSE              -> Change::lay: the deviations at decision points, the values of attributes
//   RESOLUTION         -> Change::remedies, packages
//   WORKAROUND         -> workarounds: configuration under which the deviation does no harm; the experiment proves it
//   SYMPTOMS           -> the experiment's expectations, never code
//   MORE INFORMATION   -> Remedy::aftermath
// One article, one file; the folder is the registry (cmake/quirks.cmake).
#pragma once
#include <string>
#include <vector>

#include "models/behaviour/blame.h"
#include "models/builds/node_behaviour.h"
#include "models/builds/package.h"

namespace deadletter::quirks {

// Any one remedy takes a change out of force: all of its updates and registry values are there.
struct Remedy {
  std::vector<std::string> updates{};  // there by themselves or inside another
  struct Switch {
    std::string name;
    std::uint64_t value;
  };
  std::vector<Switch> registry{};
  std::string text;  // for people
  void (*aftermath)(builds::NodeBehaviour&, Blame) = nullptr;
};

struct Change {
  std::string what;  // the CAUSE in a sentence
  Evidence evidence = Evidence::inferred;
  std::vector<std::string> affects;  // releases
  void (*lay)(builds::NodeBehaviour&, Blame) = nullptr;
  std::vector<Remedy> remedies{};
};

struct Quirk {
  std::string kb;  // "KB912341"
  std::string title;
  std::string source;
  std::vector<Change> changes{};
  std::vector<builds::Package> packages{};  // updates of its own; others name theirs in a remedy
  std::vector<std::string> workarounds{};
  std::vector<std::string> involves{};  // points that an article without changes rests on
};

// Ascending by article number: the order in which deviations are laid.
const std::vector<Quirk>& catalogue();
const Quirk* find_quirk(std::string_view kb);

}  // namespace deadletter::quirks
