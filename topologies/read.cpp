#include "topologies/read.h"

#include <algorithm>

#include "models/mail/address.h"
#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"
#include "topologies/mailboxes.h"

namespace deadletter::topologies {
namespace {

// With these no time on a wire leaves 64 bits of nanoseconds.
constexpr std::uint64_t kNarrowest = 1'000, kWidest = 1'000'000'000'000;
constexpr std::int64_t kDearest = 1'000'000;  // cost

json::Reader<std::string> address() {
  return json::pattern("address", mail::valid_address, "^[^@<> ]+@[^@<> ]+$", "an address such as \"ann@contoso.com\"");
}
// What is wrong with a range is said when it is bound, in its own words.
json::Reader<std::string> mailboxes() {
  auto good = [](std::string_view text) { return mail::valid_address(text) || is_series(text); };
  return json::pattern("mailboxes", good, "^[^@<> ]+@[^@<> ]+$",
                       "an address such as \"ann@contoso.com\", or a range such as \"u{1..50}@contoso.com\"");
}
json::Reader<std::string> domain() {
  return json::pattern("domain", mail::valid_domain, "^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$",
                       "a domain such as \"contoso.com\"");
}
// What SimGrid, transcripts and file names all take.
json::Reader<Name> name() {
  auto good = [](std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.';
    });
  };
  return json::located(
      json::pattern("name", good, "^[A-Za-z0-9._-]{1,100}$", "a name of letters, digits, \".\", \"-\" and \"_\""));
}
json::Reader<std::vector<Name>> names(std::size_t fewest = 0) { return json::list(name(), {.fewest = fewest}); }

json::Reader<std::string> build() {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::pattern("build", good, "^[^\\r\\n]+$",
                       "a build such as \"exchange-2003-sp2 on windows-2003-sp1+KB912341\"");
}
json::Reader<std::int64_t> cost() { return json::integer(1, kDearest); }

json::Reader<Server> server() {
  return json::object<Server>("server", "A mail server of an organization")
      .required("name", &Server::name, name(), "How files and reports call it")
      .required("host", &Server::host, domain(), "Its host name")
      .required("build", &Server::build, json::located(build()), "What is installed")
      .optional("organization", &Server::organization, name(), "Whose it is; the first organization when left out")
      .optional("roles", &Server::role_names, names(1), "mailbox, hub, edge; mailbox and hub when left out")
      .optional("ad_domain", &Server::ad_domain, json::located(domain()), "Its domain of the forest")
      .optional("site", &Server::site, name(), "Its AD site")
      .optional("routing_group", &Server::routing_group, name(), "Its routing group")
      .optional("mailboxes", &Server::mailboxes, json::list(json::located(mailboxes())),
                "Addresses of its mailboxes. A range stands for as many: u{1..1000}.s17@contoso.com for "
                "u1.s17@contoso.com to u1000.s17@contoso.com; 1,000,000 at most in all");
}

json::Reader<Exchanger> exchanger() {
  return json::object<Exchanger>("exchanger", "A mail exchanger of a domain")
      .required("host", &Exchanger::host, json::located(domain()), "Its host name, which is its name too")
      .optional("preference", &Exchanger::preference, json::integer(0, 65535), "Lower is tried first");
}

json::Reader<Domain> own_domain() {
  return json::object<Domain>("domain", "A domain of an organization")
      .required("name", &Domain::name, json::located(domain()))
      .optional("server", &Domain::server, name(), "The server that receives for it from outside")
      .optional("exchangers", &Domain::exchangers, json::list(exchanger(), {.fewest = 1}), "Several such servers")
      .optional("organization", &Domain::organization, name(), "Whose it is; the first organization when left out")
      .exactly_one({"server", "exchangers"});
}

json::Reader<Domain> foreign_domain() {
  return json::object<Domain>("foreign domain",
                              "A domain outside the organization; any recipient exists there unless listed")
      .required("domain", &Domain::name, json::located(domain()))
      .required("exchangers", &Domain::exchangers, json::list(exchanger(), {.fewest = 1}))
      .optional("recipients", &Domain::recipients, json::list(json::located(address())), "The only ones that exist");
}

json::Reader<AdDomain> ad_domain() {
  using directory::FunctionalLevel, directory::WindowsVersion;
  std::vector<std::pair<std::string, FunctionalLevel>> levels;
  for (auto l :
       {FunctionalLevel::windows_2000_mixed, FunctionalLevel::windows_2000_native, FunctionalLevel::windows_2003})
    levels.emplace_back(directory::text(l), l);
  std::vector<std::pair<std::string, WindowsVersion>> versions;
  for (auto v : {WindowsVersion::windows_2000, WindowsVersion::windows_2003, WindowsVersion::windows_2003_sp1,
                 WindowsVersion::windows_2008})
    versions.emplace_back(directory::text(v), v);
  return json::object<AdDomain>("AD domain", "A domain of the forest")
      .required("name", &AdDomain::name, json::located(domain()))
      .optional("parent", &AdDomain::parent, json::located(domain()), "The domain above it; a root has none")
      .optional("functional_level", &AdDomain::level, json::choice<directory::FunctionalLevel>(levels),
                "windows-2000-native unless it is given")
      .optional("windows", &AdDomain::windows, json::choice<directory::WindowsVersion>(versions),
                "Of its newest domain controller, which decides what BUILTIN groups there are; windows-2003 unless it "
                "is given");
}

