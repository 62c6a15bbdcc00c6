#include "topologies/generate/stars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topologies/mailboxes.h"

namespace deadletter::topologies {
namespace {

constexpr const char* kDomain = "relay.example";

class Stars {
 public:
  Stars(const Generate& what, const json::Place& place) : what_(what), place_(place) {}

  File make() {
    auto servers = static_cast<std::uint64_t>(what_.servers);
    auto groups = std::max<std::uint64_t>(2, static_cast<std::uint64_t>(std::lround(std::sqrt(servers))));
    file_.id = fmt::format("{}_{}", by_sites() ? "hub_sites" : "routing_groups", servers);
    if (!by_sites())
      for (std::uint64_t g = 0; g < groups; ++g) file_.routing_groups.push_back({name("G{}", g), {}});
    std::vector<std::uint64_t> heads(groups, servers);
    for (std::uint64_t s = 0; s < servers; ++s) {
      std::uint64_t group = s * groups / servers;
      add_server(s, group, heads[group] == servers);
      if (heads[group] == servers)
        heads[group] = s;
      else
        add_link(fmt::format("S{}", s), heads[group], s, 100'000'000, sim::Duration{100'000});
    }
    file_.domains.push_back({.name = {kDomain, place_}, .server = name("S{}", 0)});
    for (std::uint64_t a = 0; a < groups; ++a)
      for (std::uint64_t b = 0; b < groups; ++b) {
        if (a < b)
          add_link(fmt::format("G{}-G{}", a, b), heads[a], heads[b], 10'000'000, sim::Duration::milliseconds(20));
        if (a != b && !by_sites()) add_connector(a, b, heads);
      }
    return std::move(file_);
  }

 private:
  Name name(fmt::format_string<std::uint64_t&> words, std::uint64_t n) const { return {fmt::format(words, n), place_}; }

  bool by_sites() const { return what_.kind == GeneratedKind::hub_sites; }

  void add_server(std::uint64_t s, std::uint64_t group, bool head) {
    Server server;
    server.name = name("S{}", s);
    server.host = fmt::format("s{}.{}", s, kDomain);
    const char* usual = by_sites() ? "exchange-2007-sp1 on windows-2003-sp2" : "exchange-2003-sp2 on windows-2003-sp1";
    server.build = {what_.build.empty() ? usual : what_.build, place_};
    if (by_sites()) {
      server.site = name("S{}", s);
      file_.sites.push_back({name("S{}", s), head});
    } else {
      server.routing_group = name("G{}", group);
    }
    server.mailboxes.push_back({fmt::format("s{}@{}", s, kDomain), place_});
    if (std::int64_t more = what_.mailboxes.value_or(1) - 1; more > 0)
      server.mailboxes.push_back(
          {mailbox_series(fmt::format("s{}-", s), 1, more, fmt::format("@{}", kDomain)), place_});
    file_.servers.push_back(std::move(server));
  }
  void add_link(std::string id, std::uint64_t one, std::uint64_t other, std::uint64_t bandwidth_bps,
                sim::Duration latency) {
    Link link;
    link.name = {std::move(id), place_};
    link.between = {name("S{}", one), name("S{}", other)};
    link.bandwidth_bps = bandwidth_bps;
    link.latency_ns = latency.ns;
    link.sharing_asked = what_.sharing;
    if (by_sites()) file_.site_links.push_back({.name = link.name, .between = link.between});
    file_.links.push_back(std::move(link));
  }
  void add_connector(std::uint64_t from, std::uint64_t to, const std::vector<std::uint64_t>& heads) {
    Connector connector;
    connector.name = {fmt::format("G{}-G{}", from, to), place_};
    connector.type = ConnectorType::routing_group;
    connector.from = name("G{}", from);
    connector.to = name("G{}", to);
    connector.source_servers = {name("S{}", heads[from])};
    connector.target_servers = {name("S{}", heads[to])};
    file_.connectors.push_back(std::move(connector));
  }

  const Generate& what_;
  json::Place place_;
  File file_;
};

}  // namespace

File make_stars(const Generate& what, const json::Place& place) { return Stars(what, place).make(); }

}  // namespace deadletter::topologies
