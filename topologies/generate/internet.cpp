#include "topologies/generate/internet.h"

#include <fmt/format.h>

#include <numeric>

#include "sim/time.h"
#include "topologies/mailboxes.h"

namespace deadletter::topologies {
namespace {

constexpr sim::Purpose kMailboxes{"generate.mailboxes"}, kInternetLatency{"generate.internet"};
constexpr std::int64_t kCostOut = 10;

Link link(std::string name, const Name& one, const Name& other, std::uint64_t mbps, sim::Duration latency,
          sim::Sharing sharing) {
  return {.name = {std::move(name), one.place},
          .between = {one, other},
          .bandwidth_bps = mbps * 1'000'000,
          .latency_ns = latency.ns,
          .sharing_asked = sharing};
}

// What leads out of an organization: of the type that its servers have.
Connector way_out(std::string name, const Name& source, bool by_sites, const std::string& domains) {
  return {.name = {std::move(name), source.place},
          .type = by_sites ? ConnectorType::send : ConnectorType::smtp,
          .source_servers = {source},
          .address_spaces = {{fmt::format("SMTP:{};{}", domains, kCostOut), source.place}}};
}

}  // namespace

void add_mailboxes(const std::vector<std::uint32_t>& holders, std::int64_t total, const sim::Chance& chance,
                   const json::Place& place, File& file) {
  std::vector<std::uint64_t> shares;  // in hundredths of the average
  for (std::uint32_t server : holders) shares.push_back(50 + chance.below(101, kMailboxes, server, 0));
  std::uint64_t all = std::accumulate(shares.begin(), shares.end(), std::uint64_t{0}), sum = 0;
  std::int64_t given = 0;
  for (std::size_t i = 0; i < holders.size(); ++i) {
    sum += shares[i];
    auto up_to_here = static_cast<std::int64_t>(static_cast<std::uint64_t>(total) * sum / all);
    Server& server = file.servers[holders[i]];
    if (up_to_here > given)
      server.mailboxes.push_back({mailbox_series("u", 1, up_to_here - given,
                                                 "." + std::string(server.host).replace(server.host.find('.'), 1, "@")),
                                  place});
    given = up_to_here;
  }
}

void add_internet(const Outside& outside, const std::vector<MadeOrganization>& organizations, const sim::Chance& chance,
                  const json::Place& place, File& file) {
  const Name internet{"internet", place};
  file.places.push_back(internet);
  for (std::size_t i = 0; i < organizations.size(); ++i) {
    const MadeOrganization& o = organizations[i];
    std::string number = i == 0 ? "" : fmt::format("-{}", i + 1);
    file.links.push_back(
        link("internet" + number, o.middle, internet, 45, sim::Duration::milliseconds(5), outside.sharing));
    if (o.old_server) file.connectors.push_back(way_out("smtp-out" + number, *o.old_server, false, "*"));
    if (o.new_server) file.connectors.push_back(way_out("send-out" + number, *o.new_server, true, "*"));
  }
  std::vector<Name> hosts;
  for (std::uint32_t i = 0; i < outside.exchangers; ++i) {
    hosts.push_back({fmt::format("mx{}.example", i + 1), place});
    auto latency =
        sim::Duration::milliseconds(10 + static_cast<std::int64_t>(chance.below(41, kInternetLatency, i, 0)));
    file.links.push_back(
        link(fmt::format("internet-mx{}", i + 1), internet, hosts.back(), 100, latency, outside.sharing));
  }
  for (std::uint32_t i = 0; i < outside.domains; ++i)
    file.foreign.push_back(
        {.name = {fmt::format("d{}.example", i + 1), place}, .exchangers = {{hosts[i % hosts.size()]}}});
}

void join(const MadeOrganization& one, const MadeOrganization& other, sim::Sharing sharing, const json::Place& place,
          File& file) {
  file.links.push_back(link("merger", one.middle, other.middle, 10, sim::Duration::milliseconds(20), sharing));
  auto connect = [&](const MadeOrganization& from, const MadeOrganization& to, const std::string& domain) {
    Connector c = way_out("to-" + domain, {from.receiver().value, place}, from.new_server.has_value(), domain);
    c.smart_hosts = {to.receiver()};
    file.connectors.push_back(std::move(c));
  };
  connect(one, other, file.domains[1].name.value);
  connect(other, one, file.domains[0].name.value);
}

}  // namespace deadletter::topologies
