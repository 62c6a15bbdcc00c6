#include "tests/support/routing_sketch.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "models/builds/installation.h"

namespace deadletter::testing {

using namespace routing;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Sketch::Sketch(const std::string& text) {
  std::istringstream stream(text);
  for (std::string one; std::getline(stream, one, ';');) {
    // An address space holds a semicolon of its own: "*;10" is written "*!10".
    std::ranges::replace(one, '!', ';');
    auto words = words_of(one);
    if (!words.empty()) statement(words);
  }
  network_.seal();
}

GroupId Sketch::group(const std::string& name) {
  std::string key = name + "/" + std::to_string(organization_);
  auto [found, fresh] = groups_.try_emplace(key, GroupId{static_cast<std::uint32_t>(network_.groups.size())});
  if (fresh) network_.groups.push_back({name});
  return found->second;
}

void Sketch::add_server(const std::string& word, RouterKind router, GroupId group, SiteId site) {
  std::size_t colon = word.find(':');
  std::string role = colon == word.npos ? "" : word.substr(colon + 1);
  ServerId id{static_cast<std::uint32_t>(network_.servers.size())};
  Server server{.name = word.substr(0, colon), .organization = organization_, .group = group, .site = site};
  server.router = router;
  server.hub = role.empty();
  server.edge = role == "edge";
  servers_[server.name] = id;
  network_.groups[group.value].members.push_back(id);
  if (router == RouterKind::sites && server.hub) network_.sites[site.value].hubs.push_back(id);
  network_.servers.push_back(server);
}

void Sketch::read_options(Connector& connector, const std::vector<std::string>& words, std::size_t from) {
  std::string option;
  for (std::size_t i = from; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "from" || word == "to" || word == "max" || word == "scope")
      option = word;
    else if (word == "off")
      connector.enabled = false;
    else if (option == "from")
      connector.sources.push_back(server(word));
    else if (option == "to")
      connector.targets.push_back(server(word));
    else if (option == "max")
      connector.max_size = std::stoull(word);
    else
      connector.scope = word == "site" ? Scope::site : Scope::group;
  }
}

void Sketch::statement(const std::vector<std::string>& words) {
  const std::string& what = words[0];
  if (what == "other") {
    ++organization_;
  } else if (what == "group") {
    GroupId id = group(words[1]);
    for (std::size_t i = 2; i < words.size(); ++i) add_server(words[i], RouterKind::link_state, id, {});
  } else if (what == "site" || what == "hub") {
    SiteId id{static_cast<std::uint32_t>(network_.sites.size())};
    sites_[words[1]] = id;
    network_.sites.push_back({words[1], what == "hub"});
    for (std::size_t i = 2; i < words.size(); ++i) add_server(words[i], RouterKind::sites, group("7"), id);
  } else if (what == "foreign") {
    servers_[words[1]] = {static_cast<std::uint32_t>(network_.servers.size())};
    network_.servers.push_back({.name = words[1], .foreign = true});
  } else if (what == "link") {
    std::uint64_t limit = words.size() > 5 ? std::stoull(words[5]) : 0;
    network_.site_links.push_back({words[1] + "-" + words[2], sites_.at(words[1]), sites_.at(words[2]),
                                   static_cast<std::uint32_t>(std::stoul(words[3])), limit});
  } else if (what == "rgc") {
    Connector c{.name = words[1] + "-" + words[2], .from = group(words[1]), .to = group(words[2])};
    c.cost = static_cast<std::uint32_t>(std::stoul(words[3]));
    read_options(c, words, 4);
    auto takes_mail = [&](ServerId s) { return network_.server(s).hub; };
    if (c.sources.empty()) c.sources = {network_.groups[c.from.value].members.front()};
    if (c.targets.empty())
      std::ranges::copy_if(network_.groups[c.to.value].members, std::back_inserter(c.targets), takes_mail);
    network_.connectors.push_back(c);
  } else if (what == "out") {
    Connector c{.name = words[1]};
    std::size_t semicolon = words[2].find(';');
    c.spaces = {{.pattern = words[2].substr(0, semicolon),
                 .cost = static_cast<std::uint32_t>(std::stoul(words[2].substr(semicolon + 1)))}};
    if (std::size_t colon = words[2].find(':'); colon != std::string::npos) {
      c.spaces[0].type = words[2].substr(0, colon);
      c.spaces[0].pattern = words[2].substr(colon + 1, semicolon - colon - 1);
    }
    read_options(c, words, 3);
    network_.connectors.push_back(c);
  } else {
    throw std::runtime_error("a sketch says " + what);
  }
}

LinkStates Sketch::states(const std::string& down) const {
  LinkStates states(network_.links);
  for (const std::string& word : words_of(down)) {
    std::string name = word.substr(0, word.find('/'));
    auto found = std::ranges::find(network_.connectors, name, &Connector::name);
    if (found == network_.connectors.end()) throw std::runtime_error("no connector " + name);
    for (std::uint32_t i = 0; i < found->sources.size(); ++i)
      if (name == word || network_.server(found->sources[i]).name == word.substr(name.size() + 1))
        states.set(found->first_link + i, false);
  }
  return states;
}

const RoutingBehaviour& Sketch::behaviour(ServerId id) const {
  static const auto of = [](const char* build) { return builds::profile_of(builds::parse_build(build).build).routing; };
  static const RoutingBehaviour old = of("exchange-2003-sp2 on windows-2003-sp1"),
                                sites = of("exchange-2007-sp1 on windows-2003-sp2"), dns = of("reference-mta");
  if (network_.server(id).foreign) return dns;
  return network_.server(id).router == RouterKind::sites ? sites : old;
}

}  // namespace deadletter::testing
