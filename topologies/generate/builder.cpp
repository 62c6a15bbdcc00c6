#include "topologies/generate/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "topologies/bind.h"

namespace deadletter::topologies {
namespace {

constexpr std::uint32_t kConnectorsABridgehead = 25, kServersAHub = 20, kManyServers = 3;
constexpr std::uint64_t kLanInTheMiddle = 1'000'000'000, kLan = 100'000'000;
constexpr std::int64_t kLanLatency = 100'000;

// One to begin with, one more for every `load` of `each`, never more than half of `all`.
std::uint32_t heads_among(std::uint32_t all, std::uint32_t load, std::uint32_t each) {
  return std::clamp(1 + load / each, 1U, std::max(1U, all / 2));
}

class Builder {
 public:
  Builder(const OrganizationPlan& plan, const json::Place& place, File& file)
      : plan_(plan), place_(place), file_(file), first_(static_cast<std::uint32_t>(file.servers.size())) {}

  MadeOrganization build() {
    count_servers();
    choose_new_servers();
    name_places();
    degree_ = degrees(plan_.graph);
    groups_.resize(sites());
    hubs_.resize(sites());
    for (std::uint32_t site = 0; site < sites(); ++site) add_site(site);
    if (both()) file_.routing_groups.push_back({name(kGroupOfSites), {}});
    for (const SiteEdge& e : plan_.graph.edges) add_way(e);
    find_gateways();
    if (both()) join_generations();
    file_.domains.push_back({.name = name(plan_.domain), .server = made_.receiver(), .organization = organization()});
    return std::move(made_);
  }

 private:
  Name name(std::string text) const { return {std::move(text), place_}; }
  std::uint32_t sites() const { return static_cast<std::uint32_t>(plan_.graph.sites.size()); }
  const std::string& site_name(std::uint32_t site) const { return plan_.graph.sites[site].name; }
  bool both() const { return plan_.new_servers > 0 && plan_.new_servers < plan_.servers; }
  std::optional<Name> organization() const {
    if (plan_.name.empty()) return std::nullopt;
    return name(plan_.name);
  }

  void count_servers() {
    std::vector<std::uint32_t> weights;
    for (const SiteNode& s : plan_.graph.sites) weights.push_back(s.weight);
    counts_ = apportion(plan_.servers, weights);
    std::uint32_t next = 0;
    for (std::uint32_t count : counts_) starts_.push_back(next), next += count;
  }
  void choose_new_servers() {
    std::vector<std::int64_t> cost = costs_from_root(plan_.graph);
    std::vector<std::uint32_t> outwards(sites()), order;
    std::iota(outwards.begin(), outwards.end(), 0U);
    std::ranges::stable_sort(outwards, {}, [&](std::uint32_t site) { return cost[site]; });
    for (std::uint32_t site : outwards)
      for (std::uint32_t i = 1; i < counts_[site]; ++i) order.push_back(starts_[site] + i);
    for (auto site = outwards.rbegin(); site != outwards.rend(); ++site) order.push_back(starts_[*site]);
    is_new_.assign(plan_.servers, false);
    for (std::uint32_t i = 0; i < plan_.new_servers; ++i) is_new_[order[i]] = true;
  }
  // A map may call a place what servers, exchangers or the Internet are called.
  void name_places() {
    std::set<std::string> taken = {"internet"};
    for (std::uint32_t i = 0; i < first_ + plan_.servers; ++i) taken.insert(fmt::format("S{}", i + 1));
    for (std::uint32_t site = 0; site < sites(); ++site) {
      bool exchanger = site_name(site).starts_with("mx");
      std::string place = site_name(site) + (exchanger ? "-place" : "");
      while (!taken.insert(place).second) place += "-place";
      places_.push_back(name(std::move(place)));
      file_.places.push_back(places_.back());
    }
  }

  void add_site(std::uint32_t site) {
    std::uint32_t all = counts_[site], fresh = 0;
    for (std::uint32_t i = 0; i < all; ++i) fresh += is_new_[starts_[site] + i] ? 1 : 0;
    std::uint32_t old = all - fresh, old_heads = heads_among(old, degree_[site], kConnectorsABridgehead),
                  new_heads = heads_among(fresh, fresh, kServersAHub), old_seen = 0, new_seen = 0;
    for (std::uint32_t i = starts_[site]; i < starts_[site] + all; ++i) {
      if (is_new_[i])
        add_new_server(i, site, new_seen++ < new_heads, fresh);
      else
        add_old_server(i, site, old_seen++ < old_heads, old);
    }
    if (old > 0) file_.routing_groups.push_back({name(site_name(site)), {}});
    if (plan_.new_servers > 0) file_.sites.push_back({name(site_name(site)), plan_.graph.sites[site].hub && fresh > 0});
  }
  Server& add_server(std::uint32_t i, std::uint32_t site, const std::string& build, bool mailboxes) {
    std::uint32_t number = first_ + i + 1;
    Server server;
    server.name = name(fmt::format("S{}", number));
    server.host = fmt::format("s{}.{}", number, plan_.domain);
    server.build = name(build);
    server.organization = organization();
    if (plan_.new_servers > 0) server.site = name(site_name(site));
    add_link(fmt::format("S{}-lan", number), {server.name, places_[site]},
             plan_.graph.sites[site].level == 0 ? kLanInTheMiddle : kLan, kLanLatency, sim::Sharing::latency);
    if (mailboxes) made_.mailboxes.push_back(static_cast<std::uint32_t>(file_.servers.size()));
    file_.servers.push_back(std::move(server));
    return file_.servers.back();
  }
  void add_old_server(std::uint32_t i, std::uint32_t site, bool head, std::uint32_t of) {
    Server& server = add_server(i, site, plan_.old_build, !head || of < kManyServers);
    server.routing_group = name(site_name(site));
    if (head) groups_[site].push_back(server.name);
  }
  void add_new_server(std::uint32_t i, std::uint32_t site, bool hub, std::uint32_t of) {
    bool mailboxes = !hub || of < kManyServers;
    Server& server = add_server(i, site, plan_.new_build, mailboxes);
    if (both()) server.routing_group = name(kGroupOfSites);
    if (hub) server.role_names.push_back(name("hub"));
    if (mailboxes) server.role_names.push_back(name("mailbox"));
    if (hub) hubs_[site].push_back(server.name);
  }

