#include "topologies/organization.h"

#include <algorithm>
#include <charconv>

namespace deadletter::topologies {
namespace {

template <class List, class Member>
auto find(const List& list, std::string_view name, Member member) {
  auto found = std::ranges::find_if(list, [&](const auto& item) { return (item.*member).value == name; });
  return found == list.end() ? nullptr : &*found;
}

bool pattern(std::string_view text, bool smtp) {
  if (text == "*") return true;
  if (!smtp && text.ends_with('*')) text.remove_suffix(1);
  if (smtp && text.starts_with("*.")) text.remove_prefix(2);
  return !text.empty() && text.find_first_of("* ;:") == text.npos;
}

}  // namespace

const char* text(ConnectorType type) {
  constexpr const char* words[] = {"routing_group", "smtp", "x400", "send", "receive", "foreign"};
  return words[static_cast<std::size_t>(type)];
}

const Server* Organization::find_host(std::string_view name) const { return find(hosts, name, &Server::name); }
const Domain* Organization::find_domain(std::string_view name) const { return find(domains, name, &Domain::name); }
const Link* Organization::find_link(std::string_view name) const { return find(links, name, &Link::name); }

std::optional<routing::AddressSpace> parse_address_space(std::string_view text) {
  routing::AddressSpace space;
  std::size_t colon = text.find(':'), semicolon = text.rfind(';');
  if (colon == text.npos || colon == 0 || colon > 16) return std::nullopt;
  space.type = std::string(text.substr(0, colon));
  bool letters = std::ranges::all_of(
      space.type, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  if (!letters) return std::nullopt;
  std::string_view rest = text.substr(colon + 1);
  if (semicolon != text.npos) {
    std::string_view cost = text.substr(semicolon + 1);
    auto [end, error] = std::from_chars(cost.data(), cost.data() + cost.size(), space.cost);
    if (error != std::errc{} || end != cost.data() + cost.size() || space.cost < 1 || space.cost > 10000)
      return std::nullopt;
    rest = text.substr(colon + 1, semicolon - colon - 1);
  }
  auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  bool smtp = std::ranges::equal(space.type, std::string_view("smtp"), {}, small);
  if (!pattern(rest, smtp)) return std::nullopt;
  space.pattern = std::string(rest);
  return space;
}

}  // namespace deadletter::topologies
