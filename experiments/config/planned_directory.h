// The directory of a run: what every server of the organizations may ask, by the addresses of the plan.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "models/directory/directory.h"
#include "models/mail/address.h"
#include "models/store/acl.h"
#include "sim/id.h"

namespace deadletter::experiments {

using NodeId = sim::Id<struct NodeTag>;

// Who may send to something.
struct PlannedRule {
  bool authenticated_only = false;
  std::vector<directory::ObjectId> only_from;  // users and groups; empty: everybody
};

struct PlannedFolder {
  std::string path;
  std::vector<NodeId> replicas;
  std::vector<store::AclEntry> acl;
};

struct PlannedDirectory {
  directory::Directory forests;
  std::vector<directory::ObjectId> objects;  // by each of their addresses; none: nobody's
  std::vector<mail::AddressId> addresses;    // by object: the primary one; none without mail
  std::map<directory::ObjectId, PlannedFolder> folders;
  std::map<directory::ObjectId, PlannedRule> rules;
  std::map<directory::ObjectId, NodeId> expansion_servers;
  std::vector<directory::ControllerId> controllers;  // by node: whom it asks; none: who knows everything

  void name(mail::AddressId address, directory::ObjectId object);
  const directory::Object* find(mail::AddressId address) const;
  // Nothing when the address is none of an object.
  std::optional<directory::ObjectId> id_of(mail::AddressId address) const;
};

}  // namespace deadletter::experiments
