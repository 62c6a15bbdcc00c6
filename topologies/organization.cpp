#include "topologies/organization.h"

#include <algorithm>

namespace deadletter::topologies {
namespace {

template <class List, class Name>
auto find(const List& list, std::string_view name, Name member) {
  auto found = std::ranges::find_if(list, [&](const auto& item) { return (item.*member).value == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Server* Organization::find_host(std::string_view name) const { return find(hosts, name, &Server::name); }
const Domain* Organization::find_domain(std::string_view name) const { return find(domains, name, &Domain::name); }
const Link* Organization::find_link(std::string_view name) const { return find(links, name, &Link::name); }

}  // namespace deadletter::topologies
