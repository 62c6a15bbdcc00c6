// The directory of forests: domains, domain controllers, and the objects that mail is about: users, contacts, groups,
// mail-enabled public folders.
//
// Every question is asked through a View: which domain controller answers, and when. What has been changed at another
// controller is seen there after the time that replication takes; of two changes the later one holds. A global catalog
// answers about the whole forest, but it has the members of universal groups only, and of the groups of its own domain
// (technet cc728188). [recalled]
//
// A controller that is no global catalog answers about its own domain, however far a search is to look. Only a change
// of members travels; all else is everywhere from the beginning.
//
// NOT MODELLED: trusts between forests, deleted objects, foreign security principals, attributes beyond these, load of
// a domain controller, a user's primary group, the members that BUILTIN groups have by themselves, a domain whose
// Windows version is raised during a run.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/directory/object_index.h"
#include "models/directory/sid.h"
#include "models/directory/well_known.h"
#include "sim/id.h"
#include "sim/time.h"

namespace deadletter::directory {

using DomainId = sim::Id<struct AdDomainTag>;
using ControllerId = sim::Id<struct ControllerTag>;
using ObjectId = sim::Id<struct ObjectTag>;

enum class FunctionalLevel : std::uint8_t { windows_2000_mixed, windows_2000_native, windows_2003 };
const char* text(FunctionalLevel level);  // "windows-2000-native"

struct Domain {
  std::string name;  // "emea.contoso.com"
  std::optional<DomainId> parent{};
  FunctionalLevel level = FunctionalLevel::windows_2000_native;
  WindowsVersion windows = WindowsVersion::windows_2003;
  // Filled in by add():
  Sid sid{};
  std::uint32_t forest = 0;  // number of the tree's root: a root and all below it are a forest
};

struct Controller {
  std::string name;  // "DC1"
  DomainId domain{};
  std::string site{};  // of no site: one that all such controllers share
  bool global_catalog = true;
};

enum class Kind : std::uint8_t { user, contact, group, public_folder };
enum class GroupType : std::uint8_t { distribution, security };
enum class GroupScope : std::uint8_t { domain_local, global, universal };

struct Object {
  Kind kind = Kind::user;
  std::string name;  // display name, or account
  DomainId domain{};
  std::vector<std::string> proxies{};  // "SMTP:ann@contoso.com" primary first, "smtp:…", "X400:…": type and address
  GroupType type = GroupType::distribution;  // of a group
  GroupScope scope = GroupScope::universal;  // of a group
  std::vector<ObjectId> members{};           // of a group
  // Made by rule unless given, and not kept: Directory::dn, Directory::legacy_dn.
  std::string dn{};         // "CN=Ann,CN=Users,DC=contoso,DC=com"
  std::string legacy_dn{};  // "/o=contoso/ou=First Administrative Group/cn=Recipients/cn=ann"
  Sid sid{};                // users and groups; filled in by add() unless given
};

// A group's members change at a controller, at a time.
struct MembershipChange {
  sim::Instant at{};
  ControllerId where{};
  ObjectId group{}, member{};
  bool add = true;
};

// Who answers, and when. Without a controller: one that knows everything, of all forests, and at once.
struct View {
  ControllerId controller{};
  sim::Instant now{};
};

// How far a search looks: the answering controller's domain, or its forest.
enum class SearchScope : std::uint8_t { domain, forest };

// What came of a search or expansion that wanted one object.
enum class Lookup : std::uint8_t { one, none, many, error };

class Directory {
 public:
  // Parents before children. Makes the domain's BUILTIN groups (domain local security groups, those of `windows` and
  // older; of root_only ones only in a root), which have no mail: neither addresses nor a legacy_dn. Asserts: a name
  // that is new.
  DomainId add(Domain domain);
  ControllerId add(Controller controller);
  // Asserts: a domain that is there, and members that are. RIDs are given in the order of adding, from 1100 on. A
  // legacy_dn that is taken gets a number ("cn=ann2") [recalled: a directory makes them unique].
  ObjectId add(Object object);
  void add_member(ObjectId group, ObjectId member);  // from the beginning; a member is in a group once
  // In any order; of two changes of the same time the one that was given later is the later one. To be called before
  // the first question. Without a controller (`where`): everywhere at once.
  void change(MembershipChange change);
  // What a change at one controller takes until another one has it; zero unless it is said.
  void set_delay(ControllerId from, ControllerId to, sim::Duration delay);

