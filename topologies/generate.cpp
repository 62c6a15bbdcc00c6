#include "topologies/generate.h"

#include <fmt/format.h>

#include "models/mail/address.h"
#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"
#include "topologies/bind.h"
#include "topologies/generate/internet.h"
#include "topologies/generate/options.h"
#include "topologies/generate/shapes.h"
#include "topologies/generate/stars.h"
#include "topologies/graph.h"
#include "topologies/mailboxes.h"

namespace deadletter::topologies {
namespace {

using Kind = GeneratedKind;

// Of two domains what tells them apart: "contoso", "fabrikam".
std::pair<std::string, std::string> organization_names(const Settled& settled) {
  auto first_label = [](const std::string& domain) { return domain.substr(0, domain.find('.')); };
  std::string one = first_label(settled.domain), other = first_label(settled.other_domain);
  return one == other ? std::pair{settled.domain, settled.other_domain} : std::pair{one, other};
}

class Maker {
 public:
  Maker(const Generate& what, const Settled& settled, const json::Place& place)
      : what_(what), settled_(settled), place_(place), chance_(settled.seed) {}

  // Nothing when the network is in parts.
  std::optional<File> make(const NetworkMap* map, json::Problems& problems) {
    file_.id = fmt::format("{}_{}", text(what_.kind), settled_.servers);
    SiteGraph graph = map != nullptr ? from_map(*map) : shape({});
    if (std::uint32_t count = parts(graph); count != 1) {
      problems.add(json::problem_at(
          place_,
          fmt::format("the network {} is in {} parts that no link joins: an organization needs one", map->id, count)));
      return std::nullopt;
    }
    if (what_.kind == Kind::merged)
      add_two();
    else
      add_one(std::move(graph));
    std::vector<std::uint32_t> holders;
    for (const MadeOrganization& o : made_) holders.insert(holders.end(), o.mailboxes.begin(), o.mailboxes.end());
    add_mailboxes(holders, settled_.mailboxes, chance_, place_, file_);
    if (settled_.internet)
      add_internet({settled_.domains, settled_.exchangers, what_.sharing}, made_, chance_, place_, file_);
    return std::move(file_);
  }

 private:
  SiteGraph shape(const Whose& whose) const {
    if (what_.kind == Kind::sites) return hub_sites(settled_.groups, settled_.hubs, chance_);
    if (what_.kind == Kind::company) return company(settled_.groups, settled_.regions, chance_);
    return hub_and_spoke(settled_.groups, what_.mesh.value_or(false) ? Mesh::full : Mesh::star, whose, chance_);
  }

  void add_one(SiteGraph graph) {
    std::uint32_t all_or_none = settled_.by_sites ? settled_.servers : 0;
    made_.push_back(add_organization({.domain = settled_.domain,
                                      .graph = std::move(graph),
                                      .servers = settled_.servers,
                                      .new_servers = what_.kind == Kind::migration ? settled_.new_servers : all_or_none,
                                      .old_build = settled_.build,
                                      .new_build = settled_.by_sites ? settled_.build : settled_.other_build,
                                      .sharing = what_.sharing},
                                     place_, file_));
  }
  // The first has one server more where they cannot be halved.
  void add_two() {
    auto [one, other] = organization_names(settled_);
    file_.organizations = {{one, place_}, {other, place_}};
    std::uint32_t half = settled_.servers / 2;
    add_half(one, settled_.domain, settled_.servers - half, settled_.build, settled_.by_sites);
    add_half(other, settled_.other_domain, half, settled_.other_build, settled_.other_by_sites);
    join(made_[0], made_[1], what_.sharing, place_, file_);
  }
  void add_half(const std::string& name, const std::string& domain, std::uint32_t servers, const std::string& build,
                bool by_sites) {
    made_.push_back(add_organization({.name = name,
                                      .domain = domain,
                                      .graph = shape({name + "-", made_.size()}),
                                      .servers = servers,
                                      .new_servers = by_sites ? servers : 0,
                                      .old_build = build,
                                      .new_build = build,
                                      .sharing = what_.sharing},
                                     place_, file_));
  }

