// Mistakes in the directory of a topology and around it, one a row: each is reported by itself, where it stands and in
// these words.
#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "topologies/load.h"

namespace deadletter::testing {
namespace {

// A text that stands once in full_directory.json, what is written instead, and what is said of it.
struct Mistake {
  const char *why, *text, *instead;
  const char* said;  // pointer, message and hint
};

const Mistake kMistakes[] = {
    // ---- controllers
    {"controller of an unknown domain", R"("DC1", "ad_domain": "contoso.com")", R"("DC1", "ad_domain": "contso.com")",
     R"(/directory/controllers/0/ad_domain: unknown domain "contso.com"; did you mean contoso.com?)"},
    {"controller of an unknown site", R"("ad_domain": "contoso.com", "site": "Munich" },)",
     R"("ad_domain": "contoso.com", "site": "Munch" },)",
     R"(/directory/controllers/0/site: unknown site "Munch"; did you mean Munich?)"},
    {"two controllers of one name", R"("name": "DC2")", R"("name": "DC1")",
     R"(/directory/controllers/1/name: there is a domain controller "DC1" already)"},
    {"controller without a domain", R"("name": "DC2", "ad_domain": "emea.contoso.com",)", R"("name": "DC2",)",
     R"(/directory/controllers/1: missing key "ad_domain", expected a domain of "ad_domains")"},
    {"global catalog is a switch", R"("global_catalog": false)", R"("global_catalog": "no")",
     R"(/directory/controllers/1/global_catalog: expected true or false, found "no")"},
    {"time within a site has a limit", R"("within_site": "30s")", R"("within_site": "31d")",
     R"(/directory/within_site: expected a duration from "0s" to "30d", found "31d")"},
    {"time within a site is a duration", R"("within_site": "30s")", R"("within_site": 30)",
     R"(/directory/within_site: expected a duration from "0s" to "30d", found 30)"},
    // ---- users
    {"user without a mailbox", R"("address": "kim@contoso.com", "name")", R"("address": "kin@contoso.com", "name")",
     R"(/directory/users/0/address: unknown mailbox "kin@contoso.com"; did you mean kim@contoso.com?)"},
    {"user in other letters", R"("address": "kim@contoso.com", "name")", R"("address": "Kim@contoso.com", "name")",
     R"(/directory/users/0/address: unknown mailbox "Kim@contoso.com"; did you mean kim@contoso.com?)"},
    {"user twice", R"("proxies": ["k@contoso.com"] })",
     R"("proxies": ["k@contoso.com"] }, { "address": "kim@contoso.com" })",
     "/directory/users/1/address: there is a user kim@contoso.com already"},
    {"user of an unknown domain", R"("Kim & <Zoë>", "ad_domain": "emea.contoso.com")",
     R"("Kim & <Zoë>", "ad_domain": "apac.contoso.com")",
     R"(/directory/users/0/ad_domain: unknown domain "apac.contoso.com"; did you mean emea.contoso.com?)"},
    {"proxy outside", R"("proxies": ["k@contoso.com"])", R"("proxies": ["k@adatum.com"])",
     R"(/directory/users/0/proxies/0: "k@adatum.com" is in no domain of the organization)"},
    {"proxy that is a mailbox", R"("proxies": ["k@contoso.com"])", R"("proxies": ["ann@contoso.com"])",
     "/directory/users/0/proxies/0: the address ann@contoso.com is used already"},
    {"proxy that is the own mailbox with its domain in capitals", R"("proxies": ["k@contoso.com"])",
     R"("proxies": ["kim@CONTOSO.com"])", "/directory/users/0/proxies/0: the address kim@CONTOSO.com is used already"},
    {"proxy that is a group", R"("proxies": ["k@contoso.com"])", R"("proxies": ["team@contoso.com"])",
     "/directory/users/0/proxies/0: the address team@contoso.com is used already"},
    {"proxy twice", R"("proxies": ["k@contoso.com"])", R"("proxies": ["k@contoso.com", "k@Contoso.com"])",
     "/directory/users/0/proxies/1: the address k@Contoso.com is used already"},
    {"proxy that is no address", R"("proxies": ["k@contoso.com"])", R"("proxies": ["k"])",
     R"(/directory/users/0/proxies/0: expected an address such as "ann@contoso.com", found "k")"},
    // ---- contacts
    {"contact inside", R"("contacts": [)",
     R"("contacts": [{ "address": "x@contoso.com", "ad_domain": "contoso.com" }, )",
     R"(/directory/contacts/0/address: "x@contoso.com" is in no foreign domain of the topology: a contact is outside)"},
    {"contact in no domain at all", R"("contacts": [)",
     R"("contacts": [{ "address": "x@example.net", "ad_domain": "contoso.com" }, )",
     R"(/directory/contacts/0/address: "x@example.net" is in no foreign domain of the topology: a contact is outside)"},
    {"contact of an unknown domain", R"("name": "Carl", "ad_domain": "contoso.com")",
     R"("name": "Carl", "ad_domain": "contoso.example")",
     R"(/directory/contacts/0/ad_domain: unknown domain "contoso.example")"},
    {"contact without a domain", R"("name": "Carl", "ad_domain": "contoso.com")", R"("name": "Carl")",
     R"(/directory/contacts/0: missing key "ad_domain", expected a domain of "ad_domains")"},
    {"contact twice", R"("name": "Carl", "ad_domain": "contoso.com" })",
     R"("name": "Carl", "ad_domain": "contoso.com" }, { "address": "carl@Adatum.com", "ad_domain": "contoso.com" })",
     "/directory/contacts/1/address: the address carl@Adatum.com is used already"},
    // ---- groups
    {"group of an unknown domain", R"("name": "Helpers", "ad_domain": "emea.contoso.com")",
     R"("name": "Helpers", "ad_domain": "contoso")",
     R"(/directory/groups/1/ad_domain: unknown domain "contoso"; did you mean contoso.com?)"},
    {"two groups of one name", R"({ "name": "Helpers",)",
     R"({ "name": "Team", "ad_domain": "contoso.com" }, { "name": "Helpers",)",
     R"(/directory/groups/1/name: there is a group "Team" already)"},
    {"group without a name", R"("name": "Helpers", "ad_domain")", R"("name": "", "ad_domain")",
     R"(/directory/groups/1/name: expected a name, found "")"},
    {"group with an address outside", R"("name": "Helpers",)", R"("name": "Helpers", "address": "help@adatum.com",)",
     R"(/directory/groups/1/address: "help@adatum.com" is in no domain of the organization)"},
    {"group with the address of a mailbox", R"("name": "Helpers",)",
     R"("name": "Helpers", "address": "ann@Contoso.com",)",
     "/directory/groups/1/address: the address ann@Contoso.com is used already"},
    {"group with an address that is used", R"("name": "Helpers",)",
     R"("name": "Helpers", "address": "team@CONTOSO.com",)",
     "/directory/groups/1/address: the address team@CONTOSO.com is used already"},
    {"group called as an address", R"({ "name": "Helpers",)",
     R"({ "name": "help@contoso.com", "ad_domain": "contoso.com" }, { "name": "Helpers",)",
     R"(/directory/groups/1/name: a group is called neither as an address nor as a folder, and not Default or )"
     R"(Anonymous: "help@contoso.com")"},
    {"group called as a folder", R"({ "name": "Helpers",)",
     R"({ "name": "/Plain", "ad_domain": "contoso.com" }, { "name": "Helpers",)",
     R"(/directory/groups/1/name: a group is called neither as an address nor as a folder, and not Default or )"
     R"(Anonymous: "/Plain")"},
    {"group called as everybody else", R"({ "name": "Helpers",)",
     R"({ "name": "Default", "ad_domain": "contoso.com" }, { "name": "Helpers",)",
     R"(/directory/groups/1/name: a group is called neither as an address nor as a folder, and not Default or )"
     R"(Anonymous: "Default")"},
    {"group called as nobody", R"({ "name": "Helpers",)",
     R"({ "name": "Anonymous", "ad_domain": "contoso.com" }, { "name": "Helpers",)",
     R"(/directory/groups/1/name: a group is called neither as an address nor as a folder, and not Default or )"
     R"(Anonymous: "Anonymous")"},
    {"group of an unknown type", R"("type": "security")", R"("type": "secure")",
     R"(/directory/groups/0/type: unknown value "secure")"},
    {"group of an unknown scope", R"("scope": "global")", R"("scope": "local")",
     R"(/directory/groups/0/scope: unknown value "local"; did you mean global?)"},
    {"member unknown", R"("kim@contoso.com", "carl@adatum.com", "Helpers")",
     R"("kim@contoso.com", "carl@adatum.com", "Helper")",
     R"(/directory/groups/0/members/2: unknown member "Helper"; did you mean Helpers?)"},
    {"member by an address that nobody has", R"("members": ["team@contoso.com"])",
     R"("members": ["teams@contoso.com"])",
     R"(/directory/groups/1/members/0: unknown member "teams@contoso.com"; did you mean team@contoso.com?)"},
    {"member that is a BUILTIN group", R"("members": ["team@contoso.com"])", R"("members": ["Event Log Readers"])",
     R"(/directory/groups/1/members/0: unknown member "Event Log Readers")"},
    {"expansion server unknown", R"("expansion_server": "HUB1")", R"("expansion_server": "HUB2")",
     R"(/directory/groups/0/expansion_server: unknown server "HUB2"; did you mean HUB1?)"},
    {"expansion server outside", R"("expansion_server": "HUB1")", R"("expansion_server": "mx.adatum.com")",
     R"(/directory/groups/0/expansion_server: unknown server "mx.adatum.com")"},
    {"restriction naming nobody known", R"("only_from": ["ann@contoso.com", "Helpers"])",
     R"("only_from": ["ann@contoso.com", "Bosses"])",
     R"(/directory/groups/0/accept/only_from/1: unknown sender "Bosses")"},
    {"restriction with an unknown key", R"("authenticated_only": true)", R"("authenticated": true)",
     R"(/directory/groups/0/accept/authenticated: unknown key "authenticated"; did you mean authenticated_only?)"},
    {"universal security group in mixed mode", R"("name": "Helpers", "ad_domain": "emea.contoso.com")",
     R"("name": "Helpers", "type": "security", "ad_domain": "old.example")",
     "/directory/groups/1/name: old.example is in mixed mode: it has no universal security groups"},
    // ---- BUILTIN groups
    {"group that came with a later Windows", R"("name": "Event Log Readers", "ad_domain": "emea.contoso.com")",
     R"("name": "Event Log Readers", "ad_domain": "contoso.com")",
     "/directory/groups/2/name: contoso.com (windows-2003) has no group Event Log Readers: it comes with windows-2008"},
    {"group that Windows 2000 does not have", R"("name": "Event Log Readers", "ad_domain": "emea.contoso.com")",
     R"("name": "remote desktop users", "ad_domain": "old.example")",
     "/directory/groups/2/name: old.example (windows-2000) has no group Remote Desktop Users: it comes with "
     "windows-2003"},
    {"group of the root domain only", R"("name": "Event Log Readers")", R"("name": "Incoming Forest Trust Builders")",
     "/directory/groups/2/name: emea.contoso.com has no group Incoming Forest Trust Builders: only the root domain of "
     "a forest has"},
    {"BUILTIN group with an address", R"("name": "Event Log Readers",)",
     R"("name": "Event Log Readers", "address": "logs@contoso.com",)",
     "/directory/groups/2/name: Event Log Readers is a BUILTIN group: only its members are to be said"},
    {"BUILTIN group with a type", R"("name": "Event Log Readers",)",
     R"("name": "Event Log Readers", "type": "security",)",
     "/directory/groups/2/name: Event Log Readers is a BUILTIN group: only its members are to be said"},
    {"BUILTIN group with a scope", R"("name": "Event Log Readers",)",
     R"("name": "Event Log Readers", "scope": "domain_local",)",
     "/directory/groups/2/name: Event Log Readers is a BUILTIN group: only its members are to be said"},
    {"BUILTIN group with an expansion server", R"("name": "Event Log Readers",)",
     R"("name": "Event Log Readers", "expansion_server": "EX1",)",
     "/directory/groups/2/name: Event Log Readers is a BUILTIN group: only its members are to be said"},
    {"BUILTIN group with a restriction", R"("name": "Event Log Readers",)",
     R"("name": "Event Log Readers", "accept": { "authenticated_only": true },)",
     "/directory/groups/2/name: Event Log Readers is a BUILTIN group: only its members are to be said"},
    {"BUILTIN group twice in a domain", R"("members": ["ann@contoso.com"] })",
     R"("members": ["ann@contoso.com"] }, { "name": "EVENT LOG READERS", "ad_domain": "emea.contoso.com" })",
     "/directory/groups/3/name: the members of Event Log Readers in emea.contoso.com are given already"},
    {"BUILTIN group with an unknown member", R"("members": ["ann@contoso.com"] })",
     R"("members": ["anne@contoso.com"] })",
     R"(/directory/groups/2/members/0: unknown member "anne@contoso.com"; did you mean ann@contoso.com?)"},
    // ---- public folders
    {"two folders of one path", R"("path": "/Plain")", R"("path": "/SALES/\"offers\"")",
     R"(/directory/public_folders/1/path: there is a public folder /SALES/"offers" already)"},
    {"path without its slash", R"("path": "/Plain")", R"("path": "Plain")",
     R"(/directory/public_folders/1/path: expected a path such as "/Sales/Offers", found "Plain")"},
    {"path that is empty", R"("path": "/Plain")", R"("path": "")",
     R"(/directory/public_folders/1/path: expected a path such as "/Sales/Offers", found "")"},
    {"path that is the root", R"("path": "/Plain")", R"("path": "/")",
     R"(/directory/public_folders/1/path: expected a path such as "/Sales/Offers", found "/")"},
    {"path with a slash at its end", R"("path": "/Plain")", R"("path": "/Plain/")",
     R"(/directory/public_folders/1/path: expected a path such as "/Sales/Offers", found "/Plain/")"},
    {"folder nowhere", R"("path": "/Plain", "replicas": ["EX1"])", R"("path": "/Plain", "replicas": [])",
     "/directory/public_folders/1/replicas: expected a list of at least 1 item, found an empty list"},
    {"folder on an unknown server", R"("path": "/Plain", "replicas": ["EX1"])",
     R"("path": "/Plain", "replicas": ["EX2"])",
     R"(/directory/public_folders/1/replicas/0: unknown server "EX2"; did you mean EX1?)"},
    {"folder on a server without a store", R"("path": "/Plain", "replicas": ["EX1"])",
     R"("path": "/Plain", "replicas": ["EX1", "HUB1"])",
     "/directory/public_folders/1/replicas/1: HUB1 has no store: it has not the role mailbox"},
    {"folder twice on a server", R"("path": "/Plain", "replicas": ["EX1"])",
     R"("path": "/Plain", "replicas": ["EX1", "EX1"])", "/directory/public_folders/1/replicas/1: EX1 holds it already"},
    {"folder with an address outside", R"("path": "/Plain",)", R"("path": "/Plain", "address": "plain@adatum.com",)",
     R"(/directory/public_folders/1/address: "plain@adatum.com" is in no domain of the organization)"},
    {"folder with the address of a group", R"("path": "/Plain",)",
     R"("path": "/Plain", "address": "team@contoso.com",)",
     "/directory/public_folders/1/address: the address team@contoso.com is used already"},
    {"folder with the address of a proxy", R"("path": "/Plain",)", R"("path": "/Plain", "address": "k@contoso.com",)",
     "/directory/users/0/proxies/0: the address k@contoso.com is used already"},
    {"rights of a name that is none", R"("Team": "create+visible")", R"("Team": "creator")",
     R"(/directory/public_folders/0/permissions/Team: expected a role such as "contributor", rights such as )"
     R"("create+visible", or a mask such as "0x41b", found "creator")"},
    {"rights twice", R"("Team": "create+visible")", R"("Team": "create+create")",
     R"(/directory/public_folders/0/permissions/Team: expected a role such as "contributor", rights such as )"
     R"("create+visible", or a mask such as "0x41b", found "create+create")"},
    {"rights that are no mask", R"("0x41b")", R"("0x41g")",
     R"(/directory/public_folders/0/permissions/~1o=gone~1cn=x: expected a role such as "contributor", rights )"
     R"(such as "create+visible", or a mask such as "0x41b", found "0x41g")"},
    {"rights of somebody unknown", R"("Team": "create)", R"("Teams": "create)",
     R"(/directory/public_folders/0/permissions/Teams: unknown user "Teams"; did you mean Team?)"},
    {"rights of the default in small letters", R"("Default": "none")", R"("default": "none")",
     R"(/directory/public_folders/0/permissions/default: unknown user "default")"},
    {"restriction of a folder naming nobody known", R"("only_from": ["Team"])", R"("only_from": ["Tea"])",
     R"(/directory/public_folders/0/accept/only_from/0: unknown sender "Tea"; did you mean Team?)"},
    {"unknown key of a folder", R"("path": "/Plain",)", R"("path": "/Plain", "hidden": true,)",
     R"(/directory/public_folders/1/hidden: unknown key "hidden")"},
    // ---- around it
    {"server without its domain", R"("ann@contoso.com"], "ad_domain": "contoso.com",)", R"("ann@contoso.com"],)",
     R"(/servers/0/name: EX1 needs its "ad_domain": the topology has a directory)"},
    {"unknown functional level", R"("functional_level": "windows-2000-mixed")", R"("functional_level": "windows-2000")",
     R"(/ad_domains/2/functional_level: unknown value "windows-2000"; did you mean windows-2003?)"},
    {"unknown version of Windows", R"("windows": "windows-2000" })", R"("windows": "windows-2005" })",
     R"(/ad_domains/2/windows: unknown value "windows-2005"; did you mean windows-2000?)"},
    {"replication has a limit", R"("replication_interval": "15m")", R"("replication_interval": "8d")",
     R"(/site_links/0/replication_interval: expected a duration from "0s" to "7d", found "8d")"},
    {"replication of a word", R"("replication_interval": "15m")", R"("replication_interval": "daily")",
     R"(/site_links/0/replication_interval: expected a duration from "0s" to "7d", found "daily")"},
    {"gateway with a smart host", R"("source_servers": ["EX1"] })",
     R"("source_servers": ["EX1"], "smart_hosts": ["mx.adatum.com"] })",
     R"(/connectors/0/name: connector "Fax" (foreign) hands mail to a gateway beside its servers: it needs )"
     R"("address_spaces", and leads nowhere else)"},
    {"gateway with a target", R"("source_servers": ["EX1"] })",
     R"("source_servers": ["EX1"], "target_servers": ["HUB1"] })",
     R"(/connectors/0/name: connector "Fax" (foreign) hands mail to a gateway beside its servers: it needs )"
     R"("address_spaces", and leads nowhere else)"},
    {"gateway without an address space", R"("address_spaces": ["FAX:+4989*;10"], )", "",
     R"(/connectors/0/name: connector "Fax" (foreign) hands mail to a gateway beside its servers: it needs )"
     R"("address_spaces", and leads nowhere else)"},
    {"gateway outside", R"("source_servers": ["EX1"] })", R"("source_servers": ["mx.adatum.com"] })",
     "/connectors/0/source_servers/0: mx.adatum.com is no server of the organization"},
    {"gateway with a limit of recipients", R"("source_servers": ["EX1"] })",
     R"("source_servers": ["EX1"], "max_recipients": 5 })",
     R"(/connectors/0/name: connector "Fax" (foreign) has no limit of recipients: a receive connector has)"},
    {"prefix in the middle", R"("FAX:+4989*;10")", R"("FAX:*4989;10")",
     R"(/connectors/0/address_spaces/0: expected type:address;cost such as "SMTP:*.fabrikam.com;10", found )"
     R"("FAX:*4989;10")"},
    {"send connector for faxes without a smart host", R"("type": "foreign")", R"("type": "send")",
     R"(/connectors/0/name: connector "Fax" (send) has an address space that is not SMTP: it needs a smart host)"},
};

class DirectoryMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(DirectoryMistake, IsReportedByItselfWhereItStands) {
  const Mistake& m = GetParam();
  std::string text = read_file(source_path("tests/topologies/full_directory.json"));
  std::size_t at = text.find(m.text);
  ASSERT_NE(at, text.npos) << m.text;
  ASSERT_EQ(text.find(m.text, at + 1), text.npos) << "twice: " << m.text;
  text.replace(at, std::string(m.text).size(), m.instead);
  json::Problems problems;
  EXPECT_FALSE(topologies::load(std::make_shared<json::Source>(json::Source{"topology", text}), problems));
  ASSERT_FALSE(problems.empty()) << m.why;
  json::Problem first = problems.sorted().front();
  std::string said = first.pointer + ": " + first.message;
  if (!first.hint.empty()) said += "; did you mean " + first.hint + "?";
  EXPECT_EQ(said, m.said) << m.why;
  EXPECT_EQ(problems.sorted().size(), 1U) << json::render(problems);
}

INSTANTIATE_TEST_SUITE_P(Topologies, DirectoryMistake, ::testing::ValuesIn(kMistakes), [](const auto& info) {
  std::string name;
  for (char c : std::string(info.param.why)) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

}  // namespace
}  // namespace deadletter::testing