  void add_link(std::string id, std::vector<Name> between, std::uint64_t bandwidth_bps, std::int64_t latency_ns,
                sim::Sharing sharing) {
    file_.links.push_back({.name = name(std::move(id)),
                           .between = std::move(between),
                           .bandwidth_bps = bandwidth_bps,
                           .latency_ns = latency_ns,
                           .sharing_asked = sharing});
  }
  // A link of the network; for what mail is routed by, once for each two sites.
  void add_way(const SiteEdge& e) {
    add_link(e.name, {places_[e.one], places_[e.other]}, e.bandwidth_bps, e.latency_ns, plan_.sharing);
    if (!joined_.insert(std::minmax(e.one, e.other)).second) return;
    std::int64_t cost = cost_of(e.bandwidth_bps);
    if (plan_.new_servers > 0)
      file_.site_links.push_back(
          {.name = name(e.name), .between = {name(site_name(e.one)), name(site_name(e.other))}, .cost = cost});
    if (groups_[e.one].empty() || groups_[e.other].empty()) return;
    Group one{site_name(e.one), next_head(e.one)}, other{site_name(e.other), next_head(e.other)};
    add_connector(one, other, cost / 10);
    add_connector(other, one, cost / 10);
  }
  struct Group {
    std::string name;
    Name head;
  };
  // Bridgeheads take turns.
  const Name& next_head(std::uint32_t site) {
    if (turns_.empty()) turns_.resize(sites());
    return groups_[site][turns_[site]++ % groups_[site].size()];
  }
  void add_connector(const Group& from, const Group& to, std::int64_t cost) {
    std::string id = fmt::format("{}-to-{}", from.name, to.name);
    constexpr std::size_t longest = 95;
    for (std::size_t n = connectors_.size(); id.size() > longest || !connectors_.insert(id).second; ++n)
      id = fmt::format("{:.40}-to-{:.40}-{}", from.name, to.name, n);
    file_.connectors.push_back({.name = name(id),
                                .type = ConnectorType::routing_group,
                                .from = name(from.name),
                                .to = name(to.name),
                                .cost = cost,
                                .source_servers = {from.head},
                                .target_servers = {to.head}});
  }

  void find_gateways() {
    std::uint32_t root = plan_.graph.root;
    made_.middle = places_[root];
    auto first = [&](const std::vector<std::vector<Name>>& heads) -> std::optional<Name> {
      if (!heads[root].empty()) return heads[root].front();
      auto found = std::ranges::find_if(heads, [](const auto& names) { return !names.empty(); });
      return found == heads.end() ? std::nullopt : std::optional(found->front());
    };
    made_.old_server = first(groups_);
    made_.new_server = first(hubs_);
  }
  // As setup does for the first new server.
  void join_generations() {
    auto home = std::ranges::find_if(groups_, [&](const std::vector<Name>& heads) {
      return !heads.empty() && heads.front().value == made_.old_server->value;
    });
    Group old{site_name(static_cast<std::uint32_t>(home - groups_.begin())), *made_.old_server};
    Group fresh{kGroupOfSites, *made_.new_server};
    add_connector(old, fresh, 1);
    add_connector(fresh, old, 1);
  }

  const OrganizationPlan& plan_;
  json::Place place_;
  File& file_;
  std::uint32_t first_;  // servers that the file had
  MadeOrganization made_;
  std::vector<std::uint32_t> counts_, starts_, degree_, turns_;  // by site
  std::vector<bool> is_new_;                                     // by server of this organization
  std::vector<Name> places_;                                     // by site
  std::vector<std::vector<Name>> groups_, hubs_;                 // by site: its bridgeheads, its hubs
  std::set<std::pair<std::uint32_t, std::uint32_t>> joined_;
  std::set<std::string> connectors_;
};

}  // namespace

MadeOrganization add_organization(const OrganizationPlan& plan, const json::Place& place, File& file) {
  return Builder(plan, place, file).build();
}

}  // namespace deadletter::topologies
