#include "topologies/generate/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "models/builds/installation.h"
#include "topologies/mailboxes.h"

namespace deadletter::topologies {
namespace {

using Kind = GeneratedKind;
using routing::RouterKind;

constexpr const char* kOld = "exchange-2003-sp2 on windows-2003-sp1";
constexpr const char* kNew = "exchange-2007-sp1 on windows-2003-sp2";
constexpr std::int64_t kMostOfAMesh = 200;  // groups: each has a connector to every other
constexpr std::uint32_t kUsualExchangers = 100;

constexpr Kind kStars[] = {Kind::routing_groups, Kind::hub_sites};
constexpr Kind kOthers[] = {Kind::hub_and_spoke, Kind::sites, Kind::company, Kind::merged, Kind::migration};
constexpr Kind kSpokes[] = {Kind::hub_and_spoke};
constexpr Kind kSites[] = {Kind::sites};
constexpr Kind kCompany[] = {Kind::company};
constexpr Kind kMerged[] = {Kind::merged};
constexpr Kind kMigration[] = {Kind::migration};
constexpr Kind kTwoBuilds[] = {Kind::merged, Kind::migration};
constexpr Kind kMapped[] = {Kind::hub_and_spoke, Kind::sites, Kind::migration};

bool among(std::span<const Kind> kinds, Kind kind) { return std::ranges::find(kinds, kind) != kinds.end(); }

std::uint32_t rounded_root(std::int64_t of) {
  return static_cast<std::uint32_t>(std::lround(std::sqrt(static_cast<double>(of))));
}

class Settler {
 public:
  Settler(const Generate& what, const json::Place& place, json::Problems& problems, const NetworkMap* map)
      : what_(what), place_(place), problems_(problems), map_(map) {}

  std::optional<Settled> settle() {
    const std::size_t before = problems_.count();
    settled_.servers = static_cast<std::uint32_t>(what_.servers);
    settled_.seed = static_cast<std::uint64_t>(what_.seed.value_or(1));
    settled_.mailboxes = what_.mailboxes_total.value_or(10 * what_.servers);
    settle_sites();
    settle_builds();
    settle_share();
    settle_outside();
    if (problems_.count() > before) return std::nullopt;
    return settled_;
  }

 private:
  void problem(std::string message) { problems_.add(json::problem_at(place_, std::move(message))); }

  void settle_sites() {
    // Of a merged pair each half has its own.
    std::int64_t servers = what_.kind == Kind::merged ? what_.servers / 2 : what_.servers;
    std::int64_t usual = std::min<std::int64_t>(servers, std::max(2U, rounded_root(servers)));
    std::int64_t groups =
        map_ != nullptr ? static_cast<std::int64_t>(map_->places.size()) : what_.groups.value_or(usual);
    std::int64_t regions = what_.regions.value_or(std::max(1U, rounded_root(groups - 1)));
    if (map_ != nullptr && what_.groups) problem("the sites are those of the network: \"groups\" is not to be said");
    if (map_ != nullptr && what_.mesh) problem("the sites are joined as those of the network: there is no \"mesh\"");
    if (groups > servers)
      problem(fmt::format("{} groups of servers need as many servers at least{}, and there are {}", groups,
                          what_.kind == Kind::merged ? " in each organization" : "", servers));
    if (what_.hubs.value_or(1) > groups)
      problem(fmt::format("{} hub sites are more than the {} sites", *what_.hubs, groups));
    if (what_.kind == Kind::company && regions >= groups)
      problem(fmt::format("{} regions and the headquarters are more than the {} groups of servers", regions, groups));
    if (what_.mesh.value_or(false) && groups > kMostOfAMesh)
      problem(fmt::format("a full mesh is of {} groups at most, and there are {}", kMostOfAMesh, groups));
    settled_.groups = static_cast<std::uint32_t>(groups);
    settled_.regions = static_cast<std::uint32_t>(regions);
    settled_.hubs = static_cast<std::uint32_t>(what_.hubs.value_or(1));
  }

