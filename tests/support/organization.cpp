#include "tests/support/organization.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return text;
}

std::string address(const std::string& name) {
  return name.find('@') == name.npos && name != "<>" ? name + "@contoso.com" : name;
}

std::string exchangers_of(const std::vector<std::string>& exchangers) {
  std::vector<std::string> all;
  for (const std::string& e : exchangers) {
    auto words = words_of(e);
    all.push_back(fmt::format(R"({{"host": "{}", "preference": {}}})", words[0], words.size() > 1 ? words[1] : "10"));
  }
  return fmt::format("[{}]", fmt::join(all, ", "));
}

}  // namespace

std::string letter(const std::string& id, const std::string& from, const std::string& to, const std::string& at,
                   const std::string& size) {
  std::vector<std::string> recipients;
  for (const std::string& name : words_of(to)) recipients.push_back('"' + address(name) + '"');
  return fmt::format(R"({{"id": "{}", "at": "{}", "from": "{}", "to": [{}], "size": "{}"}})", id, at, address(from),
                     fmt::join(recipients, ", "), size);
}

std::string x400(const std::string& from, const std::string& to, const std::string& more) {
  return fmt::format(
      R"("name": "X-{0}-{1}", "type": "x400", "from": "{0}", "to": "{1}", "cost": 10, "source_servers": ["{0}1"],
         "target_servers": ["{1}1"]{2})",
      from, to, more);
}

std::string fault(const std::string& what, const std::string& name, const std::string& at, const std::string& lasting) {
  return fmt::format(R"({{"{}": "{}", "at": "{}", "for": "{}"}})", what, name, at, lasting);
}

Organization& Organization::of(const std::string& organization, const std::string& domain) {
  organization_ = organization, domain_ = domain;
  organizations_.push_back('"' + organization + '"');
  domain_made_ = sites_made_ = false;
  return *this;
}

std::string Organization::whose() const {
  return organization_.empty() ? "" : fmt::format(R"(, "organization": "{}")", organization_);
}

void Organization::server(const std::string& words, const std::string& at, const std::string& build,
                          const std::string& members, const std::string& sharing) {
  auto word = words_of(words);
  const std::string name = word[0], role = word.size() > 1 ? word[1] : "", low = lowered(name);
  std::string roles = role.empty() ? "" : fmt::format(R"(, "roles": ["{}"])", role);
  std::string mailboxes =
      role == "edge" || role == "hub" ? "" : fmt::format(R"(, "mailboxes": ["{}@{}"])", low, domain_);
  servers_.push_back(fmt::format(R"({{"name": "{}", "host": "{}.{}", "build": "{}"{}{}{}{}}})", name, low, domain_,
                                 build, members, roles, mailboxes, whose()));
  links_.push_back(fmt::format(
      R"({{"name": "{0}-{1}", "between": ["{0}", "{1}"], "bandwidth": "1Gbps", "latency": "1ms", "sharing": "{2}"}})",
      name, at, sharing));
  if (!domain_made_) receivers({name});
  if (role.empty() || role == "hub") {
    if (std::ranges::none_of(firsts_, [&](const Place& p) { return p.name == at; })) firsts_.push_back({at, name});
    if (std::ranges::none_of(firsts_, [&](const Place& p) { return p.name == kSites; }) &&
        build.starts_with("exchange-2007"))
      firsts_.push_back({kSites, name});
  }
}

Organization& Organization::receivers(const std::vector<std::string>& exchangers) {
  if (std::exchange(domain_made_, true)) domains_.pop_back();
  domains_.push_back(
      fmt::format(R"({{"name": "{}", "exchangers": {}{}}})", domain_, exchangers_of(exchangers), whose()));
  return *this;
}

Organization& Organization::group(const std::string& name, const std::vector<std::string>& servers) {
  place(name);
  groups_.push_back(fmt::format(R"({{"name": "{}"}})", name));
  for (const std::string& s : servers)
    server(s, name, "exchange-2003-sp2 on windows-2003-sp1", fmt::format(R"(, "routing_group": "{}")", name));
  return *this;
}