  const Generate& what_;
  const Settled& settled_;
  json::Place place_;
  sim::Chance chance_;
  File file_;
  std::vector<MadeOrganization> made_;
};

std::optional<File> make(const Generate& what, const json::Place& place, json::Problems& problems,
                         const NetworkMap* map) {
  const std::size_t before = problems.count();
  check_belonging(what, place, problems);
  if (map != nullptr && !takes_map(what.kind))
    problems.add(
        json::problem_at(place, fmt::format("{} has a network of its own: a map is for {}, {} and {}", text(what.kind),
                                            text(Kind::hub_and_spoke), text(Kind::sites), text(Kind::migration))));
  bool stars = what.kind == Kind::routing_groups || what.kind == Kind::hub_sites;
  if (stars && what.servers * what.mailboxes.value_or(1) > kMostMailboxes)
    problems.add(json::problem_at(place, fmt::format("{} servers with {} mailboxes each are more than {} mailboxes",
                                                     what.servers, what.mailboxes.value_or(1), kMostMailboxes)));
  auto settled = stars ? std::optional<Settled>() : settle(what, place, problems, map);
  if (problems.count() > before) return std::nullopt;
  return stars ? make_stars(what, place) : Maker(what, *settled, place).make(map, problems);
}

}  // namespace

json::Reader<Generate> generate_reader() {
  auto sharing = json::choice<sim::Sharing>(
      {{"latency", sim::Sharing::latency}, {"shared", sim::Sharing::shared}, {"flow", sim::Sharing::flow}});
  std::vector<std::pair<std::string, Kind>> kinds;
  for (Kind k : {Kind::routing_groups, Kind::hub_sites, Kind::hub_and_spoke, Kind::sites, Kind::company, Kind::merged,
                 Kind::migration})
    kinds.emplace_back(text(k), k);
  auto build = json::text({.shortest = 1, .longest = 500});
  auto domain = json::pattern("domain", mail::valid_domain, "^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$",
                              "a domain such as \"contoso.com\"");
  return json::object<Generate>("generate", "An organization by parameters")
      .required("kind", &Generate::kind, json::choice<Kind>(kinds))
      .optional("servers", &Generate::servers, json::integer(2, 10'000), "100 unless it is given")
      .optional("mailboxes", &Generate::mailboxes, json::integer(1, 10'000),
                "routing_groups, hub_sites: on each server; 1 unless it is given")
      .optional("mailboxes_total", &Generate::mailboxes_total, json::integer(1, kMostMailboxes),
                "The other kinds: of all servers; ten a server unless it is given")
      .optional("groups", &Generate::groups, json::integer(1, 10'000),
                "Of servers: routing groups or AD sites, of merged in each organization; the square root of the "
                "servers unless it is given")
      .optional("hubs", &Generate::hubs, json::integer(1, 1'000), "sites: hub sites; 1 unless it is given")
      .optional("regions", &Generate::regions, json::integer(1, 1'000),
                "company; the square root of the groups unless it is given")
      .optional("mesh", &Generate::mesh, json::boolean(), "hub_and_spoke: every two groups are joined")
      .optional("share", &Generate::share, json::fraction(),
                "migration: of the servers that are new; 0.4 unless it is given")
      .optional("build", &Generate::build, build, "Of every server; of merged the first organization's")
      .optional("other_build", &Generate::other_build, build,
                "merged: the second organization's; migration: of new servers")
      .optional("domain", &Generate::domain, domain, "contoso.com unless it is given")
      .optional("other_domain", &Generate::other_domain, domain,
                "merged: of the second organization; fabrikam.com unless it is given")
      .optional("internet", &Generate::internet, json::boolean(), "A way out, and foreign domains d1.example, …")
      .optional("domains", &Generate::domains, json::integer(1, 10'000), "Foreign ones; 10 unless it is given")
      .optional("exchangers", &Generate::exchangers, json::integer(1, 1'000),
                "That the foreign domains share in turn; one each, 100 at most, unless it is given")
      .optional("seed", &Generate::seed, json::integer(0), "Of latencies and mailboxes a server; 1 unless it is given")
      .optional("sharing", &Generate::sharing, sharing, "How transfers share the links; shared unless it is given");
}

std::optional<Organization> generate(const Generate& what, const json::Place& place, json::Problems& problems,
                                     const NetworkMap* map) {
  auto file = make(what, place, problems, map);
  if (!file) return std::nullopt;
  std::size_t before = problems.count();
  bind(*file, problems);
  if (problems.count() > before) return std::nullopt;
  return static_cast<Organization&&>(std::move(*file));
}

std::string topology_text(Organization organization) {
  for (std::size_t i = 0; i < organization.servers.size(); ++i)
    organization.hosts[i].mailboxes = organization.servers[i].mailboxes;
  return topology_text(topology_of(graph_of(organization)));
}

}  // namespace deadletter::topologies