  void settle_builds() {
    bool sites_first = what_.kind == Kind::sites || what_.kind == Kind::company;
    settled_.build = what_.build.empty() ? (sites_first ? kNew : kOld) : what_.build;
    settled_.other_build = what_.other_build.value_or(kNew);
    auto router = router_of(settled_.build);
    auto other = among(kTwoBuilds, what_.kind) ? router_of(settled_.other_build) : RouterKind::sites;
    if (!router || !other) return;
    settled_.by_sites = *router == RouterKind::sites;
    settled_.other_by_sites = *other == RouterKind::sites;
    bool groups_only = what_.kind == Kind::hub_and_spoke || what_.kind == Kind::migration;
    if (groups_only && settled_.by_sites)
      problem(fmt::format("{} routes by AD sites: {} needs a build that has routing groups", settled_.build,
                          text(what_.kind)));
    if (what_.kind == Kind::sites && !settled_.by_sites)
      problem(fmt::format("{} routes by routing groups: sites needs a build that routes by AD sites", settled_.build));
    if (what_.kind == Kind::migration && !settled_.other_by_sites)
      problem(
          fmt::format("{} routes by routing groups: what is migrated to must route by AD sites", settled_.other_build));
  }
  std::optional<RouterKind> router_of(const std::string& build) {
    auto parsed = builds::parse_build(build);
    for (const auto& error : parsed.errors)
      problems_.add(
          json::problem_at(place_, fmt::format("build \"{}\": {}", build, error.message), error.word, error.choices));
    for (const auto& refusal : parsed.refused)
      problem(fmt::format("build \"{}\": {} cannot be installed: {}", build, refusal.update, refusal.reason));
    if (!parsed.errors.empty() || !parsed.refused.empty()) return std::nullopt;
    RouterKind router = *builds::profile_of(parsed.build).routing.router;
    if (router != RouterKind::dns) return router;
    problem(fmt::format("{} has neither routing groups nor AD sites: it is no server of an organization", build));
    return std::nullopt;
  }

  void settle_share() {
    json::Fraction share = what_.share.value_or(json::Fraction{2, 5});
    if (share.numerator > share.denominator) problem("a share is 1 at most");
    if (what_.kind != Kind::migration) return;
    std::uint64_t parts = 2 * std::uint64_t{share.denominator};
    settled_.new_servers =
        static_cast<std::uint32_t>((2 * std::uint64_t{settled_.servers} * share.numerator + share.denominator) / parts);
  }

  void settle_outside() {
    settled_.domain = what_.domain.value_or("contoso.com");
    settled_.other_domain = what_.other_domain.value_or("fabrikam.com");
    settled_.internet = what_.internet.value_or(false);
    settled_.domains = static_cast<std::uint32_t>(what_.domains.value_or(10));
    settled_.exchangers =
        static_cast<std::uint32_t>(what_.exchangers.value_or(std::min(settled_.domains, kUsualExchangers)));
    if (!settled_.internet && (what_.domains || what_.exchangers))
      problem("foreign domains and their exchangers are on the Internet: it is to be asked for, too");
    if (settled_.exchangers > settled_.domains)
      problem(fmt::format("{} exchangers are more than the {} foreign domains", settled_.exchangers, settled_.domains));
  }

  const Generate& what_;
  const json::Place& place_;
  json::Problems& problems_;
  const NetworkMap* map_;
  Settled settled_;
};

}  // namespace

const char* text(GeneratedKind kind) {
  constexpr const char* words[] = {"routing_groups", "hub_sites", "hub_and_spoke", "sites",
                                   "company",        "merged",    "migration"};
  return words[static_cast<std::size_t>(kind)];
}

std::optional<Settled> settle(const Generate& what, const json::Place& place, json::Problems& problems,
                              const NetworkMap* map) {
  return Settler(what, place, problems, map).settle();
}

void check_belonging(const Generate& what, const json::Place& place, json::Problems& problems) {
  struct Row {
    const char* key;
    bool said;
    std::span<const Kind> kinds;
  };
  const Row rows[] = {{"mailboxes", what.mailboxes.has_value(), kStars},
                      {"mailboxes_total", what.mailboxes_total.has_value(), kOthers},
                      {"groups", what.groups.has_value(), kOthers},
                      {"hubs", what.hubs.has_value(), kSites},
                      {"regions", what.regions.has_value(), kCompany},
                      {"mesh", what.mesh.has_value(), kSpokes},
                      {"share", what.share.has_value(), kMigration},
                      {"other_build", what.other_build.has_value(), kTwoBuilds},
                      {"domain", what.domain.has_value(), kOthers},
                      {"other_domain", what.other_domain.has_value(), kMerged},
                      {"internet", what.internet.has_value(), kOthers},
                      {"domains", what.domains.has_value(), kOthers},
                      {"exchangers", what.exchangers.has_value(), kOthers},
                      {"seed", what.seed.has_value(), kOthers}};
  for (const Row& row : rows) {
    if (!row.said || among(row.kinds, what.kind)) continue;
    std::vector<std::string> kinds;
    for (Kind k : row.kinds) kinds.push_back(text(k));
    problems.add(json::problem_at(place, fmt::format("{} has no use for \"{}\": it is for {}", text(what.kind), row.key,
                                                     fmt::join(kinds, ", "))));
  }
}

bool takes_map(GeneratedKind kind) { return among(kMapped, kind); }

}  // namespace deadletter::topologies
