#include "topologies/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "models/builds/installation.h"
#include "models/mail/address.h"
#include "sim/graph.h"
#include "sim/json/excerpt.h"
#include "sim/json/object_reader.h"
#include "sim/json/schema.h"
#include "sim/json/unit_readers.h"

namespace deadletter::topologies {
namespace {

constexpr const char* kExchangerBuild = "reference-mta";

// With these no time on a wire leaves 64 bits of nanoseconds.
constexpr std::uint64_t kNarrowest = 1'000, kWidest = 1'000'000'000'000;

struct File : Organization {
  std::vector<Domain> foreign;
};

json::Reader<std::string> address() {
  return json::pattern("address", mail::valid_address, "^[^@<> ]+@[^@<> ]+$", "an address such as \"ann@contoso.com\"");
}
json::Reader<std::string> domain() {
  return json::pattern("domain", mail::valid_domain, "^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$",
                       "a domain such as \"contoso.com\"");
}
// What SimGrid, transcripts and file names all take.
json::Reader<std::string> name() {
  auto good = [](std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.';
    });
  };
  return json::pattern("name", good, "^[A-Za-z0-9._-]{1,100}$", "a name of letters, digits, \".\", \"-\" and \"_\"");
}

json::Reader<std::string> build() {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::pattern("build", good, "^[^\\r\\n]+$",
                       "a build such as \"exchange-2003-sp2 on windows-2003-sp1+KB912341\"");
}

json::Reader<Server> server() {
  return json::object<Server>("server", "A mail server of the organization")
      .required("name", &Server::name, json::located(name()), "How files and reports call it")
      .required("host", &Server::host, domain(), "Its host name")
      .required("build", &Server::build, json::located(build()), "What is installed")
      .optional("mailboxes", &Server::mailboxes, json::list(json::located(address())), "Addresses of its mailboxes");
}

json::Reader<Exchanger> exchanger() {
  return json::object<Exchanger>("exchanger", "A mail exchanger of a foreign domain")
      .required("host", &Exchanger::host, json::located(domain()), "Its host name, which is its name too")
      .optional("preference", &Exchanger::preference, json::integer(0, 65535), "Lower is tried first");
}

json::Reader<Domain> own_domain() {
  return json::object<Domain>("domain", "A domain of the organization")
      .required("name", &Domain::name, json::located(domain()))
      .required("server", &Domain::server, json::located(name()), "The server that receives for it");
}

json::Reader<Domain> foreign_domain() {
  return json::object<Domain>("foreign domain",
                              "A domain outside the organization; any recipient exists there unless listed")
      .required("domain", &Domain::name, json::located(domain()))
      .required("exchangers", &Domain::exchangers, json::list(exchanger(), {.fewest = 1}))
      .optional("recipients", &Domain::recipients, json::list(json::located(address())), "The only ones that exist");
}

json::Reader<Link> link() {
  auto latency = json::duration(0, sim::Duration::hours(1).ns);
  auto sharing = json::choice<sim::Sharing>(
      {{"latency", sim::Sharing::latency}, {"shared", sim::Sharing::shared}, {"flow", sim::Sharing::flow}});
  return json::object<Link>("link", "A network link between two servers, exchangers or places")
      .required("name", &Link::name, json::located(name()))
      .required("between", &Link::between, json::list(json::located(name()), {.fewest = 2}), "Its two ends")
      .required("bandwidth", &Link::bandwidth_bps, json::bandwidth(kNarrowest, kWidest))
      .required("latency", &Link::latency_ns, latency, "One way")
      .optional("sharing", &Link::sharing, sharing, "How transfers share it: not at all, equally, or as SimGrid flows");
}

json::Reader<File> file() {
  return json::object<File>("topology", "An organization and the world around it")
      .with_schema_link()
      .required("id", &File::id, name())
      .optional("description", &File::description, json::text())
      .required("servers", &File::servers, json::list(server(), {.fewest = 1}))
      .required("domains", &File::domains, json::list(own_domain()))
      .optional("foreign", &File::foreign, json::list(foreign_domain()), "Domains outside the organization")
      .optional("places", &File::places, json::list(json::located(name())), "Where links meet: \"internet\"")
      .required("links", &File::links, json::list(link(), {.fewest = 1}));
}

// What the names of a file refer to.
class Binder {
 public:
  Binder(File& file, json::Problems& problems) : file_(file), problems_(problems) {}

  void bind() {
    const std::size_t before = problems_.count();
    collect_hosts();
    for (auto& place : file_.places) unique(place, "place");
    for (const Link& l : file_.links) check_link(l);
    std::set<std::string> domains;
    for (const Domain& d : file_.domains) check_domain(d, domains);
    check_mailboxes();
    if (problems_.count() == before) check_paths();
  }

 private:
  void problem(const json::Place& place, std::string message) {
    problems_.add(json::problem_at(place, std::move(message)));
  }
  void unknown(const json::Located<std::string>& word, std::string what, std::vector<std::string> choices) {
    problems_.add(json::problem_at(word.place, fmt::format("unknown {} {}", what, json::show(word.value)), word.value,
                                   std::move(choices)));
  }
  void unique(const json::Located<std::string>& name, const char* what) {
    if (!nodes_.try_emplace(name.value, static_cast<std::uint32_t>(nodes_.size())).second)
      problem(name.place,
              fmt::format("there is a server, exchanger or place \"{}\" already: a {} needs a name of its own",
                          name.value, what));
  }