Organization& Organization::site(const std::string& name, const std::vector<std::string>& servers, bool hub,
                                 const std::string& sharing) {
  place(name);
  sites_.push_back(fmt::format(R"({{"name": "{}", "hub": {}}})", name, hub));
  std::string group = kSites + (organization_.empty() ? "" : "-" + organization_);
  if (!std::exchange(sites_made_, true)) groups_.push_back(fmt::format(R"({{"name": "{}"}})", group));
  for (const std::string& s : servers)
    server(s, name, "exchange-2007-sp1 on windows-2003-sp2",
           fmt::format(R"(, "routing_group": "{}", "site": "{}")", group, name), sharing);
  return *this;
}

Organization& Organization::foreign(const std::string& domain, const std::vector<std::string>& exchangers,
                                    const std::string& at, const std::vector<std::string>& recipients) {
  std::string known;
  for (const std::string& r : recipients) known += fmt::format(R"({}"{}@{}")", known.empty() ? "" : ", ", r, domain);
  if (!known.empty()) known = fmt::format(R"(, "recipients": [{}])", known);
  foreign_.push_back(
      fmt::format(R"({{"domain": "{}", "exchangers": {}{}}})", domain, exchangers_of(exchangers), known));
  for (const std::string& e : exchangers)
    links_.push_back(
        fmt::format(R"({{"name": "{0}-{1}", "between": ["{0}", "{1}"], "bandwidth": "8Mbps", "latency": "10ms"}})",
                    words_of(e)[0], at));
  return *this;
}

Organization& Organization::place(const std::string& name) {
  places_.push_back('"' + name + '"');
  return *this;
}

Organization& Organization::wan(const std::string& one, const std::string& other, const std::string& sharing) {
  links_.push_back(fmt::format(
      R"({{"name": "{0}-{1}", "between": ["{0}", "{1}"], "bandwidth": "8Mbps", "latency": "10ms", "sharing": "{2}"}})",
      one, other, sharing));
  return *this;
}

Organization& Organization::site_link(const std::string& one, const std::string& other, int cost,
                                      const std::string& more) {
  site_links_.push_back(fmt::format(R"({{"name": "{0}-{1}", "between": ["{0}", "{1}"], "cost": {2}{3}}})", one, other,
                                    cost, more.empty() ? "" : ", " + more));
  return *this;
}

const std::string& Organization::bridgehead(const std::string& group) const {
  auto found = std::ranges::find(firsts_, group, &Place::name);
  if (found == firsts_.end()) throw std::logic_error("no server in " + group);
  return found->first;
}

Organization& Organization::connectors(const std::string& one, const std::string& other, int cost,
                                       const std::string& more) {
  for (const auto& [from, to] : {std::pair{one, other}, std::pair{other, one}})
    connector(fmt::format(
        R"("name": "{0}-{1}", "type": "routing_group", "from": "{0}", "to": "{1}", "source_servers": ["{2}"], "target_servers": ["{3}"], "cost": {4}{5})",
        from, to, bridgehead(from), bridgehead(to), cost, more.empty() ? "" : ", " + more));
  return *this;
}

Organization& Organization::connector(const std::string& members) {
  connectors_.push_back("{" + members + "}");
  return *this;
}

std::string Organization::topology() const {
  std::string text = R"({"id": "test")";
  auto list = [&](const char* name, const std::vector<std::string>& all, bool even_empty = false) {
    if (even_empty || !all.empty()) text += fmt::format(",\n\"{}\": [{}]", name, fmt::join(all, ",\n  "));
  };
  list("organizations", organizations_), list("servers", servers_), list("domains", domains_, true);
  list("foreign", foreign_), list("routing_groups", groups_), list("sites", sites_), list("site_links", site_links_);
  list("connectors", connectors_), list("places", places_), list("links", links_);
  return text + "}";
}

Outcome Organization::run(const std::vector<std::string>& mail, const std::string& members) const {
  return run_over(topology(),
                  fmt::format("\"mail\": [{}]{}{}", fmt::join(mail, ", "), members.empty() ? "" : ", ", members));
}

}  // namespace deadletter::testing
