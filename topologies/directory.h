// What the directory of the organizations holds beside servers and mailboxes: domain controllers, users, contacts,
// groups and public folders.
//
// Every mailbox of a server is a user of the server's AD domain, unless `users` says otherwise.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "models/directory/directory.h"
#include "models/store/rights.h"
#include "sim/json/reader.h"

namespace deadletter::topologies {

using Name = json::Located<std::string>;

struct DomainController {
  Name name, ad_domain;
  std::optional<Name> site;
  bool global_catalog = true;
};

struct DirectoryUser {
  Name address;  // of a mailbox
  std::string name;
  std::optional<Name> ad_domain;
  std::vector<Name> proxies;  // further SMTP addresses
};

struct Contact {
  Name address;  // outside
  std::string name;
  Name ad_domain;
};

// Who may send to something.
struct Restriction {
  bool authenticated_only = false;
  std::vector<Name> only_from;  // users and groups; empty: everybody
};

struct Group {
  Name name;  // or that of a BUILTIN group of its domain
  std::optional<Name> address;
  Name ad_domain;
  std::optional<directory::GroupType> type;
  std::optional<directory::GroupScope> scope;
  std::vector<Name> members;  // addresses of users, contacts and folders, names or addresses of groups
  std::optional<Name> expansion_server;
  Restriction restriction;
};

struct PublicFolder {
  Name path;  // "/Sales/Offers"
  std::optional<Name> address;
  std::vector<Name> replicas;                  // servers
  std::vector<json::Keyed<Name>> permissions;  // who (an address, a group, a legacy DN, Default, Anonymous) -> rights
  Restriction restriction;
};

struct DirectoryContent {
  std::optional<std::int64_t> within_site_ns;  // what a change takes to the other controllers of a site
  std::vector<DomainController> controllers;
  std::vector<DirectoryUser> users;
  std::vector<Contact> contacts;
  std::vector<Group> groups;
  std::vector<PublicFolder> public_folders;

  bool empty() const {
    return !within_site_ns && controllers.empty() && users.empty() && contacts.empty() && groups.empty() &&
           public_folders.empty();
  }
};

json::Reader<DirectoryContent> directory_reader();
json::Value to_json(const DirectoryContent& content);

}  // namespace deadletter::topologies