  void collect_hosts() {
    for (const Server& s : file_.servers) {
      unique(s.name, "server");
      if (!own_hosts_.insert(lowered(s.host)).second)
        problem(s.name.place, fmt::format("there is a server with the host name {} already", s.host));
      check_build(s.build);
      file_.hosts.push_back(s);
    }
    for (Domain& d : file_.foreign) {
      d.any_recipient = d.recipients.empty();
      std::ranges::stable_sort(d.exchangers, {}, &Exchanger::preference);
      for (const Exchanger& e : d.exchangers) add_exchanger(e);
      file_.domains.push_back(d);
    }
  }
  // One host may be the exchanger of several domains.
  void add_exchanger(const Exchanger& e) {
    bool known =
        std::ranges::any_of(file_.hosts, [&](const Server& h) { return h.foreign && h.name.value == e.host.value; });
    if (known) return;
    unique(e.host, "exchanger");
    if (own_hosts_.contains(lowered(e.host.value)))
      problem(e.host.place, fmt::format("{} is the host name of a server of the organization", e.host.value));
    file_.hosts.push_back({.name = e.host,
                           .host = e.host.value,
                           .build = {kExchangerBuild, e.host.place},
                           .foreign = true,
                           .mailboxes = {}});
  }
  void check_build(const json::Located<std::string>& build) {
    auto parsed = builds::parse_build(build.value);
    for (const auto& error : parsed.errors)
      problems_.add(json::problem_at(json::place_of_part(build.place, build.value, error.word), error.message,
                                     error.word, error.choices));
    for (const auto& refusal : parsed.refused)
      problem(json::place_of_part(build.place, build.value, refusal.update),
              fmt::format("{} cannot be installed: {}", refusal.update, refusal.reason));
  }

  void check_link(const Link& l) {
    if (!links_.insert(l.name.value).second)
      problem(l.name.place, fmt::format("there is a link \"{}\" already", l.name.value));
    if (l.between.size() != 2)
      problem(l.name.place, fmt::format("link \"{}\" has {} ends, a link has two", l.name.value, l.between.size()));
    for (const auto& end : l.between)
      if (!nodes_.contains(end.value)) unknown(end, "end of a link", node_names());
    if (l.between.size() == 2 && l.between[0].value == l.between[1].value)
      problem(l.between[1].place, fmt::format("link \"{}\" joins \"{}\" to itself", l.name.value, l.between[1].value));
  }

  void check_domain(const Domain& d, std::set<std::string>& seen) {
    if (!seen.insert(lowered(d.name.value)).second)
      problem(d.name.place, fmt::format("there is a domain \"{}\" already", d.name.value));
    if (d.exchangers.empty() && !server_named(d.server.value)) unknown(d.server, "server", server_names());
    for (const auto& r : d.recipients)
      if (domain_of(r.value) != lowered(d.name.value))
        problem(r.place, fmt::format("\"{}\" is not in the domain {}", r.value, d.name.value));
  }

  void check_mailboxes() {
    std::set<std::string> seen;
    std::map<std::string, std::string> receives;  // domain -> server
    for (const Domain& d : file_.domains)
      if (d.exchangers.empty()) receives.emplace(lowered(d.name.value), d.server.value);
    for (const Server& s : file_.servers)
      for (const auto& mailbox : s.mailboxes) {
        auto receiver = receives.find(domain_of(mailbox.value));
        if (receiver == receives.end())
          problem(mailbox.place, fmt::format("\"{}\" is in no domain of the organization", mailbox.value));
        else if (receiver->second != s.name.value && server_named(receiver->second))
          problem(mailbox.place, fmt::format("\"{}\" is a mailbox of {}, but {} receives for its domain", mailbox.value,
                                             s.name.value, receiver->second));
        std::string local = mailbox.value.substr(0, mailbox.value.rfind('@') + 1);
        if (!seen.insert(local + domain_of(mailbox.value)).second)
          problem(mailbox.place, fmt::format("the address {} is used already", mailbox.value));
      }
  }

  // Everybody must be able to reach everybody: a host that no link leads to is a mistake.
  void check_paths() {
    sim::Graph graph;
    for (std::size_t i = 0; i < nodes_.size(); ++i) graph.add_node();
    for (const Link& l : file_.links)
      graph.add_link(nodes_[l.between[0].value], nodes_[l.between[1].value], {l.latency_ns});
    const Server& first = file_.hosts.front();
    for (const Server& h : file_.hosts)
      if (!graph.path(nodes_[first.name.value], nodes_[h.name.value]))
        problem(h.name.place, fmt::format("no link leads from {} to {}", first.name.value, h.name.value));
  }

  // Domains are compared without case.
  static std::string lowered(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  }
  static std::string domain_of(const std::string& address) { return lowered(address.substr(address.rfind('@') + 1)); }
  bool server_named(const std::string& name) const {
    return std::ranges::any_of(file_.servers, [&](const Server& s) { return s.name.value == name; });
  }
  std::vector<std::string> server_names() const {
    std::vector<std::string> names;
    for (const Server& s : file_.servers) names.push_back(s.name.value);
    return names;
  }
  std::vector<std::string> node_names() const {
    std::vector<std::string> names;
    for (const auto& [name, index] : nodes_) names.push_back(name);
    return names;
  }

  File& file_;
  json::Problems& problems_;
  std::map<std::string, std::uint32_t> nodes_;
  std::set<std::string> links_, own_hosts_;
};

}  // namespace

std::optional<Organization> load(std::shared_ptr<const json::Source> source, json::Problems& problems) {
  auto read = json::read_text<File>(file(), std::move(source), problems);
  if (!read) return std::nullopt;
  std::size_t before = problems.count();
  Binder(*read, problems).bind();
  if (problems.count() > before) return std::nullopt;
  return static_cast<Organization&&>(std::move(*read));
}

json::Value topology_schema() { return json::schema<File>(file(), "topology.schema.json", "Deadletter topology"); }

}  // namespace deadletter::topologies
