// A forest for stories about access control lists: a chain of domains, each with a global catalog, and a store.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "models/store/acl.h"

namespace deadletter::store::testing {

using directory::FunctionalLevel;
using directory::GroupScope;
using directory::GroupType;
using directory::Kind;
using directory::ObjectId;
using directory::WindowsVersion;

struct DomainSketch {
  WindowsVersion windows = WindowsVersion::windows_2003;
  FunctionalLevel level = FunctionalLevel::windows_2000_native;
};

struct Forest {
  directory::Directory directory;
  directory::DirectoryBehaviour asks;
  StoreBehaviour store;
  std::vector<directory::DomainId> domains;  // the first one is the root

  explicit Forest(const std::vector<DomainSketch>& sketches) {
    for (const DomainSketch& sketch : sketches) {
      std::string number = std::to_string(domains.size());
      directory::Domain domain{.name = domains.empty() ? "contoso.com" : "d" + number + ".contoso.com"};
      if (!domains.empty()) domain.parent = domains[0];
      domain.windows = sketch.windows, domain.level = sketch.level;
      domains.push_back(directory.add(domain));
      directory.add(directory::Controller{.name = "DC" + number, .domain = domains.back()});
    }
  }
  explicit Forest(std::size_t count) : Forest(std::vector<DomainSketch>(count)) {}

  ObjectId add(Kind kind, const std::string& name, std::size_t domain = 0) {
    return directory.add(directory::Object{.kind = kind, .name = name, .domain = domains.at(domain)});
  }
  ObjectId user(const std::string& name, std::size_t domain = 0) { return add(Kind::user, name, domain); }
  ObjectId group(GroupType type, const std::string& name, std::vector<ObjectId> members, std::size_t domain = 0) {
    return directory.add(directory::Object{.kind = Kind::group,
                                           .name = name,
                                           .domain = domains.at(domain),
                                           .type = type,
                                           .scope = GroupScope::universal,
                                           .members = std::move(members)});
  }
  // Makes somebody a member of a BUILTIN group of the domain; false when the domain has none.
  bool put_in_builtin(ObjectId who, std::size_t domain, std::uint32_t rid) {
    auto group = directory.builtin(domains.at(domain), rid);
    if (group) directory.add_member(*group, who);
    return group.has_value();
  }

  // The global catalog of a domain answers.
  DirectoryAccess access(std::uint32_t domain = 0) const { return {&directory, {{domain}, {}}, &asks}; }
  AclEntry entry(ObjectId who, Rights rights) const { return {AclEntry::Who::named, directory.legacy_dn(who), rights}; }
  UpgradedAcl upgraded(const std::vector<AclEntry>& acl) const { return upgrade(acl, store, access()); }
  PostAnswer post(const UpgradedAcl& acl, Poster poster) const { return may_post(acl, poster, store, access()); }
  PostAnswer post(const std::vector<AclEntry>& acl, Poster poster) const { return post(upgraded(acl), poster); }
};

inline AclEntry by_default(Rights rights) { return {AclEntry::Who::by_default, "", rights}; }
inline AclEntry anonymous(Rights rights) { return {AclEntry::Who::anonymous, "", rights}; }
inline AclEntry unknown(const std::string& name, Rights rights) {
  return {AclEntry::Who::named, "/o=contoso/ou=gone/cn=recipients/cn=" + name, rights};
}

inline Rights role(const char* name) { return parse_rights(name).value(); }

// A list that a store before its correction has.
inline constexpr BuiltinRange kShortList{544, 554};
// Names of a blame; "" for none.
inline std::string articles(Blame blame) {
  std::string text;
  for (const std::string& name : names(blame)) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace deadletter::store::testing