json::Reader<RoutingGroup> routing_group() {
  return json::object<RoutingGroup>("routing group", "Servers that send to each other directly")
      .required("name", &RoutingGroup::name, name())
      .optional("master", &RoutingGroup::master, name(),
                "Collects and tells the state of links; else its first server");
}

json::Reader<Site> site() {
  return json::object<Site>("site", "An AD site")
      .required("name", &Site::name, name())
      .optional("hub", &Site::hub, json::boolean(), "Mail whose least-cost path crosses it must stop there");
}

json::Reader<SiteLink> site_link() {
  return json::object<SiteLink>("site link", "An IP site link")
      .required("name", &SiteLink::name, name())
      .required("between", &SiteLink::between, names(2), "Its two sites")
      .required("cost", &SiteLink::cost, cost())
      .optional("exchange_cost", &SiteLink::exchange_cost, cost(), "What counts in place of the cost")
      .optional("max_size", &SiteLink::max_size, json::size(), "Larger messages do not pass; 0 = none")
      .optional("replication_interval", &SiteLink::replication_ns, json::duration(0, sim::Duration::days(7).ns),
                "Between two replications of the directory over it; 3h unless it is given");
}

json::Reader<Connector> connector() {
  auto type = json::choice<ConnectorType>({{"routing_group", ConnectorType::routing_group},
                                           {"smtp", ConnectorType::smtp},
                                           {"x400", ConnectorType::x400},
                                           {"send", ConnectorType::send},
                                           {"receive", ConnectorType::receive},
                                           {"foreign", ConnectorType::foreign}});
  auto scope = json::choice<routing::Scope>({{"organization", routing::Scope::organization},
                                             {"routing_group", routing::Scope::group},
                                             {"site", routing::Scope::site}});
  auto space = [](std::string_view text) { return parse_address_space(text).has_value(); };
  auto spaces = json::list(json::located(json::pattern("address space", space, "^[A-Za-z0-9]{1,16}:[^;]+(;[0-9]+)?$",
                                                       "type:address;cost such as \"SMTP:*.fabrikam.com;10\"")));
  return json::object<Connector>("connector", "Joins routing groups, leads out of the organization, or takes mail in")
      .required("name", &Connector::name, name())
      .required("type", &Connector::type, type)
      .optional("from", &Connector::from, name(), "The routing group that it leads from")
      .optional("to", &Connector::to, name(), "The routing group that it leads to, one way")
      .optional("cost", &Connector::cost, cost())
      .required("source_servers", &Connector::source_servers, names(1), "Servers that send (receive: take) through it")
      .optional("target_servers", &Connector::target_servers, names(), "Remote bridgeheads")
      .optional("smart_hosts", &Connector::smart_hosts, names(), "Hosts that take everything; else by DNS")
      .optional("address_spaces", &Connector::address_spaces, spaces, "What it is for")
      .optional("scope", &Connector::scope, scope, "Which servers may use it")
      .optional("max_size", &Connector::max_size, json::size(), "Larger messages do not pass; 0 = none")
      .optional("max_recipients", &Connector::max_recipients, json::integer(1, 1'000'000), "Of a receive connector")
      .optional("enabled", &Connector::enabled, json::boolean());
}

json::Reader<Clients> clients() {
  return json::object<Clients>("clients", "Where users of a server's mailboxes are on the network")
      .required("name", &Clients::name, name())
      .required("place", &Clients::place, name())
      .required("server", &Clients::server, name());
}

json::Reader<Link> link() {
  auto latency = json::duration(0, sim::Duration::hours(1).ns);
  auto sharing = json::choice<sim::Sharing>(
      {{"latency", sim::Sharing::latency}, {"shared", sim::Sharing::shared}, {"flow", sim::Sharing::flow}});
  return json::object<Link>("link", "A network link between two servers, exchangers or places")
      .required("name", &Link::name, name())
      .required("between", &Link::between, names(2), "Its two ends")
      .required("bandwidth", &Link::bandwidth_bps, json::bandwidth(kNarrowest, kWidest))
      .required("latency", &Link::latency_ns, latency, "One way")
      .optional("sharing", &Link::sharing_asked, sharing,
                "How transfers share it: not at all, equally, or as SimGrid flows. Left out: latency between servers "
                "of one site or routing group, else flow");
}

}  // namespace

json::Reader<File> file_reader() {
  return json::object<File>("topology", "Organizations and the world around them")
      .with_schema_link()
      .required("id", &File::id, json::convert(name(), [](const Name& n) { return n.value; }))
      .optional("description", &File::description, json::text())
      .optional("organizations", &File::organizations, names(1), "Their names, when there are several")
      .required("servers", &File::servers, json::list(server(), {.fewest = 1}))
      .required("domains", &File::domains, json::list(own_domain()))
      .optional("foreign", &File::foreign, json::list(foreign_domain()), "Domains outside the organizations")
      .optional("ad_domains", &File::ad_domains, json::list(ad_domain()), "The domains of the forests")
      .optional("routing_groups", &File::routing_groups, json::list(routing_group()))
      .optional("sites", &File::sites, json::list(site()), "AD sites")
      .optional("site_links", &File::site_links, json::list(site_link()))
      .optional("connectors", &File::connectors, json::list(connector()))
      .optional("clients", &File::clients, json::list(clients()))
      .optional("places", &File::places, names(), "Where links meet: \"internet\"")
      .optional("directory", &File::directory, directory_reader(), "Users, groups and public folders")
      .required("links", &File::links, json::list(link(), {.fewest = 1}));
}

}  // namespace deadletter::topologies