  const std::vector<Domain>& domains() const { return domains_; }
  const std::vector<Controller>& controllers() const { return controllers_; }
  const Object& object(ObjectId id) const { return objects_[id.value]; }
  std::string dn(ObjectId id) const;
  std::string legacy_dn(ObjectId id) const;  // "" of BUILTIN groups
  std::size_t size() const { return objects_.size(); }
  std::optional<DomainId> find_domain(std::string_view name) const;  // compared without case

  // Ascending by id. Types and addresses are compared without case.
  std::vector<ObjectId> by_address(std::string_view type, std::string_view address, const View& view,
                                   SearchScope scope = SearchScope::forest) const;
  std::vector<ObjectId> by_dn(std::string_view dn, const View& view, SearchScope scope = SearchScope::forest) const;
  std::vector<ObjectId> by_legacy_dn(std::string_view dn, const View& view,
                                     SearchScope scope = SearchScope::forest) const;
  // A BUILTIN SID is held once by each domain that has the group.
  std::vector<ObjectId> by_sid(const Sid& sid, const View& view, SearchScope scope = SearchScope::forest) const;
  // A BUILTIN group of a domain; none when the domain does not have it.
  std::optional<ObjectId> builtin(DomainId domain, std::uint32_t rid) const;

  // The members as the controller has them, none of a group whose members it does not hold: those from the beginning in
  // their order, then those that were added, in the order of that.
  std::vector<ObjectId> members(ObjectId group, const View& view) const;
  // Whether the controller holds the members of that group at all.
  bool holds_members(ObjectId group, const View& view) const;

  // The security groups that a user belongs to, through other groups too, each once, ascending by SID: universal and
  // global ones of the forest, domain local and BUILTIN ones of the user's own domain; as the answering controller sees
  // them. Membership passes through groups that are in the token themselves: through no distribution group. The
  // controller need not hold the members of all these: a logon asks the user's domain. A group that contains itself
  // ends.
  std::vector<ObjectId> token_groups(ObjectId user, const View& view) const;

 private:
  void add_builtin_groups(DomainId id);
  ObjectId index(Object object);
  std::string legacy_stem(const Object& object) const;
  const Controller* answering(const View& view) const;  // null: the one that knows everything
  bool sees(const MembershipChange& change, const View& view) const;
  bool in_scope(DomainId domain, const View& view, SearchScope scope) const;
  std::vector<ObjectId> seen(std::vector<ObjectId> ids, const View& view, SearchScope scope) const;
  std::vector<ObjectId> with_legacy_dn(std::string_view dn) const;
  std::vector<ObjectId> groups_with(ObjectId member, const View& view) const;
  bool counts(const Object& group, DomainId domain) const;

  std::vector<Domain> domains_;
  std::vector<Controller> controllers_;
  std::vector<Object> objects_;
  std::map<ObjectId, std::uint32_t> twins_;                    // "cn=ann2": 2
  std::map<ObjectId, std::vector<MembershipChange>> changes_;  // by group, ascending by time
  // By member and group that it is, was or will be in: whether from the beginning.
  std::map<ObjectId, std::map<ObjectId, bool>> groups_of_;
  std::map<std::pair<ControllerId, ControllerId>, sim::Duration> delays_;
  ObjectIndex by_address_, by_dn_, by_legacy_dn_, by_sid_;
  std::map<std::string, DomainId, std::less<>> by_name_;
  std::uint32_t next_rid_ = 1100;
};

}  // namespace deadletter::directory
