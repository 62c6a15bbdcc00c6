#include "models/routing/network.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace deadletter::routing {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && equal(text.substr(text.size() - end.size()), end);
}

bool begins_with(std::string_view text, std::string_view begin) {
  return text.size() >= begin.size() && equal(text.substr(0, begin.size()), begin);
}

template <class Named>
std::vector<std::uint32_t> ranks(const std::vector<Named>& all) {
  std::vector<std::uint32_t> order(all.size()), rank(all.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, name_less, [&](std::uint32_t i) -> const std::string& { return all[i].name; });
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  return rank;
}

}  // namespace

void Network::seal() {
  links = 0;
  smallest_limit = 0;
  auto limit = [&](std::uint64_t size) {
    if (size != 0 && (smallest_limit == 0 || size < smallest_limit)) smallest_limit = size;
  };
  for (Connector& c : connectors) {
    c.first_link = links;
    links += static_cast<std::uint32_t>(c.sources.size());
    limit(c.max_size);
  }
  for (const SiteLink& l : site_links) limit(l.max_size);
  std::map<GroupId, std::uint32_t> in_group;
  std::map<SiteId, std::uint32_t> in_site;
  for (Server& s : servers) s.place_in_group = in_group[s.group]++, s.place_in_site = in_site[s.site]++;
  connector_ranks = ranks(connectors);
  site_ranks = ranks(sites);
}

std::string Network::site_name(std::uint32_t server) const {
  const Server& s = servers[server];
  if (s.group.valid()) return groups[s.group.value].name;
  return s.site.valid() ? sites[s.site.value].name : "";
}

bool name_less(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a, b, [](char x, char y) { return lower(x) < lower(y); });
}

std::uint32_t match(const AddressSpace& space, std::string_view type, std::string_view address) {
  if (!equal(space.type, type)) return 0;
  if (space.pattern == "*") return 1;
  constexpr std::uint32_t exact = 1'000'000;
  if (equal(space.pattern, address)) return exact;
  std::string_view pattern = space.pattern;
  bool fits = equal(type, "SMTP")
                  ? pattern.starts_with("*.") && ends_with(address, pattern.substr(1))
                  : pattern.ends_with('*') && begins_with(address, pattern.substr(0, pattern.size() - 1));
  return fits ? static_cast<std::uint32_t>(pattern.size()) : 0;
}

bool LinkStates::up(const Connector& connector) const {
  for (std::uint32_t i = 0; i < connector.sources.size(); ++i)
    if (up(connector.first_link + i)) return true;
  return false;
}

bool LinkStates::all_up() const {
  return std::ranges::all_of(versions_, [](std::uint32_t v) { return v % 2 == 0; });
}

bool LinkStates::set(std::uint32_t link, bool up) {
  if (this->up(link) == up) return false;
  ++versions_[link];
  return true;
}

bool LinkStates::learn(const LinkStates& other) {
  bool newer = false;
  for (std::size_t i = 0; i < versions_.size(); ++i)
    if (other.versions_[i] > versions_[i]) versions_[i] = other.versions_[i], newer = true;
  return newer;
}

}  // namespace deadletter::routing
