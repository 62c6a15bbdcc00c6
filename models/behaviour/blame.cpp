#include "models/behaviour/blame.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>

namespace deadletter {
namespace {

using Names = std::vector<std::string>;

struct Table {
  std::vector<Names> sets{Names{}};
  std::map<Names, std::uint16_t> index{{Names{}, 0}};
  std::map<std::pair<Blame, Blame>, Blame> unions;
};

Table& table() {
  static Table table;
  return table;
}

Blame intern(Names names) {
  auto [found, fresh] = table().index.try_emplace(names, static_cast<std::uint16_t>(table().sets.size()));
  if (fresh) {
    assert(table().sets.size() < std::numeric_limits<std::uint16_t>::max());
    table().sets.push_back(std::move(names));
  }
  return {found->second};
}

}  // namespace

Blame blame_of(std::string_view name) { return intern({std::string(name)}); }

Blame joined_sets(Blame one, Blame other) {
  auto [found, fresh] = table().unions.try_emplace(std::minmax(one, other));
  if (fresh) {
    Names both;
    std::ranges::set_union(names(one), names(other), std::back_inserter(both));
    found->second = intern(std::move(both));
  }
  return found->second;
}

const std::vector<std::string>& names(Blame blame) { return table().sets[blame.set]; }

}  // namespace deadletter
