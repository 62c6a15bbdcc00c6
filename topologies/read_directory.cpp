// The shape of a topology's "directory", read and written.
#include <algorithm>

#include "models/mail/address.h"
#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"
#include "sim/json/units.h"
#include "sim/time.h"
#include "topologies/directory.h"

namespace deadletter::topologies {
namespace {

using directory::GroupScope;
using directory::GroupType;
using json::Value;

constexpr std::int64_t kLongest = sim::Duration::days(30).ns;

const std::vector<std::pair<std::string, GroupType>> kTypes = {{"distribution", GroupType::distribution},
                                                               {"security", GroupType::security}};
const std::vector<std::pair<std::string, GroupScope>> kScopes = {
    {"domain_local", GroupScope::domain_local}, {"global", GroupScope::global}, {"universal", GroupScope::universal}};

json::Reader<Name> word(const std::string& title, const std::string& expected) {
  auto good = [](std::string_view t) {
    return !t.empty() && t.size() <= 255 && std::ranges::all_of(t, [](char c) { return c >= ' ' && c <= '~'; });
  };
  return json::located(json::pattern(title, good, "^[ -~]{1,255}$", expected));
}
json::Reader<Name> address() {
  return json::located(
      json::pattern("address", mail::valid_address, "^[^@<> ]+@[^@<> ]+$", "an address such as \"ann@contoso.com\""));
}
json::Reader<Name> domain() { return word("AD domain", "a domain of \"ad_domains\""); }
json::Reader<Name> server() { return word("server", "the name of a server"); }
json::Reader<std::vector<Name>> senders() { return json::list(word("sender", "an address or the name of a group")); }

json::Reader<DomainController> controller() {
  return json::object<DomainController>("domain controller", "Answers questions about the directory")
      .required("name", &DomainController::name, word("name", "a name"))
      .required("ad_domain", &DomainController::ad_domain, domain())
      .optional("site", &DomainController::site, word("site", "an AD site"), "Its AD site")
      .optional("global_catalog", &DomainController::global_catalog, json::boolean(),
                "Whether it answers about the whole forest; true unless it is given");
}

json::Reader<DirectoryUser> user() {
  return json::object<DirectoryUser>("user", "What is to be said of the owner of a mailbox")
      .required("address", &DirectoryUser::address, address(), "Of the mailbox")
      .optional("name", &DirectoryUser::name, json::text({.shortest = 1, .longest = 100}), "Display name")
      .optional("ad_domain", &DirectoryUser::ad_domain, domain(), "That of the mailbox's server when left out")
      .optional("proxies", &DirectoryUser::proxies, json::list(address()), "Further addresses of the mailbox");
}

json::Reader<Contact> contact() {
  return json::object<Contact>("contact", "Somebody outside whom the directory knows")
      .required("address", &Contact::address, address())
      .optional("name", &Contact::name, json::text({.shortest = 1, .longest = 100}), "Display name")
      .required("ad_domain", &Contact::ad_domain, domain());
}

template <class T>
json::ObjectReader<T> with_restriction(json::ObjectReader<T> reader) {
  auto restriction = json::object<Restriction>("restriction", "Who may send to it")
                         .optional("authenticated_only", &Restriction::authenticated_only, json::boolean(),
                                   "Only senders that the directory knows")
                         .optional("only_from", &Restriction::only_from, senders(), "Only these users and groups");
  return reader.optional("accept", &T::restriction, restriction, "Who may send to it; everybody when left out");
}

json::Reader<Group> group() {
  auto shape = json::object<Group>("group", "Users, contacts and groups under one name")
                   .required("name", &Group::name, word("name", "a name"),
                             "Its name, or that of a BUILTIN group of its domain (\"Remote Desktop Users\")")
                   .optional("address", &Group::address, address(), "Makes it a distribution list")
                   .required("ad_domain", &Group::ad_domain, domain())
                   .optional("type", &Group::type, json::choice<GroupType>(kTypes), "distribution unless it is given")
                   .optional("scope", &Group::scope, json::choice<GroupScope>(kScopes), "universal unless it is given")
                   .optional("members", &Group::members, json::list(word("member", "an address or a group")),
                             "Addresses of users, contacts and folders; names or addresses of groups")
                   .optional("expansion_server", &Group::expansion_server, server(),
                             "The only server that opens it; any one when left out");
  return with_restriction(shape);
}

json::Reader<PublicFolder> folder() {
  auto path = [](std::string_view t) { return t.size() > 1 && t.front() == '/' && t.back() != '/'; };
  auto rights = json::located(json::pattern(
      "rights", [](std::string_view t) { return store::parse_rights(t).has_value(); }, "^[a-z0-9_+]+$",
      "a role such as \"contributor\", rights such as \"create+visible\", or a mask such as \"0x41b\""));
  auto shape =
      json::object<PublicFolder>("public folder", "A folder that several servers may hold")
          .required("path", &PublicFolder::path,
                    json::located(json::pattern("path", path, "^/.*[^/]$", "a path such as \"/Sales/Offers\"")))
          .optional("address", &PublicFolder::address, address(), "Makes it mail-enabled")
          .required("replicas", &PublicFolder::replicas, json::list(server(), {.fewest = 1}), "Servers that hold it")
          .optional("permissions", &PublicFolder::permissions, json::map(rights),
                    "By user, group, legacy DN (\"/o=…\"), Default and Anonymous; Default author and Anonymous none "
                    "when left out");
  return with_restriction(shape);
}

Value strings(const std::vector<Name>& names) {
  Value list = Value::array();
  for (const Name& n : names) list.push_back(n.value);
  return list;
}

template <class E>
const std::string& word_of(const std::vector<std::pair<std::string, E>>& words, E value) {
  return std::ranges::find(words, value, &std::pair<std::string, E>::second)->first;
}

void set_restriction(Value& value, const Restriction& r) {
  if (!r.authenticated_only && r.only_from.empty()) return;
  Value accept = Value::object();
  if (r.authenticated_only) accept.set("authenticated_only", true);
  if (!r.only_from.empty()) accept.set("only_from", strings(r.only_from));
  value.set("accept", std::move(accept));
}

Value to_json(const DomainController& c) {
  Value value = Value::object().set("name", c.name.value).set("ad_domain", c.ad_domain.value);
  if (c.site) value.set("site", c.site->value);
  if (!c.global_catalog) value.set("global_catalog", false);
  return value;
}

Value to_json(const DirectoryUser& u) {
  Value value = Value::object().set("address", u.address.value);
  if (!u.name.empty()) value.set("name", u.name);
  if (u.ad_domain) value.set("ad_domain", u.ad_domain->value);
  if (!u.proxies.empty()) value.set("proxies", strings(u.proxies));
  return value;
}

Value to_json(const Contact& c) {
  Value value = Value::object().set("address", c.address.value);
  if (!c.name.empty()) value.set("name", c.name);
  return value.set("ad_domain", c.ad_domain.value);
}

Value to_json(const Group& g) {
  Value value = Value::object().set("name", g.name.value);
  if (g.address) value.set("address", g.address->value);
  value.set("ad_domain", g.ad_domain.value);
  if (g.type) value.set("type", word_of(kTypes, *g.type));
  if (g.scope) value.set("scope", word_of(kScopes, *g.scope));
  if (!g.members.empty()) value.set("members", strings(g.members));
  if (g.expansion_server) value.set("expansion_server", g.expansion_server->value);
  set_restriction(value, g.restriction);
  return value;
}

Value to_json(const PublicFolder& f) {
  Value value = Value::object().set("path", f.path.value);
  if (f.address) value.set("address", f.address->value);
  value.set("replicas", strings(f.replicas));
  Value permissions = Value::object();
  for (const auto& p : f.permissions) permissions.set(p.key, p.value.value);
  if (!f.permissions.empty()) value.set("permissions", std::move(permissions));
  set_restriction(value, f.restriction);
  return value;
}

template <class T>
void set_list(Value& value, const char* key, const std::vector<T>& all) {
  Value list = Value::array();
  for (const T& one : all) list.push_back(to_json(one));
  if (!all.empty()) value.set(key, std::move(list));
}

}  // namespace

json::Reader<DirectoryContent> directory_reader() {
  return json::object<DirectoryContent>("directory", "What it holds beside servers and their mailboxes")
      .optional("within_site", &DirectoryContent::within_site_ns, json::duration(0, kLongest),
                "What a change takes to the other controllers of a site; 15s unless it is given")
      .optional("controllers", &DirectoryContent::controllers, json::list(controller()),
                "Domain controllers; without any, everybody sees every change at once")
      .optional("users", &DirectoryContent::users, json::list(user()))
      .optional("contacts", &DirectoryContent::contacts, json::list(contact()))
      .optional("groups", &DirectoryContent::groups, json::list(group()))
      .optional("public_folders", &DirectoryContent::public_folders, json::list(folder()));
}

Value to_json(const DirectoryContent& content) {
  Value value = Value::object();
  if (content.within_site_ns) value.set("within_site", json::format_duration(*content.within_site_ns));
  set_list(value, "controllers", content.controllers);
  set_list(value, "users", content.users);
  set_list(value, "contacts", content.contacts);
  set_list(value, "groups", content.groups);
  set_list(value, "public_folders", content.public_folders);
  return value;
}

}  // namespace deadletter::topologies
